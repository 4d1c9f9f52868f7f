"""What can be read of scores, links and tasks; always of one patient or inside one clinic."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import groupby
from operator import attrgetter
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from reprieve.clinic.accounts.models import Clinic
from reprieve.clinic.outcomes.models import Invitation, QuestionnaireResponse
from reprieve.clinic.patients.models import Observation, Patient, SafetyTask
from reprieve.clinic.visits.codec import VITAL_SIGNS
from reprieve.clinic.visits.log import folded
from reprieve.clinic.visits.models import DosingSession, Phase, SessionEvent
from reprieve.domain.outcomes.scoring import ScoreStatus
from reprieve.domain.session.summary import summary
from reprieve.knowledge.instruments import load_instrument


class Provenance(StrEnum):
    """Answered here, or a total that came with a record and whose answers nobody here has seen."""

    ANSWERED = "answered"
    IMPORTED = "imported"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScorePoint:
    """One score of a series. `item9` is None when it was not answered or is not known."""

    at: datetime
    total: int | None
    status: ScoreStatus
    item9: int | None
    provenance: Provenance
    missing: tuple[int, ...] = ()
    response_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dose:
    """A dose that was started; `course_id` groups doses into series.

    `mg_per_kg` is what was delivered, known once the session is signed; what was ordered never stands in for it.
    """

    at: datetime
    session_id: UUID
    course_id: UUID
    mg_per_kg: float | None = None


def scores_of(patient: Patient, instrument_id: str = "phq-9") -> list[ScorePoint]:
    """Every score of one instrument, oldest first: what was answered here and the totals that were imported."""
    answered = QuestionnaireResponse.objects.filter(patient=patient, instrument_id=instrument_id)
    ours = answered.filter(observation__isnull=False).values("observation")
    instrument = load_instrument(instrument_id)
    totals = Observation.objects.filter(patient=patient, loinc=instrument.total_loinc, value__isnull=False)
    imported = [_imported_point(row, instrument.max_total) for row in totals.exclude(pk__in=ours)]
    return sorted([*map(_answered_point, answered), *imported], key=lambda point: point.at)


def doses_of(patient: Patient) -> list[Dose]:
    """Every dose that was started, oldest first, signed or not."""
    sessions = DosingSession.objects.filter(patient=patient, started_at__isnull=False).order_by("started_at")
    given = _delivered_mg_per_kg([session for session in sessions if session.phase == Phase.SIGNED])
    rows = sessions.values_list("started_at", "id", "order__planned_session__course_id")
    return [
        Dose(at=at, session_id=pk, course_id=course_id, mg_per_kg=given.get(pk))
        for at, pk, course_id in rows
        if at is not None
    ]


def has_been_dosed(patient: Patient) -> bool:
    """Was any dose ever started here?"""
    return DosingSession.objects.filter(patient=patient, started_at__isnull=False).exists()


def last_dose_at(patient: Patient, *, before: datetime) -> datetime | None:
    """When the last dose before an instant was started; a session that nobody has signed yet counts."""
    sessions = DosingSession.objects.filter(patient=patient, started_at__lte=before)
    return sessions.order_by("-started_at").values_list("started_at", flat=True).first()


def token_sha256(token: str) -> str:
    """What is kept of a link's secret; 32 random bytes need no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


def invitation_of_token(token: str) -> Invitation | None:
    """The invitation behind a link, found by the hash of its secret."""
    found = Invitation.objects.select_related("patient__clinic", "patient__user")
    return found.filter(token_sha256=token_sha256(token)).first()


def open_invitations(patient: Patient, *, at: datetime) -> QuerySet[Invitation]:
    """Sent, not answered, not expired."""
    return Invitation.objects.filter(patient=patient, used_at__isnull=True, expires_at__gt=at)


def response_get(clinic: Clinic, response_id: UUID) -> QuestionnaireResponse:
    """Raises: Http404 when there is none in this clinic."""
    found = QuestionnaireResponse.objects.select_related("patient")
    return get_object_or_404(found, patient__clinic=clinic, pk=response_id)


def open_tasks(clinic: Clinic) -> QuerySet[SafetyTask]:
    """Open tasks, those due first at the top; a task without a due time comes last."""
    tasks = SafetyTask.objects.filter(patient__clinic=clinic, closed_at__isnull=True)
    return tasks.select_related("patient").order_by("due_at", "opened_at")


def open_task_count(patient: Patient) -> int:
    """How many tasks about this person wait for somebody."""
    return SafetyTask.objects.filter(patient=patient, closed_at__isnull=True).count()


def recently_closed_tasks(clinic: Clinic, *, at: datetime, days: int = 30) -> QuerySet[SafetyTask]:
    """Tasks closed in the last days, newest first."""
    tasks = SafetyTask.objects.filter(patient__clinic=clinic, closed_at__gt=at - timedelta(days=days))
    return tasks.select_related("patient", "closed_by").order_by("-closed_at")


def task_get(clinic: Clinic, task_id: UUID) -> SafetyTask:
    """Raises: Http404 when there is none in this clinic."""
    return get_object_or_404(SafetyTask.objects.select_related("patient"), patient__clinic=clinic, pk=task_id)


def _delivered_mg_per_kg(sessions: Sequence[DosingSession]) -> dict[UUID, float]:
    """Folded from the logs in one query; what monitors sent does not bear on the dose."""
    events = SessionEvent.objects.filter(session__in=sessions).exclude(kind=VITAL_SIGNS, author=None)
    logs = groupby(events.order_by("session_id", "seq"), key=attrgetter("session_id"))
    ended_at = {session.pk: session.ended_at for session in sessions}
    return {
        pk: summary(folded(log).state, now_at=end).delivered_mg_per_kg
        for pk, log in logs
        if (end := ended_at[pk]) is not None
    }


def _answered_point(response: QuestionnaireResponse) -> ScorePoint:
    return ScorePoint(
        at=response.answered_at,
        total=response.total,
        status=ScoreStatus(response.status),
        item9=response.item9,
        provenance=Provenance.ANSWERED,
        missing=tuple(response.missing),
        response_id=response.id,
    )


def _imported_point(row: Observation, max_total: int) -> ScorePoint:
    """A total that this instrument cannot have (45, or 12.5) is shown as not scorable, not rounded and not dropped."""
    possible = row.value is not None and row.value.is_integer() and 0 <= row.value <= max_total
    total = int(row.value) if possible and row.value is not None else None
    return ScorePoint(
        at=row.effective_at,
        total=total,
        status=ScoreStatus.NOT_SCORABLE if total is None else ScoreStatus.COMPLETE,
        item9=None,
        provenance=Provenance.IMPORTED,
    )
