"""The rate of a pain infusion by weight, held to the highest rate."""

from decimal import Decimal

import pytest

from reprieve.domain.dosing.pain_rates import pain_dose
from reprieve.knowledge.pain_rates import pain_rates

CRPS = pain_rates()["REG-PAIN-CRPS-OP10"]


@pytest.mark.parametrize(
    ("weight_kg", "by_weight", "rate", "a_day"),
    [
        ("80", "28.00", "25", "100"),  # pathway section 9, V-07: 0.35 x 80 = 28, held to 25, 4 h
        ("60", "21.00", "21.00", "84.00"),  # 0.35 x 60 = 21, below the highest rate; 4 x 21
    ],
)
def test_the_highest_rate_holds(weight_kg, by_weight, rate, a_day):
    dose = pain_dose(CRPS, Decimal(weight_kg))
    assert dose.by_weight_mg_per_h == Decimal(by_weight)
    assert dose.rate_mg_per_h == Decimal(rate)
    assert dose.amount_mg_per_day == Decimal(a_day)


def test_two_working_weeks():
    assert CRPS.day_offsets == (0, 1, 2, 3, 4, 7, 8, 9, 10, 11)


def test_no_weight_no_rate():
    with pytest.raises(ValueError, match="positive"):
        pain_dose(CRPS, Decimal(0))
