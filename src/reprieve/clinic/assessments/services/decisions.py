"""A decision is made, and a prescriber signs it."""

from datetime import datetime

from django.db import transaction

from reprieve.clinic.assessments import selectors
from reprieve.clinic.assessments.models import Assessment, AssessmentSignature
from reprieve.clinic.assessments.services.emergencies import emergencies_open
from reprieve.clinic.assessments.services.people import acting_prescriber, lock_newest
from reprieve.clinic.assessments.services.steps import steps_open
from reprieve.clinic.audit.services import Actor, record
from reprieve.clinic.patients.models import Patient
from reprieve.domain.candidacy.rules import Route
from reprieve.domain.candidacy.screening import Screening, screen
from reprieve.errors import InputError
from reprieve.interop.facts_file import read_indication
from reprieve.interop.facts_values import read_word
from reprieve.knowledge.candidacy import load_rule_base
from reprieve.knowledge.chart_map import load_chart_map


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
    params: dict[str, str | int | float | None] = {"assessment": str(assessment.id)}
    emergencies_open(actor, patient=patient, found=screening.assessment, params=params, at=at)
    return assessment


@transaction.atomic
def assessment_sign(actor: Actor, *, assessment: Assessment, at: datetime) -> AssessmentSignature:
    """Put the prescriber's name under a decision; the steps of a "not yet" become work with owner and date (A9).

    Raises: InputError when it is signed already, is not the newest, or the person is no prescriber.
    """
    user = acting_prescriber(actor)
    lock_newest(assessment)
    if AssessmentSignature.objects.filter(assessment=assessment).exists():
        raise InputError("ASSESSMENT-SIGNED", "This decision is signed already.")
    signature = AssessmentSignature.objects.create(assessment=assessment, signed_by=user, signed_at=at)
    record(actor, "assessment.sign", entity="Assessment", entity_id=assessment.id, patient_id=assessment.patient_id,
           detail={"decision": assessment.decision})  # fmt: skip
    steps_open(actor, assessment=assessment, at=at)
    return signature


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
