"""Forms of courses and orders. Fields of numbers take text, so that a typed unit is seen and answered."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from reprieve.clinic.courses.models import CourseStatus
from reprieve.clinic.courses.ordering import OrderEntry
from reprieve.clinic.courses.typed import Asked, read_typed
from reprieve.clinic.courses.wording import BASES, INDICATIONS, ORIGINS
from reprieve.domain.dosing.weights import WeightBasis, WeightOrigin
from reprieve.errors import InputError
from reprieve.knowledge.formulary import bag_volumes_ml, diluents, vials
from reprieve.knowledge.regimens import regimens

UNDILUTED = "undiluted"


class QuantityField(forms.CharField):
    """A number with its unit printed beside it; another unit is refused with a sentence and a code."""

    def __init__(self, *, code: str, unit: str, decimals: int, **options: Any) -> None:
        self.unit, self._code, self._decimals = unit, code, decimals
        widget = forms.TextInput(
            attrs={"inputmode": "decimal", "autocomplete": "off", "class": "form-control quantity", "maxlength": 24}
        )
        super().__init__(widget=widget, strip=True, **options)

    def clean(self, value: Any) -> Any:
        typed = str(value or "").strip()
        if not typed and not self.required:
            return None
        asked = Asked(code=self._code, name=str(self.label), unit=self.unit, decimals=self._decimals)
        try:
            return read_typed(typed, asked)
        except InputError as refusal:
            raise ValidationError(str(refusal), code=refusal.code) from None


def _select(**attrs: str) -> forms.Select:
    return forms.Select(attrs={"class": "form-select", **attrs})


def _date() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date", "class": "form-control"}, format="%Y-%m-%d")


class CourseForm(forms.Form):
    """Which schedule, for what, from when."""

    indication_id = forms.ChoiceField(
        label=_("Indication"), choices=lambda: list(INDICATIONS.items()), widget=_select()
    )
    regimen_id = forms.ChoiceField(
        label=_("Regimen"),
        choices=lambda: [(regimen.id, regimen.title) for regimen in regimens().values()],
        widget=forms.RadioSelect,
        error_messages={"required": _("REG-MISSING: Choose a regimen.")},
    )
    starts_on = forms.DateField(label=_("First session"), widget=_date())


class MoveForm(forms.Form):
    """A new date for one session."""

    to_on = forms.DateField(label=_("New date"), widget=_date())
    keep_intervals = forms.BooleanField(label=_("Move all later sessions as well"), required=False)


class CloseForm(forms.Form):
    """Why a course ends."""

    status = forms.ChoiceField(
        label=_("The course is"),
        choices=[(CourseStatus.COMPLETED.value, _("completed")), (CourseStatus.STOPPED.value, _("stopped"))],
        widget=_select(),
    )
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2, "class": "form-control"}))


def _vial_choices() -> list[tuple[str, str]]:
    return [(vial.id, f"{vial.mg_per_ml} mg/mL × {vial.volume_ml} mL") for vial in vials().values()]


def _bag_choices() -> list[tuple[str, Any]]:
    return [(str(volume), f"{volume} mL") for volume in bag_volumes_ml()] + [(UNDILUTED, _("No bag: undiluted"))]


class OrderForm(forms.Form):
    """What the prescriber decides; everything else is calculated."""

    weight_kg = QuantityField(label=_("Weight today"), code="WT", unit="kg", decimals=1)
    weight_origin = forms.ChoiceField(
        label=_("How it is known"),
        choices=lambda: [(key.value, text) for key, text in ORIGINS.items()],
        widget=_select(),
    )
    weighed_on = forms.DateField(label=_("Weighed on"), widget=_date())
    height_cm = QuantityField(label=_("Height"), code="HT", unit="cm", decimals=1, required=False)
    basis = forms.ChoiceField(
        label=_("Dose is for each kilogram of"),
        choices=lambda: [(key.value, text) for key, text in BASES.items()],
        widget=_select(),
    )
    mg_per_kg = QuantityField(label=_("Dose"), code="DOSE", unit="mg/kg", decimals=3)
    duration_min = QuantityField(label=_("Duration"), code="DURATION", unit="min", decimals=1)
    vial_id = forms.ChoiceField(label=_("Vial"), choices=_vial_choices, widget=_select())
    bag_volume_ml = forms.ChoiceField(label=_("Bag"), choices=_bag_choices, widget=_select())
    diluent_id = forms.ChoiceField(
        label=_("Diluent"), choices=lambda: list(diluents().items()), widget=_select(), required=False
    )
    reason = forms.CharField(
        label=_("Reason for going past the limits marked above"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2, "class": "form-control"}),
    )

    def entry(self) -> OrderEntry:
        """What was entered, typed. Only for a valid form."""
        given = self.cleaned_data
        bag = given["bag_volume_ml"]
        return OrderEntry(
            weight_kg=given["weight_kg"],
            weighed_on=given["weighed_on"],
            weight_origin=WeightOrigin(given["weight_origin"]),
            height_cm=given["height_cm"],
            basis=WeightBasis(given["basis"]),
            mg_per_kg=given["mg_per_kg"],
            duration_min=given["duration_min"],
            vial_id=given["vial_id"],
            bag_volume_ml=None if bag == UNDILUTED else Decimal(bag),
            diluent_id=given["diluent_id"],
        )


class SecondCheckForm(forms.Form):
    """Three readings, from the scale, the vial in the hand and the pump display."""

    weight_kg = QuantityField(label=_("Weight on the scale"), code="WT", unit="kg", decimals=1)
    vial_mg_per_ml = QuantityField(label=_("Strength on the vial"), code="VIAL", unit="mg/mL", decimals=2)
    rate_ml_per_h = QuantityField(label=_("Rate on the pump"), code="RATE", unit="mL/h", decimals=1)
    cosigns = forms.BooleanField(label=_("I know the prescriber's reason and co-sign"), required=False)


def order_initial(
    *, today: date, height_cm: Decimal | None, basis: WeightBasis, mg_per_kg: Decimal, duration_min: Decimal
) -> dict[str, Any]:
    """What stands in the form at first. The weight is left empty: it is never copied."""
    return {
        "weighed_on": today, "weight_origin": WeightOrigin.MEASURED.value, "height_cm": height_cm,
        "basis": basis.value, "mg_per_kg": mg_per_kg, "duration_min": duration_min,
        "vial_id": "ketamine-50", "bag_volume_ml": "100", "diluent_id": next(iter(diluents())),
    }  # fmt: skip
