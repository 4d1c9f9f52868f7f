"""Alarms just inside and just outside each limit. Resting pressure is 120/75, so +30 % is 156 and +40 mmHg is 160.

Origin of every number: rows ALM-* of `knowledge/monitoring/alarms.toml`, with their sources there.
"""

import pytest
from tests.domain.session.session_story import Story

from reprieve.domain.session import events as ev
from reprieve.domain.session.alarms import AlarmBoard

CAUTION, STOP, EMERGENCY = "CAUTION", "STOP", "EMERGENCY"


def heard(*facts):
    """Open alarms after facts of (minutes, values)."""
    story = Story().started()
    for minutes, values in facts:
        story.vitals(minutes, **values)
    return story.alarms()


def bp(systolic, diastolic=75):
    return {"systolic_mmhg": systolic, "diastolic_mmhg": diastolic}


def hr(rate):
    return {"heart_rate_per_min": rate}


def spo2(percent):
    return {"spo2_percent": percent}


def rr(rate):
    return {"respiratory_rate_per_min": rate}


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        # ALM-BP-1
        ([(20, bp(155))], []),
        ([(20, bp(156))], [("ALM-BP-1", CAUTION, "active")]),
        ([(20, bp(150, 99))], []),
        ([(20, bp(150, 100))], [("ALM-BP-1", CAUTION, "active")]),
        ([(20, bp(156)), (25, bp(155))], []),
        ([(20, bp(180))], [("ALM-BP-1", CAUTION, "active")]),
        # ALM-BP-2: pending until it has lasted 5 min less the half minute of tolerance
        ([(20, bp(181))], [("ALM-BP-2", STOP, "pending")]),
        ([(20, bp(150, 111))], [("ALM-BP-2", STOP, "pending")]),
        ([(20, bp(181)), (24.4, bp(182))], [("ALM-BP-2", STOP, "pending")]),
        ([(20, bp(181)), (24.5, bp(182))], [("ALM-BP-2", STOP, "active")]),
        ([(20, bp(181)), (25, bp(150))], []),
        # confirmed, then exactly 180: not yet below 180/110, and the rise is there too
        ([(20, bp(181)), (25, bp(182)), (30, bp(180))],
         [("ALM-BP-2", STOP, "active"), ("ALM-BP-1", CAUTION, "active")]),
        ([(20, bp(181)), (25, bp(182)), (30, bp(179))], [("ALM-BP-1", CAUTION, "active")]),
        # ALM-BP-3: once is enough
        ([(20, bp(200))], [("ALM-BP-2", STOP, "pending")]),
        ([(20, bp(201))], [("ALM-BP-3", EMERGENCY, "active"), ("ALM-BP-2", STOP, "pending")]),
        ([(20, bp(150, 121))], [("ALM-BP-3", EMERGENCY, "active"), ("ALM-BP-2", STOP, "pending")]),
        ([(20, bp(201)), (22, bp(150))], []),
        # ALM-BP-LOW: below 90 or 30 % down; 30 % of 120 is 36
        ([(20, bp(90, 50))], []),
        ([(20, bp(89, 50))], [("ALM-BP-LOW", STOP, "active")]),
        ([(20, bp(85, 50))], [("ALM-BP-LOW", STOP, "active")]),
        # ALM-HR-HI
        ([(20, hr(120))], []),
        ([(20, hr(121))], [("ALM-HR-HI", CAUTION, "pending")]),
        ([(20, hr(121)), (24.9, hr(125))], [("ALM-HR-HI", CAUTION, "pending")]),
        ([(20, hr(121)), (25, hr(125))], [("ALM-HR-HI", CAUTION, "active")]),
        ([(20, hr(121)), (22, hr(118)), (25, hr(125))], [("ALM-HR-HI", CAUTION, "pending")]),
        ([(20, hr(150))], [("ALM-HR-HI", CAUTION, "pending")]),
        ([(20, hr(151))], [("ALM-HR-HI", STOP, "active")]),
        ([(20, hr(151)), (21, hr(121))], [("ALM-HR-HI", STOP, "active")]),
        ([(20, hr(151)), (21, hr(120))], []),
        # ALM-HR-LO
        ([(20, hr(50))], []),
        ([(20, hr(49))], [("ALM-HR-LO", CAUTION, "active")]),
        ([(20, hr(40))], [("ALM-HR-LO", CAUTION, "active")]),
        ([(20, hr(39))], [("ALM-HR-LO", STOP, "active")]),
        ([(20, hr(39)), (21, hr(49))], [("ALM-HR-LO", STOP, "active")]),
        # ALM-SPO2-1: more than 30 s
        ([(20, spo2(92))], []),
        ([(20, spo2(91))], [("ALM-SPO2-1", CAUTION, "pending")]),
        ([(20, spo2(91)), (20.5, spo2(91))], [("ALM-SPO2-1", CAUTION, "pending")]),
        ([(20, spo2(91)), (20.52, spo2(91))], [("ALM-SPO2-1", CAUTION, "active")]),
        ([(20, spo2(91)), (20.25, spo2(93)), (20.52, spo2(91))], [("ALM-SPO2-1", CAUTION, "pending")]),
        # ALM-SPO2-2: below 90 for more than 60 s, or a rate below 8
        ([(20, spo2(89)), (21, spo2(89))], [("ALM-SPO2-1", CAUTION, "active"), ("ALM-SPO2-2", EMERGENCY, "pending")]),
        ([(20, spo2(89)), (21.1, spo2(89))], [("ALM-SPO2-2", EMERGENCY, "active"), ("ALM-SPO2-1", CAUTION, "active")]),
        ([(20, rr(8))], [("ALM-RR", CAUTION, "active")]),
        ([(20, rr(7))], [("ALM-SPO2-2", EMERGENCY, "active"), ("ALM-RR", CAUTION, "active")]),
        # ALM-RR
        ([(20, rr(10))], []),
        ([(20, rr(9))], [("ALM-RR", CAUTION, "active")]),
        ([(20, rr(25))], []),
        ([(20, rr(26))], [("ALM-RR", CAUTION, "active")]),
    ],
)  # fmt: skip
def test_vital_signs(facts, expected):
    assert heard(*facts) == expected


