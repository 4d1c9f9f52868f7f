"""All that is known of one person, from record and conversation, made into one set of facts on one day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, tzinfo

from reprieve.domain.candidacy.chart import Chart, ChartMedication, Sex
from reprieve.domain.candidacy.chart_map import ChartMap
from reprieve.domain.candidacy.facts import Fact, FactSet, Teller, state
from reprieve.domain.candidacy.from_chart import Definitions, ReviewItem, ReviewReason, read_chart
from reprieve.domain.candidacy.kleene import Truth
from reprieve.domain.candidacy.medicines import ingredients_taken, read_medicines
from reprieve.domain.candidacy.merging import merge
from reprieve.domain.candidacy.settlement import Settlement, settle
from reprieve.domain.candidacy.trials import Trial, TrialCount, TrialCriteria, count_trials
from reprieve.domain.candidacy.urine_screen import read_urine_screen
from reprieve.domain.quantities.body import body_mass_index

RESISTANT = "treatment_resistant"
EMPTY_CHART = Chart(birth_on=None, sex=Sex.UNKNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Statements from people, the record, medicines told beside it, antidepressant trials, and what was settled.

    `trial_definition`: the variant of treatment resistance that decides here; empty: the first of the knowledge.
    """

    on: date
    zone: tzinfo = UTC
    statements: tuple[Fact, ...] = ()
    chart: Chart = EMPTY_CHART
    told_medications: tuple[ChartMedication, ...] = ()
    trials: tuple[Trial, ...] = ()
    trial_definition: str = ""
    settlements: tuple[Settlement, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseReading:
    """Facts, entries that need eyes, trials counted by each definition (the first decides), settlements that hold."""

    facts: FactSet
    reviews: tuple[ReviewItem, ...]
    trial_counts: tuple[TrialCount, ...]
    settled: tuple[Settlement, ...] = ()


def read_case(case: Case, chart_map: ChartMap, definitions: Definitions) -> CaseReading:
    """Put record and statements together; where they disagree the safer counts until a clinician settles it."""
    chart = read_chart(case.chart, chart_map, definitions, on=case.on, zone=case.zone)
    told = merge(case.statements, definitions, on=case.on)
    rows = (*case.chart.medications, *case.told_medications)
    medicines = read_medicines(rows, chart_map, definitions, complete=_confirmed(case, told), on=case.on)
    counts = tuple(count_trials(case.trials, criteria) for criteria in _definitions_in_order(case, chart_map))
    # No trial listed is not yet a history: what somebody states about resistance then stands alone.
    complete = bool(case.trials) and told.value("treatment_history_complete") is True
    resistance = _resistance(counts, definitions, complete=complete, on=case.on)
    facts = merge(
        (*case.statements, *chart.facts, *medicines.facts, *_urine(case, chart_map, definitions), *resistance),
        definitions,
        on=case.on,
    )
    facts, settled = settle(facts, case.settlements)
    facts = facts.adding(_body_mass_index(facts, definitions))
    apart = (
        ReviewItem(reason=ReviewReason.TRIALS_TOLD_APART, what=drug, fact=RESISTANT) for drug in counts[0].disputed
    )
    reviews = (*chart.reviews, *medicines.reviews, *apart)
    return CaseReading(facts=facts, reviews=reviews, trial_counts=counts, settled=settled)


def _body_mass_index(facts: FactSet, definitions: Definitions) -> Iterator[Fact]:
    """From weight and height where both are usable numbers and nobody gave the index itself."""
    weight_kg, height_cm = facts.value("weight_kg"), facts.value("height_cm")
    if isinstance(weight_kg, float) and isinstance(height_cm, float):
        index, weighed = body_mass_index(weight_kg, height_cm), facts.by_key["weight_kg"]
        if definitions["bmi"].accepts(index):
            yield state(definitions["bmi"], index, said_by=Teller.RULE, said_on=weighed.said_on)


def _urine(case: Case, chart_map: ChartMap, definitions: Definitions) -> Iterator[Fact]:
    tests = [row for row in case.chart.observations if row.loinc in chart_map.urine_screen.by_loinc]
    if tests:
        rows = ((row.effective_at.astimezone(case.zone).date(), row) for row in tests)
        taken = ingredients_taken((*case.chart.medications, *case.told_medications), chart_map, case.on)
        yield from read_urine_screen(rows, chart_map.urine_screen, definitions, taken=taken, on=case.on)


def _confirmed(case: Case, told: FactSet) -> dict[Teller, date]:
    """Who confirmed the medicine list as complete, and when, as far as it is fresh and nobody says otherwise."""
    if told.value("medication_list_complete") is not True:
        return {}
    said = [fact for fact in case.statements if fact.key == "medication_list_complete"]
    return {
        fact.said_by: fact.said_on or told.on
        for fact in sorted(said, key=lambda fact: fact.said_on or date.min)
        if fact.value_on(told.on) is True
    }


def _definitions_in_order(case: Case, chart_map: ChartMap) -> list[TrialCriteria]:
    """The one that decides first.  Raises: ValueError when the case names one that there is not."""
    criteria = chart_map.trial_criteria
    if case.trial_definition and case.trial_definition not in {one.id for one in criteria}:
        raise ValueError(f"there is no definition {case.trial_definition!r}")
    return sorted(criteria, key=lambda one: one.id != case.trial_definition)


def _resistance(
    counts: tuple[TrialCount, ...], definitions: Definitions, *, complete: bool, on: date
) -> Iterator[Fact]:
    """DEF-TRD by the definition that decides, and beside it the variants that have a fact of their own."""
    for key, count in ((RESISTANT, counts[0]), *((one.criteria.fact, one) for one in counts if one.criteria.fact)):
        resistant: Truth = count.is_resistant(history_complete=complete)
        if resistant is not None:
            drugs = tuple(sorted(count.counted))
            yield state(definitions[key], resistant, said_by=Teller.RULE, said_on=on, detail=drugs)
