"""Parts of a virtual population run side by side, in their order, and no more of them than memory holds."""

import numpy as np
import pytest

from reprieve.cli.simulate import people
from reprieve.domain.pharmacology.covariates import Covariates
from reprieve.domain.pharmacology.linear_model import Drug, OutputKey, Route, Site
from reprieve.domain.pharmacology.regimen import Dose
from reprieve.domain.pharmacology.spread import merge
from reprieve.domain.pharmacology.virtual_trial import VirtualTrial
from reprieve.knowledge.kinetics import load_model

PUSH = Dose(drug=Drug.RACEMIC_KETAMINE, route=Route.IV, at_min=0.0, amount_mg=35.0)


def trial(*, times, subjects, memory_bytes=256 * 2**20):
    return VirtualTrial(
        model=load_model("k2s"), doses=(PUSH,), t_min=tuple(np.arange(float(times))),
        outputs=(OutputKey(analyte="ketamine", site=Site.ARTERIAL),), covariates=Covariates(weight_kg=70.0),
        subjects=subjects, memory_bytes=memory_bytes,
    )  # fmt: skip


def test_people_come_in_their_order_however_many_parts_run_at_once(monkeypatch):
    asked = trial(times=2_000, subjects=5_500)
    assert asked.parts == 6 and asked.quantile_plan.is_exact
    monkeypatch.setattr(people.os, "cpu_count", lambda: 3)
    in_turn = merge(asked.part(number) for number in range(asked.parts))
    assert np.array_equal(people.run_here(asked).values, in_turn.values)


@pytest.mark.parametrize(("times", "workers"), [(3, 4), (6_000, 2), (60_000, 1)])
def test_large_tallies_are_made_by_fewer_threads(times, workers, monkeypatch):
    """60,000 numbers a person in 2,000 cells each are 0.9 GiB; four of those at once were too many."""
    monkeypatch.setattr(people.os, "cpu_count", lambda: 16)
    asked = trial(times=times, subjects=10**6)
    assert people._workers(asked) == workers
    assert workers == 1 or workers * asked.quantile_plan.tally_bytes <= asked.memory_bytes


def test_no_more_threads_than_parts(monkeypatch):
    monkeypatch.setattr(people.os, "cpu_count", lambda: 16)
    assert people._workers(trial(times=3, subjects=10)) == 1
