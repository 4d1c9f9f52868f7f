"""Which definition of treatment resistance decides at a clinic."""

from datetime import datetime

from django.db import transaction

from reprieve.clinic.assessments.models import TrialDefinitionChoice
from reprieve.clinic.assessments.services.people import acting_prescriber
from reprieve.clinic.audit.services import Actor, record
from reprieve.errors import InputError
from reprieve.knowledge.chart_map import load_chart_map


@transaction.atomic
def trial_definition_choose(actor: Actor, *, definition: str, reason: str, at: datetime) -> TrialDefinitionChoice:
    """From now on this published definition decides (DEF-TRD); the others stay beside every answer.

    Raises: InputError when there is no such definition, the reason is empty, or the person is no prescriber.
    """
    user = acting_prescriber(actor)
    if definition not in {criteria.id for criteria in load_chart_map().trial_criteria}:
        raise InputError("TRIALS-DEFINITION", f"There is no definition {definition!r}.", where="definition")
    if not reason.strip():
        raise InputError("TRIALS-REASON", "Write why this definition suits the clinic.", where="reason")
    row = TrialDefinitionChoice.objects.create(
        clinic=user.clinic, definition=definition, reason=reason.strip(), chosen_at=at, chosen_by=user
    )
    record(actor, "trial_definition.choose", entity="Clinic", entity_id=user.clinic_id,
           detail={"definition": definition})  # fmt: skip
    return row
