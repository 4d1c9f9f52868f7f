"""What is known of a person: answers, lists, settlements, and the case that is decided from them."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from django.db.models import QuerySet

from reprieve.clinic.accounts.models import Clinic
from reprieve.clinic.assessments.models import IntakeAnswer, TrialDefinitionChoice
from reprieve.clinic.patients.models import Patient
from reprieve.clinic.patients.selectors import chart_of
from reprieve.domain.candidacy import facts
from reprieve.domain.candidacy.case import Case
from reprieve.domain.candidacy.chart import Chart, ChartMedication
from reprieve.domain.candidacy.facts import Fact
from reprieve.domain.candidacy.rules import Phase
from reprieve.domain.candidacy.settlement import Settlement
from reprieve.domain.candidacy.trials import Trial
from reprieve.domain.quantities.interval import Interval
from reprieve.interop.facts_rows import read_trial
from reprieve.knowledge.candidacy import fact_definitions, fact_words, load_rule_base
from reprieve.knowledge.chart_map import load_chart_map

TRIALS, MEDICATIONS = "trials", "medications"
LISTS = frozenset({TRIALS, MEDICATIONS})
_NAMED_BY = {TRIALS: "drug", MEDICATIONS: "name"}


def latest_answers(patient: Patient) -> QuerySet[IntakeAnswer]:
    """The newest answer to each question by each teller."""
    return (
        IntakeAnswer.objects.filter(patient=patient)
        .select_related("recorded_by", "patient__clinic")
        .order_by("fact", "said_by", "-answered_at", "-id")
        .distinct("fact", "said_by")
    )


def lists_told(patient: Patient) -> Mapping[str, list[IntakeAnswer]]:
    """The newest list of trials, and of told medicines, of everybody who told one; the last told last."""
    told: dict[str, list[IntakeAnswer]] = {key: [] for key in LISTS}
    for answer in sorted(latest_answers(patient).filter(fact__in=LISTS), key=lambda row: (row.answered_at, row.id)):
        if answer.value:
            told[answer.fact].append(answer)
    return told


def rows_of(answer: IntakeAnswer) -> list[dict[str, Any]]:
    """The rows of a list as one person told it; none where it was withdrawn."""
    return list(answer.value or ())


def current_lists(patient: Patient) -> Mapping[str, list[dict[str, Any]]]:
    """The rows to go on from: the newest list, and what others told about something that it does not name."""
    return {key: _together(answers, _NAMED_BY[key]) for key, answers in lists_told(patient).items()}


def case_of(patient: Patient, *, at: datetime, chart: Chart | None = None) -> Case:
    """Everything known of a person at an instant, from chart and intake, in the zone of the clinic.

    `chart`: a record to read in place of the one that is stored here.
    """
    on = local_day(patient.clinic, at)
    lists, choice = lists_told(patient), trial_definition_of(patient.clinic)
    return Case(
        on=on,
        zone=patient.clinic.zone,
        chart=chart_of(patient) if chart is None else chart,
        statements=tuple(_statements(patient)),
        told_medications=tuple(_told(answer, row) for answer in lists[MEDICATIONS] for row in rows_of(answer)),
        trials=tuple(_trial(answer, row, n) for answer in lists[TRIALS] for n, row in enumerate(rows_of(answer))),
        trial_definition="" if choice is None else choice.definition,
        settlements=tuple(_settlements(patient)),
    )


def trial_definition_of(clinic: Clinic) -> TrialDefinitionChoice | None:
    """The clinic's last choice of a definition of treatment resistance; None: the first of the knowledge decides."""
    known = [criteria.id for criteria in load_chart_map().trial_criteria]
    return TrialDefinitionChoice.objects.filter(clinic=clinic, definition__in=known).select_related("chosen_by").last()


def mark_of(believed: Mapping[str, Any], other: Mapping[str, Any]) -> str:
    """What tells one disagreement from another: what each side says, who, and when."""
    sides = [
        [str(_typed(side["value"])), side["said_by"], side["said_on"], list(side["detail"])]
        for side in (believed, other)
    ]
    return sha256(json.dumps(sides).encode()).hexdigest()


def local_day(clinic: Clinic, at: datetime) -> date:
    """The calendar day at the clinic."""
    return at.astimezone(clinic.zone).date()


def relevant_facts(indication_id: str | None) -> frozenset[str]:
    """Questions that some rule for this indication reads, by any route; all questions without an indication."""
    base = load_rule_base()
    rules = [
        rule
        for rule in base.rules
        if Phase.SCREEN in rule.phases
        and (indication_id is None or not rule.indications or indication_id in rule.indications)
    ]
    read = {key for rule in rules for key in rule.reads}
    if "treatment_resistant" in read:
        read.add("treatment_history_complete")
    return frozenset(key for key in read if not fact_words()[key].derived)


def _statements(patient: Patient) -> Iterator[Fact]:
    definitions = fact_definitions()
    for answer in latest_answers(patient).select_related(None):
        # A question that a later version of the knowledge dropped is kept in the table and no longer read.
        # Neither is a number that it no longer takes for possible.
        value = _typed(answer.value)
        if answer.fact in definitions and (value is None or definitions[answer.fact].accepts(value)):
            yield facts.state(
                definitions[answer.fact],
                value,
                said_by=facts.Teller(answer.said_by),
                said_on=local_day(patient.clinic, answer.answered_at),
            )


def _settlements(patient: Patient) -> Iterator[Settlement]:
    definitions = fact_definitions()
    for row in patient.conflict_settlements.all():
        value = _typed(row.value)
        if row.fact in definitions and definitions[row.fact].accepts(value):
            stated = facts.state(
                definitions[row.fact],
                value,
                said_by=facts.Teller.CLINICIAN,
                said_on=local_day(patient.clinic, row.settled_at),
            )
            believed, other = _as_seen(row.fact, row.believed), _as_seen(row.fact, row.other)
            yield Settlement(stated=stated, believed=believed, other=other)


def _as_seen(key: str, row: Mapping[str, Any]) -> Fact:
    said_on = None if row["said_on"] is None else date.fromisoformat(row["said_on"])
    return Fact(
        key=key,
        value=_typed(row["value"]),
        said_by=facts.Teller(row["said_by"]),
        said_on=said_on,
        detail=tuple(row["detail"]),
    )


def _typed(value: Any) -> Any:
    """A value as it was before the database kept it: 5 for 5.0, an interval by its ends."""
    if isinstance(value, Mapping):
        return Interval.of_ends(value)
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _together(answers: list[IntakeAnswer], name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for answer in reversed(answers):
        known = {str(row[name]).lower() for row in rows}
        rows += [row for row in rows_of(answer) if str(row[name]).lower() not in known]
    return rows


def _told(answer: IntakeAnswer, row: dict[str, Any]) -> ChartMedication:
    return ChartMedication(
        codings=(),
        name=row["name"],
        status="active",
        daily_dose_mg=row.get("daily_dose_mg"),
        said_by=facts.Teller(answer.said_by),
        said_on=local_day(answer.patient.clinic, answer.answered_at),
    )


def _trial(answer: IntakeAnswer, row: dict[str, Any], number: int) -> Trial:
    return replace(read_trial(row, f"{TRIALS}[{number}]"), said_by=facts.Teller(answer.said_by))
