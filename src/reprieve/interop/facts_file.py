"""A facts file (TOML): what is known of a person, written by hand or by a program (docs/reference/facts.md)."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from reprieve.domain.candidacy.case import Case
from reprieve.domain.candidacy.chart import Chart, Sex
from reprieve.domain.candidacy.facts import Fact, FactDefinition, FactKind, FactValue, Teller, state
from reprieve.domain.candidacy.rules import Phase, Route
from reprieve.domain.quantities.interval import COMPARATORS, Interval, compared
from reprieve.domain.quantities.units import IncompatibleUnits, UnknownUnit, convert
from reprieve.errors import InputError
from reprieve.interop.facts_rows import TELLERS, read_condition, read_medication, read_trial
from reprieve.interop.facts_values import (
    meant,
    one_of,
    only_keys,
    past_day,
    read_day,
    read_word,
    rows_in,
    size,
    table_in,
)
from reprieve.knowledge.candidacy import fact_definitions, indications
from reprieve.knowledge.chart_map import load_chart_map

_TOP = frozenset(
    {"on", "route", "indication", "phase", "birth_on", "sex", "facts", "conditions", "medications", "trials"}
    | {"trial_definition"}
)


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
    medicines = [read_medication(row, f"medications[{n}]", day) for n, row in enumerate(rows_in(table, "medications"))]
    chart = Chart(
        birth_on=None if "birth_on" not in table else past_day(table["birth_on"], "birth_on", day),
        sex=read_word(Sex, table.get("sex", "unknown"), "sex"),
        conditions=tuple(read_condition(row, f"conditions[{n}]") for n, row in enumerate(rows_in(table, "conditions"))),
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
    said_by = Teller(one_of(value.get("said_by", Teller.FILE), TELLERS, f"{where}.said_by"))
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
