"""The decision algebra (ALG-01 to ALG-11): every rule in scope is asked, the strongest that fired decides."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from reprieve.domain.candidacy.assessment import (
    DECISION_OF,
    Assessment,
    DataNeeded,
    DecidedFinding,
    Decision,
    Evaluation,
    Evaluations,
    GateState,
)
from reprieve.domain.candidacy.compiled import UNKNOWN, YES, compile_conditions, truth_of
from reprieve.domain.candidacy.facts import Fact, FactSet, Teller
from reprieve.domain.candidacy.plan import AskedRule, Plan, plan_for
from reprieve.domain.candidacy.rules import Phase, Route, Rule, RuleBase
from reprieve.domain.quantities.findings import Finding, Param, Severity

INDICATION_STATED = "indication_stated"


def assess(
    base: RuleBase,
    facts: FactSet,
    *,
    route: Route,
    indication: str | None,
    phase: Phase = Phase.SCREEN,
) -> Assessment:
    """The answer for one person, one route and one indication."""
    plan = plan_for(base, route=route, indication=indication, phase=phase)
    known = _complete(plan, facts, indication)
    codes, gates = plan.codes(known.values.get)
    evaluations = Evaluations(asked=plan.rules, codes=codes, facts=known)
    findings = tuple(fired(evaluations))
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
            {gate.id: GateState.of(truth_of(code)) for gate, code in zip(plan.gates, gates, strict=True)}
        ),
        evaluations=evaluations,
        facts=known,
        knowledge_hash=base.knowledge_hash,
    )


def _complete(plan: Plan, facts: FactSet, indication: str | None) -> FactSet:
    """With the stated indication and what follows from the facts where nothing was said; never against a statement."""
    stated = Fact(key=INDICATION_STATED, value=indication is not None, said_by=Teller.RULE)
    followed = plan.implied({INDICATION_STATED: indication is not None, **facts.values})
    return facts.adding([stated, *(Fact(key=key, value=value, said_by=Teller.RULE) for key, value in followed.items())])


def evaluate(rule: Rule, facts: FactSet) -> Evaluation:
    """Ask one rule alone, as the knowledge pages and the tests of single limits do."""
    codes = compile_conditions([rule.when])(facts.values.get)
    return next(iter(Evaluations(asked=(AskedRule(rule=rule),), codes=codes, facts=facts)))


def fired(evaluations: Evaluations) -> list[DecidedFinding]:
    """The rules whose condition is true, the strongest first; of several clauses of one id the strongest."""
    strongest: dict[str, AskedRule] = {}
    for asked, code in zip(evaluations.asked, evaluations.codes, strict=True):
        if code == YES:
            held = strongest.get(asked.rule.id)
            if held is None or asked.counts_as.rank < held.counts_as.rank:
                strongest[asked.rule.id] = asked
    ordered = sorted(strongest.values(), key=lambda asked: asked.order)
    return [_finding(asked, evaluations.facts) for asked in ordered]


def data_needed(evaluations: Evaluations) -> tuple[DataNeeded, ...]:
    """ALG-06: unanswered rules that could exclude, refer, defer or call an emergency, the strongest first."""
    strongest: dict[str, DataNeeded] = {}
    for asked, code in zip(evaluations.asked, evaluations.codes, strict=True):
        if code != UNKNOWN or not asked.asks_for_data:
            continue
        rule = asked.rule
        held = strongest.get(rule.id)
        facts, severity = asked.unknown(code, evaluations.facts.values), rule.severity
        if held is not None:
            facts = tuple(dict.fromkeys((*held.facts, *facts)))
            severity = min(held.severity, severity, key=lambda level: level.rank)
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


def _finding(asked: AskedRule, facts: FactSet) -> DecidedFinding:
    rule = asked.rule
    finding = Finding(
        code=rule.id, severity=rule.severity, source=rule.source, params=_params(asked, facts), temporary=rule.temporary
    )
    return DecidedFinding(finding=finding, clause=rule.clause, counts_as=asked.counts_as, recalled=asked.recalled)


def _params(asked: AskedRule, facts: FactSet) -> Mapping[str, Param]:
    """The numbers behind a finding: what was read, the codes or drugs behind it, and the limits."""
    params: dict[str, Param] = {}
    for key in asked.told:
        if key in facts.values:
            params[key] = facts.values[key]
            if facts.by_key[key].detail:
                params[f"{key}.detail"] = facts.by_key[key].detail
    params.update(asked.limits)
    return params
