"""Two signatures let a review go ahead, for one series (ALG-04)."""

from datetime import datetime

from django.db import transaction
from django.db.models import Count, Max

from reprieve.clinic.assessments.models import Assessment, OverrideEnd, OverrideSignature
from reprieve.clinic.assessments.services.people import acting_clinician, acting_prescriber, lock_newest
from reprieve.clinic.audit.services import Actor, record
from reprieve.clinic.patients.models import Patient
from reprieve.domain.candidacy.assessment import Decision
from reprieve.domain.candidacy.override import Override, OverrideProblem, OverrideRefused
from reprieve.domain.quantities.findings import Severity
from reprieve.errors import InputError

_NOBODY_YET = "(the second clinician signs later)"
_WEIGHED = frozenset({Severity.ABSOLUTE, Severity.RELATIVE})
_REFUSALS = {
    OverrideProblem.NOTHING: "Only a decision REVIEW can be overridden.",
    OverrideProblem.ABSOLUTE: "A rule that excludes cannot be overridden.",
    OverrideProblem.SAME_PERSON: "The second signature must come from another clinician.",
    OverrideProblem.REASONS: "Write risk against benefit and what lowers the risk for this patient.",
}


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
        raise InputError(OverrideProblem.NOTHING, _REFUSALS[OverrideProblem.NOTHING])
    earlier = list(assessment.override_signatures.all())
    if not earlier:
        acting_prescriber(actor)
    first = earlier[0] if earlier else None
    _check(
        assessment,
        prescriber=str(first.signed_by_id if first else user.id),
        second_clinician=str(user.id) if first else _NOBODY_YET,
        risk_benefit=first.risk_benefit if first else risk_benefit,
        mitigation=first.mitigation if first else mitigation,
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


def _check(
    assessment: Assessment, *, prescriber: str, second_clinician: str, risk_benefit: str, mitigation: str
) -> None:
    """The contract of ALG-04.  Raises: InputError with its code."""
    rows = assessment.record["findings"]
    levels = {row["rule"]: Severity(row["counts_as"]) for row in rows if row["counts_as"] in _WEIGHED}
    try:
        Override(
            rules=levels,
            prescriber=prescriber,
            second_clinician=second_clinician,
            risk_benefit=risk_benefit,
            mitigation=mitigation,
        )
    except OverrideRefused as refused:
        raise InputError(refused.problem, _REFUSALS[refused.problem]) from None


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
