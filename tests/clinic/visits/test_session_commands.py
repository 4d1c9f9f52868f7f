"""Writing a session: what is allowed when, and that nothing is written twice or half."""

from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from tests.clinic.factories import make_user
from tests.clinic.session_factories import Scene, at, make_order

from reprieve.clinic.accounts.models import Role
from reprieve.clinic.audit.models import AuditEvent
from reprieve.clinic.audit.services import Actor
from reprieve.clinic.courses.models import OrderStatus
from reprieve.clinic.visits import selectors, services
from reprieve.clinic.visits.models import DosingSession, Phase, SessionEvent
from reprieve.clinic.visits.proof import broken_chains, first_break
from reprieve.domain.session import events as ev
from reprieve.errors import InputError

pytestmark = pytest.mark.django_db


def refused(code):
    return pytest.raises(InputError, match=code)


def test_a_whole_session_from_opening_to_signature():
    scene = Scene().run().recover().release()
    scene.do(ev.SessionSigned(), 120, by=scene.prescriber)
    summary = selectors.session_summary(scene.session)
    # 90 mL/h for 40 min is the whole bag of 60 mL at 0.6667 mg/mL: 40 mg; bag read off as empty
    assert summary.delivered_mg == pytest.approx(40.0, abs=0.01)
    assert summary.delivered_mg_per_kg == pytest.approx(0.5, abs=0.001)
    assert (summary.peak_systolic_mmhg, summary.baseline_systolic_mmhg) == (138, 124)
    assert (summary.lowest_moaas, summary.peak_dissociation, summary.stopped_early) == (4, 5, False)
    assert (summary.infusion_min, summary.released_after_min) == (40, 105)
    assert scene.session.phase == Phase.SIGNED
    assert list(selectors.signed_sessions_of(scene.session.patient)) == [scene.session]
    assert broken_chains(scene.session.pk) == (1, [])


def test_signing_hands_the_session_to_the_registry_in_the_same_transaction():
    scene = Scene().run().recover().release()
    scene.do(ev.SessionSigned(), 120)
    with connection.cursor() as cursor:
        wanted = [str(scene.session.pk)]
        cursor.execute("select task_name from procrastinate_jobs where args ->> 'session_id' = %s", wanted)
        assert cursor.fetchall() == [("research.submit_session",)]


def test_an_unchecked_order_opens_no_session():
    scene = Scene()
    order = make_order(scene.clinic, scene.prescriber, status=OrderStatus.SIGNED)
    with refused("ORDER-NOT-CHECKED"):
        services.session_open(Actor.person(scene.nurse), order=order, chair=scene.chair, at=at(0))


def test_a_taken_chair_and_a_used_order_are_refused():
    scene = Scene()
    with refused("CHAIR-TAKEN"):
        services.session_open(
            Actor.person(scene.nurse), order=make_order(scene.clinic, scene.prescriber), chair=scene.chair, at=at(1)
        )
    with refused("SESSION-EXISTS"):
        services.session_open(Actor.person(scene.nurse), order=scene.order, chair=scene.chair, at=at(1))


def test_the_start_needs_the_second_check_to_hold_still():
    scene = Scene().prepare()
    scene.order.__class__.objects.filter(pk=scene.order.pk).update(status=OrderStatus.DISAGREED)
    with refused("ORDER-NOT-CHECKED"):
        scene.start()


def test_the_start_needs_every_item():
    scene = Scene()
    scene.rest()
    scene.attest()
    with refused("CHECKLIST-OPEN"):
        scene.start()


def test_the_start_needs_two_people():
    scene = Scene()
    scene.rest()
    scene.answer()
    for _ in range(2):
        scene.do(ev.IdentityAttested(identifiers=("name", "date of birth")), 8)
    with refused("IDENTITY-TWO"):
        scene.start()


def test_a_no_go_cannot_be_started():
    scene = Scene()
    scene.rest()
    scene.answer(GO_ESC=ev.Answer.NO_GO)
    scene.attest()
    with refused("CHECKLIST-NO-GO"):
        scene.start()


