"""What runs where, for the gateway; and the quarantine of one clinic."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from reprieve.clinic.accounts.models import Clinic
from reprieve.clinic.devices.models import DeviceMessage, QuarantinedMessage
from reprieve.clinic.patients.models import Patient
from reprieve.clinic.visits.models import Chair, DosingSession
from reprieve.clinic.visits.selectors.sessions import OPEN_PHASES


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """The running sessions of all clinics at one moment, by chair and by record number: one query a batch."""

    clinics: Mapping[str, Clinic]
    at_chair: Mapping[tuple[UUID, str], DosingSession]
    of_mrn: Mapping[tuple[UUID, str], tuple[DosingSession, ...]]

    def sole_clinic(self) -> Clinic | None:
        """The clinic of an installation that has exactly one."""
        clinics = list(self.clinics.values())
        return clinics[0] if len(clinics) == 1 else None


def floor_now() -> Floor:
    """Who sits where, in every clinic of this installation."""
    at_chair: dict[tuple[UUID, str], DosingSession] = {}
    of_mrn: dict[tuple[UUID, str], tuple[DosingSession, ...]] = defaultdict(tuple)
    for session in DosingSession.objects.filter(phase__in=OPEN_PHASES).select_related("chair", "patient", "clinic"):
        of_mrn[(session.clinic_id, session.patient.mrn)] += (session,)
        if session.chair is not None:
            at_chair[(session.clinic_id, session.chair.code)] = session
    clinics = {clinic.slug.casefold(): clinic for clinic in Clinic.objects.all()}
    return Floor(clinics=clinics, at_chair=at_chair, of_mrn=dict(of_mrn))


def all_still_open(session_ids: Collection[UUID]) -> bool:
    """False when one of the sessions was closed since it was looked up."""
    return DosingSession.objects.filter(pk__in=session_ids, phase__in=OPEN_PHASES).count() == len(session_ids)


def has_patient(clinic: Clinic, mrn: str) -> bool:
    return Patient.objects.filter(clinic=clinic, mrn=mrn).exists()


def has_chair(clinic: Clinic, code: str) -> bool:
    return Chair.objects.filter(clinic=clinic, code=code).exists()


def messages_by_hash(hashes: Iterable[str]) -> dict[str, DeviceMessage]:
    """Messages that came before, by content."""
    return {message.sha256: message for message in DeviceMessage.objects.filter(sha256__in=list(hashes))}


def quarantine_of(clinic: Clinic, *, closed: bool = False) -> QuerySet[QuarantinedMessage]:
    """The clinic's entries and those that no clinic could be named for, open or closed, newest first."""
    entries = QuarantinedMessage.objects.select_related("message", "last_message", "closed_by")
    return _visible(entries, clinic).filter(closed_at__isnull=not closed)


def quarantine_get(clinic: Clinic, entry_id: int) -> QuarantinedMessage:
    """One entry.  Raises: Http404 for another clinic's."""
    entries = QuarantinedMessage.objects.select_related("message", "last_message", "closed_by")
    return get_object_or_404(_visible(entries, clinic), pk=entry_id)


def _visible(entries: QuerySet[QuarantinedMessage], clinic: Clinic) -> QuerySet[QuarantinedMessage]:
    return entries.filter(Q(clinic=clinic) | Q(clinic__isnull=True))
