"""Identities that any linear model keeps: of every model file where it makes sense, of K2S with Hypothesis."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.domain.pharmacology import oracle_pk

from reprieve.domain.pharmacology.covariates import Covariates
from reprieve.domain.pharmacology.linear_model import Drug, OutputKey, Route, Site
from reprieve.domain.pharmacology.regimen import Dose, devices, rate_steps_doses
from reprieve.domain.pharmacology.simulate import simulate
from reprieve.knowledge.kinetics import load_model, model_ids

K2S = load_model("k2s")
RACEMIC, ESKETAMINE = Drug.RACEMIC_KETAMINE, Drug.ESKETAMINE
PERSON = Covariates(weight_kg=70.0, age_y=40.0, female=True)
T = np.linspace(0.0, 300.0, 61)
FOREVER = 1e6
amounts = st.floats(0.1, 100.0)
times = st.floats(0.0, 200.0)
lengths = st.sampled_from([0.0, 1.0, 40.0])
some_doses = st.lists(
    st.builds(
        Dose,
        drug=st.sampled_from([RACEMIC, ESKETAMINE]),
        route=st.just(Route.IV),
        at_min=times,
        amount_mg=amounts,
        duration_min=lengths,
    )
    | st.builds(
        Dose,
        drug=st.sampled_from([RACEMIC, ESKETAMINE]),
        route=st.sampled_from([Route.IM, Route.SC, Route.PO, Route.SL]),
        at_min=times,
        amount_mg=amounts,
    ),
    min_size=1,
    max_size=4,
)


def values(doses, *, t_min=T, person=PERSON, model=K2S, **options):
    return simulate(model, doses, t_min=t_min, covariates=person, **options).values_mg_per_l


def same(found, expected):
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-9 * (np.abs(expected).max() + 1e-12))


@given(some_doses)
@settings(max_examples=40, deadline=None)
def test_never_negative(doses):
    found = values(doses)
    assert found.min() >= -1e-10 * found.max()


@given(some_doses, st.randoms())
@settings(max_examples=25, deadline=None)
def test_the_order_of_doses_does_not_matter(doses, random):
    shuffled = list(doses)
    random.shuffle(shuffled)
    same(values(shuffled), values(doses))


@given(some_doses, some_doses)
@settings(max_examples=25, deadline=None)
def test_two_regimens_add_up(one, other):
    same(values([*one, *other]), values(one) + values(other))


@given(some_doses, st.floats(0.1, 10.0))
@settings(max_examples=25, deadline=None)
def test_the_curve_grows_with_the_dose(doses, factor):
    more = [changed(dose, amount_mg=dose.amount_mg * factor) for dose in doses]
    same(values(more), factor * values(doses))


@given(some_doses, st.floats(0.0, 500.0))
@settings(max_examples=25, deadline=None)
def test_a_later_start_shifts_the_curve(doses, shift):
    later = [changed(dose, at_min=dose.at_min + shift) for dose in doses]
    same(values(later, t_min=T + shift), values(doses))


@given(some_doses, amounts)
@settings(max_examples=25, deadline=None)
def test_more_drug_is_never_a_smaller_area(doses, extra):
    more = [*doses, Dose(drug=RACEMIC, route=Route.IV, at_min=10.0, amount_mg=extra)]
    one, other = (simulate(K2S, given, t_min=T, covariates=PERSON) for given in (doses, more))
    for key in one.outputs:
        first, second = (c.auc_mg_min_per_l(key.analyte, key.site) for c in (one, other))
        assert second >= first - 1e-12


def changed(dose, **new):
    names = ("drug", "route", "at_min", "amount_mg", "duration_min", "device")
    return Dose(**{**{name: getattr(dose, name) for name in names}, **new})


@given(st.lists(st.tuples(st.floats(1.0, 30.0), st.floats(0.0, 90.0)), min_size=1, max_size=6))
@settings(max_examples=25, deadline=None)
def test_two_half_rate_infusions_are_one_and_a_pause_is_a_rate_of_zero(stretches):
    starts = np.concatenate(([0.0], np.cumsum([length for length, _ in stretches])))
    rates = [rate for _, rate in stretches] + [0.0]
    whole = rate_steps_doses(list(zip(starts, rates, strict=True)), drug=RACEMIC)
    half = rate_steps_doses([(t, r / 2) for t, r in zip(starts, rates, strict=True)], drug=RACEMIC)
    same(values([*half, *half]), values(whole))


@pytest.mark.parametrize("model_id", model_ids())
def test_mass_balance(model_id):
    """Given = in the body + gone by the ways out, with every formed metabolite counted in parent's mass."""
    model = load_model(model_id)
    doses = [Dose(drug=model.drugs[0], route=Route.IV, at_min=3.0, amount_mg=30.0, duration_min=40.0)]
    if Route.IV not in model.routes_of(model.drugs[0]):
        pytest.skip("no input by vein")
    curves = simulate(model, doses, t_min=np.array([0.0, 20.0, 43.0, 200.0]), covariates=PERSON)
    assumed = oracle_pk.values_of(model, PERSON)
    matrix = oracle_pk.matrix_of(model, assumed)
    driven = {drive.to for drive in model.drives}
    index = {name: place for place, name in enumerate(model.states)}
    entered = sum(vector * length for start, end, vector in oracle_pk.events_of(model, doses, assumed)[1]
                  for length in [end - start])  # fmt: skip
    for state in model.states:
        if state in driven:
            continue
        now = curves.amounts(state)[..., -1]
        arrived = sum(
            matrix[index[state], index[other]] * curves.amount_area_mg_min(other)
            for other in model.states if other != state
        )  # fmt: skip
        gone = -matrix[index[state], index[state]] * curves.amount_area_mg_min(state)
        assert now == pytest.approx(entered[index[state]] + arrived - gone, abs=1e-8 * 30.0)


