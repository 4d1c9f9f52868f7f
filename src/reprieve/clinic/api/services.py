"""Writes: a token is used up, and who asked what stands in the audit trail. Nothing of a patient is kept."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from reprieve.clinic.api.models import UsedToken
from reprieve.clinic.api.tokens import Caller
from reprieve.clinic.audit.models import AuditEvent
from reprieve.clinic.audit.services import Actor, Detail, event_of, record, record_all
from reprieve.errors import InputError
from reprieve.interop.cds_hooks.services import OVERRIDE_REASONS

_ENTITY = "cds_hooks"
OTHER_REASON = "other"


@transaction.atomic
def call_admit(actor: Actor, *, caller: Caller, service: str, at: datetime) -> None:
    """Use up the token and write who calls which service.  Raises: InputError CDS-TOKEN-REPLAY."""
    digest = hashlib.sha256(f"{caller.client.iss}\0{caller.jti}".encode()).hexdigest()
    UsedToken.objects.filter(expires_at__lt=at).delete()
    _, is_new = UsedToken.objects.get_or_create(token_sha256=digest, defaults={"expires_at": caller.expires_at})
    if not is_new:
        raise InputError("CDS-TOKEN-REPLAY", "This token was used before; each call needs its own.")
    record(actor, "cds_hooks.call", entity=_ENTITY, entity_id=service, detail={"iss": caller.client.iss})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharing:
    """What a person told the clinic went into an answer to a record system: whose, how much, and to whom."""

    patient_id: UUID
    told: int
    iss: str


@transaction.atomic
def answer_record(
    actor: Actor, *, service: str, hook_instance: str, cards: list[str], sharing: Sharing | None = None
) -> None:
    """Which cards were answered to which call, by their kind and urgency, and what was shared of whom."""
    detail: Detail = {"hook_instance": hook_instance, "cards": cards}
    rows = [event_of(actor, "cds_hooks.answer", entity=_ENTITY, entity_id=service, detail=detail)]
    if sharing is not None:
        rows.append(_shared(actor, sharing, service, hook_instance))
    record_all(rows)


def _shared(actor: Actor, sharing: Sharing, service: str, hook_instance: str) -> AuditEvent:
    detail: Detail = {"hook_instance": hook_instance, "iss": sharing.iss, "told": sharing.told, "service": service}
    person = sharing.patient_id
    return event_of(actor, "cds_hooks.share", entity="Patient", entity_id=person, patient_id=person, detail=detail)


@transaction.atomic
def feedback_record(actor: Actor, *, service: str, card: str, outcome: str, reason: str) -> None:
    """What became of a card; neither comments nor codes of others are taken, they may name a person."""
    code = reason if reason in {"", *OVERRIDE_REASONS} else OTHER_REASON
    detail: Detail = {"card": card, "outcome": outcome, "reason": code}
    record(actor, "cds_hooks.feedback", entity=_ENTITY, entity_id=service, detail=detail)
