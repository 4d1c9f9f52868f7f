"""Writes of the registry: enrol, send, withdraw. A person's rows are always replaced as a whole.

Ids are committed before anything is written to the store, and the store is written before its outcome is recorded.
Whatever fails in between, the next run finds the ids and sends the same rows again; no row is left without an owner.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

import msgspec
from django.conf import settings
from django.db import transaction

from reprieve.clinic.audit.services import Actor, Detail, record
from reprieve.clinic.patients.models import ConsentScope, Patient
from reprieve.clinic.patients.selectors import consent_in_force
from reprieve.clinic.research.gathering import source_record
from reprieve.clinic.research.models import Outcome, RegistryParticipant, Submission
from reprieve.clinic.visits.models import DosingSession
from reprieve.clinic.visits.selectors.sessions import signed_sessions_of
from reprieve.registry.quality import DataFinding
from reprieve.registry.rows import Package
from reprieve.registry.store import RegistryStore
from reprieve.registry.submission import Prepared, prepare

_NO_DOSE = {"rule": "REG-NO-DOSE", "severity": "E", "sentence": "No dose was started in this session."}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Enrolled:
    participant: RegistryParticipant
    sessions: Sequence[DosingSession]
    row_ids: dict[UUID, UUID]


def submission_make(actor: Actor, *, session: DosingSession, at: datetime) -> Submission:
    """Send what the registry may have of a signed session's person; safe to run again.

    Raises: OSError when the store cannot be written (the job tries again).
    """
    person_submit(actor, patient=session.patient, at=at)
    return Submission.objects.get(session=session)


def person_submit(actor: Actor, *, patient: Patient, at: datetime) -> None:
    """Bring the registry's rows of one person up to date with the chart, the scores and the consent.

    Consent covers the whole course, earlier sessions included. Without it nothing leaves, and what had left is
    deleted. Raises: OSError when the store cannot be written.
    """
    consent = consent_in_force(patient, ConsentScope.REGISTRY)
    if consent is None or not consent.permit:
        _withhold(actor, patient=patient, at=at)
        return
    enrolled = _enrol(actor, patient=patient, at=at)
    if not enrolled.sessions:
        return
    source = source_record(patient, enrolled.sessions, enrolled.row_ids)
    prepared = None if source is None else prepare(
        source, study_id=enrolled.participant.study_id, as_of_on=at.astimezone(patient.clinic.zone).date()
    )  # fmt: skip
    _send(actor, enrolled=enrolled, prepared=prepared, at=at)


@transaction.atomic
def _enrol(actor: Actor, *, patient: Patient, at: datetime) -> _Enrolled:
    """Give the person and each signed session their random ids; new ones for who comes back after a withdrawal."""
    Patient.objects.select_for_update().get(pk=patient.pk)
    sessions = list(signed_sessions_of(patient))
    participant, is_new = RegistryParticipant.objects.get_or_create(patient=patient, defaults={"created_at": at})
    if participant.withdrawn_at is not None:
        is_new = True
        participant.study_id, participant.withdrawn_at, participant.content_hash = uuid4(), None, ""
        participant.save(update_fields=["study_id", "withdrawn_at", "content_hash"])
        for former in Submission.objects.filter(session__patient=patient):
            former.row_id = uuid4()
            former.save(update_fields=["row_id"])
    if is_new:
        record(actor, "registry.enrol", entity="RegistryParticipant", entity_id=participant.pk, patient_id=patient.pk)
    row_ids = {session.pk: _submission(session, at=at).row_id for session in sessions}
    return _Enrolled(participant=participant, sessions=sessions, row_ids=row_ids)


def _submission(session: DosingSession, *, at: datetime) -> Submission:
    found, _ = Submission.objects.get_or_create(
        session=session,
        defaults={"event_hash": session.last_hash, "event_seq": session.last_seq, "created_at": at},
    )
    return found


@transaction.atomic
def _send(actor: Actor, *, enrolled: _Enrolled, prepared: Prepared | None, at: datetime) -> None:
    """Write the package if it says something new, then record what became of each session."""
    participant = RegistryParticipant.objects.select_for_update().get(pk=enrolled.participant.pk)
    package = None if prepared is None else prepared.package
    if package is not None:
        _replace_rows(actor, participant=participant, package=package, at=at)
    participant.findings = [] if prepared is None else [_as_stored(finding) for finding in prepared.outcomes]
    participant.save(update_fields=["findings"])
    for session in enrolled.sessions:
        _settle(actor, session=session, prepared=prepared, at=at)


def _replace_rows(actor: Actor, *, participant: RegistryParticipant, package: Package, at: datetime) -> None:
    content_hash = _content_hash(package)
    if content_hash == participant.content_hash:
        return
    version = registry_store().submit(package)
    participant.content_hash, participant.submitted_at = content_hash, at
    participant.save(update_fields=["content_hash", "submitted_at"])
    detail: Detail = {"version": version, "sessions": len(package.sessions), "scores": len(package.scores)}
    record(
        actor,
        "registry.submit",
        entity="RegistryParticipant",
        entity_id=participant.pk,
        patient_id=participant.patient_id,
        detail=detail,
    )


def _settle(actor: Actor, *, session: DosingSession, prepared: Prepared | None, at: datetime) -> None:
    submission = Submission.objects.get(session=session)
    found = None if prepared is None else prepared.sessions.get(submission.row_id)
    findings = [_NO_DOSE] if found is None else [_as_stored(finding) for finding in found]
    refused = prepared is None or found is None or prepared.rejected(submission.row_id)
    outcome = Outcome.REJECTED if refused else Outcome.ACCEPTED
    after = (outcome, findings, session.last_hash)
    if (submission.outcome, submission.findings, submission.event_hash) == after:
        return
    submission.outcome, submission.findings, submission.event_hash = after
    submission.event_seq, submission.submitted_at = session.last_seq, None if refused else at
    submission.save(update_fields=["outcome", "findings", "event_hash", "event_seq", "submitted_at"])
    record(actor, f"registry.{outcome.value}", entity="Submission", entity_id=submission.pk,
           patient_id=session.patient_id, detail={"rules": [finding["rule"] for finding in findings]})  # fmt: skip


@transaction.atomic
def _withhold(actor: Actor, *, patient: Patient, at: datetime) -> None:
    """Without consent: delete what the registry has, and note for each signed session that nothing left."""
    Patient.objects.select_for_update().get(pk=patient.pk)
    participant = RegistryParticipant.objects.filter(patient=patient, withdrawn_at=None).first()
    if participant is not None:
        registry_store().withdraw(participant.study_id)
        participant.withdrawn_at, participant.content_hash = at, ""
        participant.save(update_fields=["withdrawn_at", "content_hash"])
        Submission.objects.filter(session__patient=patient).update(
            outcome=Outcome.WITHDRAWN, findings=[], submitted_at=None
        )
        record(actor, "registry.withdraw", entity="RegistryParticipant", entity_id=participant.pk,
               patient_id=patient.pk)  # fmt: skip
    for session in signed_sessions_of(patient).filter(submission=None):
        submission = Submission.objects.create(
            session=session, outcome=Outcome.NO_CONSENT, event_hash=session.last_hash, event_seq=session.last_seq,
            created_at=at,
        )  # fmt: skip
        record(actor, "registry.no_consent", entity="Submission", entity_id=submission.pk, patient_id=patient.pk)


def registry_store() -> RegistryStore:
    """The store of this installation."""
    return RegistryStore(settings.REGISTRY_STORE)


def _content_hash(package: Package) -> str:
    rows = [package.person, *package.sessions, *package.scores]
    return hashlib.sha256(msgspec.json.encode(rows)).hexdigest()


def _as_stored(finding: DataFinding) -> dict[str, str]:
    return {"rule": finding.rule, "severity": finding.severity.value, "sentence": finding.sentence}
