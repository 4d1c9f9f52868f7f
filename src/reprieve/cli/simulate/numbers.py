"""Numbers and words as people type them, each with one sentence when it is none."""

import re
from math import isfinite
from typing import TypeVar

from reprieve.errors import InputError

Word = TypeVar("Word", bound=str)
_WHOLE = re.compile(r"[+-]?\d{1,30}")


def number(text: str, *, option: str, unit: str) -> float:
    """A finite number without a unit.  Raises: InputError SIM-NUMBER."""
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not isfinite(value):
        raise InputError("SIM-NUMBER", f"{text!r} is no number of {unit}; write it without a unit.", where=option)
    return value


def optional(text: str | None, *, option: str, unit: str) -> float | None:
    """None when not given.  Raises: InputError SIM-NUMBER."""
    return None if text is None else number(text, option=option, unit=unit)


def positive(text: str | None, *, option: str, unit: str) -> float | None:
    """As `optional`, above 0.  Raises: InputError SIM-NUMBER, SIM-POSITIVE."""
    value = optional(text, option=option, unit=unit)
    if value is not None and value <= 0.0:
        raise InputError("SIM-POSITIVE", f"{text} {unit} cannot be: a number above 0 is needed.", where=option)
    return value


def whole(text: str | None, *, option: str, unit: str) -> int | None:
    """A whole number, also written as 1e6.  Raises: InputError SIM-NUMBER, SIM-WHOLE."""
    if text is not None and _WHOLE.fullmatch(text.strip()):
        return int(text)
    value = optional(text, option=option, unit=unit)
    if value is None:
        return None
    if value != int(value):
        raise InputError("SIM-WHOLE", f"{text} is no whole number of {unit}.", where=option)
    return int(value)


def times(text: str) -> tuple[float, ...]:
    """Minutes since the start, in order, each once.  Raises: InputError SIM-NUMBER, PK-TIME-NEGATIVE."""
    found = [number(part, option="--at", unit="minutes") for part in text.split(",") if part.strip()]
    if not found:
        raise InputError("PK-TIME-NONE", "At least one time in minutes is needed, such as 40,80,110.", where="--at")
    if min(found) < 0.0:
        raise InputError("PK-TIME-NEGATIVE", f"Minute {min(found):g} is before the start.", where="--at")
    return tuple(sorted(set(found)))


def word(kind: type[Word], text: str, *, option: str) -> Word:
    """One of a closed list.  Raises: InputError SIM-WORD."""
    try:
        return kind(text)
    except ValueError:
        known = ", ".join(str(item) for item in kind)  # type: ignore[attr-defined]  # a StrEnum
        raise InputError("SIM-WORD", f"{text!r} is none of {known}.", where=option) from None
