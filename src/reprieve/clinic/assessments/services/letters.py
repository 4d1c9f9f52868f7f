"""A letter leaves the clinic: only about a signed decision, and never without a trace."""

from datetime import datetime

from django.db import transaction

from reprieve.clinic.assessments import selectors
from reprieve.clinic.assessments.models import Assessment
from reprieve.clinic.assessments.services.people import acting_clinician
from reprieve.clinic.audit.services import Actor, record
from reprieve.errors import InputError


@transaction.atomic
def letter_issue(actor: Actor, *, assessment: Assessment, at: datetime) -> None:
    """Let the letter about a decision be printed.

    Raises: InputError when it is not signed, a newer decision exists, or the person is no clinician.
    """
    acting_clinician(actor)
    latest = selectors.latest_assessment(assessment.patient)
    if latest is None or latest.pk != assessment.pk:
        raise InputError("LETTER-OLD", "A newer decision exists; a letter about this one would mislead.")
    if not selectors.is_signed(latest):
        raise InputError("LETTER-UNSIGNED", "A prescriber signs the decision before a letter goes out.")
    record(actor, "assessment.letter", entity="Assessment", entity_id=assessment.id,
           patient_id=assessment.patient_id, detail={"at": at.isoformat()})  # fmt: skip
