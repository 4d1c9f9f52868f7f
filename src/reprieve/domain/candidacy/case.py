"""All that is known of one person, from record and conversation, made into one set of facts on one day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, tzinfo

from reprieve.domain.candidacy.chart import Chart, ChartMedication, Sex
from reprieve.domain.candidacy.chart_map import ChartMap
from reprieve.domain.candidacy.facts import Fact, FactSet, Teller, state
from reprieve.domain.candidacy.from_chart import Definitions, ReviewItem, read_chart
from reprieve.domain.candidacy.kleene import Truth
from reprieve.domain.candidacy.medicines import read_medicines
from reprieve.domain.candidacy.merging import merge
from reprieve.domain.candidacy.settlement import Settlement, settle
from reprieve.domain.candidacy.trials import Trial, TrialCount, count_trials

EMPTY_CHART = Chart(birth_on=None, sex=Sex.UNKNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Statements from people, the record, medicines told beside it, antidepressant trials, and what was settled."""

    on: date
    zone: tzinfo = UTC
    statements: tuple[Fact, ...] = ()
    chart: Chart = EMPTY_CHART
    told_medications: tuple[ChartMedication, ...] = ()
    trials: tuple[Trial, ...] = ()
    settlements: tuple[Settlement, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseReading:
    """Facts, entries that need eyes, the trial count by each definition, and the settlements that hold."""

    facts: FactSet
    reviews: tuple[ReviewItem, ...]
    trial_counts: tuple[TrialCount, ...]
    settled: tuple[Settlement, ...] = ()


def read_case(case: Case, chart_map: ChartMap, definitions: Definitions) -> CaseReading:
    """Put record and statements together; where they disagree the safer counts until a clinician settles it."""
    chart = read_chart(case.chart, chart_map, definitions, on=case.on, zone=case.zone)
    told = merge(case.statements, definitions, on=case.on)
    medicines = read_medicines(
        (*case.chart.medications, *case.told_medications),
        chart_map,
        definitions,
        list_complete_on=_list_complete_on(told),
        on=case.on,
    )
    counts = tuple(count_trials(case.trials, criteria) for criteria in chart_map.trial_criteria)
    # No trial listed is not yet a history: what somebody states about resistance then stands alone.
    complete = bool(case.trials) and told.value("treatment_history_complete") is True
    resistance = _resistance(counts, definitions, complete=complete, on=case.on)
    facts = merge((*case.statements, *chart.facts, *medicines.facts, *resistance), definitions, on=case.on)
    facts, settled = settle(facts, case.settlements)
    reviews = (*chart.reviews, *medicines.reviews)
    return CaseReading(facts=facts, reviews=reviews, trial_counts=counts, settled=settled)


def _list_complete_on(told: FactSet) -> date | None:
    """The day on which the medicine list was confirmed complete, if that is still fresh."""
    if told.value("medication_list_complete") is not True:
        return None
    return told.by_key["medication_list_complete"].said_on or told.on


def _resistance(
    counts: tuple[TrialCount, ...], definitions: Definitions, *, complete: bool, on: date
) -> Iterator[Fact]:
    """DEF-TRD by the first (default) definition."""
    default = counts[0]
    resistant: Truth = default.is_resistant(history_complete=complete)
    if resistant is not None:
        drugs = tuple(verdict.trial.drug for verdict in default.verdicts if verdict.counts is True)
        yield state(
            definitions["treatment_resistant"], resistant, said_by=Teller.RULE, said_on=on, detail=tuple(sorted(drugs))
        )
