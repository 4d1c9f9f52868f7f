"""Many statements about one person become one fact each; where tellers disagree, both stand side by side."""

from collections.abc import Iterable, Mapping
from datetime import date
from math import ceil, inf

from reprieve.domain.candidacy.facts import Conflict, Effort, Fact, FactDefinition, FactKind, FactSet, FactValue, Teller
from reprieve.domain.quantities.interval import Interval
from reprieve.domain.quantities.units import convert

_TRUST = {
    teller: rank
    for rank, teller in enumerate((Teller.FILE, Teller.PATIENT, Teller.CHART, Teller.RULE, Teller.CLINICIAN))
}
_GROWS = frozenset({"d", "mo", "a"})


def merge(statements: Iterable[Fact], definitions: Mapping[str, FactDefinition], *, on: date) -> FactSet:
    """One fact a key: the newest of each teller, then the safer of those who disagree.

    The order of the statements does not matter. A newest statement "not known" withdraws what that teller said before.
    """
    newest: dict[tuple[str, Teller], Fact] = {}
    for fact in sorted(statements, key=_order):
        if fact.said_on is None or fact.said_on <= on:
            newest[(fact.key, fact.said_by)] = fact
    by_key: dict[str, list[Fact]] = {}
    for fact in sorted(newest.values(), key=_order):
        by_key.setdefault(fact.key, []).append(fact)
    pairs = [_believe(facts, definitions[key], on) for key, facts in sorted(by_key.items())]
    return FactSet(
        on=on,
        by_key={fact.key: fact for fact, _ in pairs},
        conflicts=tuple(conflict for _, conflict in pairs if conflict is not None),
    )


def _order(fact: Fact) -> tuple[date, int, str, tuple[str, ...]]:
    """Newest last; of one day the clinician's word last; then by value, so that any order is decided the same way."""
    return fact.said_on or date.min, _TRUST[fact.said_by], str(fact.value), fact.detail


def _believe(facts: list[Fact], definition: FactDefinition, on: date) -> tuple[Fact, Conflict | None]:
    usable = [fact for fact in facts if fact.value_on(on) is not None]
    if not usable:
        return facts[-1], None
    believed = _safest(usable, definition)
    others = [fact for fact in usable if _disagree(fact, believed, definition)]
    if not others:
        return usable[-1], None
    return believed, Conflict(believed=believed, other=others[-1])


def _safest(usable: list[Fact], definition: FactDefinition) -> Fact:
    """The newest of the safest; where no value is the safer one, the clinician's, else the newest of all."""
    if definition.safer is not None:
        return max(reversed(usable), key=lambda fact: _safety(fact.value, definition))
    said = [fact for fact in usable if fact.said_by is Teller.CLINICIAN]
    return said[-1] if said and _is_told(definition) else usable[-1]


def _safety(value: FactValue | None, definition: FactDefinition) -> float:
    """Higher is safer: the safer answer itself, the word nearest to it, or the number at that end."""
    if definition.kind is FactKind.BOOLEAN:
        return int(value is definition.safer)
    if definition.kind is FactKind.NUMBER:
        return _end(value, higher=definition.safer == "higher")
    return -abs(definition.choices.index(str(value)) - definition.choices.index(str(definition.safer)))


def _end(value: FactValue | None, *, higher: bool) -> float:
    """The number, or the end of an interval that is the worse one; negative where the lower is the safer."""
    if isinstance(value, Interval):
        end = value.upper if higher else value.lower
        return inf if end is None else end if higher else -end
    return float(str(value)) if higher else -float(str(value))


def _is_told(definition: FactDefinition) -> bool:
    """Known from somebody's word. Two readings of different days are both right, whoever wrote them down."""
    return definition.kind is not FactKind.NUMBER or definition.effort is Effort.ASK


def _disagree(one: Fact, two: Fact, definition: FactDefinition) -> bool:
    """Both cannot be true. What is counted from an event grows by itself from one day to the next."""
    if not _is_told(definition) or one.value == two.value:
        return False
    if isinstance(one.value, float) and isinstance(two.value, float):
        return not _has_grown(one, two, definition.unit)
    if isinstance(one.value, Interval):
        return isinstance(two.value, float) and two.value not in one.value
    return not (isinstance(two.value, Interval) and isinstance(one.value, float) and one.value in two.value)


def _has_grown(one: Fact, two: Fact, unit: str) -> bool:
    """The later number is larger by no more than the time between, in whole units begun."""
    if unit not in _GROWS or one.said_on is None or two.said_on is None:
        return False
    earlier, later = sorted((one, two), key=lambda fact: fact.said_on or date.min)
    days = abs((two.said_on - one.said_on).days)
    grown = float(str(later.value)) - float(str(earlier.value))
    return 0 <= grown <= ceil(convert(float(days), "d", unit))
