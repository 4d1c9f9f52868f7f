"""What is known about a person: each fact with its value, who said it, when, and until when it may be believed."""

from collections.abc import Iterable, Mapping
from dataclasses import InitVar, dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from math import isfinite

from reprieve.domain.quantities.interval import Interval

FactValue = bool | float | str | Interval


def is_exact(value: FactValue | None) -> bool:
    """Known, and not only as an interval: nothing is left to learn."""
    return value is not None and not isinstance(value, Interval)


class FactKind(StrEnum):
    """The type of a fact: yes or no, a number in one unit, or one of a closed list of words."""

    BOOLEAN = "boolean"
    NUMBER = "number"
    CHOICE = "choice"


class Effort(StrEnum):
    """What it costs to learn or change a fact, least first."""

    ASK = "ask"
    MEASURE = "measure"
    TEST = "test"
    WAIT = "wait"
    TREAT = "treat"

    @property
    def rank(self) -> int:
        """0 for the least effort."""
        return _RANKS[self]


_RANKS = {effort: rank for rank, effort in enumerate(Effort)}


class Teller(StrEnum):
    """Who said it. `RULE` means that it follows from other facts."""

    PATIENT = "patient"
    CLINICIAN = "clinician"
    CHART = "chart"
    FILE = "file"
    RULE = "rule"


@dataclass(frozen=True, slots=True, kw_only=True)
class FactDefinition:
    """One kind of fact: its type, UCUM unit, how long it stays fresh, what it costs to learn (`effort`).

    `safer` is the value to believe when two tellers disagree; of several words, listed in order, the one nearest to
    it (the first or the last of them); of two numbers the `higher` or the `lower`. None where the clinician's word
    counts, else the newest.
    `lowest`, `highest`: the range of the scale, or what a body can show; a number outside cannot be true.
    `changed_by`: what could turn a known value into another one; None for a lifetime history. `changed_within_days`:
    how long that takes where it is not the clinic's habit for that effort.
    `never_hoped`: no plan may build on it being present; only no, or the lowest number, is ever supposed.
    """

    key: str
    kind: FactKind
    unit: str = ""
    choices: tuple[str, ...] = ()
    fresh_for_days: int | None = None
    effort: Effort = Effort.ASK
    safer: bool | str | None = None
    lowest: float | None = None
    highest: float | None = None
    changed_by: Effort | None = None
    changed_within_days: int | None = None
    never_hoped: bool = False

    def __post_init__(self) -> None:
        if (self.kind is FactKind.NUMBER) != bool(self.unit):
            raise ValueError(f"{self.key}: a number needs a unit, anything else must not have one")
        if (self.kind is FactKind.CHOICE) != bool(self.choices):
            raise ValueError(f"{self.key}: a choice needs its words, anything else must not have them")
        if self.safer is not None and self.safer not in self._ends:
            raise ValueError(f"{self.key}: the safer value is yes or no, the first or the last word, higher or lower")
        if self.kind is not FactKind.NUMBER and (self.lowest, self.highest) != (None, None):
            raise ValueError(f"{self.key}: only a number lies in a range")

    @property
    def _ends(self) -> tuple[FactValue, ...]:
        """What `safer` may be."""
        if self.kind is FactKind.BOOLEAN:
            return (True, False)
        return (self.choices[0], self.choices[-1]) if self.choices else ("higher", "lower")

    def accepts(self, value: FactValue) -> bool:
        """Whether the value has the type of this fact. `nan` would answer "no" to every limit, so it is no number."""
        if self.kind is FactKind.BOOLEAN:
            return isinstance(value, bool)
        if self.kind is FactKind.NUMBER:
            return self._is_plausible(value)
        return value in self.choices

    def _is_plausible(self, value: FactValue) -> bool:
        if isinstance(value, Interval):
            return all(end is None or self._is_plausible(end) for end in (value.lower, value.upper))
        if not isinstance(value, float) or not isfinite(value):
            return False
        below = self.lowest is not None and value < self.lowest
        return not below and (self.highest is None or value <= self.highest)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One statement. `value` None: the teller does not know. `detail`: the codes or drug names behind it."""

    key: str
    value: FactValue | None
    said_by: Teller
    said_on: date | None = None
    fresh_until: date | None = None
    detail: tuple[str, ...] = ()

    def is_stale(self, *, on: date) -> bool:
        """Said too long ago to be believed on that day."""
        return self.fresh_until is not None and on > self.fresh_until

    def value_on(self, on: date) -> FactValue | None:
        """The value as it may be used on that day: unknown when stale or said only later."""
        if self.is_stale(on=on) or (self.said_on is not None and self.said_on > on):
            return None
        return self.value


def state(
    definition: FactDefinition,
    value: FactValue | None,
    *,
    said_by: Teller,
    said_on: date | None,
    detail: tuple[str, ...] = (),
    lasts: bool = False,
) -> Fact:
    """A fact with its freshness; an undated statement about something that changes is stale from the start.

    `lasts` marks what a coded record keeps true by itself (an active diagnosis), whatever its age.
    Raises: ValueError when the value is not of the type of the fact, or outside its range.
    """
    if value is not None and not definition.accepts(value):
        raise ValueError(f"{definition.key} cannot be {value!r}")
    fresh_until = None
    if definition.fresh_for_days is not None and not lasts:
        fresh_until = date.min if said_on is None else said_on + timedelta(days=definition.fresh_for_days)
    return Fact(
        key=definition.key, value=value, said_by=said_by, said_on=said_on, fresh_until=fresh_until, detail=detail
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Two tellers disagree; `believed` is the one that counts until it is settled. Shown, never resolved silently."""

    believed: Fact
    other: Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class FactSet:
    """All facts about one person as they may be used on one day. `values` holds those that are known and fresh.

    `already` spares reading the values again when a set is made out of another one.
    """

    on: date
    by_key: Mapping[str, Fact] = field(default_factory=dict)
    conflicts: tuple[Conflict, ...] = ()
    already: InitVar[Mapping[str, FactValue] | None] = None
    values: Mapping[str, FactValue] = field(init=False, repr=False, compare=False)

    def __post_init__(self, already: Mapping[str, FactValue] | None) -> None:
        if already is None:
            already = {key: value for key, fact in self.by_key.items() if (value := fact.value_on(self.on)) is not None}
        object.__setattr__(self, "values", already)

    def value(self, key: str) -> FactValue | None:
        """The value of a fact, None when unknown, stale or never stated."""
        return self.values.get(key)

    def supposing(self, values: Mapping[str, FactValue]) -> "FactSet":
        """The same person if these facts had these values."""
        supposed = {key: Fact(key=key, value=value, said_by=Teller.RULE) for key, value in values.items()}
        return self._with(supposed, values)

    def adding(self, facts: Iterable[Fact]) -> "FactSet":
        """With these facts where nothing usable is known yet."""
        new = {fact.key: fact for fact in facts if fact.key not in self.values}
        usable = {key: value for key, fact in new.items() if (value := fact.value_on(self.on)) is not None}
        return self._with(new, usable)

    def _with(self, facts: Mapping[str, Fact], values: Mapping[str, FactValue]) -> "FactSet":
        return FactSet(
            on=self.on,
            by_key={**self.by_key, **facts},
            conflicts=self.conflicts,
            already={**self.values, **values},
        )
