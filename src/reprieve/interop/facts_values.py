"""The parts of a facts file, read one by one: words, numbers, days and tables, each refused with its place."""

import difflib
import math
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar

from reprieve.errors import InputError

Word = TypeVar("Word", bound=StrEnum)
_YEARS = range(1900, 2200)


def read_word(kind: type[Word], value: object, where: str) -> Word:
    """One word of a closed set.  Raises: InputError naming the words."""
    try:
        return kind(str(value))
    except ValueError:
        words = ", ".join(str(word) for word in kind)
        raise InputError("FACTS-WORD", f"{value!r} is not one of {words}.", where=where) from None


def size(value: object) -> float | None:
    """A number of 0 or more as it can be compared; None for anything else, `nan` and `inf` among it.

    No fact is measured below zero, and every comparison with `nan` is false, which would read as "no".
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) and number >= 0 else None


def only_keys(table: Mapping[str, Any], allowed: frozenset[str], where: str) -> None:
    for key in table:
        if key not in allowed:
            raise InputError("FACTS-KEY", f"{key!r} is not known here.{meant(key, allowed)}", where=where or key)


def meant(key: str, known: frozenset[str]) -> str:
    close = difflib.get_close_matches(key, known, n=1)
    return f" Did you mean {close[0]!r}?" if close else ""


def table_in(table: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = table.get(key, {})
    if not isinstance(value, Mapping):
        raise InputError("FACTS-SHAPE", f"[{key}] must be a table.", where=key)
    return value


def rows_in(table: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    value = table.get(key, [])
    if not isinstance(value, list) or not all(isinstance(row, Mapping) for row in value):
        raise InputError("FACTS-SHAPE", f"[[{key}]] must be a list of tables.", where=key)
    return value


def number_in(row: Mapping[str, Any], key: str, where: str) -> float | None:
    value = row.get(key)
    if value is None:
        return None
    number = size(value)
    if number is None:
        raise InputError("FACTS-NUMBER", f"{key} must be a number of 0 or more.", where=f"{where}.{key}")
    return number


def yes_no_in(row: Mapping[str, Any], key: str, where: str) -> bool | None:
    value = row.get(key)
    if value is None or isinstance(value, bool):
        return value
    raise InputError("FACTS-YES-NO", f"{key} must be true or false.", where=f"{where}.{key}")


def day_in(row: Mapping[str, Any], key: str, where: str) -> date | None:
    return None if key not in row else read_day(row[key], f"{where}.{key}")


def one_of(value: object, words: frozenset[str], where: str) -> str:
    if isinstance(value, str) and value in words:
        return str(value)
    raise InputError("FACTS-WORD", f"{value!r} is not one of {', '.join(sorted(words))}.", where=where)


def past_day(value: object, where: str, day: date) -> date:
    """A day that is not after the day of the answer: what is said later is not known yet."""
    past = read_day(value, where)
    if past > day:
        raise InputError("FACTS-FUTURE", f"{past} lies after the day of the answer, {day}.", where=where)
    return past


def read_day(value: object, where: str) -> date:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise InputError("FACTS-DATE", f"{value!r} is not a day such as 2026-03-02.", where=where)
    if value.year not in _YEARS:
        raise InputError("FACTS-DATE", f"{value} is too far away to be meant.", where=where)
    return value
