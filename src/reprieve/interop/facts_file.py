"""A facts file (TOML): what is known of a person, written by hand or by a program (docs/reference/facts.md)."""

import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar

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
from reprieve.domain.quantities.units import IncompatibleUnits, UnknownUnit, convert
from reprieve.errors import InputError
from reprieve.knowledge.candidacy import fact_definitions, indications

Word = TypeVar("Word", bound=StrEnum)
_TOP = frozenset(
    {"on", "route", "indication", "phase", "birth_on", "sex", "facts", "conditions", "medications", "trials"}
)
_TRIAL = frozenset(Trial.__slots__)
_CONDITION = frozenset({"icd10", "snomed", "status", "onset_on", "abated_on"})
_MEDICATION = frozenset({"name", "rxcui", "status", "daily_dose_mg", "started_on", "ended_on", "as_needed"})


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
    _only(table, _TOP, "")
    day = _date(table.get("on", on), "on")
    chart = Chart(
        birth_on=None if "birth_on" not in table else _date(table["birth_on"], "birth_on"),
        sex=read_word(Sex, table.get("sex", "unknown"), "sex"),
        conditions=tuple(_condition(row, f"conditions[{n}]") for n, row in enumerate(_rows(table, "conditions"))),
        medications=tuple(_medication(row, f"medications[{n}]") for n, row in enumerate(_rows(table, "medications"))),
    )
    case = Case(
        on=day,
        chart=chart,
        statements=tuple(_fact(key, value, day) for key, value in _table(table, "facts").items()),
        trials=tuple(read_trial(row, f"trials[{n}]") for n, row in enumerate(_rows(table, "trials"))),
    )
    route = None if "route" not in table else read_word(Route, table["route"], "route")
    phase = None if "phase" not in table else read_word(Phase, table["phase"], "phase")
    return FactsFile(case=case, route=route, indication=read_indication(table.get("indication")), phase=phase)


def read_indication(value: object) -> str | None:
    """An indication id, or None.  Raises: InputError."""
    if value is None or value in indications():
        return None if value is None else str(value)
    raise InputError("FACTS-INDICATION", f"{value!r} is not one of {', '.join(indications())}.", where="indication")


def read_word(kind: type[Word], value: object, where: str) -> Word:
    """One word of a closed set.  Raises: InputError naming the words."""
    try:
        return kind(str(value))
    except ValueError:
        words = ", ".join(str(word) for word in kind)
        raise InputError("FACTS-WORD", f"{value!r} is not one of {words}.", where=where) from None


def read_trial(row: Mapping[str, Any], where: str) -> Trial:
    """One antidepressant trial.  Raises: InputError."""
    _only(row, _TRIAL, where)
    drug = row.get("drug")
    if not isinstance(drug, str) or not drug.strip():
        raise InputError("FACTS-TRIAL", "A trial needs the name of its drug.", where=where)
    return Trial(
        drug=drug.strip().lower(),
        daily_dose_mg=_number(row, "daily_dose_mg", where),
        weeks=_number(row, "weeks", where),
        improvement_percent=_number(row, "improvement_percent", where),
        adherence_percent=_number(row, "adherence_percent", where),
        stopped_for_side_effects=_yes_no(row, "stopped_for_side_effects", where),
        current_episode=_yes_no(row, "current_episode", where),
    )


