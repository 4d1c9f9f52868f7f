"""How a record becomes facts: diagnosis codes, drug classes, measurements, equivalents, adequate-trial criteria."""

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from reprieve.domain.candidacy.chart_map import (
    ChartMap,
    ConditionMap,
    DrugClass,
    Ingredient,
    MedicineRoute,
    ObservationMap,
    ResultMap,
)
from reprieve.domain.candidacy.equivalents import EquivalentDose, EquivalentTable
from reprieve.domain.candidacy.trials import TrialCriteria
from reprieve.domain.candidacy.urine_screen import UrineScreen, UrineSubstance
from reprieve.domain.quantities.units import convert
from reprieve.knowledge.candidacy import fact_definitions
from reprieve.knowledge.loader import read_toml
from reprieve.knowledge.measurements import measurement_codes
from reprieve.knowledge.schema import KnowledgeError, read_source
from reprieve.knowledge.values import number

_MAP = "facts/chart_map.toml"
_DRUGS = "interactions/ingredients.toml"
_EQUIVALENTS = "interactions/benzodiazepine_equivalents.toml"
_OPIOIDS = "interactions/opioid_equivalents.toml"
_TRIALS = "indications/adequate_trials.toml"


@cache
def load_chart_map() -> ChartMap:
    """Everything needed to read facts out of a record.  Raises: KnowledgeError when a file breaks its schema."""
    table, drugs = read_toml(_MAP), read_toml(_DRUGS)
    read_source(table, _MAP)
    read_source(drugs, _DRUGS)
    ingredients = tuple(_ingredient(name, entry) for name, entry in drugs["ingredients"].items())
    return ChartMap(
        conditions=tuple(
            _condition(_fact(key, _MAP), entry)
            for key, entries in table["conditions"].items()
            for entry in (entries if isinstance(entries, list) else [entries])
        ),
        ingredients=ingredients,
        drug_classes=tuple(_drug_class(key, entry, ingredients) for key, entry in drugs["classes"].items()),
        observations=tuple(_observation(key, entry) for key, entry in table["observations"].items()),
        results=tuple(_result(key, entry) for key, entry in (*table["results"].items(), *table["presence"].items())),
        indications=tuple(
            _condition(entry["id"], entry) for entry in read_toml("indications/indications.toml")["indication"]
        ),
        allergens=tuple(table["ketamine_allergens"]),
        equivalent_tables=_equivalents(_EQUIVALENTS, _dose),
        opioid_tables=_equivalents(_OPIOIDS, _dose_by_factor),
        trial_criteria=_trial_criteria(),
        medicine_routes=_medicine_routes(),
        urine_screen=_urine_screen(table["urine_screen"], ingredients),
    )


@cache
def drug_lists() -> Mapping[str, tuple[Ingredient, ...]]:
    """Every list of ingredients by its id: the classes that rules read, and the lists as they were published."""
    drugs = read_toml(_DRUGS)
    ingredients = {name: _ingredient(name, entry) for name, entry in drugs["ingredients"].items()}
    return {key: tuple(ingredients[name] for name in entry["members"]) for key, entry in _lists(drugs, ingredients)}


