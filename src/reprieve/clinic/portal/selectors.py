"""What a patient sees of their own record, and nobody else's."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from reprieve.clinic.accounts.models import Clinic, User
from reprieve.clinic.courses.models import CourseStatus, PlannedSession
from reprieve.clinic.outcomes.models import Invitation
from reprieve.clinic.patients.models import Patient


@dataclass(frozen=True, slots=True, kw_only=True)
class NextSession:
    """The next planned session of a running course."""

    planned: PlannedSession
    of: int
    is_today: bool


def patient_of(user: User) -> Patient | None:
    """The record that belongs to a signed-in patient; None until the clinic has linked one."""
    return Patient.objects.select_related("clinic").filter(user=user).first()


def only_clinic() -> Clinic | None:
    """The clinic of this program, when there is exactly one; an open page cannot know among several."""
    found = list(Clinic.objects.all()[:2])
    return found[0] if len(found) == 1 else None


def own_invitation(user: User, invitation_id: UUID) -> Invitation:
    """Raises: Http404 when this invitation was sent to somebody else."""
    patient = patient_of(user)
    if patient is None:
        raise Http404
    return get_object_or_404(Invitation.objects.select_related("patient__clinic"), patient=patient, pk=invitation_id)


def next_session(patient: Patient, *, at: datetime) -> NextSession | None:
    """The first session from today on that has not begun."""
    today = timezone.localdate(at, timezone=patient.clinic.zone)
    planned = (
        _sessions(patient)
        .filter(planned_on__gte=today)
        .exclude(orders__dosing_session__started_at__isnull=False)
        .order_by("planned_on", "number")
        .first()
    )
    if planned is None:
        return None
    return NextSession(
        planned=planned, of=planned.course.planned_sessions.count(), is_today=planned.planned_on == today
    )


def _sessions(patient: Patient) -> QuerySet[PlannedSession]:
    running = PlannedSession.objects.filter(course__patient=patient, course__status=CourseStatus.ACTIVE)
    return running.select_related("course")
