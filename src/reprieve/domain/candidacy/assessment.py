"""The answer about one person on one day, as a value that can be stored, replayed and explained (ALG-11)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import repeat
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from reprieve.domain.candidacy.compiled import NO, UNKNOWN, YES, Codes, truth_of
from reprieve.domain.candidacy.facts import Fact, FactSet
from reprieve.domain.candidacy.inputs import Reads
from reprieve.domain.candidacy.kleene import Truth
from reprieve.domain.candidacy.rules import Limit, Phase, Route, Rule
from reprieve.domain.quantities.findings import Finding, Severity

if TYPE_CHECKING:
    from reprieve.domain.candidacy.plan import AskedRule


class Decision(StrEnum):
    """ALG-02, most open first."""

    ELIGIBLE = "ELIGIBLE"
    CONDITIONAL = "CONDITIONAL"
    DEFER = "DEFER"
    REVIEW = "REVIEW"
    INELIGIBLE = "INELIGIBLE"

    @property
    def rank(self) -> int:
        """0 for the most open."""
        return _RANKS[self]


_RANKS = {decision: rank for rank, decision in enumerate(Decision)}
DECISION_OF = MappingProxyType(
    {
        Severity.ABSOLUTE: Decision.INELIGIBLE,
        Severity.RELATIVE: Decision.REVIEW,
        Severity.WORKUP: Decision.DEFER,
        Severity.CAUTION: Decision.CONDITIONAL,
        Severity.INFO: Decision.ELIGIBLE,
    }
)


_TRUTHS = {code: truth_of(code) for code in (NO, UNKNOWN, YES)}


class GateState(StrEnum):
    """Whether a named condition such as DEF-TRD holds."""

    SATISFIED = "satisfied"
    NOT_SATISFIED = "not_satisfied"
    UNKNOWN = "unknown"

    @classmethod
    def of(cls, value: Truth) -> "GateState":
        if value is None:
            return cls.UNKNOWN
        return cls.SATISFIED if value else cls.NOT_SATISFIED


class Evaluation(NamedTuple):
    """One rule as it was asked: its inputs, its limits and what came out. A tuple, since a folder makes millions."""

    rule: Rule
    result: Truth
    inputs: tuple[Fact, ...]
    unknown: tuple[str, ...]

    @property
    def limits(self) -> tuple[Limit, ...]:
        return self.rule.limits


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluations:
    """Every rule in scope with its answer; what each one read is put together when it is looked at.

    `unread`: by the place of a rule what it could not read, where that matters.
    """

    asked: "tuple[AskedRule, ...]"
    reads: Reads
    codes: Codes
    facts: FactSet
    unread: Mapping[int, tuple[str, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        values = self.facts.values
        known = values.keys()
        unread: dict[int, tuple[str, ...]] = {}
        for place, code in enumerate(self.codes):
            if code != NO:
                asked = self.asked[place]
                if code == UNKNOWN and known.isdisjoint(asked.rule.reads):  # most often, and spares a call
                    unread[place] = asked.rule.reads
                elif code == UNKNOWN or asked.complained_of:
                    unread[place] = asked.unknown(code, values)
        object.__setattr__(self, "unread", unread)

    def __len__(self) -> int:
        return len(self.asked)

    def __iter__(self) -> Iterator[Evaluation]:
        rules = [asked.rule for asked in self.asked]
        results = map(_TRUTHS.__getitem__, self.codes)
        unread: list[tuple[str, ...]] = [()] * len(rules)
        for place, keys in self.unread.items():
            unread[place] = keys
        each = zip(rules, results, self.reads.inputs(self.facts.by_key), unread, strict=True)
        # As `Evaluation(*one)`, without a Python call for each of the millions that a folder makes.
        return map(tuple.__new__, repeat(Evaluation), each)


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidedFinding:
    """A rule that fired. A recalled exclusion `counts_as` RELATIVE: it warns, and a clinician decides."""

    finding: Finding
    clause: str
    counts_as: Severity
    recalled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DataNeeded:
    """A rule that could not be answered, and the facts that it misses (ALG-06)."""

    rule: str
    severity: Severity
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """The decision with everything it rests on.

    `needs_confirmation`: what decides was written from memory, so a clinician has to confirm it first.
    """

    on: date
    route: Route
    indication: str | None
    phase: Phase
    decision: Decision
    emergency: bool
    temporary: bool
    needs_confirmation: bool
    findings: tuple[DecidedFinding, ...]
    data_needed: tuple[DataNeeded, ...]
    gates: Mapping[str, GateState]
    evaluations: Evaluations
    facts: FactSet
    knowledge_hash: str
