"""Every write on intake and decisions."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from reprieve.clinic.accounts.models import Role, User
from reprieve.clinic.assessments import selectors
from reprieve.clinic.assessments.models import (
    Assessment,
    AssessmentSignature,
    IntakeAnswer,
    OverrideSignature,
    Teller,
)
from reprieve.clinic.audit.services import Actor, record
from reprieve.clinic.patients.models import Patient, SafetyTask
from reprieve.clinic.patients.services.tasks import safety_task_open
from reprieve.domain.candidacy.assessment import Decision
from reprieve.domain.candidacy.facts import FactValue
from reprieve.domain.candidacy.rules import Route
from reprieve.domain.candidacy.screening import Screening, screen
from reprieve.domain.quantities.findings import Severity
from reprieve.errors import InputError
from reprieve.interop.facts_file import read_indication, read_trial, read_value, read_word
from reprieve.knowledge.candidacy import fact_definitions, load_rule_base
from reprieve.knowledge.chart_map import load_chart_map

Answers = Mapping[str, Any]


@transaction.atomic
def intake_record(
    actor: Actor, *, patient: Patient, answers: Answers, at: datetime, said_by: str = Teller.PATIENT
) -> list[IntakeAnswer]:
    """Keep answers as they were given; None withdraws an earlier answer. An unasked question is simply absent.

    Raises: InputError when a question is unknown or an answer has the wrong type.
    """
    rows = [
        IntakeAnswer(
            patient=patient,
            fact=fact,
            value=None if value is None else _checked(fact, value),
            said_by=Teller(said_by),
            answered_at=at,
            recorded_by=actor.user,
        )
        for fact, value in answers.items()
    ]
    IntakeAnswer.objects.bulk_create(rows)
    record(actor, "intake.record", entity="Patient", entity_id=patient.id, patient_id=patient.id,
           detail={"facts": sorted(answers), "said_by": said_by})  # fmt: skip
    return rows


@transaction.atomic
def assessment_make(actor: Actor, *, patient: Patient, route: str, indication_id: str, at: datetime) -> Assessment:
    """Decide from everything known now and keep the whole answer; an emergency opens safety tasks (ALG-03).

    `indication_id` empty: a single indication that the diagnoses support is taken.  Raises: InputError.
    """
    screening = screen(
        selectors.case_of(patient, at=at),
        load_rule_base(),
        load_chart_map(),
        route=read_word(Route, route, "route"),
        indication=read_indication(indication_id or None),
    )
    assessment = _stored(actor, patient, screening, at)
    record(actor, "assessment.make", entity="Assessment", entity_id=assessment.id, patient_id=patient.id,
           detail={"decision": assessment.decision, "emergency": assessment.emergency})  # fmt: skip
    _open_safety_tasks(actor, patient, screening, assessment, at)
    return assessment


@transaction.atomic
def assessment_sign(actor: Actor, *, assessment: Assessment, at: datetime) -> AssessmentSignature:
    """Put the prescriber's name under a decision.

    Raises: InputError when it is signed already, is not the newest, or the person is no prescriber.
    """
    user = _prescriber(actor)
    _lock_newest(assessment)
    if AssessmentSignature.objects.filter(assessment=assessment).exists():
        raise InputError("ASSESSMENT-SIGNED", "This decision is signed already.")
    signature = AssessmentSignature.objects.create(assessment=assessment, signed_by=user, signed_at=at)
    record(actor, "assessment.sign", entity="Assessment", entity_id=assessment.id, patient_id=assessment.patient_id,
           detail={"decision": assessment.decision})  # fmt: skip
    return signature


@transaction.atomic
def override_sign(
    actor: Actor, *, assessment: Assessment, risk_benefit: str, mitigation: str, at: datetime
) -> OverrideSignature:
    """One of the two signatures of ALG-04: the prescriber's with reasons first, then a second clinician's.

    Raises: InputError when the decision is no REVIEW, is not the newest, or a rule of ALG-04 is not met.
    """
    user = _clinician(actor)
    _lock_newest(assessment)
    if assessment.decision != Decision.REVIEW:
        raise InputError("OVERRIDE-DECISION", "Only a decision REVIEW can be overridden.")
    earlier = list(assessment.override_signatures.all())
    if any(row.signed_by_id == user.id for row in earlier):
        raise InputError("OVERRIDE-SAME-PERSON", "The second signature must come from another clinician.")
    if not earlier:
        _prescriber(actor)
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


def _checked(fact: str, value: Any) -> FactValue | list[dict[str, Any]]:
    if fact == selectors.TRIALS:
        for number, row in enumerate(value):
            read_trial(row, f"trials[{number}]")
        return list(value)
    if fact == selectors.MEDICATIONS:
        return list(value)
    definition = fact_definitions().get(fact)
    if definition is None:
        raise InputError("INTAKE-FACT", f"There is no question {fact!r}.", where=fact)
    return read_value(definition, value, fact)


def _stored(actor: Actor, patient: Patient, screening: Screening, at: datetime) -> Assessment:
    result = screening.assessment
    return Assessment.objects.create(
        patient=patient,
        route=result.route,
        indication_id=result.indication or "",
        decision=result.decision,
        emergency=result.emergency,
        temporary=result.temporary,
        record=screening.record,
        knowledge_hash=result.knowledge_hash,
        made_at=at,
        made_by=actor.user,
    )


def _open_safety_tasks(
    actor: Actor, patient: Patient, screening: Screening, assessment: Assessment, at: datetime
) -> None:
    """One task a rule; while one is open, assessing again adds no second one."""
    emergencies = {
        item.finding.code for item in screening.assessment.findings if item.finding.severity is Severity.EMERGENCY
    }
    waiting = set(
        SafetyTask.objects.filter(patient=patient, rule__in=emergencies, closed_at=None).values_list("rule", flat=True)
    )
    for rule in sorted(emergencies - waiting):
        params: dict[str, str | int | float | None] = {"assessment": str(assessment.id)}
        safety_task_open(actor, patient=patient, rule=rule, params=params, opened_at=at, due_at=at)


def _lock_newest(assessment: Assessment) -> None:
    """Hold the patient's decisions still.  Raises: InputError when a newer one exists."""
    Patient.objects.select_for_update().get(pk=assessment.patient_id)
    latest = selectors.latest_assessment(assessment.patient)
    if latest is None or latest.pk != assessment.pk:
        raise InputError("ASSESSMENT-OLD", "A newer decision exists; read that one.")


def _prescriber(actor: Actor) -> User:
    if actor.user is None or actor.user.role != Role.PRESCRIBER:
        raise InputError("ASSESSMENT-ROLE", "Only a prescriber signs a decision.")
    return actor.user


def _clinician(actor: Actor) -> User:
    if actor.user is None or actor.user.role not in {Role.PRESCRIBER, Role.NURSE}:
        raise InputError("ASSESSMENT-ROLE", "Only a clinician signs here.")
    return actor.user
