"""What can be prepared once for a route, an indication and a phase: the rules in scope and their conditions."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from reprieve.domain.candidacy.assessment import DECISION_OF, Decision
from reprieve.domain.candidacy.compiled import NO, UNKNOWN, YES, Ask, Codes, compile_conditions
from reprieve.domain.candidacy.expression import Known, Read, leaves
from reprieve.domain.candidacy.facts import FactValue
from reprieve.domain.candidacy.rules import Gate, Implication, Phase, Route, Rule, RuleBase
from reprieve.domain.quantities.findings import Param, Severity

# ALG-06 asks for data where an unknown could exclude; we ask as well where it could defer or be an emergency.
ASKS_FOR_DATA = frozenset({Severity.EMERGENCY, Severity.ABSOLUTE, Severity.RELATIVE, Severity.WORKUP})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AskedRule:
    """A rule with what follows from it alone. `counts_as`: a recalled exclusion is put before a clinician instead."""

    rule: Rule
    recalled: bool = field(init=False)
    counts_as: Severity = field(init=False)
    asks_for_data: bool = field(init=False)
    order: tuple[int, int, str] = field(init=False)
    told: tuple[str, ...] = field(init=False)
    must_know: frozenset[str] = field(init=False)
    limits: Mapping[str, Param] = field(init=False)

    def __post_init__(self) -> None:
        rule, recalled = self.rule, self.rule.is_recalled
        level = Severity.RELATIVE if recalled and rule.severity is Severity.ABSOLUTE else rule.severity
        complains_of = frozenset(leaf.fact for leaf in leaves(rule.when) if isinstance(leaf, Known))
        for name, value in (
            ("recalled", recalled),
            ("counts_as", level),
            ("asks_for_data", rule.severity in ASKS_FOR_DATA),
            ("order", (level.rank, rule.severity.rank, rule.id)),
            ("told", tuple(dict.fromkeys((*rule.reads, *rule.shows)))),
            ("must_know", complains_of),
            ("limits", {f"limit.{limit.name}": limit.value for limit in rule.limits}),
        ):
            object.__setattr__(self, name, value)

    def unknown(self, code: int, values: Mapping[str, FactValue]) -> tuple[str, ...]:
        """What could not be read where that leaves the rule unanswered or is what it complains of."""
        if code == NO:
            return ()
        wanted = self.must_know if code == YES else self.rule.reads
        return tuple(key for key in self.rule.reads if key in wanted and key not in values)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Plan:
    """Rules in scope in the order of the files, gates, and one function that answers all of them."""

    rules: tuple[AskedRule, ...]
    gates: tuple[Gate, ...]
    implications: tuple[tuple[Ask, Implication], ...]
    ask: Ask
    _opens: tuple[int, ...] = field(init=False)

    def __post_init__(self) -> None:
        opens = [DECISION_OF.get(asked.counts_as, Decision.ELIGIBLE).rank for asked in self.rules]
        object.__setattr__(self, "_opens", tuple(opens))

    def codes(self, read: Read) -> tuple[Codes, Codes]:
        """The answers of all rules, and those of all gates."""
        codes = self.ask(read)
        return codes[: len(self.rules)], codes[len(self.rules) :]

    def implied(self, values: Mapping[str, FactValue]) -> dict[str, FactValue]:
        """What follows where nothing is known, one after another; never against a statement."""
        followed: dict[str, FactValue] = {}
        known = dict(values)
        for ask, implication in self.implications:
            if implication.fact not in known and ask(known.get)[0] == YES:
                known[implication.fact] = followed[implication.fact] = implication.value
        return followed

    def decision(self, codes: Codes) -> Decision:
        """ALG-02 alone: the decision of these answers, without its reasons."""
        rank, defer = 0, Decision.DEFER.rank
        for code, opens, asked in zip(codes, self._opens, self.rules, strict=True):
            if code == YES and opens > rank:
                rank = opens
            elif code == UNKNOWN and asked.asks_for_data and rank < defer:
                rank = defer
        return tuple(Decision)[rank]


def plan_for(base: RuleBase, *, route: Route, indication: str | None, phase: Phase) -> Plan:
    """The prepared rules of one scope, made when it is first asked for."""
    scope = (route, indication, phase)
    if scope not in base.plans:
        base.plans[scope] = _prepare(base, route, indication, phase)
    return base.plans[scope]


def _prepare(base: RuleBase, route: Route, indication: str | None, phase: Phase) -> Plan:
    rules = tuple(
        AskedRule(rule=rule) for rule in base.rules if rule.applies_to(route=route, indication=indication, phase=phase)
    )
    gates = tuple(gate for gate in base.gates if indication in gate.indications)
    conditions = (*(asked.rule.when for asked in rules), *(gate.when for gate in gates))
    implications = tuple((compile_conditions([one.when]), one) for one in base.implications)
    return Plan(rules=rules, gates=gates, implications=implications, ask=compile_conditions(conditions))
