"""Disclosure control: which counts may be shown, so that no group under 11 people can be read or worked out.

Zeros are hidden like other small counts: "nobody" also says something about everyone in the group.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

MINIMUM_PEOPLE = 11
"""Smallest group shown, after the CMS cell size policy (1-10 suppressed, and what lets them be derived)."""


class Hidden(StrEnum):
    """Why a count is not shown."""

    SMALL = "small"
    DERIVABLE = "derivable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """A count as released: `people`, or None with the reason it is hidden."""

    people: int | None
    hidden: Hidden | None = None

    def __post_init__(self) -> None:
        if (self.people is None) == (self.hidden is None):
            raise ValueError("a count is either shown or hidden for a reason")

    @property
    def label(self) -> str:
        """`42`, `<11`, or `not shown`."""
        if self.people is not None:
            return str(self.people)
        return f"<{MINIMUM_PEOPLE}" if self.hidden is Hidden.SMALL else "not shown"


def nested(chain: Sequence[int], *, priority: Sequence[int]) -> tuple[Count, ...]:
    """Counts of groups each inside the one before, such that no two shown ones differ by a hidden group.

    `priority` lists positions of `chain`; an earlier one wins when two are too close to be shown together.
    Raises: ValueError if the chain grows or `priority` is not a permutation of its positions.
    """
    if any(inner > outer for outer, inner in pairwise(chain)):
        raise ValueError("each group must lie inside the one before")
    if sorted(priority) != list(range(len(chain))):
        raise ValueError("priority must name every position once")
    released: dict[int, Count] = {}
    shown: list[int] = []
    for position in priority:
        people = chain[position]
        if people < MINIMUM_PEOPLE:
            released[position] = Count(people=None, hidden=Hidden.SMALL)
        elif any(abs(people - other) < MINIMUM_PEOPLE for other in shown):
            released[position] = Count(people=None, hidden=Hidden.DERIVABLE)
        else:
            released[position] = Count(people=people)
            shown.append(people)
    return tuple(released[position] for position in range(len(chain)))


def partition(cells: Sequence[int]) -> tuple[Count, ...]:
    """Counts of groups that add up to a known total: small ones hidden, and as many more as keep them hidden.

    The hidden groups together always hold at least 11 people and are never one alone, since total minus the
    shown would give it away. The smallest shown groups are sacrificed first.
    """
    hidden = {position for position, people in enumerate(cells) if people < MINIMUM_PEOPLE}
    small = frozenset(hidden)
    for position in sorted(range(len(cells)), key=lambda each: cells[each]):
        if not hidden or _is_safe(cells, hidden):
            break
        hidden.add(position)
    return tuple(_released(people, position in hidden, position in small) for position, people in enumerate(cells))


def _is_safe(cells: Sequence[int], hidden: set[int]) -> bool:
    return len(hidden) > 1 and sum(cells[position] for position in hidden) >= MINIMUM_PEOPLE


def _released(people: int, is_hidden: bool, is_small: bool) -> Count:
    if not is_hidden:
        return Count(people=people)
    return Count(people=None, hidden=Hidden.SMALL if is_small else Hidden.DERIVABLE)
