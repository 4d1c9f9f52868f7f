"""Filing: what a monitor sends is kept, bound to the one right session, charted once, and answered."""

from datetime import UTC, datetime, timedelta

import pytest
from device_rows import make_running_session
from django.db import IntegrityError
from factories import make_clinic, make_patient
from oru_messages import MMHG, PERCENT, SYS, obx, oru, pressure

from reprieve.clinic.devices.models import DeviceMessage, Outcome, QuarantinedMessage
from reprieve.clinic.devices.services import filing
from reprieve.clinic.devices.services.filing import messages_file
from reprieve.clinic.devices.verdict import Incoming
from reprieve.clinic.devices.wording import rows_sentence
from reprieve.clinic.visits.models import Chair, Phase, SessionEvent
from reprieve.interop.hl7v2.ack import Answer
from reprieve.interop.hl7v2.message import REFUSED, LeftRow
from reprieve.interop.hl7v2.mllp import FrameFault

pytestmark = pytest.mark.django_db
RECEIVED_AT = datetime(2026, 1, 15, 15, 5, 13, tzinfo=UTC)


@pytest.fixture
def clinic():
    return make_clinic()


def send(*contents, at=RECEIVED_AT, **settings):
    return messages_file([Incoming(content=content, received_at=at) for content in contents], **settings)


def only(*contents, **settings):
    (reply,) = send(*contents, **settings)
    return reply


def test_vital_signs_reach_the_log_with_their_device_and_both_instants(clinic):
    session = make_running_session(clinic)
    reply = only(oru(*pressure(), obx()))
    assert (reply.answer, reply.code) == (Answer.ACCEPTED, "")
    cuff, oximeter = SessionEvent.objects.filter(session=session).order_by("observed_at")
    assert (cuff.payload["systolic_mmhg"], cuff.payload["diastolic_mmhg"]) == (141.0, 86.0)
    assert oximeter.payload["spo2_percent"] == 97.0
    assert (oximeter.observed_at, oximeter.received_at) == (RECEIVED_AT - timedelta(seconds=1), RECEIVED_AT)
    assert cuff.device == "0012210000000001"
    message = DeviceMessage.objects.get()
    assert (message.outcome, message.readings, message.session) == (Outcome.FILED, 2, session)
    assert bytes(message.content) == oru(*pressure(), obx())


def test_a_message_sent_again_is_accepted_again_and_doubles_nothing(clinic):
    make_running_session(clinic)
    first, twin = send(oru(obx()), oru(obx()))
    later = only(oru(obx()), at=RECEIVED_AT + timedelta(seconds=5))
    assert [one.answer for one in (first, twin, later)] == [Answer.ACCEPTED] * 3
    assert [one.is_repeat for one in (first, twin, later)] == [False, True, True]
    assert b"MSA|AA|MSG1" in later.ack
    assert SessionEvent.objects.count() == DeviceMessage.objects.count() == 1


def test_a_cuff_pressure_repeated_in_the_next_message_is_one_pressure(clinic):
    session = make_running_session(clinic)
    send(oru(*pressure(), obx()))
    send(
        oru(*pressure(), obx(value="96", at="20260115100517-0500"), control_id="MSG2"),
        at=RECEIVED_AT + timedelta(seconds=5),
    )
    events = SessionEvent.objects.filter(session=session)
    assert sum(event.payload.get("systolic_mmhg") is not None for event in events) == 1
    assert events.count() == 3


def test_the_chair_alone_is_enough_when_a_session_runs_there(clinic):
    session = make_running_session(clinic)
    assert only(oru(obx(), mrn="")).answer is Answer.ACCEPTED
    assert DeviceMessage.objects.get().session == session


