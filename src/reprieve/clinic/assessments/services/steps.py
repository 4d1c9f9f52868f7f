"""A signed "not yet" is work: its steps stay open until a person closes them (A9)."""

from datetime import date, datetime

from django.db import transaction

from reprieve.clinic.assessments.models import Assessment, DeferralStep
from reprieve.clinic.assessments.services.people import acting_clinician
from reprieve.clinic.audit.services import Actor, record
from reprieve.domain.candidacy.assessment import Decision
from reprieve.errors import InputError


def steps_open(actor: Actor, *, assessment: Assessment, at: datetime) -> list[DeferralStep]:
    """The steps of a signed DEFER as work; what an earlier plan still waits for is not asked twice.

    Called inside the transaction of the signature.
    """
    if assessment.decision != Decision.DEFER:
        return []
    open_now = DeferralStep.objects.filter(patient=assessment.patient_id, closed_at__isnull=True)
    waiting = {(step.effort, step.owner, frozenset(step.facts)) for step in open_now}
    plan = assessment.record.get("deferral_plan", [])
    steps = [
        DeferralStep(
            assessment=assessment, patient_id=assessment.patient_id, number=number, effort=row["effort"],
            owner=row["owner"], due_on=date.fromisoformat(row["due_on"]), rules=row["rule_ids"], facts=row["facts"],
            opened_at=at,
        )
        for number, row in enumerate(plan, start=1)
        if (row["effort"], row["owner"], frozenset(row["facts"])) not in waiting
    ]  # fmt: skip
    DeferralStep.objects.bulk_create(steps)
    record(actor, "deferral.open", entity="Assessment", entity_id=assessment.id, patient_id=assessment.patient_id,
           detail={"steps": len(steps)})  # fmt: skip
    return steps


@transaction.atomic
def step_close(actor: Actor, *, step: DeferralStep, note: str, at: datetime) -> None:
    """Close a step with what came of it.

    Raises: InputError when it is closed already, the note is empty, or the person is no clinician.
    """
    user = acting_clinician(actor)
    locked = DeferralStep.objects.select_for_update().get(pk=step.pk)
    if locked.closed_at is not None:
        raise InputError("STEP-CLOSED", "This step has already been closed.")
    if not note.strip():
        raise InputError("STEP-NOTE", "Write what came of it before closing the step.")
    locked.closed_at, locked.closed_by, locked.closing_note = at, user, note.strip()
    locked.save(update_fields=["closed_at", "closed_by", "closing_note"])
    record(actor, "deferral.close", entity="DeferralStep", entity_id=locked.id, patient_id=locked.patient_id)
