"""Decisions, who signed them and what they permit; always inside one clinic."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from reprieve.clinic.accounts.models import Clinic, Role
from reprieve.clinic.assessments.models import Assessment
from reprieve.clinic.assessments.selectors.cases import case_of
from reprieve.clinic.patients.models import Patient
from reprieve.clinic.patients.selectors import open_emergencies
from reprieve.domain.candidacy.assessment import Assessment as Answer
from reprieve.domain.candidacy.assessment import Decision
from reprieve.domain.candidacy.case import Case
from reprieve.domain.candidacy.from_chart import indications_in
from reprieve.domain.candidacy.rules import Route
from reprieve.domain.candidacy.screening import decide
from reprieve.knowledge.candidacy import load_rule_base
from reprieve.knowledge.chart_map import load_chart_map

COMPARED = (Route.IV, Route.IM, Route.IN_ESK, Route.SL_PO)


def assessments_of(patient: Patient) -> QuerySet[Assessment]:
    """Every decision about a person, newest first."""
    return Assessment.objects.filter(patient=patient).select_related("made_by", "signature__signed_by", "override_end")


def latest_assessment(patient: Patient) -> Assessment | None:
    """The newest decision, signed or not."""
    return assessments_of(patient).first()


def assessment_get(clinic: Clinic, assessment_id: UUID) -> Assessment:
    """Raises: Http404 when there is none in this clinic."""
    return get_object_or_404(
        Assessment.objects.select_related("patient__clinic"), patient__clinic=clinic, pk=assessment_id
    )


def is_signed(assessment: Assessment) -> bool:
    """A prescriber has put a name under it."""
    return hasattr(assessment, "signature")


def is_overridden(assessment: Assessment) -> bool:
    """ALG-04: two different people signed, a prescriber with reasons and a second clinician."""
    signatures = list(assessment.override_signatures.select_related("signed_by"))
    reasoned = [row for row in signatures if row.risk_benefit and row.signed_by.role == Role.PRESCRIBER]
    return bool(reasoned) and len({row.signed_by_id for row in signatures}) >= 2


def override_has_ended(assessment: Assessment) -> bool:
    """The series that followed the override is over."""
    return hasattr(assessment, "override_end")


def permits_course(patient: Patient) -> bool:
    """The newest decision is signed and open, or a review that two clinicians overrode for this series (ALG-04).

    A newer unsigned decision closes the way again: what has been learned since must be read first. So does an
    emergency that nobody has settled (ALG-03).
    """
    latest = latest_assessment(patient)
    if latest is None or not is_signed(latest) or open_emergencies(patient).exists():
        return False
    if latest.decision in {Decision.ELIGIBLE, Decision.CONDITIONAL}:
        return True
    return latest.decision == Decision.REVIEW and is_overridden(latest) and not override_has_ended(latest)


def indication_of(patient: Patient, case: Case) -> str | None:
    """The indication of the newest decision, else the single one that the diagnoses support."""
    latest = latest_assessment(patient)
    if latest is not None and latest.indication_id:
        return latest.indication_id
    supported = indications_in(case.chart, load_chart_map(), on=case.on)
    return supported[0] if len(supported) == 1 else None


def routes_compared(patient: Patient, *, indication: str | None, at: datetime) -> dict[Route, Answer]:
    """The same person and indication by each route that clinics offer, decided now and kept nowhere."""
    case, base, chart_map = case_of(patient, at=at), load_rule_base(), load_chart_map()
    return {route: decide(case, base, chart_map, route=route, indication=indication)[1] for route in COMPARED}
