"""Suicide risk is an emergency whatever is decided; its tasks stay until a person closes them (ALG-03, A8)."""

from datetime import datetime

from reprieve.clinic.audit.services import Actor
from reprieve.clinic.patients.models import Patient, SafetyTask
from reprieve.clinic.patients.services.tasks import safety_task_open
from reprieve.domain.candidacy.assessment import Assessment as Answer
from reprieve.domain.quantities.findings import Severity


def emergencies_open(
    actor: Actor, *, patient: Patient, found: Answer, params: dict[str, str | int | float | None], at: datetime
) -> None:
    """One task a rule; while one is open, a second answer adds none. Called inside the caller's transaction."""
    emergencies = {item.finding.code for item in found.findings if item.finding.severity is Severity.EMERGENCY}
    waiting = set(
        SafetyTask.objects.filter(patient=patient, rule__in=emergencies, closed_at=None).values_list("rule", flat=True)
    )
    for rule in sorted(emergencies - waiting):
        safety_task_open(actor, patient=patient, rule=rule, params=params, opened_at=at, due_at=at)
