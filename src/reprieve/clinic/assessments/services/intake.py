"""Answers as people give them, and disagreements that a clinician settles."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from reprieve.clinic.assessments import selectors
from reprieve.clinic.assessments.models import ConflictSettlement, IntakeAnswer, Teller
from reprieve.clinic.assessments.services.people import acting_clinician
from reprieve.clinic.audit.services import Actor, record
from reprieve.clinic.patients.models import Patient
from reprieve.domain.candidacy.case import read_case
from reprieve.domain.candidacy.facts import Conflict, Fact, FactValue
from reprieve.domain.quantities.interval import Interval
from reprieve.errors import InputError
from reprieve.interop.facts_file import read_value
from reprieve.interop.facts_rows import read_trial
from reprieve.knowledge.candidacy import fact_definitions
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
def conflict_settle(  # noqa: PLR0913 a statement with its reason, its instant and what it was made of
    actor: Actor, *, patient: Patient, fact: str, value: FactValue, reason: str, at: datetime, seen: str | None = None
) -> ConflictSettlement:
    """A clinician states what holds where two statements disagree, and why; both are kept beside it.

    `seen` is the mark of the disagreement that stood before the clinician's eyes (`selectors.mark_of`).
    Raises: InputError when the two do not disagree (any more), one of them changed since it was seen, the value cannot
    be one of this fact, the reason is empty, or the person is no clinician.
    """
    user = acting_clinician(actor)
    if not reason.strip():
        raise InputError("SETTLE-REASON", "Write how you know which statement holds.", where=fact)
    Patient.objects.select_for_update().get(pk=patient.pk)
    conflict = _open_conflict(patient, fact, at)
    believed, other = _as_seen(conflict.believed), _as_seen(conflict.other)
    if seen is not None and seen != selectors.mark_of(believed, other):
        raise InputError("SETTLE-CHANGED", "One side says something else now. Assess again and compare.", where=fact)
    row = ConflictSettlement.objects.create(
        patient=patient, fact=fact, value=read_value(fact_definitions()[fact], value, fact), reason=reason.strip(),
        believed=believed, other=other, settled_at=at, settled_by=user,
    )  # fmt: skip
    record(actor, "conflict.settle", entity="Patient", entity_id=patient.id, patient_id=patient.id,
           detail={"fact": fact, "value": row.value})  # fmt: skip
    return row


def _open_conflict(patient: Patient, fact: str, at: datetime) -> Conflict:
    reading = read_case(selectors.case_of(patient, at=at), load_chart_map(), fact_definitions())
    conflict = next((item for item in reading.facts.conflicts if item.believed.key == fact), None)
    if conflict is None:
        raise InputError("SETTLE-NO-CONFLICT", "Nobody disagrees about this at the moment.", where=fact)
    return conflict


def _as_seen(fact: Fact) -> dict[str, Any]:
    said_on = None if fact.said_on is None else fact.said_on.isoformat()
    value = fact.value.ends() if isinstance(fact.value, Interval) else fact.value
    return {"value": value, "said_by": fact.said_by, "said_on": said_on, "detail": list(fact.detail)}


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
