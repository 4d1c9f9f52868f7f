"""What a site allows. Every limit says where it comes from; hard limits can be tightened, never loosened."""

from dataclasses import dataclass
from decimal import Decimal

from reprieve.domain.quantities.sources import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """One bound with its source; the unit is in the name of the field that holds it."""

    value: Decimal
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """Bounds that belong together; both ends are allowed."""

    lower: Decimal
    upper: Decimal
    source: Source

    def __post_init__(self) -> None:
        if self.lower > self.upper:
            raise ValueError(f"a range from {self.lower} to {self.upper} holds nothing")

    def holds(self, value: Decimal) -> bool:
        return self.lower <= value <= self.upper


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseLimits:
    """Limits of one mood infusion (REG-DOSE-RANGE, REG-DOSE-MAX-M, REG-WT-*, PREP-*)."""

    usual_mg_per_kg: Range
    studied_mg_per_kg: Range
    soft_upper_mg_per_kg: Limit
    hard_upper_mg_per_kg: Limit
    hard_upper_mg: Limit
    usual_duration_min: Range
    possible_duration_min: Range
    weight_age_days: Limit
    weight_change_percent: Limit
    ideal_weight_from_bmi_kg_per_m2: Limit
    possible_weight_kg: Range
    possible_height_cm: Range
    possible_bmi_kg_per_m2: Range
    undiluted_upper_mg_per_ml: Limit
    never_dilute_mg_per_ml: Limit
    usual_upper_mg_per_ml: Limit
    possible_mg_per_ml: Range
    pump_ml_per_h: Range
    draw_rounding_percent: Limit
