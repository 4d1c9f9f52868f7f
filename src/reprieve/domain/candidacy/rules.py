"""One clinical rule, the gates, what follows from what, and the rule base that holds them (ALG-07, ALG-11)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from reprieve.domain.candidacy.efforts import EffortPolicy
from reprieve.domain.candidacy.expression import Expression, facts_read
from reprieve.domain.candidacy.facts import Effort, FactDefinition, FactValue
from reprieve.domain.quantities.findings import Severity
from reprieve.domain.quantities.sources import Confidence, Source

if TYPE_CHECKING:
    from reprieve.domain.candidacy.plan import Plan


class Route(StrEnum):
    """How the drug is given. `IN_ESK` is esketamine by nose; all others are racemic ketamine."""

    IV = "IV"
    IM = "IM"
    SC = "SC"
    IN_ESK = "IN_ESK"
    SL_PO = "SL_PO"


class Phase(StrEnum):
    """When a rule is asked."""

    SCREEN = "SCREEN"
    PRESESSION = "PRESESSION"
    DURING = "DURING"
    DISCHARGE = "DISCHARGE"
    FOLLOWUP = "FOLLOWUP"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A threshold of a rule in the unit of the fact it is held against, with its own source."""

    name: str
    value: float
    unit: str
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """If `when` is true the finding `id` is made.

    One id may have several clauses that differ in severity or scope. Empty `indications` means every indication.
    `shows` names facts whose values belong to the finding although the condition does not read them.
    """

    id: str
    clause: str
    severity: Severity
    when: Expression
    source: Source
    temporary: bool = False
    routes: frozenset[Route] = frozenset(Route)
    phases: frozenset[Phase] = frozenset({Phase.SCREEN})
    indications: frozenset[str] = frozenset()
    limits: tuple[Limit, ...] = ()
    shows: tuple[str, ...] = ()
    reads: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "reads", facts_read(self.when))

    @property
    def is_recalled(self) -> bool:
        """Written from memory, itself or one of its limits: it may warn, never decide alone."""
        sources = (self.source, *(limit.source for limit in self.limits))
        return any(source.confidence is Confidence.RECALLED for source in sources)

    def applies_to(self, *, route: Route, indication: str | None, phase: Phase) -> bool:
        """In scope. Without an indication only rules for every indication are in scope."""
        if self.indications and indication not in self.indications:
            return False
        return route in self.routes and phase in self.phases


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """A named condition that others refer to, such as DEF-TRD, reported as satisfied, not satisfied or unknown."""

    id: str
    when: Expression
    indications: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Implication:
    """When `when` is true and nothing is known about `fact`, it has this value (no uterus: not pregnant)."""

    fact: str
    value: FactValue
    when: Expression


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleBase:
    """Everything candidacy is decided from, with the content hash of the files it was read from.

    `plans` keeps what was prepared for a route, indication and phase; nothing about a person is ever in it.
    """

    definitions: Mapping[str, FactDefinition]
    rules: tuple[Rule, ...]
    gates: tuple[Gate, ...]
    implications: tuple[Implication, ...]
    efforts: Mapping[Effort, EffortPolicy]
    knowledge_hash: str
    plans: "dict[tuple[Route, str | None, Phase], Plan]" = field(
        init=False, repr=False, compare=False, default_factory=dict
    )
