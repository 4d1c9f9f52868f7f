"""What can be read of intake and decisions; always inside one clinic."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from reprieve.clinic.accounts.models import Clinic, Role
from reprieve.clinic.assessments.models import Assessment, IntakeAnswer
from reprieve.clinic.patients.models import Patient
from reprieve.clinic.patients.selectors import chart_of, open_emergencies
from reprieve.domain.candidacy import facts
from reprieve.domain.candidacy.assessment import Decision
from reprieve.domain.candidacy.case import Case
from reprieve.domain.candidacy.chart import ChartMedication
from reprieve.domain.candidacy.facts import Fact
from reprieve.domain.candidacy.from_chart import indications_in
from reprieve.domain.candidacy.trials import Trial
from reprieve.interop.facts_file import read_trial
from reprieve.knowledge.candidacy import fact_definitions, fact_words, load_rule_base
from reprieve.knowledge.chart_map import load_chart_map

TRIALS, MEDICATIONS = "trials", "medications"
LISTS = frozenset({TRIALS, MEDICATIONS})


def assessments_of(patient: Patient) -> QuerySet[Assessment]:
    """Every decision about a person, newest first."""
    return Assessment.objects.filter(patient=patient).select_related("made_by", "signature__signed_by")


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


def permits_course(patient: Patient) -> bool:
    """The newest decision is signed and open, or a review that two clinicians overrode (ALG-04).

    A newer unsigned decision closes the way again: what has been learned since must be read first. So does an
    emergency that nobody has settled (ALG-03).
    """
    latest = latest_assessment(patient)
    if latest is None or not is_signed(latest) or open_emergencies(patient).exists():
        return False
    if latest.decision in {Decision.ELIGIBLE, Decision.CONDITIONAL}:
        return True
    return latest.decision == Decision.REVIEW and is_overridden(latest)


def latest_answers(patient: Patient) -> QuerySet[IntakeAnswer]:
    """The newest answer to each question by each teller."""
    return (
        IntakeAnswer.objects.filter(patient=patient)
        .select_related("recorded_by")
        .order_by("fact", "said_by", "-answered_at", "-id")
        .distinct("fact", "said_by")
    )


def current_lists(patient: Patient) -> Mapping[str, list[dict[str, Any]]]:
    """The newest list of trials and of told medicines, whoever told it."""
    newest: dict[str, IntakeAnswer] = {}
    for answer in latest_answers(patient).filter(fact__in=LISTS):
        held = newest.get(answer.fact)
        if held is None or answer.answered_at > held.answered_at:
            newest[answer.fact] = answer
    return {key: newest[key].value or [] if key in newest else [] for key in LISTS}


def case_of(patient: Patient, *, at: datetime) -> Case:
    """Everything known of a person at an instant, from chart and intake, in the zone of the clinic."""
    on = local_day(patient.clinic, at)
    lists = current_lists(patient)
    return Case(
        on=on,
        zone=patient.clinic.zone,
        chart=chart_of(patient),
        statements=tuple(_statements(patient)),
        told_medications=tuple(_told(row) for row in lists[MEDICATIONS]),
        trials=tuple(_trial(row, number) for number, row in enumerate(lists[TRIALS])),
    )


def local_day(clinic: Clinic, at: datetime) -> date:
    """The calendar day at the clinic."""
    return at.astimezone(clinic.zone).date()


def relevant_facts(indication_id: str | None) -> frozenset[str]:
    """Questions that some rule for this indication reads, by any route; all questions without an indication."""
    base = load_rule_base()
    rules = [
        rule
        for rule in base.rules
        if indication_id is None or not rule.indications or indication_id in rule.indications
    ]
    read = {key for rule in rules for key in rule.reads}
    if "treatment_resistant" in read:
        read.add("treatment_history_complete")
    return frozenset(key for key in read if not fact_words()[key].derived)


def indication_of(patient: Patient, case: Case) -> str | None:
    """The indication of the newest decision, else the single one that the diagnoses support."""
    latest = latest_assessment(patient)
    if latest is not None and latest.indication_id:
        return latest.indication_id
    supported = indications_in(case.chart, load_chart_map(), on=case.on)
    return supported[0] if len(supported) == 1 else None


def _statements(patient: Patient) -> Iterator[Fact]:
    definitions = fact_definitions()
    for answer in latest_answers(patient):
        # A question that a later version of the knowledge dropped is kept in the table and no longer read.
        if answer.fact in definitions:
            value = answer.value
            if isinstance(value, int) and not isinstance(value, bool):
                value = float(value)
            yield facts.state(
                definitions[answer.fact],
                value,
                said_by=facts.Teller(answer.said_by),
                said_on=local_day(patient.clinic, answer.answered_at),
            )


def _told(row: dict[str, Any]) -> ChartMedication:
    return ChartMedication(codings=(), name=row["name"], status="active", daily_dose_mg=row.get("daily_dose_mg"))


def _trial(row: dict[str, Any], number: int) -> Trial:
    return read_trial(row, f"{TRIALS}[{number}]")
