"""A number known only as lying between two ends, such as the glucose `< 70 mg/dL` that a laboratory reports."""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

_COMPARATORS = {"<": (False, True), "<=": (False, False), ">": (True, True), ">=": (True, False)}
COMPARATORS = frozenset(_COMPARATORS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """All numbers from `lower` to `upper`; None where there is no end. An open end does not belong to it itself.

    Raises: ValueError when it holds no number, or every number.
    """

    lower: float | None = None
    upper: float | None = None
    lower_open: bool = False
    upper_open: bool = False

    def __post_init__(self) -> None:
        if any(end is not None and not math.isfinite(end) for end in (self.lower, self.upper)):
            raise ValueError("an end of an interval is a finite number or none")
        if (self.lower is None and self.upper is None) or self._holds_nothing():
            raise ValueError("an interval holds some numbers and not all")

    def _holds_nothing(self) -> bool:
        if self.lower is None or self.upper is None:
            return False
        open_point = self.lower == self.upper and (self.lower_open or self.upper_open)
        return self.lower > self.upper or open_point

    def __contains__(self, number: float) -> bool:
        above = self.lower is None or number > self.lower or (number == self.lower and not self.lower_open)
        below = self.upper is None or number < self.upper or (number == self.upper and not self.upper_open)
        return above and below

    def __str__(self) -> str:
        """`< 70`, `>= 300`, or `> 3, <= 5`."""
        low = "" if self.lower is None else f"{'>' if self.lower_open else '>='} {self.lower:g}"
        high = "" if self.upper is None else f"{'<' if self.upper_open else '<='} {self.upper:g}"
        return ", ".join(part for part in (low, high) if part)

    def ends(self) -> dict[str, float | bool | None]:
        """As plain values, for a record."""
        return {
            "lower": self.lower, "upper": self.upper, "lower_open": self.lower_open, "upper_open": self.upper_open,
        }  # fmt: skip

    @classmethod
    def of_ends(cls, ends: Mapping[str, Any]) -> "Interval":
        """What `ends` gave; a database may hand back 5 where 5.0 was stored."""
        lower, upper = (None if ends[name] is None else float(ends[name]) for name in ("lower", "upper"))
        return cls(lower=lower, upper=upper, lower_open=ends["lower_open"], upper_open=ends["upper_open"])

    def is_below(self, limit: float) -> bool | None:
        """Whether the number is less than the limit: None when both can be."""
        if self.upper is not None and (self.upper < limit or (self.upper == limit and self.upper_open)):
            return True
        return False if self.lower is not None and self.lower >= limit else None

    def is_above(self, limit: float) -> bool | None:
        """Whether the number is more than the limit: None when both can be."""
        if self.lower is not None and (self.lower > limit or (self.lower == limit and self.lower_open)):
            return True
        return False if self.upper is not None and self.upper <= limit else None

    def mapped(self, change: Callable[[float], float]) -> "Interval":
        """Both ends changed by something that keeps their order, such as a change of units."""
        return Interval(
            lower=None if self.lower is None else change(self.lower),
            upper=None if self.upper is None else change(self.upper),
            lower_open=self.lower_open,
            upper_open=self.upper_open,
        )


def compared(comparator: str, number: float) -> Interval:
    """What a comparator (FHIR: `<`, `<=`, `>=`, `>`) and a number tell.  Raises: ValueError."""
    if comparator not in _COMPARATORS:
        raise ValueError(f"{comparator!r} is none of {', '.join(sorted(_COMPARATORS))}")
    lower, is_open = _COMPARATORS[comparator]
    if lower:
        return Interval(lower=number, lower_open=is_open)
    return Interval(upper=number, upper_open=is_open)


def mean_of(numbers: Iterable[float | Interval]) -> float | Interval | None:
    """The mean to 6 decimals where every number is known, else the interval in which it lies; None: can be any."""
    given = tuple(numbers)
    exact = [one for one in given if not isinstance(one, Interval)]
    if exact and len(exact) == len(given):
        return _mean(exact)
    between = [one if isinstance(one, Interval) else Interval(lower=one, upper=one) for one in given]
    lowers = [one.lower for one in between if one.lower is not None]
    uppers = [one.upper for one in between if one.upper is not None]
    lower = _mean(lowers) if lowers and len(lowers) == len(between) else None
    upper = _mean(uppers) if uppers and len(uppers) == len(between) else None
    if lower is None and upper is None:
        return None
    return Interval(
        lower=lower,
        upper=upper,
        lower_open=any(one.lower_open for one in between),
        upper_open=any(one.upper_open for one in between),
    )


def _mean(numbers: list[float]) -> float:
    return round(sum(numbers) / len(numbers), 6)
