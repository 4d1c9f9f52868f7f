"""The answer about one person on one day, as a value that can be stored, replayed and explained (ALG-11)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from reprieve.domain.candidacy.facts import Fact, FactSet
from reprieve.domain.candidacy.kleene import Truth
from reprieve.domain.candidacy.rules import Limit, Phase, Route, Rule
from reprieve.domain.quantities.findings import Finding, Severity


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
        return list(Decision).index(self)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """One rule as it was asked: its inputs, its limits and what came out."""

    rule: Rule
    result: Truth
    inputs: tuple[Fact, ...]
    unknown: tuple[str, ...]

    @property
    def limits(self) -> tuple[Limit, ...]:
        return self.rule.limits


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
    evaluations: tuple[Evaluation, ...]
    facts: FactSet
    knowledge_hash: str
