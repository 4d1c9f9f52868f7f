"""Ways round the guards of a session: a correction that is a release, times in the wrong order, an emergency."""

from uuid import uuid4

import pytest
from tests.clinic.session_factories import Scene, at

from reprieve.clinic.audit.services import Actor
from reprieve.clinic.patients.models import SafetyTask
from reprieve.clinic.visits import selectors, services
from reprieve.clinic.visits.forms import event_of
from reprieve.clinic.visits.models import Phase, SessionEvent
from reprieve.domain.session import events as ev
from reprieve.errors import InputError

pytestmark = pytest.mark.django_db


def refused(code):
    return pytest.raises(InputError, match=code)


def entered(scene, event, *, observed, now):
    """An entry typed at another minute than it happened."""
    entry = services.Entry(observed_at=at(observed), at=at(now))
    services.session_command(Actor.person(scene.nurse), session=scene.session, event=event, entry=entry)
    scene.session.refresh_from_db()


@pytest.mark.parametrize(
    "replacement",
    [
        ev.PatientReleased(escort_name="A", escort_relation="b"),
        ev.InfusionStopped(residual_ml=0),
        ev.SessionSigned(),
        ev.VitalSignsRecorded(spo2_percent=98),
    ],
)
def test_a_correction_is_no_way_round_a_guard(replacement):
    scene = Scene().prepare().start()
    note = scene.do(ev.NoteWritten(text="warm blanket"), 12)
    with refused("CORRECTION-LIKE"):
        scene.do(ev.EventCorrected(target=note.pk, reason="slip", replacement=replacement), 13)
    scene.session.refresh_from_db()
    assert scene.session.phase == Phase.INFUSING


def test_a_corrected_residue_fits_the_bag():
    scene = Scene().run()
    stopped = SessionEvent.objects.get(session=scene.session, kind="infusion-stopped")
    with refused("RESIDUAL"):
        more = ev.InfusionStopped(residual_ml=600)
        scene.do(ev.EventCorrected(target=stopped.pk, reason="slip", replacement=more), 52)
    right = ev.InfusionStopped(residual_ml=6)
    scene.do(ev.EventCorrected(target=stopped.pk, reason="read again", replacement=right), 53)
    # 54 of 60 mL at 0.6667 mg/mL
    assert selectors.session_summary(scene.session).delivered_mg == pytest.approx(36.0, abs=0.01)


@pytest.mark.parametrize(
    "event",
    [
        ev.InfusionPaused(reason="nausea"),
        ev.InfusionStopped(residual_ml=0),
        ev.RateChanged(rate_ml_per_h=45, reason="distress"),
    ],
)
def test_nothing_is_done_to_the_pump_before_it_runs(event):
    scene = Scene().prepare().start()
    with refused("TIME-ORDER"):
        entered(scene, event, observed=9, now=20)
    scene.session.refresh_from_db()
    assert (scene.session.phase, scene.session.ended_at) == (Phase.INFUSING, None)


def test_a_tablet_whose_clock_is_behind_cannot_resume_before_the_pause():
    scene = Scene().prepare().start()
    scene.do(ev.InfusionPaused(reason="nausea"), 20)
    with refused("TIME-ORDER"):
        entered(scene, ev.InfusionResumed(), observed=19.7, now=20.5)
    entered(scene, ev.InfusionResumed(), observed=20.5, now=20.5)
    assert scene.session.phase == Phase.INFUSING


def test_a_pause_that_was_forgotten_is_entered_late():
    scene = Scene().prepare().start()
    scene.do(ev.RateChanged(rate_ml_per_h=45, reason="distress"), 25)
    entered(scene, ev.InfusionPaused(reason="nausea"), observed=20, now=26)
    entered(scene, ev.InfusionResumed(), observed=24, now=26)
    given = selectors.session_state(scene.session).delivery(at(35))
    # 10 min and 1 min at 90 mL/h, 10 min at 45 mL/h
    assert given.infused_ml == pytest.approx((11 * 90 + 10 * 45) / 60)


def test_a_wrong_date_is_refused():
    scene = Scene().prepare().start()
    with refused("TIME-BEFORE"):
        entered(scene, ev.SedationScored(moaas=4), observed=-60 * 48, now=20)
    scored = scene.do(ev.SedationScored(moaas=4), 20)
    with refused("TIME-AHEAD"):
        scene.do(ev.EventCorrected(target=scored.pk, reason="slip", observed_at=at(60)), 21)


def test_an_emergency_since_the_opening_keeps_the_pump_off():
    scene = Scene().prepare()
    SafetyTask.objects.create(patient=scene.session.patient, rule="SR-03", opened_at=at(9))
    with refused("EMERGENCY-OPEN"):
        scene.start()


def test_an_attestation_sent_again_changes_nothing():
    scene, event_id = Scene(), uuid4()
    for _ in range(2):
        scene.do(ev.IdentityAttested(identifiers=("name", "date of birth")), 8, event_id=event_id)
    assert SessionEvent.objects.filter(pk=event_id).count() == 1


def test_a_misspelt_replacement_strikes_nothing_out():
    with refused("VERB"):
        event_of("correct", {"target_event_id": str(uuid4()), "reason": "slip", "replace": "vital"})


def test_a_superscript_is_no_aldrete_score(client):
    scene = Scene().run()
    client.force_login(scene.nurse)
    answer = client.post(f"/sessions/{scene.session.pk}/discharge", {"DIS-ALD": "\u00b2"})
    assert answer.status_code == 302
    assert "DIS-ALD" not in selectors.session_state(scene.session).criteria


def test_a_character_that_the_database_cannot_keep_is_a_sentence():
    with refused("FORM"):
        event_of("note", {"text": "a\0b"})


def test_nobody_leaves_under_an_emergency_alarm_whatever_was_overridden():
    scene = Scene().run().recover()
    scene.do(
        ev.DischargeCriterionOverridden(criterion="DIS-BP", reason="Resting pressure is high"), 112, by=scene.prescriber
    )
    scene.do(ev.VitalSignsRecorded(systolic_mmhg=230, diastolic_mmhg=125, spo2_percent=98,
                                   respiratory_rate_per_min=14), 113)  # fmt: skip
    with pytest.raises(InputError, match=r"EMERGENCY-ALARM.*ALM-BP-3"):
        scene.release()
    assert scene.session.phase == "observing"


def test_what_was_seen_has_to_be_dealt_with_before_anybody_leaves():  # ALM-PSYCH: no discharge
    scene = Scene().run().recover()
    scene.do(ev.AdverseEventObserved(term="ALM-PSYCH", grade=3), 113)
    with pytest.raises(InputError, match=r"EMERGENCY-ALARM.*ALM-PSYCH"):
        scene.release()
    key = next(
        alarm.key for alarm in selectors.session_state(scene.session).alarms.current() if alarm.rule == "ALM-PSYCH"
    )
    scene.do(ev.AlarmAcknowledged(key=key, action="Seen by psychiatry, series stopped"), 114)
    scene.release()
    assert scene.session.phase == "discharged"
