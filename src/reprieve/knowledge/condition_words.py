"""The condition of a rule in words, for reviewers: `systolic_mmhg >= 180 mm[Hg] or diastolic_mmhg >= 110 mm[Hg]`."""

from collections.abc import Mapping
from typing import assert_never

from reprieve.domain.candidacy.expression import AllOf, AnyOf, AtLeast, Compare, Expression, Is, Known, Not, OneOf
from reprieve.domain.candidacy.facts import FactDefinition


def condition_in_words(expression: Expression, definitions: Mapping[str, FactDefinition]) -> str:
    """One line, facts by their keys, numbers with their units."""
    return _Words(definitions).of(expression)


class _Words:
    def __init__(self, definitions: Mapping[str, FactDefinition]) -> None:
        self.definitions = definitions

    def of(self, expression: Expression) -> str:  # noqa: PLR0911  one answer a kind of node
        match expression:
            case Is(fact):
                return fact
            case Known(fact):
                return f"{fact} is known"
            case Compare(fact, comparison, limit):
                return f"{fact} {comparison} {limit:g} {self.definitions[fact].unit}".removesuffix(" {score}")
            case OneOf(fact, words):
                return f"{fact} is {' or '.join(sorted(words))}"
            case Not(Known(fact)):
                return f"{fact} is not known"
            case Not(part):
                return f"not {self._part(part)}"
            case AllOf(parts):
                return " and ".join(self._part(part) for part in parts)
            case AnyOf(parts):
                return " or ".join(self._part(part) for part in parts)
            case AtLeast(needed, parts):
                return f"at least {needed} of ({', '.join(self.of(part) for part in parts)})"
            case _:
                assert_never(expression)

    def _part(self, part: Expression) -> str:
        words = self.of(part)
        return f"({words})" if isinstance(part, AllOf | AnyOf) and len(part.parts) > 1 else words