def test_the_patient_alone_is_enough(clinic):
    session = make_running_session(clinic, chair=None)
    assert only(oru(obx(), chair="")).answer is Answer.ACCEPTED
    assert DeviceMessage.objects.get().session == session


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"mrn": "MRN999"}, "UNKNOWN-PATIENT"),
        ({"mrn": "MRN999", "chair": ""}, "UNKNOWN-PATIENT"),
        ({"mrn": "IDLE", "chair": ""}, "NO-SESSION"),
        ({"mrn": "IDLE"}, "CHAIR-PATIENT-MISMATCH"),
        ({"chair": "CHAIR7"}, "CHAIR-PATIENT-MISMATCH"),
        ({"mrn": "", "chair": "CHAIR7"}, "NO-SESSION"),
        ({"mrn": "", "chair": "CHAIR8"}, "UNKNOWN-CHAIR"),
        ({"mrn": "", "chair": ""}, "NOT-ADDRESSED"),
        ({"processing": "T"}, "SIMULATED"),
        ({"processing": "D"}, "SIMULATED"),
    ],
)
def test_what_cannot_be_bound_waits_in_quarantine(clinic, parts, code):
    make_running_session(clinic)
    make_patient(clinic, mrn="IDLE")
    Chair.objects.create(clinic=clinic, name="Seven", code="CHAIR7")
    reply = only(oru(obx(), **parts))
    assert (reply.answer, reply.code) == (Answer.ERROR, code)
    assert b"MSA|AE|MSG1\rERR||" in reply.ack
    entry = QuarantinedMessage.objects.get()
    assert (entry.code, entry.clinic) == (code, clinic)
    assert entry.sentence.encode() in reply.ack.replace(b"\\T\\", b"&")
    assert not SessionEvent.objects.exists()


def test_two_running_sessions_of_one_person_are_not_chosen_between(clinic):
    first = make_running_session(clinic)
    make_running_session(clinic, chair="CHAIR3", patient=first.patient)
    assert only(oru(obx(), chair="")).code == "TWO-SESSIONS"
    assert only(oru(obx(), control_id="MSG2")).answer is Answer.ACCEPTED


def test_a_session_that_is_over_takes_nothing(clinic):
    make_running_session(clinic, phase=Phase.DISCHARGED)
    assert only(oru(obx())).code == "NO-SESSION"


def test_training_messages_enter_only_a_clinic_that_lets_them_in_and_say_so(clinic):
    make_running_session(clinic)
    assert only(oru(obx(), processing="T"), simulated_allowed=frozenset({clinic.slug})).answer is Answer.ACCEPTED
    assert SessionEvent.objects.get().device == "SIM 0012210000000001"


def test_a_refused_row_is_shown_and_the_others_are_charted(clinic):
    make_running_session(clinic)
    reply = only(oru(*pressure(), obx(value="130")))
    assert (reply.answer, reply.code) == (Answer.ACCEPTED, "ROWS-REFUSED")
    assert b"|W|ROWS-REFUSED|" in reply.ack
    assert DeviceMessage.objects.get().outcome == Outcome.PARTLY
    assert SessionEvent.objects.count() == 1
    assert "4 (150456) is a value that cannot be." in QuarantinedMessage.objects.get().sentence


def test_a_message_with_nothing_usable_is_an_error(clinic):
    make_running_session(clinic)
    reply = only(oru(*[obx(SYS, f"{200 + n}", "stone") for n in range(6)], obx(unit=MMHG)))
    assert (reply.answer, reply.code) == (Answer.ERROR, "ROWS-REFUSED")
    assert "and 3 more" in QuarantinedMessage.objects.get().sentence


def test_every_reason_to_refuse_a_row_has_its_words():
    rows = [LeftRow(row=number, reason=reason, code="1") for number, reason in enumerate(sorted(REFUSED))]
    assert all("(1) " in rows_sentence([row]) for row in rows)


def test_a_probe_that_fell_off_is_no_trouble(clinic):
    make_running_session(clinic)
    assert only(oru(obx(value="---"))).answer is Answer.ACCEPTED
    assert DeviceMessage.objects.get().outcome == Outcome.NOTHING
    assert not QuarantinedMessage.objects.exists()


def test_a_clock_that_is_ahead_would_make_old_values_look_fresh(clinic):
    make_running_session(clinic)
    reply = only(oru(obx()), at=RECEIVED_AT - timedelta(minutes=3))
    assert (reply.answer, reply.code) == (Answer.ERROR, "CLOCK-AHEAD")
    assert not SessionEvent.objects.exists()


def test_a_late_message_is_charted_with_a_doubt(clinic):
    make_running_session(clinic)
    reply = only(oru(obx()), at=RECEIVED_AT + timedelta(minutes=3))
    assert (reply.answer, reply.code) == (Answer.ACCEPTED, "CLOCK-BEHIND")
    assert SessionEvent.objects.count() == 1


