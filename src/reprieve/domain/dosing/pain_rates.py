"""The rate of a pain infusion: by weight, never above the highest rate that was studied."""

from dataclasses import dataclass
from decimal import Decimal

from reprieve.domain.quantities.sources import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class PainRate:
    """A pain regimen that is given by rate. `highest_mg_per_h` holds whatever the weight."""

    id: str
    rate_mg_per_kg_per_h: Decimal
    highest_mg_per_h: Decimal
    duration_h: Decimal
    day_offsets: tuple[int, ...]
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class PainDose:
    """What a weight makes of a pain regimen; `by_weight_mg_per_h` is the rate before it was held down."""

    by_weight_mg_per_h: Decimal
    rate_mg_per_h: Decimal
    amount_mg_per_day: Decimal


def pain_dose(regimen: PainRate, weight_kg: Decimal) -> PainDose:
    """The hourly rate and the amount of one day.

    Raises: ValueError when the weight is not positive.
    Source: pathway sections 5.1 and 9 (V-07).
    """
    if weight_kg <= 0:
        raise ValueError("a weight is positive")
    by_weight = regimen.rate_mg_per_kg_per_h * weight_kg
    rate = min(by_weight, regimen.highest_mg_per_h)
    return PainDose(by_weight_mg_per_h=by_weight, rate_mg_per_h=rate, amount_mg_per_day=rate * regimen.duration_h)