@pytest.mark.parametrize(("route", "share"), [(Route.IV, 1.0), (Route.IM, 0.93), (Route.PO, 0.20), (Route.SL, 0.29)])
def test_the_whole_area_is_bioavailability_times_dose_over_clearance(route, share):
    """F from the file's sources: 1, 0.93, 0.20, 0.29; clearance 92.8 and 80.0 L/h, half of the dose each."""
    dose = Dose(drug=RACEMIC, route=route, at_min=0.0, amount_mg=40.0)
    curves = simulate(K2S, [dose], t_min=np.array([0.0, FOREVER]), covariates=PERSON)
    for analyte, clearance in (("S-ketamine", 92.8), ("R-ketamine", 80.0)):
        expected = share * 20.0 / (clearance / 60.0)
        for site in (Site.ARTERIAL, Site.VENOUS):
            assert curves.auc_mg_min_per_l(analyte, site) == pytest.approx(expected, rel=1e-6)


def test_norketamine_area_is_what_is_formed_over_its_clearance():
    """0.8 of the dose becomes norketamine, with the ratio of molar masses; clearance 38.9 L/h (S)."""
    dose = Dose(drug=ESKETAMINE, route=Route.IV, at_min=0.0, amount_mg=40.0)
    curves = simulate(K2S, [dose], t_min=np.array([0.0, FOREVER]), covariates=PERSON)
    expected = 40.0 * 0.8 * 223.70 / 237.73 / (38.9 / 60.0)
    for site in (Site.ARTERIAL, Site.VENOUS):
        assert curves.auc_mg_min_per_l("S-norketamine", site) == pytest.approx(expected, rel=1e-6)


def test_the_area_is_that_of_the_curve():
    fine = np.linspace(0.0, 240.0, 24_001)
    curves = simulate(K2S, [Dose(drug=RACEMIC, route=Route.IV, at_min=0.0, amount_mg=35.0, duration_min=40.0)],
                      t_min=fine, covariates=PERSON)  # fmt: skip
    drawn = np.trapezoid(curves.of("ketamine", "venous"), fine)
    assert curves.auc_mg_min_per_l("ketamine", "venous") == pytest.approx(drawn, rel=1e-6)
    part = curves.auc_mg_min_per_l("ketamine", "venous", until_min=100.0)
    assert part == pytest.approx(np.trapezoid(curves.of("ketamine", "venous")[:10_001], fine[:10_001]), rel=1e-6)


