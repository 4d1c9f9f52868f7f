"""From a case to the whole stored answer in one step, for the command line and the clinic alike."""

from dataclasses import dataclass

from reprieve.domain.candidacy.assessment import Assessment
from reprieve.domain.candidacy.case import Case, CaseReading, read_case
from reprieve.domain.candidacy.chart_map import ChartMap
from reprieve.domain.candidacy.decision import assess
from reprieve.domain.candidacy.deferral import deferral_plan, minimal_sets, way_forward
from reprieve.domain.candidacy.from_chart import indications_in
from reprieve.domain.candidacy.record import (
    Json,
    decision_record,
    evidence_record,
    plan_record,
    reviews_record,
    settled_record,
    trials_record,
    way_record,
)
from reprieve.domain.candidacy.rules import Phase, Route, RuleBase
from reprieve.domain.candidacy.what_changes import open_questions


@dataclass(frozen=True, slots=True, kw_only=True)
class Screening:
    """The answer with the reading of the case that it rests on and its whole record."""

    assessment: Assessment
    reading: CaseReading
    record: dict[str, Json]


def decide(
    case: Case,
    base: RuleBase,
    chart_map: ChartMap,
    *,
    route: Route,
    indication: str | None = None,
    phase: Phase = Phase.SCREEN,
) -> tuple[CaseReading, Assessment]:
    """The answer alone; without a stated indication a single one that the diagnoses support is taken."""
    if indication is None:
        supported = indications_in(case.chart, chart_map, on=case.on)
        indication = supported[0] if len(supported) == 1 else None
    reading = read_case(case, chart_map, base.definitions)
    return reading, assess(base, reading.facts, route=route, indication=indication, phase=phase)


def screen(
    case: Case,
    base: RuleBase,
    chart_map: ChartMap,
    *,
    route: Route,
    indication: str | None = None,
    phase: Phase = Phase.SCREEN,
) -> Screening:
    """The answer with what would change it, as it is stored."""
    reading, assessment = decide(case, base, chart_map, route=route, indication=indication, phase=phase)
    return Screening(assessment=assessment, reading=reading, record=whole_record(base, assessment, reading))


def whole_record(base: RuleBase, assessment: Assessment, reading: CaseReading) -> dict[str, Json]:
    """Everything about an answer that is kept: itself, what would change it, and what it rests on (ALG-11)."""
    sets = minimal_sets(base, assessment)
    return {
        **decision_record(assessment),
        **way_record(open_questions(base, assessment), way_forward(base, assessment)),
        **plan_record(sets, deferral_plan(base, assessment, on=assessment.on, sets=sets)),
        "trials": trials_record(reading.trial_counts),
        "reviews": reviews_record(reading.reviews),
        **evidence_record(assessment),
        "settled": settled_record(reading.settled),
    }
