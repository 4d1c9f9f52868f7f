"""Delivered dose, freshness, summary and chain."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.session.session_story import LIMITS, NURSE, T0, Story, at, opened

from reprieve.domain.session import events as ev
from reprieve.domain.session.chain import GENESIS, Link, Sealed, canonical_json, link_hash, verify
from reprieve.domain.session.delivery import infusion_segments
from reprieve.domain.session.events import Recorded
from reprieve.domain.session.fold import fold
from reprieve.domain.session.freshness import due, is_stale, stale_after_s
from reprieve.domain.session.readings import DeviceReading
from reprieve.domain.session.state import Signal
from reprieve.domain.session.summary import summary

# 90 mL/h is 1.5 mL/min; 40 mg in 60 mL is 2/3 mg/mL, so 1 mg/min


@pytest.mark.parametrize(("minutes", "ml", "mg"), [(10, 0, 0), (30, 30, 20), (50, 60, 40), (90, 60, 40)])
def test_programme_times_time_until_the_bag_is_empty(minutes, ml, mg):
    given_now = Story().started().state.delivery(at(minutes))
    assert (given_now.infused_ml, given_now.delivered_mg) == (pytest.approx(ml), pytest.approx(mg))
    assert given_now.bag_empty_at == (at(50) if minutes >= 10 else None)


def test_pause_rate_resume_stop():
    story = Story().started()
    story.say(ev.InfusionPaused(reason="x"), 20)
    story.say(ev.RateChanged(rate_ml_per_h=60, reason="x"), 25)
    story.say(ev.InfusionResumed(), 30)
    story.say(ev.InfusionStopped(early=True, reason="x"), 40)
    found = story.state.delivery(at(60))
    assert [(s.rate_ml_per_h, s.rate_mg_per_min) for s in found.segments] == [
        (90, pytest.approx(1)), (60, pytest.approx(2 / 3)),
    ]  # fmt: skip
    assert found.infused_ml == pytest.approx(15 + 10)
    assert (found.rate_ml_per_h, found.bag_empty_at, found.residual_difference_ml) == (0.0, None, None)


def test_what_is_left_in_the_bag_decides_what_was_delivered():
    found = Story().started().stopped(residual_ml=6).state.delivery(at(60))
    assert (found.infused_ml, found.delivered_mg) == (pytest.approx(54), pytest.approx(36))
    assert found.residual_difference_ml == pytest.approx(6)


def test_segments_for_the_prediction():
    state = Story().started().state
    found = state.delivery(at(30))
    (segment,) = infusion_segments(found.segments, origin_at=at(10), running_until_at=found.bag_empty_at)
    assert (segment.start_min, segment.end_min) == (0, pytest.approx(40))
    assert segment.amount_mg == pytest.approx(40)
    assert infusion_segments(found.segments, origin_at=at(10), running_until_at=at(10)) == ()


@given(st.lists(st.tuples(st.sampled_from(["pause", "resume", "rate"]), st.integers(11, 80)), max_size=12))
def test_never_more_than_the_bag_and_never_less_with_time(acts):
    story = Story().started()
    events = {"pause": ev.InfusionPaused(reason="x"), "resume": ev.InfusionResumed(),
              "rate": ev.RateChanged(rate_ml_per_h=200, reason="x")}  # fmt: skip
    for verb, minutes in acts:
        story.say(events[verb], minutes)
    amounts = [story.state.delivery(at(minutes)).delivered_mg for minutes in range(0, 120, 10)]
    assert amounts == sorted(amounts)
    assert amounts[-1] <= 40.0 + 1e-9
    found = story.state.delivery(at(120))
    parts = infusion_segments(found.segments, origin_at=at(10), running_until_at=at(120))
    assert sum(part.amount_mg for part in parts) == pytest.approx(found.delivered_mg)


def test_without_an_opening_there_is_no_bag():
    empty = fold([], LIMITS)
    assert empty.delivery(at(0)) is None
    with pytest.raises(ValueError, match="never opened"):
        summary(empty, now_at=at(0))
    no_weight = Story().rest().events[1:]
    assert fold(no_weight, LIMITS).opened is None


def test_summary_of_a_session_that_has_not_begun():
    found = summary(Story().state, now_at=at(5))
    assert (found.infusion_min, found.released_after_min, found.baseline_systolic_mmhg) == (None, None, None)


@pytest.mark.parametrize(
    ("is_first", "device", "signal", "expected"),
    [
        (False, "MON-1", Signal.PRESSURE, 600), (True, "MON-1", Signal.PRESSURE, 300),
        (False, "MON-1", Signal.SPO2, 60), (False, "", Signal.SPO2, 600),
    ],
)  # fmt: skip
def test_when_a_value_is_stale(is_first, device, signal, expected):
    story = Story(opened(needs_close_bp=is_first)).started()
    story.say(ev.VitalSignsRecorded(systolic_mmhg=120, diastolic_mmhg=70, spo2_percent=97), 20, device=device)
    reading = story.state.latest[signal]
    assert stale_after_s(reading, story.state, LIMITS.intervals) == expected
    assert not is_stale(reading, story.state, LIMITS.intervals, now_at=at(20 + expected / 60))
    assert is_stale(reading, story.state, LIMITS.intervals, now_at=at(20 + expected / 60 + 0.1))


def test_what_is_due():
    assert due(Story().rest().state, LIMITS.intervals) == ()
    story = Story().started()
    assert due(story.state, LIMITS.intervals)[0].due_at == at(20)
    story.pressure(20, 160)
    items = {item.item: item.due_at for item in due(story.state, LIMITS.intervals)}
    assert (items["MON-BP"], items["ALM-BP-1"], items["MON-SED"]) == (at(30), at(25), at(25))
    story.stopped(residual_ml=0)
    story.pressure(52, 120)
    after = {item.item: item.due_at for item in due(story.state, LIMITS.intervals)}
    assert after["MON-BP"] == at(67)


def chain(count=3):
    prev, entries = GENESIS, []
    for seq in range(1, count + 1):
        link = Link(session_id=UUID(int=5), seq=seq, id=UUID(int=seq), kind="note",
                    payload={"text": "x", "n": 1}, observed_at=at(seq), entered_at=at(seq),
                    received_at=at(seq), author_id=NURSE, device="")  # fmt: skip
        entries.append(Sealed(link=link, prev_hash=prev, hash=link_hash(link, prev)))
        prev = entries[-1].hash
    return entries, prev


def problem(entries, last_seq, last_hash):
    found = verify(entries, last_seq=last_seq, last_hash=last_hash)
    return None if found is None else (found.seq, found.problem)


def test_the_chain_shows_every_break():
    entries, last = chain()
    assert problem(entries, 3, last) is None
    assert problem([], 0, "") is None
    assert problem(entries[:2], 3, last) == (3, "END")
    assert problem([entries[0], entries[2]], 3, last) == (3, "GAP")
    forged = replace(entries[1], prev_hash="f" * 64)
    assert problem([entries[0], forged, entries[2]], 3, last) == (2, "ORDER")
    changed = replace(entries[1], link=replace(entries[1].link, payload={"text": "y"}))
    assert problem([entries[0], changed, entries[2]], 3, last) == (2, "CONTENT")


def test_a_device_entry_and_one_spelling_of_numbers():
    entry = chain(1)[0][0].link
    assert link_hash(replace(entry, author_id=None, device="MON-1"), GENESIS) != link_hash(entry, GENESIS)
    assert canonical_json({"b": [1.0, 2.5], "a": None}) == canonical_json({"a": None, "b": [1, 2.5]})
    with pytest.raises(ValueError, match="Out of range"):
        canonical_json(float("nan"))


@pytest.mark.parametrize(
    "make",
    [
        ev.VitalSignsRecorded,
        lambda: ev.VitalSignsRecorded(systolic_mmhg=120),
        lambda: ev.VitalSignsRecorded(systolic_mmhg=70, diastolic_mmhg=90),
        lambda: ev.VitalSignsRecorded(spo2_percent=101),
        lambda: ev.VitalSignsRecorded(spo2_percent=float("nan")),
        lambda: ev.SedationScored(moaas=6),
        lambda: ev.NoteWritten(text=" "),
        lambda: ev.IdentityAttested(identifiers=("name", "name")),
        lambda: ev.InfusionStopped(early=True),
        lambda: ev.EventCorrected(target=NURSE, reason="x"),
        lambda: ev.EventCorrected(target=NURSE, reason="x", artefact=True, observed_at=T0),
        lambda: opened(ordered_mg=0),
        lambda: DeviceReading(event_id=NURSE, session_id=NURSE, observed_at=T0, received_at=T0, device="",
                              spo2_percent=97),
        lambda: DeviceReading(event_id=NURSE, session_id=NURSE, observed_at=T0, received_at=T0, device="M"),
        lambda: Recorded(event=ev.SessionSigned(), id=NURSE, seq=1, observed_at=T0, entered_at=T0, received_at=T0,
                         author_id=None),
        lambda: Recorded(event=ev.SessionSigned(), id=NURSE, seq=1, observed_at=datetime(2026, 1, 1), entered_at=T0,  # noqa: DTZ001
                         received_at=T0, author_id=NURSE),
    ],
)  # fmt: skip
def test_what_cannot_be_is_not_an_event(make):
    with pytest.raises(ValueError, match=r"."):
        make()
