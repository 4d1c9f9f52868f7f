"""A dose per kilogram and a dose in milligrams are different things and cannot be mixed up."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

_DOSE_STEP = Decimal("0.1")


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class DosePerKg:
    """Racemic ketamine, as base, for each kilogram of dosing weight, for the whole infusion (not per hour)."""

    mg_per_kg: Decimal

    def __post_init__(self) -> None:
        if not (self.mg_per_kg.is_finite() and self.mg_per_kg > 0):
            raise ValueError(f"a dose cannot be {self.mg_per_kg} mg/kg")

    def times(self, weight_kg: Decimal) -> "Dose":
        """The dose for this dosing weight, rounded half up to 0.1 mg."""
        return Dose(mg=rounded(self.mg_per_kg * weight_kg, _DOSE_STEP))


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Dose:
    """An amount of racemic ketamine, as base."""

    mg: Decimal

    def __post_init__(self) -> None:
        if not (self.mg.is_finite() and self.mg > 0):
            raise ValueError(f"a dose cannot be {self.mg} mg")

    def per_kg_of(self, weight_kg: Decimal) -> Decimal:
        """This dose for each kilogram of the given weight, mg/kg, rounded half up to 0.001."""
        return rounded(self.mg / weight_kg, Decimal("0.001"))


def rounded(value: Decimal, step: Decimal) -> Decimal:
    """To the nearest step, halves up: 0.805 mL in steps of 0.01 is 0.81 mL."""
    return value.quantize(step, rounding=ROUND_HALF_UP)
