"""The compiled kernel for the modes of many people gives the numbers of the array code, near-equal rates included."""

import numpy as np
import pytest

from reprieve.domain.pharmacology import compiled, modes
from reprieve.domain.pharmacology.covariates import Covariates
from reprieve.domain.pharmacology.linear_model import Drug, Route
from reprieve.domain.pharmacology.population import sample_etas
from reprieve.domain.pharmacology.regimen import Dose
from reprieve.domain.pharmacology.simulate import simulate
from reprieve.knowledge.kinetics import load_model, model_ids

pytestmark = pytest.mark.skipif(not compiled.is_available(), reason="Numba is not installed")

T_MIN = np.array([0.0, 1.0, 17.0, 40.0, 55.0, 110.0, 900.0])
CASES = [(key, drug, route) for key in model_ids() for drug in load_model(key).drugs for route in Route]
CASES = [case for case in CASES if case[2] in load_model(case[0]).routes_of(case[1])]


def curves(key, drug, route, monkeypatch, *, people, least):
    monkeypatch.setattr(modes, "WORTH_COMPILING", least)
    model = load_model(key)
    minutes = 40.0 if route is Route.IV else 0.0
    dose = Dose(drug=drug, route=route, at_min=0.0, amount_mg=35.0, duration_min=minutes)
    etas = sample_etas(model, subjects=people, seed=5)
    weights = np.linspace(50.0, 100.0, people)
    person = Covariates(weight_kg=weights, age_y=40.0)
    return simulate(model, [dose], t_min=T_MIN, covariates=person, etas=etas)


@pytest.mark.parametrize(("key", "drug", "route"), CASES, ids=str)
def test_the_kernel_gives_what_the_arrays_give(key, drug, route, monkeypatch):
    expected = curves(key, drug, route, monkeypatch, people=300, least=10**9).values_mg_per_l
    found = curves(key, drug, route, monkeypatch, people=300, least=1).values_mg_per_l
    largest = np.max(np.abs(expected), axis=(0, 2))[:, None]
    assert np.all(np.abs(found - expected) <= 1e-9 * largest)


def test_people_whose_rates_meet_are_solved_apart_by_the_kernel_too(monkeypatch):
    """Absorption by muscle at the rate of the vein's tissue, and near it: 1e-9 of the peak, as everywhere."""
    model, equal = load_model("k2s"), np.log(1.57 / 4.0)
    shifts = equal + np.array([0.0, 1e-12, 1e-9, 1e-6, -1e-4, 0.01])
    dose = Dose(drug=Drug.RACEMIC_KETAMINE, route=Route.IM, at_min=0.0, amount_mg=35.0)

    def run(least):
        monkeypatch.setattr(modes, "WORTH_COMPILING", least)
        person = Covariates(weight_kg=70.0)
        return simulate(model, [dose], t_min=T_MIN, covariates=person, etas={"ka_im": shifts})

    expected, found = run(10**9), run(2)
    assert found.response.apart is not None
    largest = np.max(np.abs(expected.values_mg_per_l), axis=(0, 2))[:, None]
    assert np.max(np.abs(found.values_mg_per_l - expected.values_mg_per_l) / largest) < 1e-9
