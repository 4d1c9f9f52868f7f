"""Current medicines as facts: by ingredient name and RxCUI, which must agree (ALG-08)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from reprieve.domain.candidacy.chart import RXNORM, ChartMedication
from reprieve.domain.candidacy.chart_map import ChartMap, DrugClass, Ingredient
from reprieve.domain.candidacy.equivalents import DailyEquivalent, EquivalentTable, daily_equivalent
from reprieve.domain.candidacy.facts import Fact, Teller, state
from reprieve.domain.candidacy.from_chart import ChartReading, Definitions, ReviewItem, ReviewReason

BENZODIAZEPINES = "RX-BZD"
OPIOIDS = "RX-OPI"
NOT_RECOGNISED = "medicine_not_recognised"


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenDrug:
    """One recognised ingredient of a current medicine; `certain` is False when name and code disagree."""

    ingredient: Ingredient
    medication: ChartMedication
    certain: bool


def read_medicines(
    medications: Iterable[ChartMedication],
    chart_map: ChartMap,
    definitions: Definitions,
    *,
    list_complete_on: date | None,
    on: date,
) -> ChartReading:
    """One fact a drug class. Absence from the list means "not taken" only when somebody confirmed it complete."""
    current = tuple(dict.fromkeys(row for row in medications if is_current(row, on)))
    taken, reviews = [], []
    for row in current:
        drugs = recognise(row, chart_map)
        taken += drugs
        if not drugs:
            reviews.append(ReviewItem(reason=ReviewReason.DRUG_NOT_RECOGNISED, what=row.name))
        if any(not drug.certain for drug in drugs):
            reviews.append(ReviewItem(reason=ReviewReason.NAME_AND_CODE_DISAGREE, what=row.name))
    facts = [
        fact
        for drug_class in chart_map.drug_classes
        for fact in _class_fact(drug_class, taken, definitions, list_complete_on)
    ]
    facts += _equivalent_facts(taken, chart_map, definitions, on)
    facts += _not_recognised(reviews, definitions, list_complete_on)
    return ChartReading(facts=tuple(facts), reviews=tuple(dict.fromkeys(reviews)))


def _not_recognised(
    reviews: Iterable[ReviewItem], definitions: Definitions, list_complete_on: date | None
) -> Iterator[Fact]:
    """A medicine that no list names may belong to any class; that it stands in none is no answer."""
    names = tuple(dict.fromkeys(item.what for item in reviews if item.reason is ReviewReason.DRUG_NOT_RECOGNISED))
    definition = definitions[NOT_RECOGNISED]
    if names:
        yield state(definition, True, said_by=Teller.CHART, said_on=None, detail=names, lasts=True)
    elif list_complete_on is not None:
        yield state(definition, False, said_by=Teller.CHART, said_on=list_complete_on)


def is_current(row: ChartMedication, on: date) -> bool:
    """Being taken on that day as far as the record says: stopped, planned and ended ones are not."""
    if row.status not in {"active", "unknown", "on-hold"}:
        return False
    started = row.started_on is None or row.started_on <= on
    return started and (row.ended_on is None or row.ended_on > on)


def recognise(row: ChartMedication, chart_map: ChartMap) -> list[TakenDrug]:
    """Ingredients by name and by ingredient RxCUI; certain when no code contradicts the name."""
    text = " / ".join([row.name, *(coding.display for coding in row.codings)])
    named = {drug.name: drug for drug in chart_map.named_in(text)}
    codes = [coding.code for coding in row.codings if coding.system == RXNORM]
    coded = {drug.name: drug for code in codes if (drug := chart_map.by_rxcui.get(code)) is not None}
    agree = set(coded) <= set(named)
    return [TakenDrug(ingredient=drug, medication=row, certain=agree) for _, drug in sorted((named | coded).items())]


def _class_fact(
    drug_class: DrugClass, taken: list[TakenDrug], definitions: Definitions, list_complete_on: date | None
) -> Iterator[Fact]:
    members = [drug for drug in taken if drug.ingredient.name in drug_class.members]
    certain = tuple(dict.fromkeys(drug.ingredient.name for drug in members if drug.certain))
    definition = definitions[drug_class.fact]
    if certain:
        yield state(definition, True, said_by=Teller.CHART, said_on=None, detail=certain, lasts=True)
    elif not members and list_complete_on is not None:
        yield state(definition, False, said_by=Teller.CHART, said_on=list_complete_on)


def _equivalent_facts(
    taken: list[TakenDrug], chart_map: ChartMap, definitions: Definitions, on: date
) -> Iterator[Fact]:
    for total, keys in (
        (benzodiazepine_total(taken, chart_map), ("benzodiazepine_low_mg", "benzodiazepine_high_mg")),
        (opioid_total(taken, chart_map), ("opioid_mme_low_per_day", "opioid_mme_per_day")),
    ):
        if total is not None:
            detail = tuple(f"{table}={mg:g}" for table, mg in sorted(total.by_table.items()))
            for key, mg in zip(keys, (total.low_mg, total.high_mg), strict=True):
                yield state(definitions[key], round(mg, 6), said_by=Teller.CHART, said_on=on, detail=detail)


def benzodiazepine_total(taken: Iterable[TakenDrug], chart_map: ChartMap) -> DailyEquivalent | None:
    """Diazepam equivalent of all current benzodiazepines; None without any, or when a dose or equivalent is missing."""
    return _total(taken, chart_map, BENZODIAZEPINES, chart_map.equivalent_tables)


def opioid_total(taken: Iterable[TakenDrug], chart_map: ChartMap) -> DailyEquivalent | None:
    """Oral morphine equivalent (MME) of all current opioids; None without any, or when a dose or factor is missing."""
    return _total(taken, chart_map, OPIOIDS, chart_map.opioid_tables)


def _total(
    taken: Iterable[TakenDrug], chart_map: ChartMap, class_id: str, tables: tuple[EquivalentTable, ...]
) -> DailyEquivalent | None:
    members = next((item.members for item in chart_map.drug_classes if item.id == class_id), ())
    daily: dict[str, float] = {}
    for drug in taken:
        if drug.ingredient.name not in members:
            continue
        if drug.medication.daily_dose_mg is None or not drug.certain:
            return None
        daily[drug.ingredient.name] = daily.get(drug.ingredient.name, 0.0) + drug.medication.daily_dose_mg
    return daily_equivalent(daily, tables) if daily else None
