"""A facts file (TOML): what is known of a person, written by hand or by a program (docs/reference/facts.md)."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from reprieve.domain.candidacy.case import Case
from reprieve.domain.candidacy.chart import (
    ICD_10_CM,
    RXNORM,
    SNOMED_CT,
    Chart,
    ChartCondition,
    ChartMedication,
    Coding,
    Sex,
)
from reprieve.domain.candidacy.facts import Fact, FactDefinition, FactKind, FactValue, Teller, state
from reprieve.domain.candidacy.rules import Phase, Route
from reprieve.domain.candidacy.trials import Trial
from reprieve.domain.quantities.interval import COMPARATORS, Interval, compared
from reprieve.domain.quantities.units import IncompatibleUnits, UnknownUnit, convert
from reprieve.errors import InputError
from reprieve.interop.facts_values import (
    day_in,
    meant,
    number_in,
    one_of,
    only_keys,
    past_day,
    read_day,
    read_word,
    rows_in,
    size,
    table_in,
    yes_no_in,
)
from reprieve.knowledge.candidacy import fact_definitions, indications
from reprieve.knowledge.chart_map import load_chart_map

_TOP = frozenset(
    {"on", "route", "indication", "phase", "birth_on", "sex", "facts", "conditions", "medications", "trials"}
    | {"trial_definition"}
)
_TRIAL = frozenset(Trial.__slots__)
_CONDITION = frozenset({"icd10", "snomed", "status", "onset_on", "abated_on"})
_MEDICATION = frozenset(
    {"name", "rxcui", "status", "daily_dose_mg", "started_on", "ended_on", "as_needed", "route", "said_by", "said_on"}
)
# The value sets of FHIR R4; a word outside them must not pass for "not taken" or "not ill".
_CONDITION_STATUS = frozenset({"active", "recurrence", "relapse", "inactive", "remission", "resolved", "unknown"})
_MEDICATION_STATUS = frozenset(
    {"active", "completed", "entered-in-error", "intended", "stopped", "on-hold", "unknown", "not-taken"}
)
_TELLERS = frozenset({Teller.PATIENT, Teller.CLINICIAN, Teller.CHART, Teller.FILE})


@dataclass(frozen=True, slots=True, kw_only=True)
class FactsFile:
    """A case with the route, indication and phase that the file names, if it does."""

    case: Case
    route: Route | None = None
    indication: str | None = None
    phase: Phase | None = None


def read_facts_file(content: bytes, *, on: date) -> FactsFile:
    """The case in a facts file; `on` is the day of the answer when the file names none.

    Raises: InputError with the place inside the file.
    """
    return case_of(_parse(content), on=on)


def case_of(table: Mapping[str, Any], *, on: date) -> FactsFile:
    """As `read_facts_file`, from a table that is already read."""
    only_keys(table, _TOP, "")
    day = read_day(table.get("on", on), "on")
    medicines = [_medication(row, f"medications[{n}]", day) for n, row in enumerate(rows_in(table, "medications"))]
    chart = Chart(
        birth_on=None if "birth_on" not in table else past_day(table["birth_on"], "birth_on", day),
        sex=read_word(Sex, table.get("sex", "unknown"), "sex"),
        conditions=tuple(_condition(row, f"conditions[{n}]") for n, row in enumerate(rows_in(table, "conditions"))),
        medications=tuple(row for row in medicines if row.said_by is Teller.CHART),
    )
    case = Case(
        on=day,
        chart=chart,
        told_medications=tuple(row for row in medicines if row.said_by is not Teller.CHART),
        trial_definition=_trial_definition(table),
        statements=tuple(_fact(key, value, day) for key, value in table_in(table, "facts").items()),
        trials=tuple(read_trial(row, f"trials[{n}]") for n, row in enumerate(rows_in(table, "trials"))),
    )
    route = None if "route" not in table else read_word(Route, table["route"], "route")
    phase = None if "phase" not in table else read_word(Phase, table["phase"], "phase")
    return FactsFile(case=case, route=route, indication=read_indication(table.get("indication")), phase=phase)


def read_indication(value: object) -> str | None:
    """An indication id, or None.  Raises: InputError."""
    if value is None:
        return None
    if isinstance(value, str) and value in indications():
        return value
    raise InputError("FACTS-INDICATION", f"{value!r} is not one of {', '.join(indications())}.", where="indication")


def _trial_definition(table: Mapping[str, Any]) -> str:
    """The variant of treatment resistance that decides; empty: the first of the knowledge."""
    known = frozenset(criteria.id for criteria in load_chart_map().trial_criteria)
    return one_of(table["trial_definition"], known, "trial_definition") if "trial_definition" in table else ""


def read_trial(row: Mapping[str, Any], where: str) -> Trial:
    """One antidepressant trial.  Raises: InputError."""
    only_keys(row, _TRIAL, where)
    return Trial(
        drug=_drug_name(row.get("drug"), where),
        daily_dose_mg=number_in(row, "daily_dose_mg", where),
        weeks=number_in(row, "weeks", where),
        improvement_percent=number_in(row, "improvement_percent", where),
        adherence_percent=number_in(row, "adherence_percent", where),
        stopped_for_side_effects=yes_no_in(row, "stopped_for_side_effects", where),
        current_episode=yes_no_in(row, "current_episode", where),
        added_to=_drug_name(row["added_to"], where) if row.get("added_to") is not None else None,
        said_by=Teller(one_of(row["said_by"], _TELLERS, f"{where}.said_by")) if "said_by" in row else None,
    )


def _drug_name(value: object, where: str) -> str:
    if isinstance(value, str) and value.strip():
        return value.strip().lower()
    raise InputError("FACTS-TRIAL", "A trial needs the name of its drug.", where=where)


def read_value(definition: FactDefinition, value: object, where: str) -> FactValue:
    """A value of the type of the fact; whole numbers become numbers.  Raises: InputError."""
    typed = value if isinstance(value, bool) or not isinstance(value, int | float) else size(value)
    if isinstance(typed, bool | float | str) and definition.accepts(typed):
        return typed
    wanted = {
        FactKind.BOOLEAN: "true or false",
        FactKind.NUMBER: _number_wanted(definition),
        FactKind.CHOICE: "one of " + ", ".join(definition.choices),
    }[definition.kind]
    raise InputError("FACTS-VALUE", f"{definition.key} must be {wanted}, not {value!r}.", where=where)


def _number_wanted(definition: FactDefinition) -> str:
    if definition.highest is None:
        return f"a number of 0 or more in {definition.unit}"
    return f"a number from {definition.lowest:g} to {definition.highest:g} in {definition.unit}"


def _parse(content: bytes) -> dict[str, Any]:
    try:
        return tomllib.loads(content.decode("utf-8"))
    except UnicodeDecodeError:
        raise InputError("FACTS-ENCODING", "The facts file is not UTF-8 text.") from None
    except tomllib.TOMLDecodeError as problem:
        raise InputError("FACTS-TOML", f"The facts file is not TOML: {problem}.") from None
    except RecursionError:
        raise InputError("FACTS-TOML", "The facts file is nested too deeply.") from None


def _fact(key: str, value: object, day: date) -> Fact:
    """`key = value`, or `key = {value, unit, comparator, said_by, said_on}` where more is known."""
    where = f"facts.{key}"
    definition = fact_definitions().get(key)
    if definition is None:
        raise InputError(
            "FACTS-FACT", f"There is no fact {key!r}.{meant(key, frozenset(fact_definitions()))}", where=where
        )
    if not isinstance(value, Mapping):
        return _statement(definition, value, Teller.FILE, day, where)
    only_keys(value, frozenset({"value", "unit", "comparator", "said_by", "said_on"}), where)
    said_by = Teller(one_of(value.get("said_by", Teller.FILE), _TELLERS, f"{where}.said_by"))
    said_on = past_day(value.get("said_on", day), f"{where}.said_on", day)
    if "comparator" in value:
        interval = _interval(definition, value, where)
        return state(definition, interval, said_by=said_by, said_on=said_on)
    return _statement(definition, _converted(definition, value, where), said_by, said_on, where)


def _statement(definition: FactDefinition, value: object, said_by: Teller, said_on: date, where: str) -> Fact:
    known = None if value == "unknown" else read_value(definition, value, where)
    return state(definition, known, said_by=said_by, said_on=said_on)


def _converted(definition: FactDefinition, table: Mapping[str, Any], where: str) -> object:
    value, unit = table.get("value", "unknown"), table.get("unit")
    if unit is None or value == "unknown":
        return value
    if definition.kind is not FactKind.NUMBER:
        raise InputError("FACTS-UNIT", f"{definition.key} has no unit.", where=where)
    number = size(value)
    if number is None:
        return value
    try:
        return convert(number, str(unit), definition.unit)
    except (UnknownUnit, IncompatibleUnits) as problem:
        raise InputError(
            "FACTS-UNIT", f"{definition.key} is read in {definition.unit}: {problem}.", where=where
        ) from None


def _interval(definition: FactDefinition, table: Mapping[str, Any], where: str) -> Interval:
    """`comparator = "<"`: the value lies below this one, and more is not known."""
    comparator = one_of(table["comparator"], COMPARATORS, f"{where}.comparator")
    end = read_value(definition, _converted(definition, table, where), where)
    if definition.kind is not FactKind.NUMBER or not isinstance(end, float):
        raise InputError("FACTS-COMPARATOR", f"{definition.key} is no number to compare.", where=where)
    return compared(comparator, end)


def _condition(row: Mapping[str, Any], where: str) -> ChartCondition:
    only_keys(row, _CONDITION, where)
    systems = {"icd10": ICD_10_CM, "snomed": SNOMED_CT}
    codings = tuple(Coding(system=systems[key], code=str(row[key])) for key in systems if key in row)
    if not codings:
        raise InputError("FACTS-CODE", "A condition needs an icd10 or a snomed code.", where=where)
    return ChartCondition(
        codings=codings,
        clinical_status=one_of(row.get("status", "active"), _CONDITION_STATUS, f"{where}.status"),
        verification_status="confirmed",
        onset_on=day_in(row, "onset_on", where),
        abated_on=day_in(row, "abated_on", where),
    )


def _medication(row: Mapping[str, Any], where: str, day: date) -> ChartMedication:
    only_keys(row, _MEDICATION, where)
    name = row.get("name")
    if not isinstance(name, str) or not name.strip():
        raise InputError("FACTS-DRUG", "A medication needs its name.", where=where)
    return ChartMedication(
        name=name,
        codings=tuple(Coding(system=RXNORM, code=str(row[key])) for key in ("rxcui",) if key in row),
        status=one_of(row.get("status", "active"), _MEDICATION_STATUS, f"{where}.status"),
        started_on=day_in(row, "started_on", where),
        ended_on=day_in(row, "ended_on", where),
        daily_dose_mg=number_in(row, "daily_dose_mg", where),
        as_needed=yes_no_in(row, "as_needed", where),
        given_by=_given_by(row, where),
        said_by=Teller(one_of(row.get("said_by", Teller.CHART), _TELLERS, f"{where}.said_by")),
        said_on=past_day(row["said_on"], f"{where}.said_on", day) if "said_on" in row else None,
    )


def _given_by(row: Mapping[str, Any], where: str) -> tuple[Coding, ...]:
    """`route = "nasal"` as the SNOMED CT code that a record would carry."""
    if "route" not in row:
        return ()
    routes = {route.name: min(route.snomed) for route in load_chart_map().medicine_routes}
    return (Coding(system=SNOMED_CT, code=routes[one_of(row["route"], frozenset(routes), f"{where}.route")]),)