def test_the_last_pressure_of_the_patient_before_is_not_charted(clinic):
    make_running_session(clinic, opened_at=RECEIVED_AT - timedelta(seconds=5))
    assert only(oru(*pressure(), obx())).answer is Answer.ACCEPTED  # the cuff was inflated 15 s ago
    assert [event.payload["spo2_percent"] for event in SessionEvent.objects.all()] == [97.0]
    assert only(oru(*pressure(), control_id="MSG2")).code == "BEFORE-SESSION"


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"hello", "HL7-MSH"), (oru(obx(), kind="ADT^A01"), "HL7-TYPE"), (oru(obx(), extra=("RXA|1",)), "HL7-SEGMENT"),
     (oru(obx()).replace(b"MRN123", b"M\x00"), "HL7-CHARSET")],
)  # fmt: skip
def test_what_is_not_understood_is_rejected_and_kept(clinic, content, code):
    reply = only(content)
    assert (reply.answer, reply.code) == (Answer.REJECTED, code)
    assert bytes(DeviceMessage.objects.get().content) == content
    assert QuarantinedMessage.objects.get().code == code
    assert only(content).is_repeat
    assert QuarantinedMessage.objects.get().count == 1


def test_broken_frames_are_rejected(clinic):
    incoming = Incoming(content=b"\x00junk", received_at=RECEIVED_AT, fault=FrameFault.NOT_FRAMED)
    (reply,) = messages_file([incoming])
    assert (reply.answer, reply.code) == (Answer.REJECTED, "HL7-FRAME")


def test_each_clinic_gets_what_names_it(clinic):
    other = make_clinic("Hill Clinic")
    here, there = make_running_session(clinic), make_running_session(other)
    send(oru(obx(), facility=clinic.slug), oru(obx(), facility=other.slug.upper(), control_id="MSG2"))
    assert set(DeviceMessage.objects.values_list("session", "clinic")) == {
        (here.pk, clinic.pk), (there.pk, other.pk)
    }  # fmt: skip
    assert only(oru(obx(), control_id="MSG3"), home=other).answer is Answer.ACCEPTED


def test_among_many_clinics_a_message_without_a_name_belongs_to_none(clinic):
    make_running_session(clinic)
    make_clinic("Hill Clinic")
    assert only(oru(obx(), facility="elsewhere")).code == "UNKNOWN-CLINIC"
    assert only(b"garbage").code == "HL7-MSH"
    assert set(QuarantinedMessage.objects.values_list("clinic", flat=True)) == {None}


def test_a_session_closed_in_the_same_moment_sends_its_reading_to_quarantine(clinic, monkeypatch):
    session = make_running_session(clinic)
    append = filing.vital_signs_append

    def close_first(*, readings):
        session.phase = Phase.DISCHARGED
        session.save()
        return append(readings=readings)

    monkeypatch.setattr(filing, "vital_signs_append", close_first)
    reply = only(oru(obx()))
    assert (reply.answer, reply.code) == (Answer.ERROR, "NOT-FILED")
    assert not SessionEvent.objects.exists()


def test_one_message_that_spoils_the_transaction_does_not_hold_up_the_others(clinic, monkeypatch):
    make_running_session(clinic)
    make_running_session(clinic, mrn="MRN5", chair="CHAIR5")
    append = filing.vital_signs_append

    def refuse_ninety(*, readings):
        if any(reading.spo2_percent == 90 for reading in readings):
            raise IntegrityError("event_sequence_once")
        return append(readings=readings)

    monkeypatch.setattr(filing, "vital_signs_append", refuse_ninety)
    bad, good = send(oru(obx(value="90")), oru(obx(), mrn="MRN5", chair="CHAIR5", control_id="MSG2"))
    assert [(one.answer, one.code) for one in (bad, good)] == [(Answer.ERROR, "NOT-FILED"), (Answer.ACCEPTED, "")]
    assert "event_sequence_once" in QuarantinedMessage.objects.get().sentence


def test_a_batch_costs_a_fixed_number_of_queries(clinic, django_assert_max_num_queries):
    for number in range(20):
        make_running_session(clinic, mrn=f"M{number}", chair=f"C{number}")
    messages = [oru(obx(unit=PERCENT), mrn=f"M{n}", chair=f"C{n}", control_id=f"X{n}") for n in range(20)]
    with django_assert_max_num_queries(54):  # 40 of them are the audit row and the NOTIFY of each of the 20 sessions
        assert all(reply.answer is Answer.ACCEPTED for reply in send(*messages))
