"""Consents: each decision is a row, a withdrawal is a later one (CONS-11)."""

from datetime import datetime

from django.db import transaction

from reprieve.clinic.audit.services import Actor, record
from reprieve.clinic.patients.models import Consent, ConsentScope, Patient
from reprieve.errors import InputError


@transaction.atomic
def consent_record(
    actor: Actor, *, patient: Patient, scope: str, permit: bool, version: str, decided_at: datetime
) -> Consent:
    """Write down what the person decided; nothing earlier is changed.

    Raises: InputError CONSENT-SCOPE, CONSENT-VERSION, CONSENT-PERSON.
    """
    if scope not in ConsentScope.values:
        raise InputError("CONSENT-SCOPE", f"There is no consent named {scope}.")
    if not version.strip():
        raise InputError("CONSENT-VERSION", "Name the version of the form that was signed.")
    if actor.user is None:
        raise InputError("CONSENT-PERSON", "A person has to record a consent.")
    consent = Consent.objects.create(
        patient=patient,
        scope=scope,
        permit=permit,
        version=version.strip(),
        decided_at=decided_at,
        recorded_by=actor.user,
    )
    record(actor, "consent.record", entity="Consent", entity_id=consent.id, patient_id=patient.id,
           detail={"scope": scope, "permit": permit, "version": consent.version})  # fmt: skip
    return consent
