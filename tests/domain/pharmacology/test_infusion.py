"""Pump segments and the staircase they add up to."""

import pytest

from reprieve.domain.pharmacology.infusion import InfusionSegment, constant_infusion


def segment(start, end, rate):
    return InfusionSegment(start_min=start, end_min=end, rate_mg_per_min=rate)


def test_constant_infusion_gives_the_whole_dose():
    (only,) = constant_infusion(dose_mg=35.0, duration_min=40.0, start_min=5.0)
    assert (only.start_min, only.end_min) == (5.0, 45.0)
    assert only.amount_mg == pytest.approx(35.0)


@pytest.mark.parametrize("duration", [0.0, -1.0, float("nan")])
def test_infusion_without_length_is_refused(duration):
    with pytest.raises(ValueError, match="cannot last"):
        constant_infusion(dose_mg=35.0, duration_min=duration)


@pytest.mark.parametrize(("start", "end"), [(1.0, 1.0), (2.0, 1.0), (0.0, float("inf"))])
def test_segment_must_end_after_it_starts(start, end):
    with pytest.raises(ValueError, match="before its end"):
        segment(start, end, 1.0)


@pytest.mark.parametrize("rate", [-0.1, float("nan"), float("inf")])
def test_rate_must_be_a_real_rate(rate):
    with pytest.raises(ValueError, match="a rate cannot be"):
        segment(0.0, 1.0, rate)
