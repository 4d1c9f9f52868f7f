"""People of ordinary variability in whom several rates nearly meet, against the matrix exponential."""

import numpy as np
import pytest
from tests.domain.pharmacology import oracle_pk

from reprieve.domain.pharmacology import prepared
from reprieve.domain.pharmacology.covariates import Covariates
from reprieve.domain.pharmacology.linear_model import Drug, Route
from reprieve.domain.pharmacology.population import sample_etas
from reprieve.domain.pharmacology.regimen import Dose
from reprieve.domain.pharmacology.simulate import simulate
from reprieve.knowledge.kinetics import load_model

BODY = Covariates(weight_kg=70.0)
SPRAY = [Dose(drug=Drug.RACEMIC_KETAMINE, route=Route.IN, at_min=0.0, amount_mg=56.0)]
T = np.linspace(0.0, 480.0, 25)


@pytest.mark.parametrize(("seed", "tolerance"), [(5, 1e-9), (4, 5e-9)])
def test_many_rates_of_one_person_may_meet(monkeypatch, seed, tolerance):
    """The nasal racemate has the most states. Before blocks were moved in several orders, seed 5 held one of 2e-7."""
    model, met = load_model("k2s"), []

    def remembered(solved):
        close = is_close(solved)
        met.extend(np.flatnonzero(close))
        return close

    is_close = prepared.is_close
    monkeypatch.setattr(prepared, "is_close", remembered)
    etas = sample_etas(model, subjects=3000, seed=seed)
    curves = simulate(model, SPRAY, t_min=T, covariates=BODY, etas=etas)
    assert 50 < len(met) < 200
    for person in met:
        alone = {name: float(values[person]) for name, values in etas.items()}
        states, values = oracle_pk.solve(model, SPRAY, T, BODY, etas=alone)
        for output, right in zip(model.outputs, oracle_pk.seen_of(model, values) @ states, strict=True):
            found = np.asarray(curves.of(output.key.analyte, output.key.site))[person]
            assert np.max(np.abs(found - right)) <= tolerance * np.max(np.abs(right))
