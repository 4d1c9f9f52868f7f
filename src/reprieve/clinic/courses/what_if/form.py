"""The question as a person types it. Every answer is checked with its unit; the page stores nothing."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from reprieve.clinic.courses.forms import QuantityField
from reprieve.clinic.courses.what_if.exposure import LIVER, OTHERS, changes_named
from reprieve.clinic.courses.what_if.scenario import DEVICE_MG, Scenario, Way
from reprieve.clinic.courses.wording import CHANGES, finding_sentence
from reprieve.domain.pharmacology.exposure import ExposureChange
from reprieve.domain.quantities.body import body_mass_index
from reprieve.domain.quantities.findings import Finding, Severity

WAYS: dict[Way, str | Promise] = {
    Way.INFUSION: _("Racemic ketamine by vein"),
    Way.INTO_MUSCLE: _("Racemic ketamine into a muscle"),
    Way.NASAL_SPRAY: _("Esketamine nasal spray, 28 mg devices"),
    Way.LOZENGE: _("Racemic lozenge, held then swallowed"),
    Way.SWALLOWED: _("Racemic ketamine swallowed"),
}
_NOT_LISTED = _("WHATIF-CHOICE: This is not one of the choices.")
_PER_KG = frozenset({Way.INFUSION, Way.INTO_MUSCLE})
_NEEDED: dict[Way, tuple[str, ...]] = {
    Way.INFUSION: ("mg_per_kg", "duration_min"),
    Way.INTO_MUSCLE: ("mg_per_kg",),
    Way.NASAL_SPRAY: ("device_count",),
    Way.LOZENGE: ("dose_mg", "hold_min"),
    Way.SWALLOWED: ("dose_mg",),
}
_OPTIONAL: dict[Way, tuple[str, ...]] = {Way.INFUSION: ("slow_start_min", "slow_start_percent")}
_OF_A_WAY = frozenset(name for names in (*_NEEDED.values(), *_OPTIONAL.values()) for name in names)
_FULL_RATE_PERCENT = Decimal(100)
_LIMITS: dict[str, tuple[Decimal, Decimal, str]] = {
    "weight_kg": (Decimal(25), Decimal(300), "kg"),
    "height_cm": (Decimal(100), Decimal(250), "cm"),
    "age_years": (Decimal(1), Decimal(120), "years"),
    "slow_start_percent": (Decimal(1), Decimal(100), "%"),
    "mg_per_kg": (Decimal("0.05"), Decimal(5), "mg/kg"),
    "dose_mg": (Decimal(1), Decimal(1000), "mg"),
    "duration_min": (Decimal(1), Decimal(600), "min"),
    "hold_min": (Decimal(1), Decimal(60), "min"),
}
"""What can be looked at here; an order has its own, narrower limits."""


class WhatIfForm(forms.Form):
    """What is needed depends on the way; what stands in fields of other ways is left alone, right or wrong."""

    way = forms.ChoiceField(
        label=_("Drug and route"),
        choices=lambda: list(WAYS.items()),
        widget=forms.Select(attrs={"class": "form-select"}),
        error_messages={"invalid_choice": _NOT_LISTED, "required": _NOT_LISTED},
    )
    weight_kg = QuantityField(code="WHATIF-WEIGHT", label=_("Weight"), unit="kg", decimals=1)
    height_cm = QuantityField(code="WHATIF-HEIGHT", label=_("Height"), unit="cm", decimals=1, required=False)
    age_years = QuantityField(code="WHATIF-AGE", label=_("Age"), unit="years", decimals=1, required=False)
    mg_per_kg = QuantityField(code="WHATIF-DOSE", label=_("Dose per kg"), unit="mg/kg", decimals=3, required=False)
    dose_mg = QuantityField(code="WHATIF-DOSE", label=_("Dose"), unit="mg", decimals=1, required=False)
    duration_min = QuantityField(code="WHATIF-MIN", label=_("Duration"), unit="min", decimals=1, required=False)
    slow_start_min = QuantityField(code="WHATIF-SLOW", label=_("Slow start"), unit="min", decimals=1, required=False)
    slow_start_percent = QuantityField(
        code="WHATIF-SHARE", label=_("Share of later rate"), unit="%", decimals=0, required=False
    )
    device_count = forms.TypedChoiceField(
        label=_("Devices"), coerce=int, required=False, empty_value=None,
        choices=[(n, f"{n} ({n * DEVICE_MG:g} mg)") for n in (1, 2, 3)],
        widget=forms.Select(attrs={"class": "form-select"}), error_messages={"invalid_choice": _NOT_LISTED},
    )  # fmt: skip
    hold_min = QuantityField(code="WHATIF-HOLD", label=_("Held in the mouth"), unit="min", decimals=0, required=False)

    others = forms.MultipleChoiceField(
        label=_("Also taken"),
        choices=lambda: [(name, CHANGES[name]) for name in OTHERS],
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
        error_messages={"invalid_choice": _NOT_LISTED},
    )
    liver = forms.ChoiceField(
        label=_("Liver disease"),
        choices=lambda: [("", _("None known")), *((name, CHANGES[name]) for name in LIVER)],
        required=False,
        widget=forms.Select(attrs={"class": "form-select"}),
        error_messages={"invalid_choice": _NOT_LISTED},
    )

    def clean_liver(self) -> str:
        """A grade for which no prediction holds is refused."""
        chosen: str = self.cleaned_data["liver"]
        for change in changes_named([chosen]):
            if change.severity is Severity.ABSOLUTE:
                raise _sentence("PK-EXP-REFUSED", _refusal(change))
        return chosen

    def clean(self) -> dict[str, Any]:
        entered = super().clean() or {}
        self._leave_other_ways(entered)
        for name in self._needed():
            if name not in self.errors and entered.get(name) is None:
                self.add_error(name, _sentence("WHATIF-MISSING", gettext("This is needed here.")))
        for name, (lower, upper, unit) in _LIMITS.items():
            value = entered.get(name)
            if value is not None and not lower <= value <= upper:
                self.add_error(name, _outside(lower, upper, unit))
        self._check_slow_start(entered)
        return entered

    def scenario(self) -> Scenario:
        """What the complete form asks; an unknown age or height stays unknown."""
        entered = self.cleaned_data
        way = Way(entered["way"])
        weight_kg = float(entered["weight_kg"])
        amount = entered["mg_per_kg"] if way in _PER_KG else entered["dose_mg"]
        age, height_cm = entered["age_years"], entered["height_cm"]
        return Scenario(
            way=way,
            amount_mg=0.0 if amount is None else float(amount) * (weight_kg if way in _PER_KG else 1.0),
            duration_min=float(entered["duration_min"] or 0),
            slow_start_min=float(entered["slow_start_min"] or 0),
            slow_start_share=float((entered["slow_start_percent"] or _FULL_RATE_PERCENT) / _FULL_RATE_PERCENT),
            device_count=entered["device_count"] or 0,
            hold_min=float(entered["hold_min"] or 0),
            weight_kg=weight_kg,
            age_years=None if age is None else float(age),
            changes=changes_named([*entered["others"], entered["liver"]]),
            bmi_kg_per_m2=None if height_cm is None else body_mass_index(weight_kg, float(height_cm)),
        )

    def _way(self) -> Way | None:
        given = self.cleaned_data.get("way")
        return Way(given) if given else None

    def _needed(self) -> tuple[str, ...]:
        way = self._way()
        return () if way is None else _NEEDED[way]

    def _leave_other_ways(self, entered: dict[str, Any]) -> None:
        """A field that is not shown neither counts nor stops anything."""
        way = self._way()
        if way is not None:
            for name in _OF_A_WAY - {*_NEEDED[way], *_OPTIONAL.get(way, ())}:
                self.errors.pop(name, None)
                entered[name] = None

    def _check_slow_start(self, entered: dict[str, Any]) -> None:
        slow, whole, percent = (entered.get(key) for key in ("slow_start_min", "duration_min", "slow_start_percent"))
        if slow is None:
            if percent is not None and "slow_start_min" not in self.errors:
                self.add_error("slow_start_min", _sentence("WHATIF-SLOW", gettext("Say for how long it runs slower.")))
            return
        if whole is not None and slow >= whole:
            self.add_error(
                "slow_start_min", _sentence("WHATIF-SLOW", gettext("The slow start is as long as the whole."))
            )
        if percent is None and "slow_start_percent" not in self.errors:
            self.add_error(
                "slow_start_percent", _sentence("WHATIF-SHARE", gettext("Say how slow: 50 % is half the rate."))
            )


def _refusal(change: ExposureChange) -> str:
    params = {"change": change.id}
    finding = Finding(code="PK-EXP-REFUSED", severity=change.severity, source=change.source, params=params)
    return finding_sentence(finding)


def _outside(lower: Decimal, upper: Decimal, unit: str) -> ValidationError:
    sentence = gettext("Between %(lower)s and %(upper)s %(unit)s can be looked at here.")
    return _sentence("WHATIF-RANGE", sentence % {"lower": lower, "upper": upper, "unit": unit})


def _sentence(code: str, sentence: str) -> ValidationError:
    return ValidationError(f"{code}: {sentence}", code=code)