@pytest.mark.parametrize("route", [Route.IV, Route.IM, Route.SL])
def test_the_peak_is_that_of_the_curve_not_of_the_times_asked(route):
    dose = Dose(drug=RACEMIC, route=route, at_min=7.0, amount_mg=35.0, duration_min=40.0 if route is Route.IV else 0.0)
    fine = simulate(K2S, [dose], t_min=np.linspace(0.0, 240.0, 240_001), covariates=PERSON)
    coarse = simulate(K2S, [dose], t_min=np.array([40.0, 240.0]), covariates=PERSON)
    for analyte in ("ketamine", "norketamine"):
        drawn = fine.of(analyte, "arterial")
        height, time = coarse.peak(analyte, "arterial")
        assert height >= drawn.max() * (1 - 1e-14)
        assert height == pytest.approx(drawn.max(), rel=1e-8)
        assert time == pytest.approx(fine.t_min[drawn.argmax()], abs=2e-3)


def test_a_course_of_three_months_with_the_true_peak():
    """36 infusions, three a week: the last looks like the first, and nearly all is gone before it."""
    starts = [week * 10_080.0 + day * 1_440.0 for week in range(12) for day in (0, 2, 4)]
    doses = [Dose(drug=RACEMIC, route=Route.IV, at_min=t, amount_mg=35.0, duration_min=40.0) for t in starts]
    t = np.array([40.0, starts[-1], starts[-1] + 40.0])
    first, before, last = simulate(K2S, doses, t_min=t, covariates=PERSON).of("ketamine", "arterial")
    assert before < 0.01 * first
    assert last == pytest.approx(first, rel=0.01)
    assert simulate(K2S, doses, t_min=t, covariates=PERSON).peak("ketamine", "arterial")[0] == pytest.approx(last)


def test_half_a_million_rate_changes():
    """A rate that flickers about its mean every 0.2 s is the steady infusion, within the flicker's own size."""
    count = 500_000
    starts = np.linspace(0.0, 1_666.0, count + 1)
    rates = np.where(np.arange(count + 1) % 2 == 0, 20.0, 10.0)
    rates[-1] = 0.0
    doses = rate_steps_doses(list(zip(starts.tolist(), rates.tolist(), strict=True)), drug=RACEMIC)
    steady = rate_steps_doses([(0.0, 15.0), (1_666.0, 0.0)], drug=RACEMIC)
    t, key = np.array([100.0, 1_000.0, 1_666.0, 2_000.0]), OutputKey(analyte="ketamine", site=Site.ARTERIAL)
    np.testing.assert_allclose(values(doses, t_min=t, outputs=[key]), values(steady, t_min=t, outputs=[key]), rtol=1e-3)


def test_nasal_devices_and_their_later_share():
    """The second device gives what its own share says: two alone, the later one counted as later."""
    model = load_model("perez_ruixo2021")
    both = devices(drug=ESKETAMINE, count=2, amount_mg=28.0)
    apart = values(both[:1], model=model) + values(both[1:], model=model)
    same(values(both, model=model), apart)
    as_first = [changed(both[1], device=1)]
    key = [OutputKey(analyte="S-ketamine", site=Site.VENOUS)]
    later, first = (values(doses, model=model, outputs=key).max() for doses in (both[1:], as_first))
    assert later < first


def test_held_and_swallowed_or_spat_out():
    dose = [Dose(drug=RACEMIC, route=Route.SL, at_min=0.0, amount_mg=100.0)]
    swallowed, spat, short = (
        simulate(K2S, dose, t_min=T, covariates=Covariates(weight_kg=70.0, hold_min=hold, swallowed=swallow))
        for hold, swallow in ((12.0, True), (12.0, False), (5.0, True))
    )
    full = swallowed.auc_mg_min_per_l("S-ketamine", "arterial")
    assert spat.auc_mg_min_per_l("S-ketamine", "arterial") == pytest.approx(full * 0.20 / 0.29)
    assert short.auc_mg_min_per_l("S-ketamine", "arterial") == pytest.approx(full / 2)
    assert spat.of("S-norketamine", "arterial").max() < swallowed.of("S-norketamine", "arterial").max()
