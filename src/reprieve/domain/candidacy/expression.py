"""The condition of a rule: a small tree over typed facts that answers true, false or unknown.

The tree is data; `knowledge` reads it from text such as `systolic_mmhg >= stop or diastolic_mmhg >= stop_diastolic`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from reprieve.domain.candidacy.facts import FactValue
from reprieve.domain.candidacy.kleene import Truth, at_least, conjunction, disjunction, negation
from reprieve.domain.quantities.interval import Interval

Read = Callable[[str], FactValue | None]


class Comparison(StrEnum):
    """How a number is held against a limit."""

    BELOW = "<"
    AT_MOST = "<="
    ABOVE = ">"
    AT_LEAST = ">="


@dataclass(frozen=True, slots=True)
class Is:
    """A yes-or-no fact is yes."""

    fact: str


@dataclass(frozen=True, slots=True)
class Known:
    """Something is known about the fact. The only node that is never unknown itself."""

    fact: str


@dataclass(frozen=True, slots=True)
class Compare:
    """A number against a limit in the same unit."""

    fact: str
    comparison: Comparison
    limit: float


@dataclass(frozen=True, slots=True)
class OneOf:
    """A word out of a list."""

    fact: str
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class Not:
    part: "Expression"


@dataclass(frozen=True, slots=True)
class AllOf:
    parts: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class AtLeast:
    """At least so many of the parts."""

    needed: int
    parts: tuple["Expression", ...]


Expression = Is | Known | Compare | OneOf | Not | AllOf | AnyOf | AtLeast


def truth(expression: Expression, read: Read) -> Truth:  # noqa: PLR0911  one answer a kind of node
    """What the expression says about the facts that `read` gives."""
    match expression:
        case Is(fact):
            value = read(fact)
            return value if isinstance(value, bool) else None
        case Known(fact):
            return read(fact) is not None
        case Compare():
            return _compare(expression, read(expression.fact))
        case OneOf(fact, words):
            word = read(fact)
            return None if word is None else word in words
        case Not(part):
            return negation(truth(part, read))
        case AllOf(parts):
            return conjunction(truth(part, read) for part in parts)
        case AnyOf(parts):
            return disjunction(truth(part, read) for part in parts)
        case AtLeast(needed, parts):
            return at_least(needed, (truth(part, read) for part in parts))
        case _:
            assert_never(expression)


def _compare(node: Compare, value: FactValue | None) -> Truth:
    if value is None or isinstance(value, str):
        return None
    if isinstance(value, Interval):
        return _compare_interval(node, value)
    match node.comparison:
        case Comparison.BELOW:
            return value < node.limit
        case Comparison.AT_MOST:
            return value <= node.limit
        case Comparison.ABOVE:
            return value > node.limit
        case Comparison.AT_LEAST:
            return value >= node.limit
        case _:
            assert_never(node.comparison)


def _compare_interval(node: Compare, value: Interval) -> Truth:
    """An answer only where every number of the interval gives the same."""
    match node.comparison:
        case Comparison.BELOW:
            return value.is_below(node.limit)
        case Comparison.AT_MOST:
            return negation(value.is_above(node.limit))
        case Comparison.ABOVE:
            return value.is_above(node.limit)
        case Comparison.AT_LEAST:
            return negation(value.is_below(node.limit))
        case _:
            assert_never(node.comparison)


def leaves(expression: Expression) -> Iterator[Is | Known | Compare | OneOf]:
    """The nodes that read a fact, from left to right."""
    match expression:
        case Is() | Known() | Compare() | OneOf():
            yield expression
        case Not(part):
            yield from leaves(part)
        case AllOf(parts) | AnyOf(parts) | AtLeast(_, parts):
            for part in parts:
                yield from leaves(part)
        case _:
            assert_never(expression)


def facts_read(expression: Expression) -> tuple[str, ...]:
    """Keys of the facts that the expression reads, each once, from left to right."""
    return tuple(dict.fromkeys(leaf.fact for leaf in leaves(expression)))
