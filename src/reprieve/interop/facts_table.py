"""A table of facts (CSV or Parquet): a row a person, a column a fact, unknown where empty (reference/screen.md)."""

import csv
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray
from pyarrow.csv import ConvertOptions, ParseOptions, read_csv

from reprieve.domain.candidacy.columns import Column, Listed, Numbers, Rows, Table
from reprieve.domain.candidacy.facts import FactDefinition, FactKind, FactValue
from reprieve.domain.quantities.body import body_mass_index
from reprieve.domain.quantities.interval import Interval, compared
from reprieve.errors import InputError
from reprieve.interop.facts_file import read_value
from reprieve.interop.facts_values import meant, past_day
from reprieve.knowledge.candidacy import fact_definitions

ID, AS_OF = "id", "as_of"
_NUMBER = re.compile(r"(<=|>=|<|>)?\s*([+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)")
_YES_NO = {"true": True, "false": False}
_UNKNOWN = ("", "unknown")
_Places = NDArray[np.intp]
_Days = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FactsTable:
    """Facts that may be used on the day of the answer, and the id of each row: its number where there is no column."""

    ids: tuple[str, ...]
    table: Table


def read_facts_table(path: Path, *, on: date) -> FactsTable:
    """The table as it counts on that day.

    Every value counts as stated on that day, or on the day in the column `as_of`: then it may be too old, as in a
    facts file. Raises: InputError TABLE-... or FACTS-... with row and column; rows are counted from 1 without heading.
    """
    found = _read(path)
    _check_names(found.column_names, path)
    _check_cells(found.schema)
    if not found.num_rows:
        raise InputError("TABLE-EMPTY", f"{path.name} has no row.")
    columns = {
        key: _column(fact_definitions()[key], found.column(key)) for key in found.column_names if key not in {ID, AS_OF}
    }
    if AS_OF in found.column_names:
        columns = _fresh(columns, _days_old(found.column(AS_OF), on))
    columns |= _body_mass_index(columns, found.num_rows)
    return FactsTable(ids=_ids(found), table=Table(people=found.num_rows, columns=columns))


def _read(path: Path) -> pa.Table:
    try:
        return pq.read_table(path) if path.name.lower().endswith(".parquet") else _read_csv(path)
    except OSError as problem:
        raise InputError("TABLE-FILE", f"Cannot read {path}: {problem.strerror or 'it is damaged'}.") from None
    except (pa.ArrowInvalid, UnicodeDecodeError, csv.Error) as problem:
        reason = str(problem).splitlines()[0]
        raise InputError("TABLE-FORMAT", f"{path.name} is not a table in UTF-8 that can be read: {reason}.") from None


def _read_csv(path: Path) -> pa.Table:
    """Every cell as text, so that nothing is taken for a type that its fact does not have."""
    with path.open(newline="", encoding="utf-8-sig") as stream:
        names = next(csv.reader(stream), [])
    as_text = ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False)
    return read_csv(path, convert_options=as_text, parse_options=ParseOptions(newlines_in_values=False))


def _check_names(names: list[str], path: Path) -> None:
    """Every column is a fact, `id` or `as_of`, and there once."""
    known = frozenset({*fact_definitions(), ID, AS_OF})
    for name in names:
        if name not in known:
            raise InputError("TABLE-COLUMN", f"There is no fact {name!r}.{meant(name, known)}", where=f"column {name}")
        if names.count(name) > 1:
            raise InputError("TABLE-TWICE", f"{path.name} has two columns {name}.", where=f"column {name}")


def _check_cells(schema: pa.Schema) -> None:
    for field in schema:
        if pa.types.is_nested(field.type):
            raise InputError("TABLE-FORMAT", "A cell holds one value, not a list.", where=f"column {field.name}")


def _column(definition: FactDefinition, cells: pa.ChunkedArray) -> Column:
    """Each different cell is read once."""
    different, places = _different(cells)
    values: list[FactValue | None] = []
    for place, cell in enumerate(different):
        where = f"row {int(np.argmax(places == place)) + 1}, column {definition.key}"
        values.append(_value(definition, cell, where))
    if definition.kind is FactKind.NUMBER:
        return _numbers(values, places)
    known = {value: None for value in values if value is not None}
    order = {value: place for place, value in enumerate(known)}
    return Listed(tuple(known), np.array([-1 if one is None else order[one] for one in values], np.intp)[places])


