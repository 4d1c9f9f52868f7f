"""Safety tasks: opened by rules, closed by people."""

from datetime import datetime

from django.db import transaction

from reprieve.clinic.accounts.models import User
from reprieve.clinic.audit.services import Actor, record
from reprieve.clinic.patients.models import Patient, SafetyTask
from reprieve.errors import InputError


@transaction.atomic
def safety_task_open(
    actor: Actor,
    *,
    patient: Patient,
    rule: str,
    params: dict[str, str | int | float | None],
    opened_at: datetime,
    due_at: datetime | None = None,
) -> SafetyTask:
    """Open a task; a second one for the same rule is not merged, since each has its own cause."""
    task = SafetyTask.objects.create(patient=patient, rule=rule, params=params, opened_at=opened_at, due_at=due_at)
    record(actor, "safety_task.open", entity="SafetyTask", entity_id=task.id, patient_id=patient.id,
           detail={"rule": rule})  # fmt: skip
    return task


@transaction.atomic
def safety_task_close(actor: Actor, *, task: SafetyTask, by: User, note: str, closed_at: datetime) -> None:
    """Close a task with what was done.  Raises: InputError when it is closed already or the note is empty."""
    locked = SafetyTask.objects.select_for_update().get(pk=task.pk)
    if locked.closed_at is not None:
        raise InputError("TASK-CLOSED", "This task has already been closed.")
    if not note.strip():
        raise InputError("TASK-NOTE", "Write what was done before closing the task.")
    locked.closed_at, locked.closed_by, locked.closing_note = closed_at, by, note.strip()
    locked.save(update_fields=["closed_at", "closed_by", "closing_note"])
    record(actor, "safety_task.close", entity="SafetyTask", entity_id=task.id, patient_id=locked.patient_id)
