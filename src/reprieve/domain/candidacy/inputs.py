"""What each of many rules read, gathered for all of them at once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import repeat

from reprieve.domain.candidacy.facts import Fact


@dataclass(frozen=True, slots=True, eq=False)
class Reads:
    """The facts that each rule reads, by the place of the rule. `only`: where that is one; `several`: where it is not.

    Most rules read one fact, and a loop over them would cost more than all of their answers.
    """

    of_each: tuple[tuple[str, ...], ...]
    only: tuple[str | None, ...] = field(init=False)
    several: tuple[tuple[int, tuple[str, ...]], ...] = field(init=False)

    def __post_init__(self) -> None:
        only = tuple(keys[0] if len(keys) == 1 else None for keys in self.of_each)
        several = tuple((place, keys) for place, keys in enumerate(self.of_each) if len(keys) != 1)
        object.__setattr__(self, "only", only)
        object.__setattr__(self, "several", several)

    def inputs(self, by_key: Mapping[str, Fact]) -> list[tuple[Fact, ...]]:
        """For each rule what was stated about the facts that it reads."""
        alone: dict[str | None, tuple[Fact, ...]] = {key: (fact,) for key, fact in by_key.items()}
        inputs = list(map(alone.get, self.only, repeat(())))
        for place, keys in self.several:
            inputs[place] = tuple([by_key[key] for key in keys if key in by_key])
        return inputs
