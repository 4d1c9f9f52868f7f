"""Questionnaires answered and doses given, for the tests of scores and phone pages."""

from datetime import UTC, date, datetime, timedelta
from itertools import count

from factories import make_user

from reprieve.clinic.audit.services import Actor
from reprieve.clinic.courses.models import Course, DoseOrder, OrderStatus, PlannedSession
from reprieve.clinic.outcomes.models import Mode
from reprieve.clinic.outcomes.services import invitation_send, response_record
from reprieve.clinic.patients.models import Observation
from reprieve.clinic.visits.models import Chair
from reprieve.clinic.visits.services.append import Entry, event_append
from reprieve.clinic.visits.services.opening import session_open
from reprieve.domain.session.events import InfusionStarted, InfusionStopped, SessionSigned

FIRST_DOSE_AT = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
_numbers = count(1)


def answered(*values):
    """Answers in printed order; None is no answer."""
    return dict(enumerate(values, start=1))


def total_of(total, *, item9=0):
    """PHQ-9 answers with this total; item 9 as given, the rest filled from item 1 on."""
    rest = total - item9
    return answered(*(min(3, max(0, rest - 3 * place)) for place in range(8)), item9)


def make_score(patient, answers, *, at, mode=Mode.LINK, instrument_id="phq-9"):
    """A questionnaire that was sent an hour before and answered."""
    actor = Actor.program("test", patient.clinic)
    invitation, _ = invitation_send(actor, patient=patient, instrument_id=instrument_id, at=at - timedelta(hours=1))
    return response_record(actor, invitation=invitation, answers=answers, mode=mode, at=at)


def make_imported_total(patient, value, *, at):
    """A PHQ-9 total as an import leaves it."""
    return Observation.objects.create(
        patient=patient, fhir_id=f"Observation/{next(_numbers)}", loinc="44261-6", effective_at=at, value=value,
        unit="{score}", display="PHQ-9 total",
    )  # fmt: skip


def make_planned_course(patient, *, starts_on=date(2026, 3, 2), sessions=6):
    """A course with sessions on consecutive days; written past the service, which asks for a candidacy decision."""
    course = Course.objects.create(
        patient=patient, regimen_id="REG-IV-STD6-3W", indication_id="IND-TRD", route="IV", starts_on=starts_on,
        knowledge_hash="0" * 64, created_by=make_user(patient.clinic),
    )  # fmt: skip
    for number in range(1, sessions + 1):
        planned_on = starts_on + timedelta(days=number - 1)
        PlannedSession.objects.create(course=course, number=number, planned_on=planned_on)
    return course


def make_dose(course, number=1, *, at=FIRST_DOSE_AT, signed=True):
    """An infusion of 40 mg (0.5 mg/kg at 80 kg) from start to signature, through the log."""
    patient = course.patient
    actor = Actor.person(make_user(patient.clinic, username=f"doser-{next(_numbers)}"))
    order = DoseOrder.objects.create(
        planned_session=course.planned_sessions.get(number=number), status=OrderStatus.CHECKED, weight_kg=80,
        dosing_weight_kg=80, weight_basis="actual", dose_mg_per_kg="0.5", dose_mg=40, vial_mg_per_ml=50,
        draw_volume_ml="0.8", bag_volume_ml=100, concentration_mg_per_ml="0.4", rate_ml_per_h=150, duration_min=40,
        knowledge_hash="0" * 64, signed_by=actor.user, signed_at=at,
    )  # fmt: skip
    chair = Chair.objects.create(clinic=patient.clinic, name="Chair", code=f"DOSE{next(_numbers)}")
    session = session_open(actor, order=order, chair=chair, at=at)
    happened = [(0, InfusionStarted(rate_ml_per_h=150.0)), (40, InfusionStopped(residual_ml=0.0))]
    if signed:
        happened.append((120, SessionSigned()))
    for minute, event in happened:
        then = at + timedelta(minutes=minute)
        event_append(actor, session=session, event=event, entry=Entry(observed_at=then, at=then))
    session.refresh_from_db()
    return session
