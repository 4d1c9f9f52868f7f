"""Folding event by event is folding from scratch, whatever comes late or is corrected."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.session.session_story import DOCTOR, LIMITS, Story, at

from reprieve.domain.session import events as ev
from reprieve.domain.session.fold import SessionLog, fold
from reprieve.domain.session.state import Phase

MINUTES = st.integers(0, 120)
FACTS = st.one_of(
    st.builds(ev.VitalSignsRecorded, systolic_mmhg=st.integers(80, 220), diastolic_mmhg=st.integers(30, 79)),
    st.builds(ev.VitalSignsRecorded, spo2_percent=st.integers(80, 100), heart_rate_per_min=st.integers(30, 170)),
    st.builds(ev.SedationScored, moaas=st.integers(0, 5)),
    st.builds(ev.DissociationScored, score=st.integers(0, 10)),
    st.builds(ev.NauseaScored, score=st.integers(0, 10), vomited=st.booleans()),
    st.just(ev.InfusionPaused(reason="nausea")),
    st.just(ev.InfusionResumed()),
    st.just(ev.InfusionStopped(residual_ml=4)),
    st.just(ev.NoteWritten(text="calm")),
)
CORRECTIONS = st.tuples(
    st.integers(0, 400),
    st.one_of(
        st.just({"artefact": True}),
        FACTS.map(lambda fact: {"replacement": fact}),
        MINUTES.map(lambda minutes: {"observed_at": at(minutes)}),
    ),
)


@given(st.lists(st.tuples(st.one_of(FACTS, CORRECTIONS), MINUTES), max_size=150))
def test_incremental_equals_from_scratch(said):
    story = Story().started()
    for what, minutes in said:
        if isinstance(what, tuple):
            number, change = what
            target = story.events[number % len(story.events)]
            if isinstance(target.event, ev.EventCorrected):
                continue
            story.say(ev.EventCorrected(target=target.id, reason="wrong", **change), minutes)
        else:
            story.say(what, minutes)
    log = SessionLog(limits=LIMITS)
    for recorded in story.events:
        log.apply(recorded)
    assert log.state == fold(story.events, LIMITS)


def test_a_late_entry_far_back_in_a_long_log():
    story = Story().started()
    for second in range(300):
        story.vitals(10 + second / 60, spo2_percent=97)
    story.say(ev.SedationScored(moaas=2), 11)
    story.vitals(16, spo2_percent=96)
    log = SessionLog(limits=LIMITS)
    for recorded in story.events:
        log.apply(recorded)
    assert log.state == story.state
    assert log.state.extremes.lowest_moaas == 2


def test_events_come_in_their_order():
    story, log = Story(), SessionLog(limits=LIMITS)
    log.apply(story.events[0])
    with pytest.raises(ValueError, match="comes after"):
        log.apply(story.events[0])


def test_an_empty_log_and_a_correction_of_nothing():
    assert fold([], LIMITS).phase is Phase.PREPARING
    story = Story()
    story.say(ev.EventCorrected(target=UUID(int=77), reason="lost", artefact=True), 1)
    log = SessionLog(limits=LIMITS)
    for recorded in story.events:
        log.apply(recorded)
    assert log.state == story.state


def test_the_latest_correction_counts():
    story = Story().started()
    target = story.say(ev.SedationScored(moaas=1), 20)
    story.say(ev.EventCorrected(target=target, reason="typed 1", replacement=ev.SedationScored(moaas=4)), 21)
    assert story.state.extremes.lowest_moaas == 4
    story.say(ev.EventCorrected(target=target, reason="was 3", replacement=ev.SedationScored(moaas=3)), 22)
    assert story.state.extremes.lowest_moaas == 3


def test_phases_follow_the_pump_the_door_and_the_pen():
    story = Story()
    phases = [story.state.phase]
    for event, minutes in [
        (ev.InfusionStarted(rate_ml_per_h=90), 10), (ev.InfusionPaused(reason="x"), 12), (ev.InfusionResumed(), 13),
        (ev.RateChanged(rate_ml_per_h=80, reason="x"), 14), (ev.InfusionStopped(), 50),
        (ev.PatientReleased(escort_name="Nora", escort_relation="sister"), 120), (ev.SessionSigned(), 130),
    ]:  # fmt: skip
        story.say(event, minutes, by=DOCTOR)
        phases.append(story.state.phase)
    assert [phase.value for phase in phases] == [
        "preparing", "infusing", "paused", "infusing", "infusing", "observing", "discharged", "signed",
    ]  # fmt: skip


def test_a_device_decides_nothing():
    story = Story()
    story.say(ev.HoldAccepted(reason="x"), 5, device="MON-1")
    with pytest.raises(ValueError, match="needs a person"):
        _ = story.state


def test_a_rescue_and_who_gave_it():
    story = Story().started()
    story.say(ev.RescueGiven(kind=ev.RescueKind.ANTIEMETIC, medicine="ondansetron 4 mg IV", reason="nausea"), 20)
    assert story.state.rescues[0].medicine == "ondansetron 4 mg IV"
