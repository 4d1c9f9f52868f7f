"""Many regimens at once give what each gives alone, for one person and for many."""

import numpy as np
import pytest
from tests.domain.pharmacology.small_models import SOURCE, chain, model

from reprieve.domain.pharmacology.covariates import Covariates
from reprieve.domain.pharmacology.linear_model import Drug, Eta, OutputKey, Route, Site, Spread
from reprieve.domain.pharmacology.population import sample_etas
from reprieve.domain.pharmacology.regimen import Dose, RegimenError
from reprieve.domain.pharmacology.regimen_batch import RegimenBatch, simulate_batch
from reprieve.domain.pharmacology.simulate import simulate
from reprieve.knowledge.kinetics import load_model

T_MIN = np.array([0.0, 5.0, 20.0, 40.0, 61.5, 120.0, 600.0])
RACEMATE, ESKETAMINE = Drug.RACEMIC_KETAMINE, Drug.ESKETAMINE
CASES = {
    "infusions with a pause": ("k2s", RACEMATE, Route.IV, [[0, 30], [0, 50], [10, 10]], [[20, 10], [40, 0], [5, 5]],
                               [[20, 10], [40, 0], [10, 30]], ()),
    "pushes": ("k2s", RACEMATE, Route.IV, [[0, 20], [7, 7]], [[10, 5], [3, 4]], [[0, 0], [0, 0]], ()),
    "into the muscle": ("k2s", RACEMATE, Route.IM, [[0], [15]], [[35], [20]], [[0], [0]], ()),
    "held in the mouth": ("k2s", RACEMATE, Route.SL, [[0], [15]], [[100], [50]], [[0], [0]], ()),
    "swallowed": ("k2s", RACEMATE, Route.PO, [[0, 60], [15, 30]], [[100, 10], [50, 0]], [[0, 0], [0, 0]], ()),
    "devices": ("perez_ruixo2021", ESKETAMINE, Route.IN, [[0, 5, 10], [0, 6, 12]], [[28, 28, 28], [28, 28, 0]],
                [[0, 0, 0], [0, 0, 0]], (1, 2, 3)),
}  # fmt: skip


def batch_of(case):
    _, drug, route, at, amount, duration, devices = CASES[case]
    numbers = (np.array(part, dtype=float) for part in (at, amount, duration))
    at_min, amount_mg, duration_min = numbers
    return RegimenBatch(
        drug=drug, route=route, at_min=at_min, amount_mg=amount_mg, duration_min=duration_min, devices=devices
    )


def alone(case, index, *, who, etas=None):
    name, drug, route, at, amount, duration, devices = CASES[case]
    doses = [
        Dose(drug=drug, route=route, at_min=at_min, amount_mg=amount_mg, duration_min=length, device=device)
        for at_min, amount_mg, length, device in zip(
            at[index], amount[index], duration[index], devices or [1] * len(at[index]), strict=True
        )
    ]
    return simulate(load_model(name), doses, t_min=T_MIN, covariates=who, etas=etas)


@pytest.mark.parametrize("case", CASES)
def test_each_regimen_as_alone(case):
    who = Covariates(weight_kg=80.0, age_y=40.0)
    found = simulate_batch(load_model(CASES[case][0]), batch_of(case), t_min=T_MIN, covariates=who)
    for index in range(batch_of(case).at_min.shape[0]):
        one = alone(case, index, who=who)
        for key in one.outputs:
            expected = one.of(key.analyte, key.site)
            scale = max(float(np.max(expected)), 1e-12)
            assert np.allclose(found.of(key.analyte, key.site)[index], expected, rtol=0.0, atol=1e-10 * scale)
            area = float(one.auc_mg_min_per_l(key.analyte, key.site))
            assert float(found.auc_mg_min_per_l(key.analyte, key.site)[index]) == pytest.approx(area, rel=1e-9)


