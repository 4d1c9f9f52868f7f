"""Signed sessions with a real event log, for the registry tests."""

from datetime import UTC, date, datetime, timedelta

from factories import make_clinic, make_patient, make_user

from reprieve.clinic.audit.services import Actor
from reprieve.clinic.courses.models import Course, DoseOrder, OrderStatus, PlannedSession
from reprieve.clinic.patients.models import Consent, ConsentScope, Observation, Patient
from reprieve.clinic.visits.models import Chair, DosingSession
from reprieve.clinic.visits.services import Entry, event_append, session_open
from reprieve.domain.session import events as ev

FIRST_DOSE_AT = datetime(2026, 3, 2, 15, tzinfo=UTC)
PHQ9_TOTAL = "44261-6"


def make_course(patient: Patient, **fields) -> Course:
    defaults = {
        "regimen_id": "REG-IV-STD6-3W", "indication_id": "IND-TRD", "route": "IV", "starts_on": date(2026, 3, 2),
        "knowledge_hash": "0" * 64, "created_by": make_user(patient.clinic),
    }  # fmt: skip
    return Course.objects.create(patient=patient, **{**defaults, **fields})


def make_checked_order(course: Course, number: int) -> DoseOrder:
    planned = PlannedSession.objects.create(
        course=course, number=number, planned_on=course.starts_on + timedelta(days=number)
    )
    return DoseOrder.objects.create(
        planned_session=planned, status=OrderStatus.CHECKED, weight_kg=80, dosing_weight_kg=80, weight_basis="ACTUAL",
        dose_mg_per_kg="0.5", dose_mg=40, vial_mg_per_ml=50, draw_volume_ml="0.8", bag_volume_ml=40,
        concentration_mg_per_ml=1, rate_ml_per_h=60, duration_min=40, knowledge_hash="0" * 64,
        signed_by=course.created_by, signed_at=FIRST_DOSE_AT,
    )  # fmt: skip


def make_signed_session(
    course: Course, *, day: int = 0, number: int = 1, dosed: bool = True, infusion_min: int = 40
) -> DosingSession:
    """Opened, infused, observed, released and signed on `day` after 2 March 2026."""
    clinic, start_at = course.patient.clinic, FIRST_DOSE_AT + timedelta(days=day)
    actor = Actor.person(course.created_by)
    chair = Chair.objects.create(clinic=clinic, name=f"Chair {day}", code=f"C{course.pk}-{day}"[:40])
    order = make_checked_order(course, number)
    session = session_open(actor, order=order, chair=chair, at=start_at - timedelta(minutes=30))

    def put(minute: int, event) -> None:
        at = start_at + timedelta(minutes=minute)
        event_append(actor, session=session, event=event, entry=Entry(observed_at=at, at=at))

    put(-10, ev.BaselineTaken(systolic_mmhg=122.0, diastolic_mmhg=78.0, spo2_percent=98.0))
    if dosed:
        put(0, ev.InfusionStarted(rate_ml_per_h=60.0))
        put(20, ev.VitalSignsRecorded(systolic_mmhg=151.0, diastolic_mmhg=88.0, spo2_percent=95.0))
        put(25, ev.AdverseEventObserved(term="AE-NAUS", grade=1, note="Mrs Reed asked for Ada"))
        put(26, ev.RescueGiven(kind=ev.RescueKind.ANTIEMETIC, medicine="ondansetron 4 mg IV", reason="nausea"))
        put(infusion_min, ev.InfusionStopped())
        put(infusion_min + 70, ev.PatientReleased(escort_name="Ruth Reed", escort_relation="sister"))
    put(infusion_min + 75, ev.SessionSigned())
    session.refresh_from_db()
    return session


def make_score(patient: Patient, *, day: int, total: int) -> Observation:
    return Observation.objects.create(
        patient=patient, fhir_id=f"Observation/{day}-{total}", loinc=PHQ9_TOTAL, value=total, unit="{score}",
        effective_at=FIRST_DOSE_AT + timedelta(days=day, hours=-6),
    )  # fmt: skip


def make_registry_consent(patient: Patient, *, permit: bool = True, day: int = -5) -> Consent:
    return Consent.objects.create(
        patient=patient, scope=ConsentScope.REGISTRY, permit=permit, version="1",
        decided_at=FIRST_DOSE_AT + timedelta(days=day), recorded_by=make_user(patient.clinic),
    )  # fmt: skip


def make_treated_patient(*, consents: bool = True, **fields) -> tuple[Patient, DosingSession]:
    """One person with a baseline, one signed session and a score eight days later."""
    patient = make_patient(make_clinic(), **fields)
    if consents:
        make_registry_consent(patient)
    make_score(patient, day=-2, total=18)
    session = make_signed_session(make_course(patient))
    make_score(patient, day=8, total=7)
    return patient, session
