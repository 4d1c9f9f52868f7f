"""Facts out of a record on one day. What a record does not say stays unknown: a problem list proves no absence."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, timedelta, tzinfo
from enum import StrEnum

from reprieve.domain.candidacy.chart import (
    ICD_10_CM,
    SNOMED_CT,
    Chart,
    ChartCondition,
    ChartObservation,
    Coding,
    Sex,
)
from reprieve.domain.candidacy.chart_map import ChartMap, ConditionMap, ObservationMap, ResultMap
from reprieve.domain.candidacy.facts import Fact, FactDefinition, Teller, state
from reprieve.domain.quantities.interval import Interval, mean_of
from reprieve.domain.quantities.spans import age_years
from reprieve.domain.quantities.units import IncompatibleUnits, UnknownUnit, convert_substance

_CURRENT = frozenset({"active", "recurrence", "relapse"})
_NOT_HELD = frozenset({"refuted", "entered-in-error"})
_NOT_SURE = frozenset({"unconfirmed", "provisional", "differential"})


class ReviewReason(StrEnum):
    """Why an entry of a record was put before a person instead of being used."""

    NAME_AND_CODE_DISAGREE = "name_and_code_disagree"
    DRUG_NOT_RECOGNISED = "drug_not_recognised"
    STATUS_UNKNOWN = "status_unknown"
    NOT_CONFIRMED = "not_confirmed"
    UNIT_NOT_READ = "unit_not_read"
    VALUE_NOT_PLAUSIBLE = "value_not_plausible"
    ROUTE_NOT_KNOWN = "route_not_known"
    ONLY_ONE_NAMES_IT = "only_one_names_it"
    TRIALS_TOLD_APART = "trials_told_apart"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewItem:
    """One entry that a person has to look at; `fact` is what it may bear on, empty when not known."""

    reason: ReviewReason
    what: str
    fact: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartReading:
    """Facts taken from a record, and what needs eyes."""

    facts: tuple[Fact, ...] = ()
    reviews: tuple[ReviewItem, ...] = ()


Definitions = Mapping[str, FactDefinition]


def read_chart(
    chart: Chart, chart_map: ChartMap, definitions: Definitions, *, on: date, zone: tzinfo = UTC
) -> ChartReading:
    """Age, diagnoses, allergies and measurements as facts; medicines are read in `medicines`.

    `zone` is that of the clinic: an evening reading belongs to the evening's day.
    """
    facts, reviews = [*_person(chart, definitions, on), *_allergies(chart, chart_map, definitions)], []
    for mapping in chart_map.conditions:
        fact, review = _condition(chart.conditions, mapping, definitions[mapping.fact], on)
        facts += fact
        reviews += review
    rows = [(row.effective_at.astimezone(zone).date(), row) for row in chart.observations]
    for result in chart_map.results:
        facts += _result(rows, result, definitions[result.fact], on)
    for observation in chart_map.observations:
        fact, review = _observation(rows, observation, definitions[observation.fact], on)
        facts += fact
        reviews += review
    return ChartReading(facts=tuple(facts), reviews=tuple(dict.fromkeys(reviews)))


def indications_in(chart: Chart, chart_map: ChartMap, *, on: date) -> tuple[str, ...]:
    """Indications that a current diagnosis of the record supports, in the order of the knowledge file."""
    return tuple(
        mapping.fact
        for mapping in chart_map.indications
        if any(_covers(mapping, condition) and _holds(condition, mapping, on) for condition in chart.conditions)
    )


def _person(chart: Chart, definitions: Definitions, on: date) -> Iterator[Fact]:
    if chart.birth_on is not None and chart.birth_on <= on:
        years = float(age_years(chart.birth_on, on=on))
        if definitions["age_years"].accepts(years):
            yield state(definitions["age_years"], years, said_by=Teller.CHART, said_on=on)
    if chart.sex is Sex.MALE:
        yield state(definitions["could_be_pregnant"], False, said_by=Teller.CHART, said_on=on, detail=("male",))


def _allergies(chart: Chart, chart_map: ChartMap, definitions: Definitions) -> Iterator[Fact]:
    for allergy in chart.allergies:
        words = " ".join([allergy.name, *(coding.display for coding in allergy.codings)]).lower()
        if allergy.clinical_status != "resolved" and any(allergen in words for allergen in chart_map.allergens):
            definition = definitions["ketamine_allergy"]
            yield state(definition, True, said_by=Teller.CHART, said_on=None, detail=(allergy.name,), lasts=True)


def _condition(
    conditions: Iterable[ChartCondition], mapping: ConditionMap, definition: FactDefinition, on: date
) -> tuple[list[Fact], list[ReviewItem]]:
    covered = [condition for condition in conditions if _covers(mapping, condition)]
    held = [condition for condition in covered if _holds(condition, mapping, on)]
    reviews = [
        ReviewItem(reason=reason, what=_label(condition), fact=mapping.fact)
        for condition in covered
        if (reason := _doubt(condition, mapping)) is not None
    ]
    if not held:
        return [], reviews
    detail = tuple(dict.fromkeys(_label(condition) for condition in held))
    said_on = max((condition.onset_on for condition in held if condition.onset_on is not None), default=None)
    return [state(definition, True, said_by=Teller.CHART, said_on=said_on, detail=detail, lasts=True)], reviews


def _covers(mapping: ConditionMap, condition: ChartCondition) -> bool:
    """One of its codes is meant, and none is an exception: alcoholism coded "in remission" too is in remission."""
    if any(coding.system == ICD_10_CM and mapping.excepts_icd10(coding.code) for coding in condition.codings):
        return False
    return any(_covers_coding(mapping, coding) for coding in condition.codings)


def _covers_coding(mapping: ConditionMap, coding: Coding) -> bool:
    if coding.system == ICD_10_CM:
        return mapping.covers_icd10(coding.code)
    return coding.system == SNOMED_CT and coding.code in mapping.snomed


def _holds(condition: ChartCondition, mapping: ConditionMap, on: date) -> bool:
    """The diagnosis counts on that day: confirmed, begun, and current unless a lifetime history counts."""
    if condition.verification_status in _NOT_HELD | _NOT_SURE:
        return False
    if condition.onset_on is not None and condition.onset_on > on:
        return False
    if mapping.lifetime:
        return True
    ended = condition.abated_on is not None and condition.abated_on <= on
    return condition.clinical_status in _CURRENT and not ended and not _lapsed(condition, mapping, on)


def _lapsed(condition: ChartCondition, mapping: ConditionMap, on: date) -> bool:
    if mapping.lapses_after_days is None or condition.onset_on is None:
        return False
    return on - condition.onset_on > timedelta(days=mapping.lapses_after_days)


def _doubt(condition: ChartCondition, mapping: ConditionMap) -> ReviewReason | None:
    if condition.verification_status in _NOT_SURE:
        return ReviewReason.NOT_CONFIRMED
    if condition.verification_status not in _NOT_HELD and condition.clinical_status == "unknown":
        return None if mapping.lifetime else ReviewReason.STATUS_UNKNOWN
    return None


def _label(condition: ChartCondition) -> str:
    return next((coding.display or coding.code for coding in condition.codings), "")


def _observation(
    rows: Iterable[tuple[date, ChartObservation]], mapping: ObservationMap, definition: FactDefinition, on: date
) -> tuple[list[Fact], list[ReviewItem]]:
    """The mean of the readings of the latest day, since a single blood pressure decides badly."""
    until = [(day, row) for day, row in rows if row.loinc in mapping.loinc and _number(row) is not None and day <= on]
    if not until:
        return [], []
    latest = max(day for day, _ in until)
    values, reviews = [], []
    for row in (row for day, row in until if day == latest):
        value = _in_unit(row, mapping)
        if value is not None and definition.accepts(value):
            values.append(value)
            continue
        reason = ReviewReason.UNIT_NOT_READ if value is None else ReviewReason.VALUE_NOT_PLAUSIBLE
        reviews.append(ReviewItem(reason=reason, what=_shown(row), fact=mapping.fact))
    mean = mean_of(values)
    if mean is None:
        return [], reviews
    return [state(definition, mean, said_by=Teller.CHART, said_on=latest, detail=(f"n={len(values)}",))], reviews


def _number(row: ChartObservation) -> float | Interval | None:
    return row.interval if row.value is None else row.value


def _shown(row: ChartObservation) -> str:
    shown = row.interval if row.value is None else f"{row.value:g}"
    return f"{row.display or row.loinc} {shown} {row.unit}".strip()


def _in_unit(row: ChartObservation, mapping: ObservationMap) -> float | Interval | None:
    """The value in the unit of the fact, None where its own unit cannot be read so."""

    def read(value: float) -> float:
        mass = mapping.molar_mass_g_per_mol
        return float(convert_substance(value, row.unit, mapping.unit, molar_mass_g_per_mol=mass))

    try:
        return read(row.value or 0.0) if row.interval is None else row.interval.mapped(read)
    except (UnknownUnit, IncompatibleUnits):
        return None


def _result(
    rows: Iterable[tuple[date, ChartObservation]], mapping: ResultMap, definition: FactDefinition, on: date
) -> Iterator[Fact]:
    """The newest result that says anything; of one day a yes before a no, the safer for every fact that is read so."""
    said = [
        (day, value)
        for day, row in rows
        if row.loinc in mapping.loinc and day <= on
        if (value := mapping.reads(frozenset(coding.code for coding in row.value_codings))) is not None
    ]
    if said:
        day, value = max(said)
        yield state(definition, value, said_by=Teller.CHART, said_on=day)
