"""A clinician compared two statements that disagree and said which holds; it settles that very disagreement only."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from reprieve.domain.candidacy.facts import Conflict, Fact, FactSet, FactValue

Statement = tuple[FactValue | None, str, date | None, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """What the clinician stated, and the two statements as they stood before the clinician's eyes."""

    stated: Fact
    believed: Fact
    other: Fact

    def __post_init__(self) -> None:
        if not self.stated.key == self.believed.key == self.other.key:
            raise ValueError("a settlement is about one fact")

    def settles(self, conflict: Conflict, *, on: date) -> bool:
        """Nothing new was said since by either side, and the clinician's own statement is not too old."""
        seen = (_statement(self.believed), _statement(self.other))
        now = (_statement(conflict.believed), _statement(conflict.other))
        return seen == now and self.stated.key == conflict.believed.key and self.stated.value_on(on) is not None


def settle(facts: FactSet, settlements: Iterable[Settlement]) -> tuple[FactSet, tuple[Settlement, ...]]:
    """The facts with what clinicians settled, and the settlements that hold; the last one about a fact counts.

    A disagreement that changed since (a new answer, another diagnosis on record) is open again.
    """
    by_key = {item.stated.key: item for item in settlements}
    held = {
        conflict.believed.key: by_key[conflict.believed.key]
        for conflict in facts.conflicts
        if conflict.believed.key in by_key and by_key[conflict.believed.key].settles(conflict, on=facts.on)
    }
    stated = {key: item.stated for key, item in held.items()}
    open_ones = tuple(conflict for conflict in facts.conflicts if conflict.believed.key not in held)
    return replace(facts, by_key={**facts.by_key, **stated}, conflicts=open_ones), tuple(held.values())


def _statement(fact: Fact) -> Statement:
    return fact.value, fact.said_by, fact.said_on, fact.detail
