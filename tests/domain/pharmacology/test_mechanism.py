"""The picture of the chain: when a step begins, is full, fades; times that cannot be are refused."""

from dataclasses import replace

import numpy as np
import pytest

from reprieve.domain.pharmacology.mechanism import SeenIn, illustrative_level
from reprieve.knowledge.mechanism import load_steps

STEPS = load_steps()


@pytest.mark.parametrize("words", STEPS, ids=[words.step.id for words in STEPS])
def test_a_step_lies_between_nothing_and_full(words):
    step = words.step
    t_min = np.array([0.0, step.begins_min, step.full_min, step.fades_from_min, step.gone_min, 1e6])
    level = illustrative_level(step, t_min)
    assert (level >= 0.0).all() and (level <= 1.0).all()
    assert level[1] == 0.0 and level[5] < 1e-6
    assert level[2] == pytest.approx(0.95, abs=0.01)  # 1 - exp(-3)
    assert level[4] == pytest.approx(0.05, abs=0.01)  # exp(-3)


def test_a_step_that_fades_before_it_is_full_is_refused():
    with pytest.raises(ValueError, match="in this order"):
        replace(STEPS[0].step, full_min=700.0)


def test_the_chain_begins_in_the_blood_and_says_what_is_argued_about():
    assert [words.step.id for words in STEPS][:2] == ["MECH-BLOOD", "MECH-NMDA"]
    assert {words.step.seen_in for words in STEPS} == set(SeenIn)
    begins = [words.step.begins_min for words in STEPS[:7]]
    assert begins == sorted(begins)