def _lists(drugs: Mapping[str, Any], ingredients: Mapping[str, Ingredient]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for key, entry in (*drugs["classes"].items(), *drugs["lists"].items()):
        _known_members(key, entry, tuple(ingredients.values()))
        if "source" in entry:
            read_source(entry, f"{_DRUGS}#{key}")
        yield key, entry


def _known_members(key: str, table: Mapping[str, Any], ingredients: tuple[Ingredient, ...]) -> tuple[str, ...]:
    missing = set(table["members"]) - {drug.name for drug in ingredients}
    if missing:
        raise KnowledgeError(f"{_DRUGS}#{key}", f"{sorted(missing)} are not in the list of ingredients")
    return tuple(table["members"])


def _fact(key: str, where: str) -> str:
    if key not in fact_definitions():
        raise KnowledgeError(where, f"{key!r} is not a fact")
    return key


def _condition(key: str, table: Mapping[str, Any]) -> ConditionMap:
    return ConditionMap(
        fact=key,
        icd10=tuple(table.get("icd10", ())),
        snomed=frozenset(table.get("snomed", ())),
        except_icd10=tuple(table.get("except_icd10", ())),
        lifetime=table.get("lifetime", False),
        lapses_after_days=table.get("lapses_after_days"),
    )


def _ingredient(name: str, table: Mapping[str, Any]) -> Ingredient:
    return Ingredient(name=name, rxcui=table.get("rxcui"), brands=tuple(table.get("brands", ())))


def _drug_class(key: str, table: Mapping[str, Any], ingredients: tuple[Ingredient, ...]) -> DrugClass:
    routes = frozenset(table.get("routes", ()))
    unknown = routes - {route.name for route in _medicine_routes()}
    if unknown:
        raise KnowledgeError(f"{_DRUGS}#{key}", f"{sorted(unknown)} are no routes of {_MAP}")
    members = _known_members(key, table, ingredients)
    return DrugClass(id=key, fact=_fact(table["fact"], _DRUGS), members=members, routes=routes)


def _medicine_routes() -> tuple[MedicineRoute, ...]:
    return tuple(
        MedicineRoute(name=name, snomed=frozenset(entry["snomed"]), words=tuple(entry["words"]))
        for name, entry in read_toml(_MAP)["medicine_routes"].items()
    )


def _observation(key: str, table: Mapping[str, Any]) -> ObservationMap:
    codes = [measurement_codes()[code] for code in table["loinc"] if code in measurement_codes()]
    return ObservationMap(
        fact=_fact(key, _MAP),
        loinc=tuple(table["loinc"]),
        unit=fact_definitions()[key].unit,
        molar_mass_g_per_mol=next((code.molar_mass_g_per_mol for code in codes), None),
    )


def _result(key: str, table: Mapping[str, Any]) -> ResultMap:
    return ResultMap(
        fact=_fact(key, _MAP),
        loinc=tuple(table["loinc"]),
        positive=frozenset(table.get("positive", ())),
        negative=frozenset(table.get("negative", ())),
    )


def _urine_screen(table: Mapping[str, Any], ingredients: tuple[Ingredient, ...]) -> UrineScreen:
    where = f"{_MAP}#urine_screen"
    return UrineScreen(
        substances=tuple(
            UrineSubstance(
                name=name,
                loinc=frozenset(entry["loinc"]),
                explained_by=frozenset(_known_members(name, {"members": entry["explained_by"]}, ingredients)),
            )
            for name, entry in table["substances"].items()
        ),
        panel_of=round(number(table, "panel_of", unit="{#}", where=where)),
        positive=frozenset(table["positive"]),
        negative=frozenset(table["negative"]),
    )


def _equivalents(path: str, dose: Callable[[float, float, str], EquivalentDose]) -> tuple[EquivalentTable, ...]:
    """One table a source; the reference drug stands in each of them as 10 mg for 10 mg."""
    document = read_toml(path)
    read_source(document, path)
    reference = {document["reference"]: EquivalentDose(lower_mg=10.0, upper_mg=10.0)}
    return tuple(
        EquivalentTable(
            name=name,
            doses=reference
            | {row["drug"]: dose(*_range(row[name]), document["unit"]) for row in document["row"] if name in row},
        )
        for name in document["tables"]
    )


def _range(value: float | list[float]) -> tuple[float, float]:
    lower, upper = value if isinstance(value, list) else (value, value)
    return float(lower), float(upper)


def _dose(lower: float, upper: float, unit: str) -> EquivalentDose:
    return EquivalentDose(lower_mg=convert(lower, unit, "mg"), upper_mg=convert(upper, unit, "mg"))


def _dose_by_factor(lower: float, upper: float, unit: str) -> EquivalentDose:
    """A factor (mg of morphine for one mg) as the dose that equals 10 mg: a large factor is a small dose."""
    return EquivalentDose(lower_mg=10 / convert(upper, unit, "1"), upper_mg=10 / convert(lower, unit, "1"))


def _trial_criteria() -> tuple[TrialCriteria, ...]:
    table = read_toml(_TRIALS)
    minimum, augmentation = table["minimum_daily_dose"], table["augmentation"]
    read_source(minimum, f"{_TRIALS}#minimum_daily_dose")
    read_source(augmentation, f"{_TRIALS}#augmentation")
    rows = minimum["row"]
    shared = _SharedByVariants(
        dose_mg={row["drug"]: convert(float(row["minimum"]), minimum["unit"], "mg") for row in rows},
        drug_class={row["drug"]: row["class"] for row in rows},
        augmenting=frozenset(augmentation["drugs"]),
        augmentation_weeks=number(augmentation, "weeks", unit="wk", where=f"{_TRIALS}#augmentation"),
    )
    return tuple(_variant(entry, shared) for entry in table["variant"])


class _SharedByVariants(NamedTuple):
    """What no variant changes."""

    dose_mg: Mapping[str, float]
    drug_class: Mapping[str, str]
    augmenting: frozenset[str]
    augmentation_weeks: float


def _variant(table: Mapping[str, Any], shared: _SharedByVariants) -> TrialCriteria:
    where = f"{_TRIALS}#{table['id']}"
    classes = number(table, "needed_classes", unit="{#}", where=where) if "needed_classes" in table else 1
    return TrialCriteria(
        id=table["id"],
        needed=round(number(table, "needed", unit="{#}", where=where)),
        minimum_weeks=number(table, "minimum_weeks", unit="wk", where=where),
        improvement_below_percent=number(table, "improvement_below_percent", unit="%", where=where),
        adherence_at_least_percent=number(table, "adherence_at_least_percent", unit="%", where=where),
        minimum_dose_mg=shared.dose_mg,
        current_episode_only=table["current_episode_only"],
        needed_classes=round(classes),
        drug_class=shared.drug_class,
        augmenting=shared.augmenting,
        augmentation_weeks=shared.augmentation_weeks,
        counts_augmentation=table.get("counts_augmentation", False),
        fact=_fact(table["fact"], where) if "fact" in table else "",
    )
