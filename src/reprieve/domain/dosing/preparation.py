"""Arithmetic of the bag and the pump (PREP-CALC)."""

from dataclasses import dataclass
from decimal import Decimal

from reprieve.domain.dosing.doses import Dose, rounded

_ML_STEP = Decimal("0.01")
_RATE_STEP = Decimal("0.1")
_CONCENTRATION_STEP = Decimal("0.0001")
_MIN_PER_H = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Vial:
    """One product: strength as base and how much is in it."""

    id: str
    mg_per_ml: Decimal
    volume_ml: Decimal

    @property
    def content_mg(self) -> Decimal:
        return self.mg_per_ml * self.volume_ml


@dataclass(frozen=True, slots=True, kw_only=True)
class Preparation:
    """What is drawn up and what runs. The diluent drawn out first is as much as the drug put in."""

    draw_volume_ml: Decimal
    final_volume_ml: Decimal
    concentration_mg_per_ml: Decimal
    rate_ml_per_h: Decimal
    is_diluted: bool

    def delivered_mg(self, infused_ml: Decimal) -> Decimal:
        """Drug given when this much of the final volume has run in, to 0.01 mg."""
        return rounded(infused_ml * self.concentration_mg_per_ml, _ML_STEP)


def draw_volume_ml(dose: Dose, vial_mg_per_ml: Decimal) -> Decimal:
    """Volume of stock that holds the dose, rounded half up to 0.01 mL."""
    return rounded(dose.mg / vial_mg_per_ml, _ML_STEP)


def concentration_mg_per_ml(amount_mg: Decimal, final_volume_ml: Decimal) -> Decimal:
    """To 0.0001 mg/mL; the final volume is drug and diluent together."""
    return rounded(amount_mg / final_volume_ml, _CONCENTRATION_STEP)


def rate_ml_per_h(final_volume_ml: Decimal, duration_min: Decimal) -> Decimal:
    """Pump rate that empties the final volume in this time, to the pump's 0.1 mL/h."""
    return rounded(final_volume_ml * _MIN_PER_H / duration_min, _RATE_STEP)


def prepare(*, dose: Dose, vial: Vial, bag_volume_ml: Decimal | None, duration_min: Decimal) -> Preparation:
    """Dilute the dose in a bag whose volume stays as it was, or give it undiluted when there is no bag."""
    drawn = draw_volume_ml(dose, vial.mg_per_ml)
    final = drawn if bag_volume_ml is None else bag_volume_ml
    strength = vial.mg_per_ml if bag_volume_ml is None else concentration_mg_per_ml(dose.mg, final)
    return Preparation(
        draw_volume_ml=drawn,
        final_volume_ml=final,
        concentration_mg_per_ml=strength,
        rate_ml_per_h=rate_ml_per_h(final, duration_min),
        is_diluted=bag_volume_ml is not None,
    )
