"""How many more facts it takes at least until a condition is answered one way: a lower bound for the search."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
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
    leaves,
    truth,
)
from reprieve.domain.candidacy.facts import FactValue

_NEVER = float("inf")


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What is known, which facts are free to be learned or changed, and which of them may follow from one another."""

    values: Mapping[str, FactValue]
    free: Collection[str]
    family: Mapping[str, str]


def fewest_facts(condition: Expression, wanted: bool, state: State) -> float:
    """Facts to learn or change until the condition is `wanted`; never more than it truly takes, infinite if never."""
    match condition:
        case Is() | Known() | Compare() | OneOf():
            if truth(condition, state.values.get) is wanted:
                return 0
            name = state.family[condition.fact]
            return 1 if any(state.family[key] == name for key in state.free) else _NEVER
        case Not(part):
            return fewest_facts(part, not wanted, state)
        case AllOf(parts) | AnyOf(parts):
            needs = [fewest_facts(part, wanted, state) for part in parts]
            every = isinstance(condition, AllOf) is wanted
            return _together(parts, needs, state) if every else min(needs, default=_NEVER)
        case AtLeast(needed, parts):
            enough = needed if wanted else len(parts) - needed + 1
            return _some(enough, [fewest_facts(part, wanted, state) for part in parts])
        case _:
            assert_never(condition)


def _together(parts: Iterable[Expression], needs: list[float], state: State) -> float:
    """All parts at once: parts about different facts add up, of those that share a fact the largest counts."""
    total: float = 0
    seen: set[str] = set()
    for need, part in sorted(zip(needs, parts, strict=True), key=lambda pair: pair[0], reverse=True):
        families = {state.family[leaf.fact] for leaf in leaves(part)}
        if need == _NEVER or seen.isdisjoint(families):
            total += need
            seen |= families
    return total


def _some(enough: int, needs: list[float]) -> float:
    """So many of the parts; one fact may serve several of them."""
    return 0 if enough <= 0 else _NEVER if enough > len(needs) else sorted(needs)[enough - 1]
