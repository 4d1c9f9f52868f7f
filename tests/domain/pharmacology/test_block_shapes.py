"""Blocks of other shapes than a star: compartments in a row, each exchanging with the next (catenary)."""

import numpy as np
import pytest
from tests.domain.pharmacology import oracle_pk, small_models

from reprieve.domain.pharmacology import compiled, modes
from reprieve.domain.pharmacology.covariates import CovariateError, Covariates
from reprieve.domain.pharmacology.formula import Binary, Name, Number, Operation
from reprieve.domain.pharmacology.linear_model import Drug, Flow, Route
from reprieve.domain.pharmacology.regimen import Dose
from reprieve.domain.pharmacology.simulate import simulate

T_MIN = np.linspace(0.0, 300.0, 61)
DOSES = [Dose(drug=Drug.ESKETAMINE, route=Route.IV, at_min=3.0, amount_mg=30.0, duration_min=40.0)]
RATES = {"k01": 0.05, "k12": 0.12, "k21": 0.03, "k23": 0.04, "k32": 0.02, "k34": 0.01, "k43": 0.015, "out": 0.06}


def row_of_compartments():
    links = (("A1", "A2"), ("A2", "A1"), ("A2", "A3"), ("A3", "A2"), ("A3", "A4"), ("A4", "A3"))
    names = ("k12", "k21", "k23", "k32", "k34", "k43")
    flows = [Flow(from_=a, to=b, rate=Name(k)) for (a, b), k in zip(links, names, strict=True)]
    return small_models.model(
        parameters=RATES,
        states=("A0", "A1", "A2", "A3", "A4"),
        flows=(Flow(from_="A0", to="A1", rate=Name("k01")), *flows, Flow(from_="A1", rate=Name("out"))),
        seen="A4",
    )


def test_compartments_in_a_row_agree_with_the_matrix_exponential():
    model, person = row_of_compartments(), Covariates(weight_kg=70.0)
    expected, _ = oracle_pk.solve(model, DOSES, T_MIN, person)
    found = simulate(model, DOSES, t_min=T_MIN, covariates=person).values_mg_per_l[0]
    assert np.max(np.abs(found - expected[4])) < 1e-9 * np.max(expected[4])


@pytest.mark.skipif(not compiled.is_available(), reason="Numba is not installed")
def test_compartments_in_a_row_by_the_kernel(monkeypatch):
    monkeypatch.setattr(modes, "WORTH_COMPILING", 1)
    model, person = row_of_compartments(), Covariates(weight_kg=70.0)
    expected, _ = oracle_pk.solve(model, DOSES, T_MIN, person)
    found = simulate(model, DOSES, t_min=T_MIN, covariates=person, etas={}).values_mg_per_l[0]
    assert np.max(np.abs(found - expected[4])) < 1e-9 * np.max(expected[4])


def test_a_flow_that_would_run_backwards_is_refused():
    forms = Binary(Operation.SUBTRACT, Number(0.5), Name("k1"))
    model = small_models.model(
        parameters={"k0": 0.2, "k1": 0.7},
        states=("A0", "A1"),
        flows=(Flow(from_="A0", to="A1", rate=Name("k0"), yield_=forms), Flow(from_="A1", rate=Name("k1"))),
        seen="A1",
    )
    with pytest.raises(CovariateError, match="PK-RATES"):
        simulate(model, DOSES, t_min=T_MIN, covariates=Covariates(weight_kg=70.0))
