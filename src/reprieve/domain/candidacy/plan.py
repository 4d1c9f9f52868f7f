"""What can be prepared once for a route, an indication and a phase: the rules in scope and their conditions."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from reprieve.domain.candidacy.assessment import DECISION_OF, Decision
from reprieve.domain.candidacy.compiled import UNKNOWN, YES, Ask, Codes, compile_conditions
from reprieve.domain.candidacy.expression import Compare, Known, Read, facts_read, leaves, truth
from reprieve.domain.candidacy.facts import Fact, FactValue, Teller
from reprieve.domain.candidacy.inputs import Reads
from reprieve.domain.candidacy.rules import Gate, Implication, Phase, Route, Rule, RuleBase
from reprieve.domain.quantities.findings import Param, Severity
from reprieve.domain.quantities.interval import Interval

# ALG-06 asks for data where an unknown could exclude; we ask as well where it could defer or be an emergency.
ASKS_FOR_DATA = frozenset({Severity.EMERGENCY, Severity.ABSOLUTE, Severity.RELATIVE, Severity.WORKUP})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AskedRule:
    """A rule with what follows from it alone.

    `counts_as`: a recalled exclusion is put before a clinician instead. `opens`: rank of the decision that it makes.
    """

    rule: Rule
    recalled: bool = field(init=False)
    counts_as: Severity = field(init=False)
    opens: int = field(init=False)
    asks_for_data: bool = field(init=False)
    order: tuple[int, int, str] = field(init=False)
    severity_order: tuple[int, str] = field(init=False)
    told: tuple[str, ...] = field(init=False)
    complained_of: tuple[str, ...] = field(init=False)
    limits: Mapping[str, Param] = field(init=False)

    def __post_init__(self) -> None:
        rule, recalled = self.rule, self.rule.is_recalled
        level = Severity.RELATIVE if recalled and rule.severity is Severity.ABSOLUTE else rule.severity
        known = {leaf.fact for leaf in leaves(rule.when) if isinstance(leaf, Known)}
        for name, value in (
            ("recalled", recalled),
            ("counts_as", level),
            ("opens", DECISION_OF.get(level, Decision.ELIGIBLE).rank),
            ("asks_for_data", rule.severity in ASKS_FOR_DATA),
            ("order", (level.rank, rule.severity.rank, rule.id)),
            ("severity_order", (rule.severity.rank, rule.id)),
            ("told", tuple(dict.fromkeys((*rule.reads, *rule.shows)))),
            ("complained_of", tuple(key for key in rule.reads if key in known)),
            ("limits", {f"limit.{limit.name}": limit.value for limit in rule.limits}),
        ):
            object.__setattr__(self, name, value)

    def unknown(self, code: int, values: Mapping[str, FactValue]) -> tuple[str, ...]:
        """What could not be read where that leaves the rule unanswered or is what it complains of; not for a no."""
        if code == YES:
            return tuple([key for key in self.complained_of if key not in values])
        reads = self.rule.reads
        return tuple([key for key in reads if key not in values or self._is_vague(key, values)])

    def _is_vague(self, key: str, values: Mapping[str, FactValue]) -> bool:
        """Known only as an interval that does not answer what the rule asks."""
        if not isinstance(values[key], Interval):
            return False
        return any(truth(leaf, values.get) is None for leaf in leaves(self.rule.when) if leaf.fact == key)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Plan:
    """Rules in scope in the order of the files, gates, and one function that answers all of them.

    `ways`: for each rule the facts that it reads, and those from which one of these may follow. `family`: facts of
    which one may follow from another share a name. `limits`: the numbers that each fact is held against.
    """

    rules: tuple[AskedRule, ...]
    gates: tuple[Gate, ...]
    implications: tuple[tuple[Ask, Implication, Fact], ...]
    ask: Ask
    ways: tuple[tuple[str, ...], ...]
    family: Mapping[str, str]
    limits: Mapping[str, tuple[float, ...]] = field(init=False)
    reads: Reads = field(init=False)

    def __post_init__(self) -> None:
        numbers: dict[str, set[float]] = {}
        for leaf in (leaf for asked in self.rules for leaf in leaves(asked.rule.when)):
            if isinstance(leaf, Compare):
                numbers.setdefault(leaf.fact, set()).add(leaf.limit)
        object.__setattr__(self, "limits", {key: tuple(sorted(limits)) for key, limits in numbers.items()})
        object.__setattr__(self, "reads", Reads(tuple(asked.rule.reads for asked in self.rules)))

    def codes(self, read: Read) -> tuple[Codes, Codes]:
        """The answers of all rules, and those of all gates."""
        codes = self.ask(read)
        return codes[: len(self.rules)], codes[len(self.rules) :]

    def supposing(self, known: Mapping[str, FactValue], supposed: Mapping[str, FactValue]) -> Codes:
        """The answers of all rules if these facts had these values, with what then follows."""
        values = {**known, **supposed}
        return self.codes({**values, **self.implied(values)}.get)[0]

    def implied(self, values: Mapping[str, FactValue]) -> dict[str, FactValue]:
        """What follows, as values."""
        return {one.fact: one.value for one, _ in self.following(values)}

    def following(self, values: Mapping[str, FactValue]) -> list[tuple[Implication, Fact]]:
        """What follows where nothing is known, one after another, with its fact; never against a statement."""
        followed = []
        known = dict(values)
        for ask, one, fact in self.implications:
            if one.fact not in known and ask(known.get)[0] == YES:
                known[one.fact] = one.value
                followed.append((one, fact))
        return followed

    def decision(self, codes: Codes) -> Decision:
        """ALG-02 alone: the decision of these answers, without its reasons."""
        rank, defer = 0, Decision.DEFER.rank
        for code, asked in zip(codes, self.rules, strict=True):
            if code == YES and asked.opens > rank:
                rank = asked.opens
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
    implications = tuple(
        (compile_conditions([one.when]), one, Fact(key=one.fact, value=one.value, said_by=Teller.RULE))
        for one in base.implications
    )
    return Plan(
        rules=rules,
        gates=gates,
        implications=implications,
        ask=compile_conditions(conditions),
        ways=tuple(_ways(asked.rule.reads, base.implications) for asked in rules),
        family=_families(base),
    )


def _families(base: RuleBase) -> Mapping[str, str]:
    family = {key: key for key in base.definitions}
    for one in base.implications:
        joined = {family[key] for key in (one.fact, *facts_read(one.when))}
        family = {key: min(joined) if name in joined else name for key, name in family.items()}
    return family


def _ways(reads: tuple[str, ...], implications: tuple[Implication, ...]) -> tuple[str, ...]:
    """The facts read, and every fact from which one of them may follow in one or more steps."""
    ways = list(reads)
    for key in ways:
        premises = [fact for one in implications if one.fact == key for fact in facts_read(one.when)]
        ways += [fact for fact in premises if fact not in ways]
    return tuple(ways)
