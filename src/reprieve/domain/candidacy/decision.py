"""The decision algebra (ALG-01 to ALG-11): every rule in scope is asked, the strongest that fired decides."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from reprieve.domain.candidacy.assessment import (
    Assessment,
    DataNeeded,
    DecidedFinding,
    Decision,
    Evaluation,
    GateState,
)
from reprieve.domain.candidacy.expression import Known, leaves, truth
from reprieve.domain.candidacy.facts import Fact, FactSet, Teller
from reprieve.domain.candidacy.rules import Phase, Route, Rule, RuleBase
from reprieve.domain.quantities.findings import Finding, Param, Severity

DECISION_OF = MappingProxyType(
    {
        Severity.ABSOLUTE: Decision.INELIGIBLE,
        Severity.RELATIVE: Decision.REVIEW,
        Severity.WORKUP: Decision.DEFER,
        Severity.CAUTION: Decision.CONDITIONAL,
        Severity.INFO: Decision.ELIGIBLE,
    }
)
INDICATION_STATED = "indication_stated"
# ALG-06 asks for data where an unknown could exclude; we ask as well where it could defer or be an emergency.
ASKS_FOR_DATA = frozenset({Severity.EMERGENCY, Severity.ABSOLUTE, Severity.RELATIVE, Severity.WORKUP})


def assess(
    base: RuleBase,
    facts: FactSet,
    *,
    route: Route,
    indication: str | None,
    phase: Phase = Phase.SCREEN,
) -> Assessment:
    """The answer for one person, one route and one indication."""
    scope = [rule for rule in base.rules if rule.applies_to(route=route, indication=indication, phase=phase)]
    stated = Fact(key=INDICATION_STATED, value=indication is not None, said_by=Teller.RULE)
    known = with_implications(base, facts.adding([stated]))
    evaluations = tuple(evaluate(rule, known) for rule in scope)
    findings = tuple(sorted(fired(evaluations, known), key=_strongest_first))
    needed = data_needed(evaluations)
    decision, deciding = decide(findings, needed)
    return Assessment(
        on=facts.on,
        route=route,
        indication=indication,
        phase=phase,
        decision=decision,
        emergency=any(item.finding.severity is Severity.EMERGENCY for item in findings),
        temporary=bool(deciding) and all(item.finding.temporary for item in deciding),
        needs_confirmation=bool(deciding) and all(item.recalled for item in deciding),
        findings=findings,
        data_needed=needed,
        gates=MappingProxyType(
            {
                gate.id: GateState.of(truth(gate.when, known.value))
                for gate in base.gates
                if indication in gate.indications
            }
        ),
        evaluations=evaluations,
        facts=known,
        knowledge_hash=base.knowledge_hash,
    )


def with_implications(base: RuleBase, facts: FactSet) -> FactSet:
    """Add what follows from the facts where nothing was stated; never against a statement."""
    for implication in base.implications:
        if truth(implication.when, facts.value) is True:
            facts = facts.adding([Fact(key=implication.fact, value=implication.value, said_by=Teller.RULE)])
    return facts


def evaluate(rule: Rule, facts: FactSet) -> Evaluation:
    """Ask one rule; what it could not read is listed where that leaves it unanswered or is what it complains of."""
    result = truth(rule.when, facts.value)
    missing = (
        {leaf.fact for leaf in leaves(rule.when) if isinstance(leaf, Known)} if result is True else set(rule.reads)
    )
    unknown = tuple(key for key in rule.reads if key in missing and facts.value(key) is None)
    inputs = tuple(facts.by_key[key] for key in rule.reads if key in facts.by_key)
    return Evaluation(rule=rule, result=result, inputs=inputs, unknown=unknown if result is not False else ())


def fired(evaluations: Iterable[Evaluation], facts: FactSet) -> list[DecidedFinding]:
    """The rules whose condition is true; of several clauses of one id the strongest."""
    strongest: dict[str, DecidedFinding] = {}
    for evaluation in evaluations:
        if evaluation.result is True:
            item = _finding(evaluation, facts)
            held = strongest.get(evaluation.rule.id)
            if held is None or item.counts_as.rank < held.counts_as.rank:
                strongest[evaluation.rule.id] = item
    return list(strongest.values())


def data_needed(evaluations: Iterable[Evaluation]) -> tuple[DataNeeded, ...]:
    """ALG-06: unanswered rules that could exclude, refer, defer or call an emergency, the strongest first."""
    strongest: dict[str, DataNeeded] = {}
    for evaluation in evaluations:
        rule = evaluation.rule
        if evaluation.result is not None or rule.severity not in ASKS_FOR_DATA:
            continue
        held = strongest.get(rule.id)
        facts = tuple(dict.fromkeys((*(held.facts if held else ()), *evaluation.unknown)))
        severity = min((rule.severity, *([held.severity] if held else [])), key=lambda level: level.rank)
        strongest[rule.id] = DataNeeded(rule=rule.id, severity=severity, facts=facts)
    return tuple(sorted(strongest.values(), key=lambda item: (item.severity.rank, item.rule)))


def decide(
    findings: Iterable[DecidedFinding], needed: tuple[DataNeeded, ...]
) -> tuple[Decision, tuple[DecidedFinding, ...]]:
    """ALG-02 with the findings that decide alone. EMERGENCY is an overlay and takes no part (ALG-03).

    None decides alone where data are missing at the same level.
    """
    ranked = [item for item in findings if item.counts_as is not Severity.EMERGENCY]
    levels = [item.counts_as for item in ranked] + [Severity.WORKUP for _ in needed]
    strongest = min(levels, key=lambda level: level.rank, default=Severity.INFO)
    if strongest is Severity.INFO or (strongest is Severity.WORKUP and needed):
        return DECISION_OF[strongest], ()
    return DECISION_OF[strongest], tuple(item for item in ranked if item.counts_as is strongest)


def counts_as(rule: Rule) -> Severity:
    """A recalled exclusion is put before a clinician instead of excluding by itself."""
    if rule.is_recalled and rule.severity is Severity.ABSOLUTE:
        return Severity.RELATIVE
    return rule.severity


def _finding(evaluation: Evaluation, facts: FactSet) -> DecidedFinding:
    rule = evaluation.rule
    finding = Finding(
        code=rule.id, severity=rule.severity, source=rule.source, params=_params(rule, facts), temporary=rule.temporary
    )
    return DecidedFinding(finding=finding, clause=rule.clause, counts_as=counts_as(rule), recalled=rule.is_recalled)


def _params(rule: Rule, facts: FactSet) -> Mapping[str, Param]:
    """The numbers behind a finding: what was read, the codes or drugs behind it, and the limits."""
    params: dict[str, Param] = {}
    for key in dict.fromkeys((*rule.reads, *rule.shows)):
        value = facts.value(key)
        if value is not None:
            params[key] = value
            if facts.by_key[key].detail:
                params[f"{key}.detail"] = facts.by_key[key].detail
    return params | {f"limit.{limit.name}": limit.value for limit in rule.limits}


def _strongest_first(item: DecidedFinding) -> tuple[int, int, str]:
    return item.counts_as.rank, item.finding.severity.rank, item.finding.code