def test_a_hold_is_decided_by_a_prescriber():
    scene = Scene()
    scene.rest()
    scene.answer(GO_SUBST=ev.Answer.HOLD)
    scene.attest()
    with refused("CHECKLIST-HOLD"):
        scene.start()
    with refused("PRESCRIBER-ONLY"):
        scene.do(ev.HoldAccepted(reason="one glass of wine two days ago"), 9)
    scene.do(ev.HoldAccepted(reason="one glass of wine two days ago"), 9, by=scene.prescriber)
    assert scene.start().session.phase == Phase.INFUSING


def test_the_pump_is_set_as_ordered():
    with refused("RATE-ORDERED"):
        Scene().prepare().do(ev.InfusionStarted(rate_ml_per_h=9), 10)


@pytest.mark.parametrize(
    "event",
    [
        ev.InfusionResumed(),
        ev.InfusionStarted(rate_ml_per_h=90),
        ev.PatientReleased(escort_name="A", escort_relation="b"),
    ],
)
def test_a_command_of_another_phase_is_refused(event):
    scene = Scene().prepare().start()
    with refused("SESSION-PHASE"):
        scene.do(event, 12)


def test_pause_resume_and_rate_count_in_the_delivered_dose():
    scene = Scene().prepare().start()
    scene.do(ev.InfusionPaused(reason="nausea"), 20)
    assert scene.session.phase == Phase.PAUSED
    scene.do(ev.InfusionResumed(), 25)
    scene.do(ev.RateChanged(rate_ml_per_h=45, reason="distress"), 35)
    given = selectors.session_state(scene.session).delivery(at(45))
    assert given.infused_ml == pytest.approx(90 * 20 / 60 + 45 * 10 / 60)


def test_nothing_but_notes_and_corrections_after_release():
    scene = Scene().run().recover().release()
    with refused("SESSION-PHASE"):
        scene.do(ev.SedationScored(moaas=5), 116)
    scene.do(ev.NoteWritten(text="Sister called back."), 117)
    assert scene.monitor(scene.reading(118, spo2_percent=97)) == 0


def test_the_gate_keeps_the_patient_until_it_is_met():
    scene = Scene().run()
    with refused("DISCHARGE-BLOCKED"):
        scene.release()


def test_a_prescriber_may_override_a_criterion():
    scene = Scene().run().recover()
    with refused("DISCHARGE-BLOCKED"):
        scene.release(100)
    with refused("PRESCRIBER-ONLY"):
        scene.do(ev.DischargeCriterionOverridden(criterion="DIS-TIME-IV", reason="escort must leave"), 112)
    scene.do(
        ev.DischargeCriterionOverridden(criterion="DIS-TIME-IV", reason="escort must leave"), 112, by=scene.prescriber
    )
    assert scene.release(112.5).session.phase == Phase.DISCHARGED


def test_the_same_event_id_twice_changes_nothing():
    scene, event_id = Scene().prepare().start(), uuid4()
    before = AuditEvent.objects.count()
    for _ in range(2):
        scene.do(ev.SedationScored(moaas=4), 12, event_id=event_id)
    assert SessionEvent.objects.filter(pk=event_id).count() == 1
    assert AuditEvent.objects.count() == before + 1
    with refused("EVENT-ID-TAKEN"):
        scene.do(ev.SedationScored(moaas=3), 12, event_id=event_id)


def test_the_same_reading_twice_changes_nothing():
    scene = Scene().prepare().start()
    reading = scene.reading(12, spo2_percent=97)
    assert scene.monitor(reading, reading) == 1
    assert scene.monitor(reading) == 0


def test_readings_of_many_sessions_are_written_together():
    scenes = [Scene().prepare().start() for _ in range(3)]
    readings = [scene.reading(12 + n / 60, spo2_percent=97) for scene in scenes for n in range(5)]
    assert services.vital_signs_append(readings=readings) == 15
    assert broken_chains()[1] == []


def test_a_corrected_reading_stays_in_the_log_and_its_alarm_vanishes():
    scene = Scene().prepare().start()
    reading = scene.reading(15, systolic_mmhg=212, diastolic_mmhg=121)
    scene.monitor(reading)
    assert selectors.session_state(scene.session).alarms.current()[0].rule == "ALM-BP-3"
    scene.do(ev.EventCorrected(target=reading.event_id, reason="arm moved", artefact=True), 17)
    assert selectors.session_state(scene.session).alarms.current() == ()
    assert SessionEvent.objects.get(pk=reading.event_id).payload["systolic_mmhg"] == 212


