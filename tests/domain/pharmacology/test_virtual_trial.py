"""Virtual people given one regimen: parts make the whole, in any order and with any memory."""

import numpy as np
import pytest

from reprieve.domain.pharmacology.covariates import Covariates
from reprieve.domain.pharmacology.linear_model import Drug, OutputKey, ResidualContext, Route, Site
from reprieve.domain.pharmacology.population import LognormalSpread, Share
from reprieve.domain.pharmacology.regimen import Dose, RegimenError
from reprieve.domain.pharmacology.spread import merge
from reprieve.domain.pharmacology.virtual_trial import LARGEST_POPULATION, VirtualTrial
from reprieve.knowledge.kinetics import load_model

KETAMINE = OutputKey(analyte="ketamine", site=Site.VENOUS)


def trial(**changed):
    dose = Dose(drug=Drug.RACEMIC_KETAMINE, route=Route.IV, at_min=0.0, amount_mg=35.0, duration_min=40.0)
    return VirtualTrial(
        **{
            "model": load_model("k2s"),
            "doses": (dose,),
            "t_min": (0.0, 40.0, 110.0),
            "outputs": (KETAMINE,),
            "covariates": Covariates(weight_kg=70.0),
            "subjects": 9_000,
            "seed": 3,
        }
        | changed
    )


def whole(asked, numbers=None):
    return merge(asked.part(number) for number in (numbers or range(asked.parts)))


def test_parts_make_the_whole_in_any_order():
    asked = trial()
    assert asked.parts == 3
    assert sum(len(asked.people(number)) for number in range(3)) == 9_000
    assert np.array_equal(asked.band(whole(asked), 0.9), asked.band(whole(asked, [2, 0, 1]), 0.9))


def test_a_person_is_the_same_in_a_smaller_population():
    assert np.array_equal(trial(subjects=5_000).people(1), trial().people(1)[:904])


def test_the_histogram_agrees_with_all_values_within_its_stated_error():
    exact, bounded = trial(), trial(memory_bytes=60_000)
    assert not bounded.quantile_plan.is_exact
    assert bounded.quantile_plan.relative_error < 0.02
    for found, kept in zip(bounded.band(whole(bounded), 0.9), exact.band(whole(exact), 0.9), strict=True):
        assert found == pytest.approx(kept, rel=bounded.quantile_plan.relative_error + 2e-3)
        assert found[0, 0] == 0.0  # nothing at minute 0


def test_the_band_of_k2s_holds_its_stated_share():
    asked = trial()
    lower, upper = asked.band(whole(asked), 0.9)
    people = np.concatenate([asked.people(number) for number in range(asked.parts)])[:, 1:]
    inside = (people >= lower.ravel()[1:]) & (people <= upper.ravel()[1:])
    assert inside.mean(axis=0) == pytest.approx([0.9, 0.9], abs=0.002)


def test_people_may_differ_in_covariates():
    plain = trial(subjects=4_000).people(0)[:, 1]
    spread = trial(subjects=4_000, spreads={"weight_kg": LognormalSpread(median=70.0, cv=0.25)}).people(0)[:, 1]
    assert np.std(np.log(spread)) > 1.15 * np.std(np.log(plain))
    rows = {"weight_kg": np.array([50.0, 100.0]), "female": np.array([1.0, 0.0])}
    halves = trial(subjects=4_000, rows=rows).people(0)[:, 1]
    assert np.std(np.log(halves)) > 1.15 * np.std(np.log(plain))
    assert np.array_equal(trial(subjects=4_000, spreads={"female": Share(of_one=0.5)}).people(0)[:, 1], plain)


def test_readings_have_the_error_of_the_assay():
    # K2S: 25 % in clinical venous sampling; the total takes the error of S
    plain, read = trial(), trial(residual=ResidualContext.CLINICAL)
    ratio = read.people(0)[:, 1] / plain.people(0)[:, 1] - 1.0
    assert np.std(ratio) == pytest.approx(0.25, abs=0.01)
    exploratory = OutputKey(analyte="S-hydroxynorketamine", site=Site.ARTERIAL)
    without = trial(outputs=(exploratory,)).people(0)
    assert np.array_equal(trial(outputs=(exploratory,), residual=ResidualContext.CLINICAL).people(0), without)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"subjects": 1}, "PK-SUBJECTS"),
        ({"subjects": LARGEST_POPULATION + 1}, "PK-SUBJECTS"),
        ({"seed": -1}, "PK-SEED"),
    ],
)
def test_no_population(changed, code):
    with pytest.raises(RegimenError, match=code):
        trial(**changed)


def test_no_interval():
    asked = trial(subjects=10)
    with pytest.raises(RegimenError, match="PK-INTERVAL"):
        asked.band(whole(asked), 1.0)
