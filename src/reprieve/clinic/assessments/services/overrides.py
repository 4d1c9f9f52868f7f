"""Two signatures let a review go ahead, for one series (ALG-04)."""

from datetime import datetime

from django.db import transaction
from django.db.models import Count, Max

from reprieve.clinic.assessments.models import Assessment, OverrideEnd, OverrideSignature
from reprieve.clinic.assessments.services.people import acting_clinician, acting_prescriber, lock_newest
from reprieve.clinic.audit.services import Actor, record
from reprieve.clinic.patients.models import Patient
from reprieve.domain.candidacy.assessment import Decision
from reprieve.errors import InputError


@transaction.atomic
def override_sign(
    actor: Actor, *, assessment: Assessment, risk_benefit: str, mitigation: str, at: datetime
) -> OverrideSignature:
    """One of the two signatures of ALG-04: the prescriber's with reasons first, then a second clinician's.

    Raises: InputError when the decision is no REVIEW, is not the newest, or a rule of ALG-04 is not met.
    """
    user = acting_clinician(actor)
    lock_newest(assessment)
    if assessment.decision != Decision.REVIEW:
        raise InputError("OVERRIDE-DECISION", "Only a decision REVIEW can be overridden.")
    earlier = list(assessment.override_signatures.all())
    if any(row.signed_by_id == user.id for row in earlier):
        raise InputError("OVERRIDE-SAME-PERSON", "The second signature must come from another clinician.")
    if not earlier:
        acting_prescriber(actor)
        if not risk_benefit.strip() or not mitigation.strip():
            raise InputError(
                "OVERRIDE-REASONS", "Write risk against benefit and what lowers the risk for this patient."
            )
    signature = OverrideSignature.objects.create(
        assessment=assessment,
        signed_by=user,
        signed_at=at,
        risk_benefit="" if earlier else risk_benefit.strip(),
        mitigation="" if earlier else mitigation.strip(),
    )
    record(actor, "assessment.override", entity="Assessment", entity_id=assessment.id,
           patient_id=assessment.patient_id, detail={"signature": len(earlier) + 1})  # fmt: skip
    return signature


@transaction.atomic
def overrides_end(actor: Actor, *, patient: Patient, series_began_at: datetime, at: datetime) -> list[OverrideEnd]:
    """A series has ended: every override that was complete before it began ends with it."""
    used = (
        Assessment.objects.filter(patient=patient, decision=Decision.REVIEW, override_end__isnull=True)
        .annotate(signatures=Count("override_signatures"), completed_at=Max("override_signatures__signed_at"))
        .filter(signatures__gte=2, completed_at__lte=series_began_at)
    )
    ends = [OverrideEnd.objects.create(assessment=row, ended_at=at, ended_by=actor.user) for row in used]
    for end in ends:
        record(actor, "assessment.override_end", entity="Assessment", entity_id=end.assessment_id,
               patient_id=patient.id)  # fmt: skip
    return ends
