"""Facts of many people side by side, a column a fact, and conditions that are answered for all of them at once.

The meaning is that of `expression.truth`, held against it by a property. Codes are those of `compiled`, so that
Kleene's "and" of two columns is `&` and his "or" is `|`.
"""

import ast
import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from reprieve.domain.candidacy.compiled import NO, UNKNOWN, YES, Leaf, Writer, call, code_of
from reprieve.domain.candidacy.expression import Compare, Comparison, Expression
from reprieve.domain.candidacy.facts import FactValue
from reprieve.domain.quantities.interval import Interval

ColumnCodes = NDArray[np.uint8]
Rows = NDArray[np.bool_]

_NEGATED = np.array([YES, UNKNOWN, UNKNOWN, NO], np.uint8)  # 0b10 is no answer
_COMPARE: dict[Comparison, Callable[[NDArray[np.float64], float], Rows]] = {
    Comparison.BELOW: operator.lt,
    Comparison.AT_MOST: operator.le,
    Comparison.ABOVE: operator.gt,
    Comparison.AT_LEAST: operator.ge,
}


@dataclass(frozen=True, slots=True, eq=False)
class Listed:
    """One fact with few different values. `places`: which of `values` each person has, -1 where it is unknown."""

    values: tuple[FactValue, ...]
    places: NDArray[np.intp]

    @property
    def unknown(self) -> Rows:
        return self.places < 0

    @property
    def rough(self) -> Rows:
        """Who is known only by an interval."""
        return np.array([*(isinstance(value, Interval) for value in self.values), False])[self.places]

    def answers(self, leaf: Leaf) -> ColumnCodes:
        """Each value is asked once; the answer of "unknown" stands last, where -1 finds it."""
        codes = [code_of(leaf, value) for value in (*self.values, None)]
        return np.array(codes, np.uint8).take(self.places, mode="wrap")

    def filled(self, rows: Rows, value: FactValue) -> "Listed":
        """With this value for these people."""
        return Listed((*self.values, value), np.where(rows, len(self.values), self.places))

    def forgotten(self, rows: Rows) -> "Listed":
        """Unknown again for these people."""
        return Listed(self.values, np.where(rows, -1, self.places))

    def part(self, rows: slice) -> "Listed":
        return Listed(self.values, self.places[rows])


@dataclass(frozen=True, slots=True, eq=False)
class Numbers:
    """One number of many people, not a number where it is unknown; `intervals`: rows where only the ends are known."""

    values: NDArray[np.float64]
    intervals: Mapping[int, Interval] = field(default_factory=dict)

    @property
    def unknown(self) -> Rows:
        unknown: Rows = np.isnan(self.values)
        unknown[list(self.intervals)] = False
        return unknown

    @property
    def rough(self) -> Rows:
        rough = np.zeros(len(self.values), np.bool_)
        rough[list(self.intervals)] = True
        return rough

    def answers(self, leaf: Leaf) -> ColumnCodes:
        """Only a comparison depends on the number; an interval is asked as one person's value is."""
        if isinstance(leaf, Compare):
            holds = _COMPARE[leaf.comparison](self.values, leaf.limit).view(np.uint8)
            codes = holds * np.uint8(YES) | np.isnan(self.values).view(np.uint8)
        else:
            codes = np.where(np.isnan(self.values), np.uint8(code_of(leaf, None)), np.uint8(code_of(leaf, 0.0)))
        for row, interval in self.intervals.items():
            codes[row] = code_of(leaf, interval)
        return codes

    def filled(self, rows: Rows, value: FactValue) -> "Numbers":
        """With this number for these people, of whom nothing is known.  Raises: ValueError when it is no number."""
        if not isinstance(value, float):
            raise ValueError(f"{value!r} is no number")
        return Numbers(np.where(rows, value, self.values), self.intervals)

    def forgotten(self, rows: Rows) -> "Numbers":
        """Unknown again for these people."""
        kept = {row: interval for row, interval in self.intervals.items() if not rows[row]}
        return Numbers(np.where(rows, np.nan, self.values), kept)

    def part(self, rows: slice) -> "Numbers":
        start, stop, _ = rows.indices(len(self.values))
        kept = {row - start: interval for row, interval in self.intervals.items() if start <= row < stop}
        return Numbers(self.values[rows], kept)


Column = Listed | Numbers
_Name = FactValue | tuple[type, FactValue] | None
AskColumns = Callable[[Callable[[str], Column]], tuple[ColumnCodes, ...]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Table:
    """Facts of `people` persons; a fact without a column is unknown of everybody."""

    people: int
    columns: Mapping[str, Column]
    nothing: Listed = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "nothing", Listed((), np.full(self.people, -1, np.intp)))

    def column(self, key: str) -> Column:
        return self.columns.get(key, self.nothing)

    def part(self, rows: slice) -> "Table":
        """Some of the people."""
        start, stop, _ = rows.indices(self.people)
        return Table(people=stop - start, columns={key: one.part(rows) for key, one in self.columns.items()})


def column_of(values: Sequence[FactValue | None]) -> Column:
    """A column out of single values, None where unknown.  Raises: ValueError for `nan`, which is no number."""
    kinds = set(map(type, values)) - {type(None)}
    if kinds == {float}:
        numbers = np.array(values, np.float64)  # None becomes nan
        if np.count_nonzero(np.isnan(numbers)) != values.count(None):
            raise ValueError("nan is no number; None says unknown")
        return Numbers(numbers)
    if kinds and kinds <= {float, Interval}:
        ends = {row: value for row, value in enumerate(values) if isinstance(value, Interval)}
        exact = [value if isinstance(value, float) else np.nan for value in values]
        return Numbers(np.array(exact, np.float64), ends)
    # Yes and 1.0 are equal and do not mean the same.
    named: Sequence[_Name] = values
    if len(kinds) > 1:
        named = [None if value is None else (type(value), value) for value in values]
    places: dict[_Name, int] = {None: -1}
    rows = np.fromiter((places.setdefault(name, len(places) - 1) for name in named), np.intp, len(named))
    listed = [name[1] if isinstance(name, tuple) else name for name in places if name is not None]
    return Listed(tuple(listed), rows)


def table_of(charts: Sequence[Mapping[str, FactValue]]) -> Table:
    """Columns out of facts by person."""
    keys = dict.fromkeys(key for chart in charts for key in chart)
    return Table(people=len(charts), columns={key: column_of([one.get(key) for one in charts]) for key in keys})


def compile_columns(conditions: Iterable[Expression]) -> AskColumns:
    """A function that answers all conditions about the columns that a `read` gives, in their order.

    A condition without any question (all of nothing) is answered by a single code, the same for everybody.
    """
    ask: AskColumns = _ManyPeople().function(conditions)
    return ask


class _ManyPeople(Writer):
    """For many people: `read` gives a column, and an answer is a column of codes."""

    def __init__(self) -> None:
        super().__init__({"negated": _NEGATED.take, "answers": _answers, "counted": _counted})

    def leaf(self, leaf: Leaf) -> ast.expr:
        return call("answers", self.fact(leaf.fact), self.constant(leaf))


def _answers(column: Column, leaf: Leaf) -> ColumnCodes:
    return column.answers(leaf)


def _counted(needed: int, *codes: ColumnCodes) -> ColumnCodes:
    certain = sum((code >> 1 for code in codes), start=np.uint8(0))
    possible = sum((code & 1 for code in codes), start=np.uint8(0))
    return np.asarray(2 * (certain >= needed) + (possible >= needed), np.uint8)
