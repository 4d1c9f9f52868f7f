"""The closed form against two other ways to the same numbers, for every model file and every input.

Tolerance 1e-8 of the largest value of each output: the issue's own.
"""

import numpy as np
import pytest
from tests.domain.pharmacology import oracle_pk

from reprieve.domain.pharmacology.covariates import Covariates
from reprieve.domain.pharmacology.linear_model import Route
from reprieve.domain.pharmacology.regimen import Dose
from reprieve.domain.pharmacology.simulate import simulate
from reprieve.knowledge.kinetics import load_model, model_ids

PERSON = Covariates(weight_kg=82.0, age_y=67.0, female=True)
GRID = np.unique(np.concatenate((np.linspace(0.0, 120.0, 25), np.linspace(150.0, 900.0, 11))))


def regimens():
    """Every model, drug and route; by vein as a push, and as an infusion with a change, an overlap and a pause."""
    for model_id in model_ids():
        model = load_model(model_id)
        for drug in model.drugs:
            for route in model.routes_of(drug):
                kind = {"drug": drug, "route": route}
                yield f"{model_id}-{drug}-{route}", model, two_doses(kind)
                if route is Route.IV:
                    yield f"{model_id}-{drug}-{route}-rates", model, stop_and_go(kind)


def two_doses(kind):
    return (Dose(**kind, at_min=0.0, amount_mg=28.0), Dose(**kind, at_min=35.0, amount_mg=20.0, device=2))


def stop_and_go(kind):
    return (
        Dose(**kind, at_min=0.0, amount_mg=10.0, duration_min=12.0),
        Dose(**kind, at_min=17.5, amount_mg=16.0, duration_min=28.0),
        Dose(**kind, at_min=20.0, amount_mg=3.0, duration_min=1.0),
        Dose(**kind, at_min=50.0, amount_mg=5.0),
    )


CASES = list(regimens())


@pytest.mark.parametrize("method", ["expm", "LSODA"])
@pytest.mark.parametrize(("model", "doses"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_closed_form_equals_the_solver(model, doses, method):
    curves = simulate(model, doses, t_min=GRID, covariates=PERSON)
    states, values = oracle_pk.solve(model, doses, GRID, PERSON, method=method)
    expected = oracle_pk.seen_of(model, values) @ states
    for output, row in zip(model.outputs, expected, strict=True):
        found = curves.of(output.key.analyte, output.key.site)
        np.testing.assert_allclose(found, row, rtol=0, atol=1e-8 * np.abs(row).max() + 1e-300)
