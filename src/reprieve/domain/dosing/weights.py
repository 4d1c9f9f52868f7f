"""Which weight the dose is calculated from (REG-WT-ACT, REG-WT-IBW, REG-WT-FORM)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import assert_never

from reprieve.domain.dosing.doses import rounded
from reprieve.domain.dosing.limits import DoseLimits
from reprieve.domain.quantities.body import body_mass_index

_INCH_CM = Decimal("2.54")
_DEVINE_FROM_INCHES = Decimal(60)
_DEVINE_PER_INCH_KG = Decimal("2.3")
_ADJUSTED_SHARE = Decimal("0.4")
_WEIGHT_STEP = Decimal("0.1")


class DevineSex(StrEnum):
    """The two bodies that Devine's formula knows."""

    FEMALE = "female"
    MALE = "male"

    @property
    def base_kg(self) -> Decimal:
        """Ideal body weight at 60 inches."""
        return Decimal("45.5") if self is DevineSex.FEMALE else Decimal(50)


class WeightBasis(StrEnum):
    """The weight that the milligrams per kilogram refer to."""

    ACTUAL = "ACTUAL"
    IDEAL = "IDEAL"
    ADJUSTED = "ADJUSTED"


class WeightOrigin(StrEnum):
    """On the scale, or as the patient says."""

    MEASURED = "measured"
    STATED = "stated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """What was measured. Height or sex may be unknown; then weights that need them are unknown too."""

    actual_weight_kg: Decimal
    weighed_on: date
    weight_origin: WeightOrigin
    height_cm: Decimal | None
    sex: DevineSex | None

    @property
    def bmi_kg_per_m2(self) -> Decimal | None:
        """Body mass index to 0.1."""
        if self.height_cm is None:
            return None
        return rounded(body_mass_index(self.actual_weight_kg, self.height_cm), Decimal("0.1"))

    @property
    def is_below_devine(self) -> bool | None:
        """Under 60 inches, where the formula is not defined; None when the height is unknown."""
        return None if self.height_cm is None else self.height_cm / _INCH_CM < _DEVINE_FROM_INCHES

    @property
    def ideal_weight_kg(self) -> Decimal | None:
        """Devine 1974, to 0.1 kg: 50 (male) or 45.5 (female) + 2.3 for each inch over 60; None where undefined."""
        if self.height_cm is None or self.sex is None or self.is_below_devine:
            return None
        inches = self.height_cm / _INCH_CM - _DEVINE_FROM_INCHES
        return rounded(self.sex.base_kg + _DEVINE_PER_INCH_KG * inches, _WEIGHT_STEP)

    @property
    def adjusted_weight_kg(self) -> Decimal | None:
        """Ideal weight plus 0.4 of what is above it, to 0.1 kg; None where the ideal weight is."""
        ideal = self.ideal_weight_kg
        return (
            None if ideal is None else rounded(ideal + _ADJUSTED_SHARE * (self.actual_weight_kg - ideal), _WEIGHT_STEP)
        )


def weight_on_basis(body: Body, basis: WeightBasis) -> Decimal | None:
    """The weight of this basis, never above the actual one; None when it cannot be calculated."""
    match basis:
        case WeightBasis.ACTUAL:
            return body.actual_weight_kg
        case WeightBasis.IDEAL:
            found = body.ideal_weight_kg
        case WeightBasis.ADJUSTED:
            found = body.adjusted_weight_kg
        case _:  # pragma: no cover
            assert_never(basis)
    return None if found is None else min(found, body.actual_weight_kg)


def suggested_basis(body: Body, limits: DoseLimits) -> WeightBasis:
    """IDEAL_IF_BMI30: the ideal weight from BMI 30 on where it can be calculated, else the actual weight."""
    bmi = body.bmi_kg_per_m2
    is_obese = bmi is not None and bmi >= limits.ideal_weight_from_bmi_kg_per_m2.value
    return WeightBasis.IDEAL if is_obese and body.ideal_weight_kg is not None else WeightBasis.ACTUAL
