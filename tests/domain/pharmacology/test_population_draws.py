"""Virtual people: the same ones in every chunk, with the spread and the correlations of the model."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reprieve.domain.pharmacology.linear_model import Correlation, Residual, ResidualContext
from reprieve.domain.pharmacology.population import (
    LognormalSpread,
    NormalSpread,
    Share,
    covariance_of,
    factor_of,
    residual_for,
    sample_covariates,
    sample_etas,
    sample_rows,
    with_residual,
)
from reprieve.domain.pharmacology.random_numbers import Stream, normals, uniforms
from reprieve.domain.pharmacology.spread import Kept, QuantilePlan, merge, quantiles, tally
from reprieve.domain.quantities.sources import Confidence, Source
from reprieve.knowledge.kinetics import load_model

SOURCE = Source(keys=("DESIGN",), confidence=Confidence.POLICY)


@settings(max_examples=50, deadline=None)
@given(
    seed=st.integers(0, 2**64 - 1),
    first=st.integers(0, 2**40),
    cut=st.integers(0, 20),
    each=st.integers(1, 9),
)
def test_a_subjects_numbers_do_not_depend_on_the_chunk(seed, first, cut, each):
    whole = uniforms(seed=seed, stream=1, first=first, subjects=20, each=each)
    parts = [
        uniforms(seed=seed, stream=1, first=first, subjects=cut, each=each),
        uniforms(seed=seed, stream=1, first=first + cut, subjects=20 - cut, each=each),
    ]
    assert np.array_equal(whole, np.concatenate(parts))
    assert np.all((whole > 0.0) & (whole < 1.0))


def test_numbers_are_fixed_for_all_time():
    # written down once from NumPy's Philox 4x64-10: a change here would change every seeded result ever stored
    found = uniforms(seed=7, stream=Stream.PEOPLE, first=1000, subjects=1, each=3)[0]
    assert found == pytest.approx(FIXED, abs=1e-15)


FIXED = [0.2841111930375579, 0.1949552100241541, 0.38063517356331805]


def test_streams_and_seeds_share_nothing():
    base = normals(seed=1, stream=1, first=0, subjects=5000, each=1)[:, 0]
    for other in (
        normals(seed=2, stream=1, first=0, subjects=5000, each=1)[:, 0],
        normals(seed=1, stream=2, first=0, subjects=5000, each=1)[:, 0],
        normals(seed=1, stream=1, first=1, subjects=5000, each=1)[:, 0],
    ):
        assert abs(np.corrcoef(base, other)[0, 1]) < 0.05


@pytest.mark.parametrize("bad", [{"seed": -1}, {"seed": 2**64}, {"first": -1}, {"subjects": -1}])
def test_impossible_draws(bad):
    with pytest.raises(ValueError, match=r"seed|negative"):
        uniforms(**{"seed": 1, "stream": 1, "first": 0, "subjects": 1, "each": 1} | bad)


def test_etas_have_the_spread_and_the_correlation_of_the_model():
    model = load_model("otto2021")
    # Otto 2021: omega2 V1 0.0842, CL 0.0260, r 0.48
    etas = sample_etas(model, subjects=200_000, seed=3)
    clearance, volume = etas["CL"], etas["V1"]
    assert np.var(volume) == pytest.approx(0.0842, rel=0.01)
    assert np.var(clearance) == pytest.approx(0.0260, rel=0.01)
    assert np.corrcoef(clearance, volume)[0, 1] == pytest.approx(0.0226 / np.sqrt(0.0842 * 0.0260), abs=0.01)


def test_occasions_change_only_what_varies_between_them():
    model = load_model("simons2022")
    first, second = (sample_etas(model, subjects=10, seed=3, occasion=occasion) for occasion in (0, 1))
    changed = {name for name in first if not np.array_equal(first[name], second[name])}
    assert changed == {eta.name for eta in model.etas if eta.is_between_occasions} != set()


def test_correlations_that_cannot_be_together_are_refused():
    model = load_model("k2s")
    names = [eta.name for eta in model.etas if not eta.is_between_occasions][:3]
    pairs = ((names[0], names[1], 0.9), (names[1], names[2], 0.9), (names[0], names[2], -0.9))
    impossible = tuple(Correlation(first=a, second=b, value=value, source=SOURCE) for a, b, value in pairs)
    with pytest.raises(ValueError, match="cannot be together"):
        sample_etas(replace(model, correlations=impossible), subjects=2, seed=1)


def test_a_spread_of_zero_is_allowed():
    model = load_model("k2s")
    first = replace(model.etas[0], sd=0.0)
    fixed = replace(model, etas=(first, *model.etas[1:]))
    factor = factor_of(fixed, fixed.etas)
    assert factor @ factor.T == pytest.approx(covariance_of(fixed, fixed.etas))
    assert not sample_etas(fixed, subjects=5, seed=1)[first.name].any()


def test_covariates_follow_their_distributions_and_their_subject():
    spreads = {
        "weight_kg": NormalSpread(mean=75.0, sd=15.0, lower=45.0, upper=120.0),
        "age_y": LognormalSpread(median=42.0, cv=0.3),
        "female": Share(of_one=0.6),
    }
    people = sample_covariates(spreads, subjects=50_000, seed=4)
    assert people["weight_kg"].min() >= 45.0
    assert people["weight_kg"].max() <= 120.0
    assert np.median(people["age_y"]) == pytest.approx(42.0, rel=0.01)
    assert people["female"].mean() == pytest.approx(0.6, abs=0.01)
    later = sample_covariates(spreads, subjects=10, seed=4, first=1000)
    assert np.array_equal(later["weight_kg"], people["weight_kg"][1000:1010])


def test_rows_stay_together():
    rows = {"weight_kg": np.array([50.0, 90.0]), "female": np.array([1.0, 0.0])}
    people = sample_rows(rows, subjects=1000, seed=4)
    assert np.array_equal(people["weight_kg"] == 50.0, people["female"] == 1.0)
    assert 400 < people["female"].sum() < 600
    for bad in ({}, {"a": np.array([])}, {"a": np.array([1.0]), "b": np.array([1.0, 2.0])}):
        with pytest.raises(ValueError, match="rows need"):
            sample_rows(bad, subjects=1, seed=1)


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (NormalSpread, {"mean": 70.0, "sd": 0.0, "lower": 40.0, "upper": 120.0}),
        (LognormalSpread, {"median": 0.0, "cv": 0.3}),
        (Share, {"of_one": 1.2}),
    ],
)
def test_impossible_spreads(kind, values):
    with pytest.raises(ValueError, match=r"needs|between"):
        kind(**values)


def test_residual_error_of_an_assay():
    standard = normals(seed=1, stream=Stream.RESIDUAL, first=0, subjects=100_000, each=1)[:, 0]
    level = np.full(100_000, 0.2)
    combined = Residual(
        analyte="x", context=ResidualContext.RESEARCH, proportional=0.1, additive_mg_per_l=0.01, source=SOURCE
    )
    read = with_residual(combined, level, standard)
    assert np.std(read) == pytest.approx(np.hypot(0.02, 0.01), rel=0.01)
    assert with_residual(combined, np.zeros(100_000), standard).min() == 0.0
    logged = replace(combined, proportional=0.0, additive_mg_per_l=0.0, log_sd=0.276)
    assert np.std(np.log(with_residual(logged, level, standard))) == pytest.approx(0.276, rel=0.01)


def test_residual_of_the_context_that_is_asked_for():
    model = load_model("otto2021")
    # Otto 2021: proportional 23.6 % for S-ketamine
    found = residual_for(model, "S-ketamine", ResidualContext.RESEARCH)
    assert found is not None
    assert found.proportional == pytest.approx(0.236)
    assert residual_for(model, "R-ketamine", ResidualContext.RESEARCH) is None


@pytest.fixture(scope="module")
def people():
    values = np.exp(np.random.default_rng(5).normal(-2.0, 0.7, (20_000, 3)))
    values[:9_000, 2] = 0.0
    return values


PROBABILITIES = np.array([0.05, 0.5, 0.95])


def test_quantiles_of_kept_values_are_exact(people):
    plan = QuantilePlan(subjects=20_000, series=3)
    parts = [tally(plan, part) for part in np.split(people, [100, 7000])]
    found = quantiles(plan, merge(parts), PROBABILITIES)
    assert (plan.is_exact, plan.relative_error) == (True, 0.0)
    assert found == pytest.approx(np.quantile(people, PROBABILITIES, axis=0))


def test_histogram_stays_within_its_stated_error_in_any_order(people):
    plan = QuantilePlan(subjects=20_000, series=3, memory_bytes=400_000)
    parts = [tally(plan, part) for part in np.split(people, [100, 7000])]
    found = quantiles(plan, merge(parts), PROBABILITIES)
    exact = np.quantile(people, PROBABILITIES, axis=0)
    assert not plan.is_exact
    assert 0.0 < plan.relative_error < 0.01
    apart = np.abs(found - exact) / np.where(exact > 0, exact, 1.0)
    assert apart.max() <= plan.relative_error + 1e-3  # neighbours of the exact quantile lie 1e-3 apart here
    assert found[0, 2] == 0.0
    assert np.array_equal(found, quantiles(plan, merge(reversed(parts)), PROBABILITIES))


def test_parts_of_different_kinds_do_not_merge(people):
    small, large = QuantilePlan(subjects=10, series=3), QuantilePlan(subjects=10, series=3, memory_bytes=10)
    with pytest.raises(ValueError, match="one kind"):
        merge([tally(small, people[:5]), tally(large, people[5:10])])
    with pytest.raises(ValueError, match="one kind"):
        merge([])
    with pytest.raises(ValueError, match="a population has"):
        QuantilePlan(subjects=0, series=1)
    assert isinstance(tally(small, people[:5]), Kept)


@pytest.mark.parametrize("wrong", [{"subjects": 0}, {"series": 0}, {"memory_bytes": 0}])
def test_quantiles_of_nobody_or_nothing_are_refused(wrong):
    with pytest.raises(ValueError, match="people, numbers and memory"):
        QuantilePlan(**{"subjects": 2, "series": 3, **wrong})


def test_a_histogram_weighs_eight_bytes_a_cell():
    """One cell more than bins, for zero."""
    plan = QuantilePlan(subjects=10**9, series=3)
    assert plan.tally_bytes == 3 * (plan.bins + 1) * 8
