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
from reprieve.domain.quantities.findings import Finding, Severity

WAYS: dict[Way, str | Promise] = {
    Way.INFUSION: _("Racemic ketamine by vein"),
    Way.INTO_MUSCLE: _("Racemic ketamine into a muscle"),
    Way.NASAL_SPRAY: _("Esketamine nasal spray, 28 mg devices"),
    Way.LOZENGE: _("Racemic lozenge, held then swallowed"),
    Way.SWALLOWED: _("Racemic ketamine swallowed"),
}
_PER_KG = frozenset({Way.INFUSION, Way.INTO_MUSCLE})
_BY_MG = frozenset({Way.LOZENGE, Way.SWALLOWED})
_FULL_RATE_PERCENT = Decimal(100)
_LIMITS: dict[str, tuple[Decimal, Decimal, str]] = {
    "weight_kg": (Decimal(25), Decimal(300), "kg"),
    "mg_per_kg": (Decimal("0.05"), Decimal(5), "mg/kg"),
    "dose_mg": (Decimal(1), Decimal(1000), "mg"),
    "duration_min": (Decimal(1), Decimal(600), "min"),
    "hold_min": (Decimal(1), Decimal(60), "min"),
}
"""What can be looked at here; an order has its own, narrower limits."""


class WhatIfForm(forms.Form):
    """What is needed depends on the way; fields of other ways are left alone."""

    way = forms.ChoiceField(
        label=_("Drug and route"),
        choices=lambda: list(WAYS.items()),
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    weight_kg = QuantityField(code="WHATIF-WEIGHT", label=_("Weight"), unit="kg", decimals=1)
    mg_per_kg = QuantityField(code="WHATIF-DOSE", label=_("Dose per kg"), unit="mg/kg", decimals=3, required=False)
    dose_mg = QuantityField(code="WHATIF-DOSE", label=_("Dose"), unit="mg", decimals=1, required=False)
    duration_min = QuantityField(code="WHATIF-MIN", label=_("Duration"), unit="min", decimals=1, required=False)
    slow_start_min = QuantityField(code="WHATIF-SLOW", label=_("Slower first"), unit="min", decimals=1, required=False)
    slow_start_percent = QuantityField(
        code="WHATIF-SHARE", label=_("at this part of the later rate"), unit="%", decimals=0, required=False
    )
    device_count = forms.TypedChoiceField(
        label=_("Devices"), coerce=int, required=False, empty_value=None,
        choices=[(n, f"{n} ({n * DEVICE_MG:g} mg)") for n in (1, 2, 3)],
        widget=forms.Select(attrs={"class": "form-select"}),
    )  # fmt: skip
    hold_min = QuantityField(code="WHATIF-HOLD", label=_("Held in the mouth"), unit="min", decimals=0, required=False)

    others = forms.MultipleChoiceField(
        label=_("Also taken"),
        choices=lambda: [(name, CHANGES[name]) for name in OTHERS],
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
    )
    liver = forms.ChoiceField(
        label=_("Liver disease"),
        choices=lambda: [("", _("None known")), *((name, CHANGES[name]) for name in LIVER)],
        required=False,
        widget=forms.Select(attrs={"class": "form-select"}),
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
        for name in self._needed():
            if name not in self.errors and entered.get(name) is None:
                self.add_error(name, ValidationError(gettext("This is needed here."), code="WHATIF-MISSING"))
        for name, (lower, upper, unit) in _LIMITS.items():
            value = entered.get(name)
            if value is not None and not lower <= value <= upper:
                self.add_error(name, _outside(lower, upper, unit))
        self._check_slow_start(entered)
        return entered

    def scenario(self, *, age_years: float | None, height_cm: float | None) -> Scenario:
        """What the complete form asks; an unknown age or height stays unknown."""
        entered = self.cleaned_data
        way = Way(entered["way"])
        weight_kg = float(entered["weight_kg"])
        amount = entered["mg_per_kg"] if way in _PER_KG else entered["dose_mg"]
        return Scenario(
            way=way,
            amount_mg=0.0 if amount is None else float(amount) * (weight_kg if way in _PER_KG else 1.0),
            duration_min=float(entered["duration_min"] or 0),
            slow_start_min=float(entered["slow_start_min"] or 0),
            slow_start_share=float((entered["slow_start_percent"] or _FULL_RATE_PERCENT) / _FULL_RATE_PERCENT),
            device_count=entered["device_count"] or 0,
            hold_min=float(entered["hold_min"] or 0),
            weight_kg=weight_kg,
            age_years=age_years,
            changes=changes_named([*entered["others"], entered["liver"]]),
            bmi_kg_per_m2=None if height_cm is None else weight_kg / (height_cm / 100.0) ** 2,
        )

    def _needed(self) -> tuple[str, ...]:
        try:
            way = Way(self.cleaned_data.get("way", ""))
        except ValueError:
            return ()
        needed = {
            Way.INFUSION: ("mg_per_kg", "duration_min"),
            Way.INTO_MUSCLE: ("mg_per_kg",),
            Way.NASAL_SPRAY: ("device_count",),
            Way.LOZENGE: ("dose_mg", "hold_min"),
            Way.SWALLOWED: ("dose_mg",),
        }
        return needed[way]

    def _check_slow_start(self, entered: dict[str, Any]) -> None:
        slow, whole, percent = (entered.get(key) for key in ("slow_start_min", "duration_min", "slow_start_percent"))
        if slow is None:
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