@pytest.mark.parametrize("case", ["infusions with a pause", "held in the mouth", "devices"])
def test_many_people_and_many_regimens(case):
    model = load_model(CASES[case][0])
    etas = sample_etas(model, subjects=5, seed=3)
    who = Covariates(weight_kg=np.array([50.0, 60.0, 70.0, 80.0, 120.0]), age_y=40.0)
    found = simulate_batch(model, batch_of(case), t_min=T_MIN, covariates=who, etas=etas)
    regimens = batch_of(case).at_min.shape[0]
    assert found.values_mg_per_l.shape == (regimens, 5, len(found.outputs), T_MIN.size)
    for index in range(regimens):
        one = alone(case, index, who=who, etas=etas)
        for key in one.outputs:
            expected = one.of(key.analyte, key.site)
            difference = np.abs(found.of(key.analyte, key.site)[index] - expected)
            assert np.max(difference) <= 1e-8 * np.max(expected)


def test_only_what_was_asked_for_is_there():
    key = OutputKey(analyte="ketamine", site=Site.VENOUS)
    who = Covariates(weight_kg=70.0)
    found = simulate_batch(load_model("k2s"), batch_of("pushes"), t_min=T_MIN, covariates=who, outputs=[key])
    assert found.outputs == (key,)
    with pytest.raises(ValueError, match="not in tuple"):
        found.of("ketamine", Site.ARTERIAL)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"amount_mg": np.array([[-1.0]])}, "PK-DOSE-AMOUNT"),
        ({"at_min": np.array([[-1.0]])}, "PK-DOSE-TIME"),
        ({"duration_min": np.array([[np.nan]])}, "PK-DOSE-DURATION"),
        ({"duration_min": np.array([[1.0, 2.0]])}, "PK-BATCH-SHAPE"),
        ({"at_min": np.array([0.0]), "amount_mg": np.array([1.0]), "duration_min": np.array([0.0])}, "PK-BATCH-SHAPE"),
        ({"devices": (1, 2)}, "PK-BATCH-SHAPE"),
    ],
)
def test_what_cannot_be_is_refused(changes, code):
    usual = {"at_min": np.array([[0.0]]), "amount_mg": np.array([[1.0]]), "duration_min": np.array([[0.0]])}
    with pytest.raises(RegimenError) as refusal:
        RegimenBatch(drug=RACEMATE, route=Route.IV, **usual | changes)
    assert refusal.value.code == code


def test_people_whose_rates_meet_are_solved_as_when_alone():
    """Of three people the middle one has two equal rates by chance."""
    plain = chain([0.05, 0.05, 0.3])
    meets = model(
        parameters={name: entry.value for name, entry in plain.parameters.items()},
        states=plain.states, flows=plain.flows, seen="A2",
        etas=(Eta(name="k1", on=("k1",), sd=0.5, spread=Spread.LOG, source=SOURCE),),
    )  # fmt: skip
    etas, who = {"k1": np.array([-0.4, 0.0, 0.7])}, Covariates(weight_kg=70.0)
    at_min, amount_mg = np.array([[0.0], [30.0]]), np.array([[10.0], [4.0]])
    entry = meets.inputs[0]
    batch = RegimenBatch(
        drug=entry.drug, route=entry.route, at_min=at_min, amount_mg=amount_mg, duration_min=np.zeros((2, 1))
    )
    found = simulate_batch(meets, batch, t_min=T_MIN, covariates=who, etas=etas)
    for index in range(2):
        dose = Dose(drug=entry.drug, route=entry.route, at_min=at_min[index, 0], amount_mg=amount_mg[index, 0])
        one = simulate(meets, [dose], t_min=T_MIN, covariates=who, etas=etas)
        assert np.allclose(found.values_mg_per_l[index], one.values_mg_per_l, rtol=0.0, atol=1e-12)


def test_what_never_gets_there_is_zero():
    key = OutputKey(analyte="R-ketamine", site=Site.ARTERIAL)
    numbers = {"at_min": np.zeros((2, 1)), "amount_mg": np.ones((2, 1)), "duration_min": np.zeros((2, 1))}
    batch = RegimenBatch(drug=ESKETAMINE, route=Route.IV, **numbers)
    found = simulate_batch(load_model("k2s"), batch, t_min=T_MIN, covariates=Covariates(weight_kg=70.0), outputs=[key])
    assert np.all(found.of("R-ketamine", Site.ARTERIAL) == 0.0)