def _different(cells: pa.ChunkedArray) -> tuple[list[object], _Places]:
    """The different cells, and which of them stands in each row."""
    if pa.types.is_dictionary(cells.type):
        cells = cells.cast(cells.type.value_type)
    if pa.types.is_decimal(cells.type):
        cells = cells.cast(pa.float64())
    coded = pc.dictionary_encode(cells.combine_chunks(), null_encoding="encode")
    return coded.dictionary.to_pylist(), coded.indices.to_numpy(zero_copy_only=False).astype(np.intp)


def _numbers(values: list[FactValue | None], places: _Places) -> Numbers:
    exact = np.array([value if isinstance(value, float) else np.nan for value in values], np.float64)
    rough = {place: value for place, value in enumerate(values) if isinstance(value, Interval)}
    rows = np.flatnonzero(np.isin(places, list(rough)))
    return Numbers(exact[places], {int(row): rough[int(places[row])] for row in rows})


def _value(definition: FactDefinition, cell: object, where: str) -> FactValue | None:
    """A cell of the type of its fact; text is read, an empty one is unknown.  Raises: InputError FACTS-VALUE."""
    if cell is None:
        return None
    if not isinstance(cell, str):
        return read_value(definition, cell, where)
    text = cell.strip()
    if text.lower() in _UNKNOWN:
        return None
    if definition.kind is FactKind.BOOLEAN:
        return read_value(definition, _YES_NO.get(text.lower(), text), where)
    written = _NUMBER.fullmatch(text)
    if definition.kind is FactKind.CHOICE or written is None:
        return read_value(definition, text, where)
    comparator, number = written.groups()
    end = read_value(definition, float(number), where)
    return compared(comparator, end) if comparator and isinstance(end, float) else end


def _days_old(cells: pa.ChunkedArray, on: date) -> _Days:
    """Whole days since each row's day; infinite where it has none, since what changes is then too old."""
    different, places = _different(cells)
    days = []
    for place, cell in enumerate(different):
        where = f"row {int(np.argmax(places == place)) + 1}, column {AS_OF}"
        said_on = _day(cell, where)
        days.append(math.inf if said_on is None else (on - past_day(said_on, where, on)) / timedelta(days=1))
    return np.array(days, np.float64)[places]


def _day(cell: object, where: str) -> object:
    if not isinstance(cell, str):
        return cell
    try:
        return date.fromisoformat(cell.strip()) if cell.strip() else None
    except ValueError:
        raise InputError("FACTS-DATE", f"{cell!r} is not a day such as 2026-03-02.", where=where) from None


def _fresh(columns: Mapping[str, Column], days_old: _Days) -> dict[str, Column]:
    """Without what was stated too long ago."""
    return {key: _still_fresh(one, fact_definitions()[key].fresh_for_days, days_old) for key, one in columns.items()}


def _still_fresh(column: Column, fresh_for_days: int | None, days_old: _Days) -> Column:
    if fresh_for_days is None:
        return column
    too_old: Rows = days_old > fresh_for_days
    return column.forgotten(too_old)


def _body_mass_index(columns: Mapping[str, Column], people: int) -> dict[str, Column]:
    """Where nobody gave the index, what weight and height give, if it can be true; as `case` does for one person."""
    weight_kg, height_cm = columns.get("weight_kg"), columns.get("height_cm")
    told = columns.get("bmi", Numbers(np.full(people, np.nan)))
    if not (isinstance(weight_kg, Numbers) and isinstance(height_cm, Numbers) and isinstance(told, Numbers)):
        return {}
    index, scale = body_mass_index(weight_kg.values, height_cm.values), fact_definitions()["bmi"]
    lowest, highest = scale.lowest or 0.0, scale.highest or math.inf
    rows = told.unknown & (index >= lowest) & (index <= highest)
    return {"bmi": Numbers(np.where(rows, index, told.values), told.intervals)}


def _ids(found: pa.Table) -> tuple[str, ...]:
    if ID not in found.column_names:
        return tuple(str(number) for number in range(1, found.num_rows + 1))
    ids = tuple("" if cell is None else str(cell).strip() for cell in found.column(ID).to_pylist())
    seen: set[str] = set()
    for number, name in enumerate(ids, start=1):
        if not name or name in seen:
            sentence = f"The id {name!r} stands in two rows." if name else "A row has no id."
            raise InputError("TABLE-ID", sentence, where=f"row {number}, column {ID}")
        seen.add(name)
    return ids
