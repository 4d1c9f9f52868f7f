"""The quarantine: opened by the gateway, closed by a person with a note."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from reprieve.clinic.audit.services import Actor, Detail, record
from reprieve.clinic.devices.models import DeviceMessage, QuarantinedMessage
from reprieve.errors import InputError

GATEWAY = "gateway"


@transaction.atomic
def quarantine_open(*, message: DeviceMessage) -> QuarantinedMessage:
    """Show a message to a person. The same trouble from the same sender counts up one open entry."""
    entry, is_new = QuarantinedMessage.objects.get_or_create(
        clinic=message.clinic,
        code=message.code,
        sender=message.sender,
        sentence=message.sentence,
        closed_at=None,
        defaults={
            "message": message,
            "last_message": message,
            "opened_at": message.received_at,
            "last_at": message.received_at,
        },
    )
    if is_new and message.clinic is not None:
        actor = Actor.program(GATEWAY, message.clinic)
        detail: Detail = {"code": message.code, "message": message.pk}
        record(actor, "quarantine.open", entity="QuarantinedMessage", entity_id=entry.pk, detail=detail)
    if not is_new:
        QuarantinedMessage.objects.filter(pk=entry.pk).update(
            count=F("count") + 1, last_message=message, last_at=message.received_at
        )
    return entry


@transaction.atomic
def quarantine_close(actor: Actor, *, entry: QuarantinedMessage, note: str, at: datetime) -> QuarantinedMessage:
    """A person says what was done. The message itself stays for good.

    Raises: InputError QUARANTINE-NOTE without a note, QUARANTINE-CLOSED when somebody was faster.
    """
    if not note.strip():
        raise InputError("QUARANTINE-NOTE", "Say in a few words what was done about it.", where="note")
    entry = QuarantinedMessage.objects.select_for_update().get(pk=entry.pk)
    if entry.closed_at is not None:
        raise InputError("QUARANTINE-CLOSED", "Somebody else has already closed this entry.")
    entry.closed_at, entry.closed_by, entry.note = at, actor.user, note.strip()
    entry.save(update_fields=["closed_at", "closed_by", "note"])
    detail: Detail = {"code": entry.code, "count": entry.count}
    record(actor, "quarantine.close", entity="QuarantinedMessage", entity_id=entry.pk, detail=detail)
    return entry
