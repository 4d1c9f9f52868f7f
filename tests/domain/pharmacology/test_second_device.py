"""Arrays on a device that NumPy cannot read, as CuPy's: array-api-strict's second device refuses as CuPy does.

It refuses conversion to NumPy and any operation with an array of another device, so nothing moves unless asked to.
"""

from dataclasses import replace

import array_api_strict as strict
import jax
import numpy as np
import pytest
from tests.domain.pharmacology.small_models import SOURCE, chain

from reprieve.domain.pharmacology.arrays import beside, on_host
from reprieve.domain.pharmacology.covariates import CovariateError, Covariates
from reprieve.domain.pharmacology.linear_model import Drug, Eta, Route, Spread
from reprieve.domain.pharmacology.population import sample_etas
from reprieve.domain.pharmacology.regimen import Dose, RegimenError
from reprieve.domain.pharmacology.regimen_batch import RegimenBatch, simulate_batch
from reprieve.domain.pharmacology.simulate import simulate
from reprieve.knowledge.kinetics import load_model, model_ids

AWAY = strict.Device("device1")
T_MIN = np.linspace(0.0, 240.0, 31)
PEOPLE = 6
CASES = [(key, drug, route) for key in model_ids() for drug in load_model(key).drugs for route in Route]
CASES = [case for case in CASES if case[2] in load_model(case[0]).routes_of(case[1])]
PUSH = (Dose(drug=Drug.ESKETAMINE, route=Route.IV, at_min=0.0, amount_mg=1.0),)


def same(values):
    return values


def away(values):
    return strict.asarray(values, device=AWAY)


def near(found, expected, tolerance=1e-9):
    """Still on its device, and NumPy's numbers."""
    assert found.device == AWAY
    np.testing.assert_allclose(on_host(found), expected, rtol=0, atol=tolerance * np.abs(expected).max())


def curves(key, drug, route, place, xp):
    model = load_model(key)
    dose = Dose(drug=drug, route=route, at_min=2.0, amount_mg=35.0, duration_min=40.0 if route is Route.IV else 0.0)
    etas = {name: place(values) for name, values in sample_etas(model, subjects=PEOPLE, seed=7).items()}
    who = Covariates(weight_kg=place(np.linspace(50.0, 100.0, PEOPLE)), age_y=40.0)
    return simulate(model, [dose], t_min=place(T_MIN), covariates=who, etas=etas, xp=xp)


@pytest.mark.parametrize(("key", "drug", "route"), CASES, ids=str)
def test_curves_areas_and_peaks_of_every_model_by_every_route(key, drug, route):
    expected, found = curves(key, drug, route, same, np), curves(key, drug, route, away, strict)
    for output in expected.outputs:
        asked = (output.analyte, output.site)
        near(found.of(*asked), expected.of(*asked))
        near(found.auc_mg_min_per_l(*asked), expected.auc_mg_min_per_l(*asked))
    asked = (expected.outputs[0].analyte, expected.outputs[0].site)
    for mine, theirs in zip(found.peak(*asked), expected.peak(*asked), strict=True):
        assert isinstance(mine, np.ndarray)
        np.testing.assert_allclose(mine, theirs, rtol=1e-7)


def test_people_whose_rates_meet_are_solved_again():
    """Of the second of three people the first two rates are both 0.05 per minute."""
    eta = Eta(name="k1", on=("k1",), sd=0.3, spread=Spread.LOG, source=SOURCE)
    made = replace(chain([0.05, 0.05 * 1.5, 0.4]), etas=(eta,))
    shifts = np.array([0.0, -np.log(1.5), 0.2])
    expected, found = (
        simulate(
            made, PUSH, t_min=place(T_MIN), covariates=Covariates(weight_kg=70.0), etas={"k1": place(shifts)}, xp=xp
        )
        for place, xp in ((same, np), (away, strict))
    )
    assert expected.response.apart is not None
    assert expected.response.apart[0].tolist() == found.response.apart[0].tolist() == [1]
    near(found.of("S-ketamine", "arterial"), expected.of("S-ketamine", "arterial"))
    near(found.auc_mg_min_per_l("S-ketamine", "arterial"), expected.auc_mg_min_per_l("S-ketamine", "arterial"))
    np.testing.assert_allclose(found.peak("S-ketamine", "arterial"), expected.peak("S-ketamine", "arterial"), rtol=1e-7)


def test_one_person_is_computed_where_the_times_lie():
    model = load_model("k2s")
    expected, found = (
        simulate(model, PUSH, t_min=place(T_MIN), covariates=Covariates(weight_kg=70.0), xp=xp)
        for place, xp in ((same, np), (away, strict))
    )
    near(found.values_mg_per_l, expected.values_mg_per_l)
    near(found.amounts("S1"), expected.amounts("S1"))


def test_what_nothing_reaches_lies_there_too():
    found = simulate(load_model("k2s"), [], t_min=away(T_MIN), covariates=Covariates(weight_kg=70.0), xp=strict)
    assert found.values_mg_per_l.device == AWAY
    assert not np.any(on_host(found.values_mg_per_l))


@pytest.mark.parametrize("route", [Route.IV, Route.IM, Route.SL])
def test_many_regimens(route):
    length = 20.0 if route is Route.IV else 0.0
    batch = RegimenBatch(
        drug=Drug.RACEMIC_KETAMINE, route=route, at_min=np.array([[0.0, 30.0], [5.0, 60.0]]),
        amount_mg=np.array([[10.0, 20.0], [35.0, 0.0]]), duration_min=np.full((2, 2), length),
    )  # fmt: skip
    weights = np.array([55.0, 70.0, 101.0])
    expected, found = (
        simulate_batch(
            load_model("k2s"), batch, t_min=place(T_MIN), covariates=Covariates(weight_kg=place(weights)), xp=xp
        )
        for place, xp in ((same, np), (away, strict))
    )
    near(found.values_mg_per_l, expected.values_mg_per_l)
    near(found.auc_mg_min_per_l("ketamine", "venous"), expected.auc_mg_min_per_l("ketamine", "venous"))


def test_wrong_numbers_are_refused_there_too():
    model = load_model("k2s")
    with pytest.raises(CovariateError, match="PK-COV-WEIGHT"):
        simulate(model, PUSH, t_min=T_MIN, covariates=Covariates(weight_kg=away([70.0, -1.0])), xp=strict)
    with pytest.raises(RegimenError, match="PK-TIME-NEGATIVE"):
        simulate(model, PUSH, t_min=away([-1.0, 2.0]), covariates=Covariates(weight_kg=70.0), xp=strict)


def test_numpy_cannot_read_the_second_device():
    """What the other tests rest on."""
    with pytest.raises(RuntimeError, match="to a NumPy array"):
        np.asarray(away(T_MIN))


def test_libraries_that_need_no_device_stay_themselves():
    assert beside([T_MIN], np) is np
    assert beside([jax.numpy.asarray(T_MIN)], jax.numpy) is jax.numpy
    assert beside([70.0, T_MIN], strict) is strict


@pytest.mark.parametrize("place", [same, list, jax.numpy.asarray, strict.asarray, away])
def test_values_come_to_the_host_from_anywhere(place):
    found = on_host(place(np.array([0.0, 0.5])))
    assert isinstance(found, np.ndarray)
    assert found.tolist() == [0.0, 0.5]