@pytest.mark.parametrize(
    ("fact", "expected"),
    [
        (ev.SedationScored(moaas=4), []),
        (ev.SedationScored(moaas=3), [("ALM-SED", CAUTION, "active")]),
        (ev.SedationScored(moaas=2), [("ALM-SED", CAUTION, "active")]),
        (ev.SedationScored(moaas=1), [("ALM-SED", EMERGENCY, "active")]),
        (ev.NauseaScored(score=3), []),
        (ev.NauseaScored(score=4), [("ALM-NAUS", CAUTION, "active")]),
        (ev.NauseaScored(score=0, vomited=True), [("ALM-NAUS", CAUTION, "active")]),
        (ev.DistressScored(score=2), []),
        (ev.DistressScored(score=3), [("ALM-DIST", CAUTION, "active")]),
        (ev.AdverseEventObserved(term="AE-HEAD", grade=1), []),
        (ev.AdverseEventObserved(term="ALM-CP", grade=3), [("ALM-CP", EMERGENCY, "active")]),
    ],
)
def test_scores_and_what_a_person_sees(fact, expected):
    story = Story().started()
    story.say(fact, 20)
    assert story.alarms() == expected


def test_a_rise_needs_a_resting_pressure():
    story = Story()
    story.pressure(5, 170)
    assert story.alarms() == []
    story.pressure(6, 85)
    assert story.alarms() == [("ALM-BP-LOW", STOP, "active")]


def test_a_recheck_is_due_after_a_rise_and_moves_with_each_reading():
    story = Story().started()
    story.pressure(20, 160)
    story.pressure(24, 162)
    (alarm,) = story.state.alarms.current()
    assert (alarm.recheck_due_at - alarm.since_at).total_seconds() == 9 * 60


def test_an_alarm_that_recurs_is_a_new_one_and_has_to_be_answered_anew():
    story = Story().started()
    story.pressure(20, 160)
    first = story.state.alarms.current()[0].key
    story.say(ev.AlarmAcknowledged(key=first, action="calmed"), 21)
    story.pressure(25, 130)
    story.pressure(30, 165)
    board = story.state.alarms
    assert board.current()[0].key != first
    assert board.current()[0].key not in board.answers
    assert [alarm.stage.value for alarm in board.all()] == ["resolved", "active"]


def test_an_alarm_vanishes_when_its_cause_was_an_artefact():
    story = Story().started()
    wrong = story.pressure(20, 210)
    story.say(ev.EventCorrected(target=wrong, reason="arm moved", artefact=True), 21)
    assert story.state.alarms == AlarmBoard()
    assert story.state.extremes.peak_systolic_mmhg is None


def test_a_pending_alarm_that_was_not_confirmed_never_was_one():
    story = Story().started()
    story.pressure(20, 185)
    story.pressure(25, 130)
    assert story.state.alarms.all() == ()


def test_what_a_person_saw_is_over_when_dealt_with():
    story = Story().started()
    story.say(ev.AdverseEventObserved(term="ALM-IV", grade=2), 20)
    key = story.state.alarms.current()[0].key
    story.say(ev.AlarmAcknowledged(key=key, action="line moved"), 22)
    assert story.alarms() == []
    assert story.state.alarms.all()[0].resolved_at is not None


def test_of_two_limbs_of_one_rule_the_older_one_stands():
    found = heard((20, rr(7)), (21, spo2(88)), (23, spo2(88)))
    assert [rule for rule, _, _ in found] == ["ALM-SPO2-2", "ALM-RR", "ALM-SPO2-1"]
    assert [rule for rule, _, _ in heard((20, hr(160)), (26, hr(160)))] == ["ALM-HR-HI"]
    assert heard((20, spo2(88)), (21.5, spo2(88)), (22, rr(6)))[0] == ("ALM-SPO2-2", EMERGENCY, "active")
