"""Running sessions for the tests of monitors and their gateway."""

from datetime import UTC, date, datetime
from itertools import count

from factories import make_patient, make_user

from reprieve.clinic.courses.models import Course, DoseOrder, OrderStatus, PlannedSession
from reprieve.clinic.visits.models import Chair, DosingSession, Phase

OPENED_AT = datetime(2026, 1, 15, 14, 30, tzinfo=UTC)
_numbers = count(1)


def make_running_session(
    clinic, *, mrn="MRN123", chair="CHAIR2", opened_at=OPENED_AT, phase=Phase.INFUSING, patient=None
):
    """A session as the gateway finds it; written past the services, which ask for two people and a checklist."""
    user = make_user(clinic, username=f"opener-{next(_numbers)}")
    patient = patient or make_patient(clinic, mrn=mrn)
    course = patient.courses.first() or Course.objects.create(
        patient=patient, regimen_id="REG-IV-STD6-3W", indication_id="IND-TRD", route="IV", starts_on=date(2026, 1, 12),
        knowledge_hash="0" * 64, created_by=user,
    )  # fmt: skip
    number = course.planned_sessions.count() + 1
    planned = PlannedSession.objects.create(course=course, number=number, planned_on=date(2026, 1, 14 + number))
    order = DoseOrder.objects.create(
        planned_session=planned, status=OrderStatus.CHECKED, weight_kg=80, dosing_weight_kg=80, weight_basis="actual",
        dose_mg_per_kg="0.5", dose_mg=40, vial_mg_per_ml=50, draw_volume_ml="0.8", bag_volume_ml=100,
        concentration_mg_per_ml="0.4", rate_ml_per_h=150, duration_min=40, knowledge_hash="0" * 64, signed_by=user,
        signed_at=opened_at,
    )  # fmt: skip
    place = Chair.objects.get_or_create(clinic=clinic, code=chair, defaults={"name": chair})[0] if chair else None
    return DosingSession.objects.create(
        clinic=clinic, patient=patient, order=order, chair=place, phase=phase, opened_at=opened_at, opened_by=user
    )
