"""What can be read of the registry: measures over its store, and this clinic's own submissions."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db.models import Count, QuerySet

from reprieve.clinic.accounts.models import Clinic
from reprieve.clinic.research.models import RegistryParticipant, Submission
from reprieve.clinic.visits.models import DosingSession, Phase
from reprieve.registry.measures import response_after_induction as measure
from reprieve.registry.store import RegistryStore

_KEPT_ANSWERS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    raw: measure.RawCounts | None
    has_synthetic: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureAnswer:
    """The released measure, or None when the store holds nobody of this kind."""

    result: measure.Result | None
    has_synthetic: bool


def response_after_induction(*, synthetic: bool, generated_at: datetime) -> MeasureAnswer:
    """The measure over everybody in the store, under disclosure control; computed anew when the store changed."""
    root = Path(settings.REGISTRY_STORE)
    fingerprint = RegistryStore(root).fingerprint()
    if fingerprint is None:
        return MeasureAnswer(result=None, has_synthetic=False)
    answer = _count(root, fingerprint, synthetic)
    if answer.raw is None:
        return MeasureAnswer(result=None, has_synthetic=answer.has_synthetic)
    released = measure.release(answer.raw, generated_at=generated_at, synthetic=synthetic)
    return MeasureAnswer(result=released, has_synthetic=answer.has_synthetic)


@lru_cache(maxsize=_KEPT_ANSWERS)
def _count(root: Path, fingerprint: tuple[int, ...], synthetic: bool) -> _Answer:
    with RegistryStore(root).reading() as tables:
        raw = measure.count(tables, synthetic=synthetic)
        has_synthetic = bool(tables.people.filter(tables.people.synthetic).limit(1).to_pyarrow().num_rows)
    return _Answer(raw=raw if raw.started else None, has_synthetic=has_synthetic)


def submissions_of(clinic: Clinic) -> QuerySet[Submission]:
    """Every signed session of the clinic that the registry has dealt with, newest first."""
    related = Submission.objects.select_related("session__patient", "session__order__planned_session")
    return related.filter(session__clinic=clinic)


def findings_of(patient_ids: Iterable[UUID]) -> dict[UUID, list[dict[str, str]]]:
    """What was found about the scores and the baseline of these people."""
    rows = RegistryParticipant.objects.filter(patient_id__in=patient_ids)
    return dict(rows.values_list("patient_id", "findings"))


def submission_counts(clinic: Clinic) -> dict[str, int]:
    """How many of the clinic's signed sessions ended in each outcome."""
    rows = Submission.objects.filter(session__clinic=clinic).order_by().values_list("outcome").annotate(n=Count("pk"))
    return dict(rows)


def unsent_count(clinic: Clinic) -> int:
    """Signed sessions that the job process has not come to yet."""
    return DosingSession.objects.filter(clinic=clinic, phase=Phase.SIGNED, submission=None).count()


def patients_to_refresh() -> Iterable[UUID]:
    """Everybody of every clinic with a signed session; for the nightly job only."""
    return DosingSession.objects.filter(phase=Phase.SIGNED).order_by().values_list("patient_id", flat=True).distinct()
