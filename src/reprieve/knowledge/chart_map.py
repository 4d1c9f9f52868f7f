"""How a record becomes facts: diagnosis codes, drug classes, measurements, equivalents, adequate-trial criteria."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from reprieve.domain.candidacy.chart_map import ChartMap, ConditionMap, DrugClass, Ingredient, ObservationMap
from reprieve.domain.candidacy.equivalents import EquivalentDose, EquivalentTable
from reprieve.domain.candidacy.trials import TrialCriteria
from reprieve.domain.quantities.units import convert
from reprieve.knowledge.candidacy import fact_definitions
from reprieve.knowledge.loader import read_toml
from reprieve.knowledge.schema import KnowledgeError, read_source
from reprieve.knowledge.values import number

_MAP = "facts/chart_map.toml"
_DRUGS = "interactions/ingredients.toml"
_EQUIVALENTS = "interactions/benzodiazepine_equivalents.toml"
_TRIALS = "indications/adequate_trials.toml"
_NOT_DOSES = frozenset({"unit", "source", "confidence"})


@cache
def load_chart_map() -> ChartMap:
    """Everything needed to read facts out of a record.  Raises: KnowledgeError when a file breaks its schema."""
    table, drugs = read_toml(_MAP), read_toml(_DRUGS)
    read_source(table, _MAP)
    read_source(drugs, _DRUGS)
    ingredients = tuple(_ingredient(name, entry) for name, entry in drugs["ingredients"].items())
    return ChartMap(
        conditions=tuple(_condition(_fact(key, _MAP), entry) for key, entry in table["conditions"].items()),
        ingredients=ingredients,
        drug_classes=tuple(_drug_class(key, entry, ingredients) for key, entry in drugs["classes"].items()),
        observations=tuple(_observation(key, entry) for key, entry in table["observations"].items()),
        indications=tuple(
            _condition(entry["id"], entry) for entry in read_toml("indications/indications.toml")["indication"]
        ),
        allergens=tuple(table["ketamine_allergens"]),
        equivalent_tables=tuple(_equivalents(name, entry) for name, entry in read_toml(_EQUIVALENTS).items()),
        trial_criteria=_trial_criteria(),
    )


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
    missing = set(table["members"]) - {drug.name for drug in ingredients}
    if missing:
        raise KnowledgeError(f"{_DRUGS}#{key}", f"{sorted(missing)} are not in the list of ingredients")
    return DrugClass(id=key, fact=_fact(table["fact"], _DRUGS), members=tuple(table["members"]))


def _observation(key: str, table: Mapping[str, Any]) -> ObservationMap:
    return ObservationMap(fact=_fact(key, _MAP), loinc=tuple(table["loinc"]), unit=fact_definitions()[key].unit)


def _equivalents(name: str, table: Mapping[str, Any]) -> EquivalentTable:
    read_source(table, f"{_EQUIVALENTS}#{name}")
    doses = {drug: _dose(value, table["unit"]) for drug, value in table.items() if drug not in _NOT_DOSES}
    return EquivalentTable(name=name, doses=doses)


def _dose(value: float | list[float], unit: str) -> EquivalentDose:
    lower, upper = value if isinstance(value, list) else (value, value)
    return EquivalentDose(lower_mg=convert(float(lower), unit, "mg"), upper_mg=convert(float(upper), unit, "mg"))


def _trial_criteria() -> tuple[TrialCriteria, ...]:
    table = read_toml(_TRIALS)
    minimum = table["minimum_daily_dose"]
    read_source(minimum, f"{_TRIALS}#minimum_daily_dose")
    doses = {drug: convert(float(mg), minimum["unit"], "mg") for drug, mg in minimum["values"].items()}
    return tuple(_variant(entry, doses) for entry in table["variant"])


def _variant(table: Mapping[str, Any], doses: Mapping[str, float]) -> TrialCriteria:
    where = f"{_TRIALS}#{table['id']}"
    return TrialCriteria(
        id=table["id"],
        needed=round(number(table, "needed", unit="{#}", where=where)),
        minimum_weeks=number(table, "minimum_weeks", unit="wk", where=where),
        improvement_below_percent=number(table, "improvement_below_percent", unit="%", where=where),
        adherence_at_least_percent=number(table, "adherence_at_least_percent", unit="%", where=where),
        minimum_dose_mg=doses,
        current_episode_only=table["current_episode_only"],
    )
