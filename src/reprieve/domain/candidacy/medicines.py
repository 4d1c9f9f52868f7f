"""Current medicines as facts: by ingredient name and RxCUI, which must agree (ALG-08), whoever names them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from reprieve.domain.candidacy.chart import RXNORM, ChartMedication
from reprieve.domain.candidacy.chart_map import ChartMap, DrugClass, Ingredient
from reprieve.domain.candidacy.daily_totals import Dose, total_facts
from reprieve.domain.candidacy.facts import Fact, Teller, state
from reprieve.domain.candidacy.from_chart import ChartReading, Definitions, ReviewItem, ReviewReason

BENZODIAZEPINES = "RX-BZD"
OPIOIDS = "RX-OPI"
NOT_RECOGNISED = "medicine_not_recognised"


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenDrug:
    """One recognised ingredient of a current medicine; `certain` is False when name and code disagree.

    `routes`: how it is taken, empty where nobody says.
    """

    ingredient: Ingredient
    medication: ChartMedication
    certain: bool
    routes: frozenset[str] = frozenset()


Recognised = Mapping[ChartMedication, Sequence[TakenDrug]]


def read_medicines(
    medications: Iterable[ChartMedication],
    chart_map: ChartMap,
    definitions: Definitions,
    *,
    complete: Mapping[Teller, date],
    on: date,
) -> ChartReading:
    """One fact a drug class and teller: what anybody names is taken.

    `complete`: who confirmed the list as complete, and when. Absence from the record and from that person's own list
    then means "not taken" in that person's words; another list that names it stands against them.
    """
    current = tuple(dict.fromkeys(row for row in medications if is_current(row, on)))
    recognised = {row: recognise(row, chart_map) for row in current}
    taken = [drug for drugs in recognised.values() for drug in drugs]
    facts = [
        fact for drug_class in chart_map.drug_classes for fact in _class_facts(drug_class, taken, definitions, complete)
    ]
    facts += _totals(taken, chart_map, definitions)
    reviews = [*_doubts(recognised), *_routes_not_known(taken, chart_map), *_only_one_names(recognised)]
    facts += _not_recognised(recognised, definitions, complete)
    return ChartReading(facts=tuple(facts), reviews=tuple(dict.fromkeys(reviews)))


def ingredients_taken(medications: Iterable[ChartMedication], chart_map: ChartMap, on: date) -> frozenset[str]:
    """Names of the ingredients of all current medicines, as far as name and code agree."""
    drugs = (drug for row in medications if is_current(row, on) for drug in recognise(row, chart_map))
    return frozenset(drug.ingredient.name for drug in drugs if drug.certain)


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
    routes = chart_map.routes_of((coding.code for coding in row.given_by), text)
    return [
        TakenDrug(ingredient=drug, medication=row, certain=agree, routes=routes)
        for _, drug in sorted((named | coded).items())
    ]


def _class_facts(
    drug_class: DrugClass, taken: Iterable[TakenDrug], definitions: Definitions, complete: Mapping[Teller, date]
) -> Iterator[Fact]:
    members = [drug for drug in taken if _may_belong(drug, drug_class)]
    sure = [drug for drug in members if drug.certain and (drug.routes or not drug_class.routes)]
    names = tuple(dict.fromkeys(drug.ingredient.name for drug in sure))
    definition = definitions[drug_class.fact]
    for teller, told_on in {drug.medication.said_by: drug.medication.said_on for drug in sure}.items():
        yield state(definition, True, said_by=teller, said_on=told_on, detail=names, lasts=True)
    if members and not sure:
        return
    for teller, day in complete.items():
        if not any(drug.medication.said_by in {Teller.CHART, teller} for drug in members):
            yield state(definition, False, said_by=teller, said_on=day)


def _may_belong(drug: TakenDrug, drug_class: DrugClass) -> bool:
    """Of the class, unless it is known to be taken in another way than the class means."""
    if drug.ingredient.name not in drug_class.members:
        return False
    return not drug_class.routes or not drug.routes or bool(drug.routes & drug_class.routes)


def _totals(taken: Iterable[TakenDrug], chart_map: ChartMap, definitions: Definitions) -> Iterator[Fact]:
    for class_id, tables, keys in (
        (BENZODIAZEPINES, chart_map.equivalent_tables, ("benzodiazepine_low_mg", "benzodiazepine_high_mg")),
        (OPIOIDS, chart_map.opioid_tables, ("opioid_mme_low_per_day", "opioid_mme_per_day")),
    ):
        members = next((item.members for item in chart_map.drug_classes if item.id == class_id), ())
        doses = [_dose(drug) for drug in taken if drug.ingredient.name in members]
        yield from total_facts(doses, tables, definitions, low=keys[0], high=keys[1])


def _dose(drug: TakenDrug) -> Dose:
    row = drug.medication
    mg = row.daily_dose_mg if drug.certain else None
    return Dose(drug=drug.ingredient.name, mg=mg, certain=drug.certain, said_by=row.said_by, said_on=row.said_on)


def _doubts(recognised: Recognised) -> Iterator[ReviewItem]:
    for row, drugs in recognised.items():
        if not drugs:
            yield ReviewItem(reason=ReviewReason.DRUG_NOT_RECOGNISED, what=row.name)
        if any(not drug.certain for drug in drugs):
            yield ReviewItem(reason=ReviewReason.NAME_AND_CODE_DISAGREE, what=row.name)


def _routes_not_known(taken: Iterable[TakenDrug], chart_map: ChartMap) -> Iterator[ReviewItem]:
    """A question, never a no: a steroid without its form may be the nasal spray or the inhaler."""
    for drug_class in (item for item in chart_map.drug_classes if item.routes):
        for drug in taken:
            if drug.ingredient.name in drug_class.members and not drug.routes:
                yield ReviewItem(reason=ReviewReason.ROUTE_NOT_KNOWN, what=drug.medication.name, fact=drug_class.fact)


def _only_one_names(recognised: Recognised) -> Iterator[ReviewItem]:
    """Two people told lists, and one medicine stands in one of them alone and not in the record: both lists count."""
    if len({row.said_by for row in recognised} - {Teller.CHART}) < 2:
        return
    names = {row: {drug.ingredient.name for drug in drugs} or {row.name.lower()} for row, drugs in recognised.items()}
    for row in (row for row in names if row.said_by is not Teller.CHART):
        if not any(names[row] & names[other] for other in names if other.said_by is not row.said_by):
            yield ReviewItem(reason=ReviewReason.ONLY_ONE_NAMES_IT, what=row.name)


def _not_recognised(
    recognised: Recognised, definitions: Definitions, complete: Mapping[Teller, date]
) -> Iterator[Fact]:
    """A medicine that no list names may belong to any class; that it stands in none is no answer."""
    rows = [row for row, drugs in recognised.items() if not drugs]
    names = tuple(dict.fromkeys(row.name for row in rows))
    definition = definitions[NOT_RECOGNISED]
    for teller, told_on in {row.said_by: row.said_on for row in rows}.items():
        yield state(definition, True, said_by=teller, said_on=told_on, detail=names, lasts=True)
    if not names:
        for teller, day in complete.items():
            yield state(definition, False, said_by=teller, said_on=day)
