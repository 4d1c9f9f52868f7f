"""Dated plans, the limit on frequency (REG-FREQ-MAX), and moved sessions."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reprieve.domain.course.plan import SessionCannotMove, frequency_findings, move_session, plan_sessions
from reprieve.knowledge.regimens import frequency_limits, regimens

D = Decimal

START = date(2026, 3, 2)
LIMITS = frequency_limits()


def plan_of(regimen_id="REG-IV-STD6-3W"):
    return plan_sessions(regimens()[regimen_id], starts_on=START)


def days_of(plan):
    return [(session.planned_on - START).days for session in plan]


def test_std6_3w():
    """ELEKT-D schedule: days 0,3,7,10,14,17, decisions after 3 and 6."""
    plan = plan_of()
    assert days_of(plan) == [0, 3, 7, 10, 14, 17]
    assert [session.number for session in plan if session.is_checkpoint] == [3, 6]


def test_levine():
    assert days_of(plan_of("REG-IV-LEVINE")) == [0, 2, 4, 7, 10, 14, 21, 28]


@pytest.mark.parametrize("regimen_id", sorted(regimens()))
def test_every_published_regimen_keeps_its_own_limits(regimen_id):
    regimen = regimens()[regimen_id]
    dates = [session.planned_on for session in plan_of(regimen_id)]
    assert frequency_findings(dates, LIMITS, own_interval_h=regimen.min_interval_h) == ()


def test_the_site_interval_would_refuse_two_infusions_a_day_apart():
    dates = [session.planned_on for session in plan_of("REG-IV-SI2")]
    assert [finding.code for finding in frequency_findings(dates, LIMITS)] == ["REG-FREQ-MAX-INTERVAL"]


def test_four_in_seven_days_is_too_many():
    close = [START + timedelta(days=day) for day in (0, 2, 4, 6)]
    spread = [START + timedelta(days=day) for day in (0, 2, 4, 7)]
    assert [finding.code for finding in frequency_findings(close, LIMITS)] == ["REG-FREQ-MAX-WEEK"]
    assert frequency_findings(spread, LIMITS) == ()


def test_a_later_session_takes_the_rest_along():
    moved = move_session(plan_of(), number=3, to_on=START + timedelta(days=8), keep_intervals=True)
    assert days_of(moved) == [0, 3, 8, 11, 15, 18]


def test_one_session_alone_may_move():
    moved = move_session(plan_of(), number=3, to_on=START + timedelta(days=8), keep_intervals=False)
    assert days_of(moved) == [0, 3, 8, 10, 14, 17]


@pytest.mark.parametrize(
    ("number", "day", "keep"), [(3, 3, True), (3, 2, True), (3, 10, False), (3, 12, False), (7, 20, True)]
)
def test_sessions_keep_their_order(number, day, keep):
    with pytest.raises(SessionCannotMove):
        move_session(plan_of(), number=number, to_on=START + timedelta(days=day), keep_intervals=keep)


def test_the_first_session_may_move_earlier():
    moved = move_session(plan_of(), number=1, to_on=START - timedelta(days=1), keep_intervals=True)
    assert days_of(moved) == [-1, 2, 6, 9, 13, 16]


@given(st.sampled_from(sorted(regimens())), st.integers(-10, 60))
def test_moving_with_the_rest_keeps_every_later_interval(regimen_id, shift):
    plan = plan_of(regimen_id)
    moved = move_session(plan, number=1, to_on=START + timedelta(days=shift), keep_intervals=True)
    assert [one - days_of(plan)[0] - shift for one in days_of(moved)] == days_of(plan)


def test_a_regimen_must_make_sense():
    regimen = regimens()["REG-IV-STD6-3W"]
    for offsets in ((), (1, 2), (0, 3, 3), (0, 5, 3)):
        with pytest.raises(ValueError, match="day offsets"):
            replace(regimen, day_offsets=offsets, checkpoints=())
    with pytest.raises(ValueError, match="checkpoint"):
        replace(regimen, checkpoints=(7,))


def test_site_interval_is_two_days():
    assert LIMITS.min_interval_h == D(48)
