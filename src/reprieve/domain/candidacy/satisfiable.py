"""Can a condition ever be true? Finds facts that make it so, or shows that none do.

Numbers matter only by the side of each limit on which they lie, so each fact has a few values worth trying. The search
tries one fact after another and gives up a branch as soon as the condition cannot become true in it any more.
"""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import assert_never

from reprieve.domain.candidacy.expression import (
    AllOf,
    AnyOf,
    AtLeast,
    Compare,
    Expression,
    Is,
    Known,
    Not,
    OneOf,
    facts_read,
    leaves,
    truth,
)
from reprieve.domain.candidacy.facts import FactValue

Facts = Mapping[str, FactValue | None]
_OPEN = frozenset({True, False, None})
ANOTHER_WORD = "(another word)"


def facts_that_satisfy(expression: Expression) -> dict[str, FactValue | None] | None:
    """Facts under which the condition is true (None: unknown); None when there are no such facts."""
    values = {key: tuple(_values(expression, key)) for key in facts_read(expression)}
    return _search(expression, {}, values)


def _search(
    expression: Expression, stated: dict[str, FactValue | None], values: Mapping[str, tuple[FactValue | None, ...]]
) -> dict[str, FactValue | None] | None:
    if True not in possible(expression, stated):
        return None
    undecided = next((key for key in values if key not in stated), None)
    if undecided is None:
        return dict(stated)
    for value in values[undecided]:
        found = _search(expression, stated | {undecided: value}, values)
        if found is not None:
            return found
    return None


def possible(expression: Expression, stated: Facts) -> frozenset[bool | None]:
    """Every answer that the condition may still have; at least those, sometimes more."""
    match expression:
        case Is() | Known() | Compare() | OneOf():
            return frozenset({truth(expression, stated.get)}) if expression.fact in stated else _OPEN
        case Not(part):
            return frozenset(None if answer is None else not answer for answer in possible(part, stated))
        case AllOf(parts):
            return _joined([possible(part, stated) for part in parts], decides=False)
        case AnyOf(parts):
            return _joined([possible(part, stated) for part in parts], decides=True)
        case AtLeast(needed, parts):
            return _counted(needed, [possible(part, stated) for part in parts])
        case _:
            assert_never(expression)


def _joined(answers: list[frozenset[bool | None]], *, decides: bool) -> frozenset[bool | None]:
    """And (`decides` False) or or (`decides` True): one part with that answer settles it."""
    found: set[bool | None] = set()
    if any(decides in each for each in answers):
        found.add(decides)
    if all(each - {decides} for each in answers):
        rest = [each - {decides} for each in answers]
        if all((not decides) in each for each in rest):
            found.add(not decides)
        if any(None in each for each in rest):
            found.add(None)
    return frozenset(found)


def _counted(needed: int, answers: list[frozenset[bool | None]]) -> frozenset[bool | None]:
    """So many of the parts: each answer that some choice of the parts' answers could give."""
    found: set[bool | None] = set()
    if sum(True in each for each in answers) >= needed:
        found.add(True)
    if sum(False in each for each in answers) > len(answers) - needed:
        found.add(False)
    certain, conceivable = (sum(each == {True} for each in answers), sum(each != {False} for each in answers))
    if certain < needed <= conceivable and any(None in each for each in answers):
        found.add(None)
    return frozenset(found)


def _values(expression: Expression, key: str) -> Iterator[FactValue | None]:
    """The values of one fact that can make a difference to the condition, unknown last."""
    mine = [leaf for leaf in leaves(expression) if leaf.fact == key]
    if any(isinstance(leaf, Is) for leaf in mine):
        yield from (True, False)
    words = {word for leaf in mine if isinstance(leaf, OneOf) for word in leaf.words}
    if words:
        yield from (*sorted(words), ANOTHER_WORD)
    yield from _around(sorted({leaf.limit for leaf in mine if isinstance(leaf, Compare)}))
    if all(isinstance(leaf, Known) for leaf in mine):
        yield True
    yield None


def _around(limits: list[float]) -> Iterator[float]:
    """Below, on, between and above the limits."""
    if limits:
        yield limits[0] - 1.0
        for limit, following in pairwise(limits):
            yield from (limit, (limit + following) / 2.0)
        yield from (limits[-1], limits[-1] + 1.0)