def test_a_correction_needs_its_target_in_this_session():
    scene, other = Scene().prepare().start(), Scene().prepare().start()
    foreign = other.do(ev.SedationScored(moaas=4), 12)
    with refused("CORRECTION-TARGET"):
        scene.do(ev.EventCorrected(target=foreign.pk, reason="wrong patient", artefact=True), 13)
    started = SessionEvent.objects.get(session=scene.session, kind="infusion-started")
    with refused("CORRECTION-KIND"):
        scene.do(ev.EventCorrected(target=started.pk, reason="no", artefact=True), 13)
    opened = SessionEvent.objects.get(session=scene.session, kind="session-opened")
    with refused("CORRECTION-KIND"):
        scene.do(ev.EventCorrected(target=opened.pk, reason="no", artefact=True), 13)


def test_a_later_start_time_is_a_correction():
    """The pump was started at 10, the button pressed at 14: the dose follows the corrected instant."""
    scene = Scene().prepare().start(14)
    started = SessionEvent.objects.get(session=scene.session, kind="infusion-started")
    scene.do(ev.EventCorrected(target=started.pk, reason="record began late", observed_at=at(10)), 15)
    assert scene.session.started_at == at(10)
    assert selectors.session_state(scene.session).delivery(at(20)).infused_ml == pytest.approx(15.0)


@pytest.mark.parametrize("role", [Role.FRONT_DESK, Role.PATIENT])
def test_only_clinicians_write(role):
    scene = Scene().prepare().start()
    with refused("SESSION-ROLE"):
        scene.do(ev.SedationScored(moaas=4), 12, by=make_user(scene.clinic, role))


def test_the_future_is_not_recorded():
    scene = Scene().prepare().start()
    entry = services.Entry(observed_at=at(20), at=at(12))
    with refused("TIME-AHEAD"):
        services.session_command(
            Actor.person(scene.nurse), session=scene.session, event=ev.SedationScored(moaas=4), entry=entry
        )


def test_a_term_that_nobody_knows_and_a_residue_larger_than_the_bag():
    scene = Scene().prepare().start()
    with refused("EVENT-TERM"):
        scene.do(ev.AdverseEventObserved(term="AE-NONE", grade=1), 12)
    with refused("RESIDUAL"):
        scene.do(ev.InfusionStopped(residual_ml=61, early=True, reason="x"), 12)


@pytest.mark.parametrize(
    "statement", ["update visits_sessionevent set payload = '{}'", "delete from visits_sessionevent"]
)
def test_the_database_refuses_to_change_the_log(statement):
    Scene()
    with pytest.raises(IntegrityError, match="REP-APPEND-ONLY"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def tamper(statement, parameters=()):
    """What somebody with the keys of the database could do."""
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute("alter table visits_sessionevent disable trigger session_event_append_only")
        cursor.execute(statement, parameters)
        cursor.execute("alter table visits_sessionevent enable trigger session_event_append_only")


def test_verify_names_the_first_changed_entry():
    scene = Scene().prepare().start()
    row = scene.do(ev.SedationScored(moaas=2), 12)
    scene.do(ev.SedationScored(moaas=5), 13)
    tamper("update visits_sessionevent set payload = '{\"moaas\": 5}' where id = %s", [row.pk])
    _, broken = broken_chains(scene.session.pk)
    assert [(found.seq, found.id, found.problem) for _, found in broken] == [(row.seq, row.pk, "CONTENT")]


def test_verify_holds_while_a_session_goes_on():
    scene = Scene().prepare().start()
    read_before = DosingSession.objects.get(pk=scene.session.pk)
    scene.do(ev.SedationScored(moaas=5), 12)
    assert first_break(read_before) is None


def test_verify_misses_no_removed_entry():
    scene = Scene().prepare().start()
    row = scene.do(ev.SedationScored(moaas=2), 12)
    tamper("delete from visits_sessionevent where id = %s", [row.pk])
    assert broken_chains()[1][0][1].problem == "END"
    with refused("SESSION-UNKNOWN"):
        broken_chains(uuid4())
