"""An independent calculation from the scale, the vial in the hand and the pump display, entered blind (C4)."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from reprieve.domain.dosing.doses import Dose, rounded
from reprieve.domain.dosing.order import DoseOrder
from reprieve.domain.dosing.preparation import draw_volume_ml
from reprieve.domain.dosing.weights import WeightBasis


class Checked(StrEnum):
    """What is compared; the first three are entered, the others follow from them."""

    WEIGHT_KG = "weight_kg"
    VIAL_MG_PER_ML = "vial_mg_per_ml"
    RATE_ML_PER_H = "rate_ml_per_h"
    DOSE_MG = "dose_mg"
    DRAW_VOLUME_ML = "draw_volume_ml"
    DURATION_MIN = "duration_min"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckTolerance:
    """How far two honest readings may lie apart, in percent of the ordered value. The vial must be equal."""

    weight_percent: Decimal
    rate_percent: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckEntry:
    """What the second person reads, without seeing the order."""

    weight_kg: Decimal
    vial_mg_per_ml: Decimal
    rate_ml_per_h: Decimal

    def __post_init__(self) -> None:
        for value in (self.weight_kg, self.vial_mg_per_ml, self.rate_ml_per_h):
            if not (value.is_finite() and value > 0):
                raise ValueError(f"a second check cannot be made with {value}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """The same quantity as ordered and as found by the second person."""

    quantity: Checked
    ordered: Decimal
    found: Decimal


def check_differences(order: DoseOrder, entry: CheckEntry, tolerance: CheckTolerance) -> tuple[Difference, ...]:
    """Empty when both agree; else what was entered differently and what it would have done to the patient."""
    entered = (
        (Checked.WEIGHT_KG, order.request.body.actual_weight_kg, entry.weight_kg, tolerance.weight_percent),
        (Checked.VIAL_MG_PER_ML, order.request.vial.mg_per_ml, entry.vial_mg_per_ml, Decimal(0)),
        (Checked.RATE_ML_PER_H, order.preparation.rate_ml_per_h, entry.rate_ml_per_h, tolerance.rate_percent),
    )
    differing = tuple(
        Difference(quantity=quantity, ordered=ordered, found=found)
        for quantity, ordered, found, percent in entered
        if abs(found - ordered) * 100 > percent * ordered
    )
    return differing + _consequences(order, entry) if differing else ()


def _consequences(order: DoseOrder, entry: CheckEntry) -> tuple[Difference, ...]:
    """Dose, volume and time that follow from the second person's values, where they are not the order's."""
    dose = _dose(order, entry)
    minutes = rounded(order.preparation.final_volume_ml * 60 / entry.rate_ml_per_h, Decimal("0.1"))
    planned = rounded(order.request.duration_min, Decimal("0.1"))
    pairs = (
        (Checked.DOSE_MG, order.dose.mg, dose.mg),
        (Checked.DRAW_VOLUME_ML, order.preparation.draw_volume_ml, draw_volume_ml(dose, entry.vial_mg_per_ml)),
        (Checked.DURATION_MIN, planned, minutes),
    )
    return tuple(Difference(quantity=name, ordered=one, found=other) for name, one, other in pairs if one != other)


def _dose(order: DoseOrder, entry: CheckEntry) -> Dose:
    """The dose on the found weight; on another basis than the actual weight it does not depend on the scale."""
    if order.request.basis is WeightBasis.ACTUAL:
        return order.request.dose.times(entry.weight_kg)
    return order.dose
