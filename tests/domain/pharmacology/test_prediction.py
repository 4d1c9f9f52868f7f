"""K2S as the pages show it: the published anchors, the identities of a linear model, and the band.

"DERIVED" values were calculated once from the published parameters by an independent program; they check the
implementation, not the medicine.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reprieve.domain.pharmacology.covariates import CovariateError
from reprieve.domain.pharmacology.infusion import InfusionSegment, constant_infusion
from reprieve.domain.pharmacology.prediction import predict, predict_band
from reprieve.knowledge.kinetics import load_model

MODEL = load_model("k2s")
GRID = np.linspace(0.0, 240.0, 241)
STANDARD = constant_infusion(dose_mg=35.0, duration_min=40.0)
weights = st.floats(35.0, 160.0)
doses = st.floats(1.0, 100.0)


def segment(start, end, rate):
    return InfusionSegment(start_min=start, end_min=end, rate_mg_per_min=rate)


def curve(segments, *, weight_kg=70.0, t_min=GRID):
    return predict(MODEL, weight_kg=weight_kg, segments=segments, t_min=np.asarray(t_min, dtype=float))


def test_standard_infusion_at_the_end_and_in_recovery():
    """DERIVED typical values for 0.5 mg/kg over 40 min at 70 kg: arterial, venous ng/mL at 40, 80, 110, 230 min."""
    found = curve(STANDARD, t_min=[40, 80, 110, 230])
    np.testing.assert_allclose(found.arterial_ng_per_ml, [251, 72, 53, 26], atol=0.6)
    np.testing.assert_allclose(found.venous_ng_per_ml, [165, 98, 74, 31], atol=0.6)


def test_a5_venous_level_at_the_end_is_near_the_measured_mean():
    """A5: 185 ng/mL venous at 40 min in depressed patients (Zarate 2006 as tabulated by Zanos 2018), within 30 %."""
    assert curve(STANDARD, t_min=[40]).venous_ng_per_ml[0] == pytest.approx(185, rel=0.30)


def test_a6_levels_lie_in_the_range_linked_to_dissociation():
    """A6: 100-250 ng/mL during the same infusion (Krystal 1994 as tabulated by Zanos 2018), minutes 20 to 40."""
    venous = curve(STANDARD, t_min=np.arange(20, 41)).venous_ng_per_ml
    assert venous.min() >= 100
    assert venous.max() <= 250


def test_a8_push_of_ten_milligrams():
    """A8: 10 mg pushed, at 2 min: DERIVED arterial 262; observed venous geometric mean 296, GSD 1.71 (Singh 2022)."""
    push = constant_infusion(dose_mg=10.0, duration_min=1e-3)
    arterial = curve(push, t_min=[2.0]).arterial_ng_per_ml[0]
    assert arterial == pytest.approx(262, abs=1)
    assert 296 / 1.71 < arterial < 296 * 1.71


def test_a9_area_after_the_push():
    """A9: AUC 113 ng.h/mL after 10 mg (Singh 2022), within 20 %; dose/CL gives 116."""
    auc = 1000 * 10 / 2 * (1 / 92.8 + 1 / 80.0)
    assert auc == pytest.approx(116, abs=1)
    assert auc == pytest.approx(113, rel=0.20)


@given(weights, doses)
def test_two_half_rate_infusions_are_one(weight_kg, dose):
    whole = constant_infusion(dose_mg=dose, duration_min=40)
    half = constant_infusion(dose_mg=dose / 2, duration_min=40)
    together = curve([*half, *half], weight_kg=weight_kg)
    np.testing.assert_allclose(together.venous_ng_per_ml, curve(whole, weight_kg=weight_kg).venous_ng_per_ml)


@given(weights, doses, st.floats(0.1, 5.0))
def test_twice_the_dose_is_twice_the_level(weight_kg, dose, factor):
    one = curve(constant_infusion(dose_mg=dose, duration_min=40), weight_kg=weight_kg)
    more = curve(constant_infusion(dose_mg=dose * factor, duration_min=40), weight_kg=weight_kg)
    np.testing.assert_allclose(more.arterial_ng_per_ml, one.arterial_ng_per_ml * factor, rtol=1e-10, atol=1e-12)


@given(weights, st.floats(0.0, 600.0))
def test_a_later_start_only_shifts_the_curve(weight_kg, shift):
    early = curve(STANDARD, weight_kg=weight_kg)
    late = curve(
        constant_infusion(dose_mg=35, duration_min=40, start_min=shift), weight_kg=weight_kg, t_min=GRID + shift
    )
    np.testing.assert_allclose(late.venous_ng_per_ml, early.venous_ng_per_ml, rtol=1e-9, atol=1e-7)


def test_a_pause_is_a_rate_of_zero():
    silent = curve([segment(0, 20, 0.875), segment(30, 50, 0.875)])
    spoken = curve([segment(0, 20, 0.875), segment(20, 30, 0.0), segment(30, 50, 0.875)])
    np.testing.assert_allclose(silent.arterial_ng_per_ml, spoken.arterial_ng_per_ml, rtol=1e-12)


@pytest.mark.parametrize("weight_kg", [0.0, -70.0, float("nan"), float("inf")])
def test_a_weight_that_is_none_is_refused(weight_kg):
    with pytest.raises(CovariateError):
        curve(STANDARD, weight_kg=weight_kg)


def test_band_is_reproducible_and_holds_the_typical_curve():
    first = predict_band(MODEL, weight_kg=70, segments=STANDARD, t_min=GRID, subjects=300)
    again = predict_band(MODEL, weight_kg=70, segments=STANDARD, t_min=GRID, subjects=300)
    typical = curve(STANDARD)
    np.testing.assert_array_equal(first.venous_upper_ng_per_ml, again.venous_upper_ng_per_ml)
    assert np.all(first.arterial_lower_ng_per_ml <= typical.arterial_ng_per_ml)
    assert np.all(typical.arterial_ng_per_ml <= first.arterial_upper_ng_per_ml)
    assert np.all(first.venous_lower_ng_per_ml <= typical.venous_ng_per_ml)
    assert first.interval == 0.9


def test_wider_interval_is_wider():
    narrow = predict_band(MODEL, weight_kg=70, segments=STANDARD, t_min=GRID, subjects=200, interval=0.5)
    wide = predict_band(MODEL, weight_kg=70, segments=STANDARD, t_min=GRID, subjects=200, interval=0.95)
    assert np.all(wide.venous_upper_ng_per_ml >= narrow.venous_upper_ng_per_ml)


@pytest.mark.parametrize("options", [{"subjects": 1}, {"interval": 0.0}, {"interval": 1.0}])
def test_a_band_of_nothing_is_refused(options):
    with pytest.raises(ValueError, match="a band needs"):
        predict_band(MODEL, weight_kg=70, segments=STANDARD, t_min=GRID, **options)


def test_nothing_before_the_start_and_nothing_without_drug():
    late = constant_infusion(dose_mg=35, duration_min=40, start_min=10)
    assert curve(late, t_min=[0, 9.9]).venous_ng_per_ml.max() == 0
    assert curve([], t_min=[0, 60]).arterial_ng_per_ml.max() == 0
