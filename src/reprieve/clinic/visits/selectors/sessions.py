"""Which session: by id, chair or record number."""

from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from reprieve.clinic.accounts.models import Clinic
from reprieve.clinic.patients.models import Patient
from reprieve.clinic.visits.models import Chair, DosingSession, Phase

OPEN_PHASES = (Phase.PREPARING, Phase.INFUSING, Phase.PAUSED, Phase.OBSERVING)


def _related() -> QuerySet[DosingSession]:
    return DosingSession.objects.select_related(
        "clinic", "patient", "chair", "order__planned_session__course", "order__signed_by", "opened_by"
    )


def session_get(clinic: Clinic, session_id: UUID) -> DosingSession:
    """One session of this clinic.  Raises: Http404 for any other."""
    return get_object_or_404(_related(), clinic=clinic, pk=session_id)


def open_sessions(clinic: Clinic) -> QuerySet[DosingSession]:
    """Sessions with a patient in the chair, in the order of the chairs."""
    return _related().filter(clinic=clinic, phase__in=OPEN_PHASES).order_by("chair__name", "opened_at")


def active_session_at_chair(clinic: Clinic, chair_code: str) -> DosingSession | None:
    """The session that runs at the chair a monitor names in PV1-3."""
    return open_sessions(clinic).filter(chair__code=chair_code).first()


def active_session_of_mrn(clinic: Clinic, mrn: str) -> DosingSession | None:
    """The running session of the patient a monitor names in PID-3."""
    return open_sessions(clinic).filter(patient__mrn=mrn).first()


def sessions_of(patient: Patient) -> QuerySet[DosingSession]:
    """Every session of one patient, newest first."""
    return _related().filter(patient=patient).order_by("-opened_at")


def signed_sessions_of(patient: Patient) -> QuerySet[DosingSession]:
    """Sessions whose record is signed, oldest first."""
    return _related().filter(patient=patient, phase=Phase.SIGNED).order_by("started_at")


def chairs_free(clinic: Clinic) -> QuerySet[Chair]:
    """Chairs in which nobody sits."""
    taken = open_sessions(clinic).filter(chair__isnull=False).values("chair")
    return Chair.objects.filter(clinic=clinic).exclude(pk__in=taken.order_by())