def read_value(definition: FactDefinition, value: object, where: str) -> FactValue:
    """A value of the type of the fact; whole numbers become numbers.  Raises: InputError."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    typed = float(value) if number and isinstance(value, int | float) else value
    if isinstance(typed, bool | float | str) and definition.accepts(typed):
        return typed
    wanted = {
        FactKind.BOOLEAN: "true or false",
        FactKind.NUMBER: f"a number in {definition.unit}",
        FactKind.CHOICE: "one of " + ", ".join(definition.choices),
    }[definition.kind]
    raise InputError("FACTS-VALUE", f"{definition.key} must be {wanted}, not {value!r}.", where=where)


def _parse(content: bytes) -> dict[str, Any]:
    try:
        return tomllib.loads(content.decode("utf-8"))
    except UnicodeDecodeError:
        raise InputError("FACTS-ENCODING", "The facts file is not UTF-8 text.") from None
    except tomllib.TOMLDecodeError as problem:
        raise InputError("FACTS-TOML", f"The facts file is not TOML: {problem}.") from None


def _only(table: Mapping[str, Any], allowed: frozenset[str], where: str) -> None:
    for key in table:
        if key not in allowed:
            raise InputError("FACTS-KEY", f"{key!r} is not known here.{_meant(key, allowed)}", where=where or key)


def _meant(key: str, known: frozenset[str]) -> str:
    close = difflib.get_close_matches(key, known, n=1)
    return f" Did you mean {close[0]!r}?" if close else ""


def _table(table: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = table.get(key, {})
    if not isinstance(value, Mapping):
        raise InputError("FACTS-SHAPE", f"[{key}] must be a table.", where=key)
    return value


def _rows(table: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    value = table.get(key, [])
    if not isinstance(value, list) or not all(isinstance(row, Mapping) for row in value):
        raise InputError("FACTS-SHAPE", f"[[{key}]] must be a list of tables.", where=key)
    return value


def _fact(key: str, value: object, day: date) -> Fact:
    """`key = value`, or `key = {value, unit, said_by, said_on}` where more is known."""
    where = f"facts.{key}"
    definition = fact_definitions().get(key)
    if definition is None:
        raise InputError(
            "FACTS-FACT", f"There is no fact {key!r}.{_meant(key, frozenset(fact_definitions()))}", where=where
        )
    if not isinstance(value, Mapping):
        return _statement(definition, value, Teller.FILE, day, where)
    _only(value, frozenset({"value", "unit", "said_by", "said_on"}), where)
    said_by = read_word(Teller, value.get("said_by", Teller.FILE), f"{where}.said_by")
    said_on = _date(value.get("said_on", day), f"{where}.said_on")
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
    try:
        return convert(float(value), str(unit), definition.unit)
    except (UnknownUnit, IncompatibleUnits, TypeError, ValueError) as problem:
        raise InputError(
            "FACTS-UNIT", f"{definition.key} is read in {definition.unit}: {problem}.", where=where
        ) from None


def _condition(row: Mapping[str, Any], where: str) -> ChartCondition:
    _only(row, _CONDITION, where)
    systems = {"icd10": ICD_10_CM, "snomed": SNOMED_CT}
    codings = tuple(Coding(system=systems[key], code=str(row[key])) for key in systems if key in row)
    if not codings:
        raise InputError("FACTS-CODE", "A condition needs an icd10 or a snomed code.", where=where)
    return ChartCondition(
        codings=codings,
        clinical_status=str(row.get("status", "active")),
        verification_status="confirmed",
        onset_on=_optional_date(row, "onset_on", where),
        abated_on=_optional_date(row, "abated_on", where),
    )


def _medication(row: Mapping[str, Any], where: str) -> ChartMedication:
    _only(row, _MEDICATION, where)
    name = row.get("name")
    if not isinstance(name, str) or not name.strip():
        raise InputError("FACTS-DRUG", "A medication needs its name.", where=where)
    return ChartMedication(
        name=name,
        codings=tuple(Coding(system=RXNORM, code=str(row[key])) for key in ("rxcui",) if key in row),
        status=str(row.get("status", "active")),
        started_on=_optional_date(row, "started_on", where),
        ended_on=_optional_date(row, "ended_on", where),
        daily_dose_mg=_number(row, "daily_dose_mg", where),
        as_needed=_yes_no(row, "as_needed", where),
    )


def _number(row: Mapping[str, Any], key: str, where: str) -> float | None:
    value = row.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise InputError("FACTS-NUMBER", f"{key} must be a number of 0 or more.", where=f"{where}.{key}")
    return float(value)


def _yes_no(row: Mapping[str, Any], key: str, where: str) -> bool | None:
    value = row.get(key)
    if value is None or isinstance(value, bool):
        return value
    raise InputError("FACTS-YES-NO", f"{key} must be true or false.", where=f"{where}.{key}")


def _optional_date(row: Mapping[str, Any], key: str, where: str) -> date | None:
    return None if key not in row else _date(row[key], f"{where}.{key}")


def _date(value: object, where: str) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise InputError("FACTS-DATE", f"{value!r} is not a day such as 2026-03-02.", where=where)
