"""Numbers of a knowledge table, by key and in the unit that the caller works in."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from reprieve.knowledge.schema import KnowledgeError, read_sourced


def number(table: Mapping[str, Any], key: str, *, unit: str, where: str) -> float:
    """The value at `key` in `unit`.  Raises: KnowledgeError, UnknownUnit, IncompatibleUnits."""
    place = f"{where}.{key}"
    entry = table.get(key)
    if not isinstance(entry, Mapping):
        raise KnowledgeError(place, "needs a number as {value, unit, source, confidence}")
    return read_sourced(entry, place).in_unit(unit)


def decimal(table: Mapping[str, Any], key: str, *, unit: str, where: str) -> Decimal:
    """As `number`, for amounts that are drawn up: the shortest decimal that reads as the number in the file."""
    value = number(table, key, unit=unit, where=where)
    return Decimal(int(value)) if value.is_integer() else Decimal(repr(value))
