"""One person is solved once; parts of one shape are solved side by side; nothing of that shows in the numbers."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.linalg import expm
from tests.domain.pharmacology.small_models import SOURCE, model

from reprieve.domain.pharmacology.covariates import Covariates
from reprieve.domain.pharmacology.formula import Name, Number
from reprieve.domain.pharmacology.linear_model import Drug, Eta, Flow, Input, OutputKey, Route, Site
from reprieve.domain.pharmacology.modes import Modes
from reprieve.domain.pharmacology.prepared import _one_person
from reprieve.domain.pharmacology.regimen import Dose, RegimenError
from reprieve.domain.pharmacology.response import evaluate
from reprieve.domain.pharmacology.simulate import simulate
from reprieve.domain.pharmacology.staircase import shifted_staircase, staircase
from reprieve.domain.pharmacology.structure import structure_of
from reprieve.knowledge.kinetics import load_model

T = np.linspace(0.0, 240.0, 241)
K2S = load_model("k2s")
VENOUS = (OutputKey(analyte="ketamine", site=Site.VENOUS),)


def infusion(amount_mg, duration_min=40.0):
    return Dose(drug=Drug.RACEMIC_KETAMINE, route=Route.IV, at_min=0.0, amount_mg=amount_mg, duration_min=duration_min)


def ketamine(doses, weight_kg=71.5, **options):
    return simulate(K2S, doses, t_min=T, covariates=Covariates(weight_kg=weight_kg), outputs=VENOUS, **options)


def test_other_doses_of_one_person_are_not_solved_again():
    _one_person.cache_clear()
    ketamine([infusion(35.0)])
    what_if = ketamine([infusion(20.0, 60.0), infusion(5.0, 0.0)]).values_mg_per_l
    assert _one_person.cache_info().misses == 1
    _one_person.cache_clear()
    np.testing.assert_array_equal(ketamine([infusion(20.0, 60.0), infusion(5.0, 0.0)]).values_mg_per_l, what_if)


def test_another_person_is_another_person():
    first = ketamine([infusion(35.0)])
    assert not np.allclose(ketamine([infusion(35.0)], weight_kg=90.0).values_mg_per_l, first.values_mg_per_l)
    shifted = ketamine([infusion(35.0)], etas={K2S.etas[0].name: 0.3})
    assert not np.allclose(shifted.values_mg_per_l, first.values_mg_per_l)
    np.testing.assert_array_equal(ketamine([infusion(35.0)]).values_mg_per_l, first.values_mg_per_l)


def test_what_is_kept_cannot_be_changed_from_outside():
    curves = ketamine([infusion(35.0)])
    with pytest.raises(ValueError, match="read-only"):
        curves.response.modes.weights[...] = 0.0
    with pytest.raises(TypeError):
        curves.request.prepared.values["CL_S"] = 1.0


def test_a_kept_person_is_one_of_many():
    """The same numbers as in a batch, which nothing keeps."""
    weights = np.array([50.0, 71.5, 120.0])
    many = simulate(K2S, [infusion(35.0)], t_min=T, covariates=Covariates(weight_kg=weights), outputs=VENOUS)
    for place, weight_kg in enumerate(weights):
        alone = ketamine([infusion(35.0)], weight_kg=float(weight_kg)).values_mg_per_l
        np.testing.assert_allclose(many.values_mg_per_l[place], alone, rtol=0, atol=1e-12 * alone.max())


def test_s_and_r_are_copies_of_one_structure():
    both = structure_of(K2S, ("S1", "R1"), ("S_tis", "R_tis"))
    assert [len(copy.states) for copy in both.copies] == [4, 4]
    unlike = structure_of(K2S, ("S1", "R1"), ("S_tis", "R1"))
    assert [len(copy.states) for copy in unlike.copies] == [7]


def test_two_flows_between_the_same_states_add_up():
    """0.02 + 0.03 per minute is 0.05 per minute."""
    split = [Flow(from_="A", to="B", rate=Name("slow")), Flow(from_="A", to="B", rate=Name("fast"))]
    leaving = Flow(from_="B", rate=Name("out"))
    rates = {"slow": 0.02, "fast": 0.03, "sum": 0.05, "out": 0.3}
    two = model(parameters=rates, states="AB", flows=(*split, leaving), seen="B")
    one = model(parameters=rates, states="AB", flows=(Flow(from_="A", to="B", rate=Name("sum")), leaving), seen="B")
    push = (Dose(drug=Drug.ESKETAMINE, route=Route.IV, at_min=0.0, amount_mg=1.0),)
    found, wanted = (simulate(m, push, t_min=T, covariates=Covariates(weight_kg=70.0)) for m in (two, one))
    np.testing.assert_allclose(found.values_mg_per_l, wanted.values_mg_per_l, rtol=0, atol=1e-14)


def test_lags_that_differ_between_people_shift_their_curves():
    eta = Eta(name="lag", on=("lag",), sd=0.5, source=SOURCE)
    late = Input(route=Route.IV, drug=Drug.ESKETAMINE, state="A", fraction=Number(1.0), lag_min=Name("lag"))
    delayed = model(
        parameters={"k": 0.05, "lag": 10.0}, states="A", flows=(Flow(from_="A", rate=Name("k")),), seen="A",
        inputs=(late,), etas=(eta,),
    )  # fmt: skip
    people = {"lag": np.log([0.5, 2.0])}
    push = Dose(drug=Drug.ESKETAMINE, route=Route.IV, at_min=0.0, amount_mg=1.0)
    person = Covariates(weight_kg=70.0)
    curves = simulate(delayed, (push,), t_min=T, covariates=person, etas=people)
    found, area = curves.values_mg_per_l[:, 0], curves.auc_mg_min_per_l("S-ketamine", "arterial")
    for place, lag_min in enumerate((5.0, 20.0)):
        wanted = np.where(lag_min <= T, np.exp(-0.05 * (T - lag_min)), 0.0)
        np.testing.assert_allclose(found[place], wanted, rtol=0, atol=1e-12)
        assert area[place] == pytest.approx((1.0 - np.exp(-0.05 * (240.0 - lag_min))) / 0.05, rel=1e-12)
    timed = Dose(drug=Drug.ESKETAMINE, route=Route.IV, at_min=0.0, amount_mg=1.0, duration_min=5.0)
    with pytest.raises(RegimenError, match="PK-DOSE-DURATION"):
        simulate(delayed, (timed,), t_min=T, covariates=person, etas=people)


def test_a_push_that_everybody_gets_later_keeps_its_amount():
    base = staircase(starts_min=[0.0, 30.0], amounts_mg=[2.0, 3.0], durations_min=[0.0, 0.0])
    shifted = shifted_staircase(base, lag_min=np.array([1.0, 4.0]), spread_min=None, xp=np)
    np.testing.assert_array_equal(shifted.starts_min, [[0.0, 1.0, 31.0], [0.0, 4.0, 34.0]])
    np.testing.assert_array_equal(shifted.jumps, [[0.0, 2.0, 3.0]] * 2)
    assert not shifted.rates.any()


def test_half_a_million_rate_changes_add_up_to_what_was_given():
    """0.1 mg/min in steps of 0.01 min, each of its own rate: the mean of 0, 2, 0, 2 ... times 0.1."""
    count = 500_000
    amounts = np.tile([0.0, 0.002], count // 2)
    given = staircase(starts_min=0.01 * np.arange(count), amounts_mg=amounts, durations_min=np.full(count, 0.01))
    spans = np.diff(given.starts_min)
    assert float(np.sum(given.rates[:-1] * spans)) == pytest.approx(500.0, rel=1e-9)
    assert given.rates[-1] == 0.0


def test_people_with_equal_rates_keep_their_own_lags():
    """Two of four people have two equal rates (k2 = k1 = 0.05): each is solved with the lag that is theirs."""
    etas = tuple(Eta(name=name, on=(name,), sd=0.5, source=SOURCE) for name in ("lag", "k2"))
    late = Input(route=Route.IV, drug=Drug.ESKETAMINE, state="A", fraction=Number(1.0), lag_min=Name("lag"))
    flows = (Flow(from_="A", to="B", rate=Name("k1")), Flow(from_="B", rate=Name("k2")))
    made = model(
        parameters={"k1": 0.05, "k2": 0.05, "lag": 10.0}, states="AB", flows=flows, seen="B", inputs=(late,), etas=etas
    )
    push = (Dose(drug=Drug.ESKETAMINE, route=Route.IV, at_min=0.0, amount_mg=1.0),)
    people = {"k2": np.array([0.0, np.log(2.0), 0.0, np.log(3.0)]), "lag": np.log([1.0, 1.5, 2.0, 0.5])}
    found = simulate(made, push, t_min=T, covariates=Covariates(weight_kg=70.0), etas=people).values_mg_per_l[:, 0]
    for place, (k2, lag_min) in enumerate(((0.05, 10.0), (0.10, 15.0), (0.05, 20.0), (0.15, 5.0))):
        since = np.maximum(T - lag_min, 0.0)
        parted = 0.05 / (k2 - 0.05) * (np.exp(-0.05 * since) - np.exp(-k2 * since)) if k2 != 0.05 else 0.0
        wanted = 0.05 * since * np.exp(-0.05 * since) if k2 == 0.05 else parted
        np.testing.assert_allclose(found[place], wanted, rtol=0, atol=1e-9 * wanted.max())


def test_a_body_that_is_reached_directly_and_through_a_delay():
    """One state of an exchanging pair is fed by two equal delays, the other at once; against the matrix exponential."""
    rates = {"k": 0.08, "short": 0.04, "delay": 0.15, "there": 0.3, "back": 0.1, "out": 0.06}
    ways = [("A", "D1", "k"), ("A", "B2", "short"), ("D1", "D2", "delay"), ("D2", "B1", "delay"),
            ("B1", "B2", "there"), ("B2", "B1", "back")]  # fmt: skip
    flows = (*(Flow(from_=a, to=b, rate=Name(k)) for a, b, k in ways), Flow(from_="B1", rate=Name("out")))
    states = ("A", "D1", "D2", "B1", "B2")
    made = model(parameters=rates, states=states, flows=flows, seen="B2")
    matrix = np.zeros((5, 5))
    for source, target, rate in (*ways, ("B1", None, "out")):
        matrix[states.index(source), states.index(source)] -= rates[rate]
        if target is not None:
            matrix[states.index(target), states.index(source)] += rates[rate]
    push = (Dose(drug=Drug.ESKETAMINE, route=Route.IV, at_min=0.0, amount_mg=1.0),)
    found = simulate(made, push, t_min=T, covariates=Covariates(weight_kg=70.0)).values_mg_per_l[0]
    wanted = np.array([expm(matrix * time)[4, 0] for time in T])
    np.testing.assert_allclose(found, wanted, rtol=0, atol=1e-9 * wanted.max())


@pytest.mark.parametrize("own_times", [False, True])
def test_many_people_taken_in_pieces_are_what_each_is_alone(own_times):
    """20,000 people, 3 rates and 81 uneven times are more than one piece; one input is shared, one is their own."""
    random = np.random.default_rng(4)
    people = 20_000
    modes = Modes(rates=random.uniform(0.01, 1.0, (people, 3)), weights=random.uniform(0.0, 1.0, (people, 1, 2, 3)))
    shared = staircase(starts_min=[0.0, 30.0], amounts_mg=[2.0, 3.0], durations_min=[10.0, 0.0])
    base = staircase(starts_min=[0.0], amounts_mg=[2.0], durations_min=[0.0])
    own = shifted_staircase(base, lag_min=random.uniform(0.0, 9.0, people), spread_min=None, xp=np)
    t_min = np.linspace(0.0, 15.0, 81) ** 2
    times = t_min + random.uniform(0.0, 5.0, (people, 1)) if own_times else t_min
    found = evaluate(modes, (shared, own), times, np, is_traced=False)
    for place in (0, 16_259, 16_260, people - 1):
        one = Modes(rates=modes.rates[[place]], weights=modes.weights[[place]])
        late = replace(own, starts_min=own.starts_min[[place]], rates=own.rates[[place]], jumps=own.jumps[[place]])
        alone = evaluate(one, (shared, late), times[[place]] if own_times else t_min, np, is_traced=False)
        np.testing.assert_allclose(found[place], alone[0], rtol=0, atol=1e-13 * alone.max())


def test_people_who_differ_in_nothing_that_matters_have_one_curve_each():
    """The model asks for no age: three ages, three equal curves."""
    ages = Covariates(weight_kg=70.0, age_y=np.array([30.0, 50.0, 70.0]))
    found = simulate(K2S, [infusion(35.0)], t_min=T, covariates=ages, outputs=VENOUS).values_mg_per_l
    alone = ketamine([infusion(35.0)], weight_kg=70.0).values_mg_per_l
    np.testing.assert_array_equal(found, np.broadcast_to(alone, (3, *alone.shape)))
