"""The only way to write the audit trail; called by every service inside its own transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self
from uuid import UUID

from django.db import transaction

from reprieve.clinic.accounts.models import Clinic, User
from reprieve.clinic.audit.models import AuditEvent

Detail = dict[str, str | int | float | bool | list[str] | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who acts: exactly one of a person and a named part of the program, for one clinic."""

    clinic: Clinic
    user: User | None = None
    system: str = ""

    def __post_init__(self) -> None:
        if (self.user is None) == (not self.system):
            raise ValueError("an actor is a person or a part of the program, not both or neither")

    @classmethod
    def person(cls, user: User) -> Self:
        return cls(clinic=user.clinic, user=user)

    @classmethod
    def program(cls, system: str, clinic: Clinic) -> Self:
        return cls(clinic=clinic, system=system)


def record(
    actor: Actor,
    action: str,
    *,
    entity: str,
    entity_id: UUID | int | str,
    patient_id: UUID | None = None,
    detail: Detail | None = None,
) -> None:
    """Write one audit row.  Raises: RuntimeError outside a transaction, where it could outlive a failed write."""
    record_all([event_of(actor, action, entity=entity, entity_id=entity_id, patient_id=patient_id, detail=detail)])


def record_all(events: Sequence[AuditEvent]) -> None:
    """Write the audit rows of a grouped write in one statement.  Raises: RuntimeError outside a transaction."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("an audit row belongs to the transaction of the write it reports")
    AuditEvent.objects.bulk_create(events)


def event_of(
    actor: Actor,
    action: str,
    *,
    entity: str,
    entity_id: UUID | int | str,
    patient_id: UUID | None = None,
    detail: Detail | None = None,
) -> AuditEvent:
    """An audit row that is not written yet."""
    return AuditEvent(
        clinic=actor.clinic,
        user=actor.user,
        system=actor.system,
        action=action,
        entity=entity,
        entity_id=str(entity_id),
        patient_id=patient_id,
        detail=detail or {},
    )
