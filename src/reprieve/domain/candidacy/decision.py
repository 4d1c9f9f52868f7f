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
from reprieve.domain.candidacy.inputs import Reads
from reprieve.domain.candidacy.plan import AskedRule, Plan, plan_for
from reprieve.domain.candidacy.rules import Phase, Route, Rule, RuleBase
from reprieve.domain.quantities.findings import Finding, Param, Severity

INDICATION_STATED = "indication_stated"
_STATED = {told: Fact(key=INDICATION_STATED, value=told, said_by=Teller.RULE) for told in (False, True)}


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
    evaluations = Evaluations(asked=plan.rules, reads=plan.reads, codes=codes, facts=known)
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
    stated = _STATED[indication is not None]
    followed = plan.following({INDICATION_STATED: indication is not None, **facts.values})
    return facts.adding([stated, *(fact for _, fact in followed)])


def evaluate(rule: Rule, facts: FactSet) -> Evaluation:
    """Ask one rule alone, as the knowledge pages and the tests of single limits do."""
    codes = compile_conditions([rule.when])(facts.values.get)
    asked = (AskedRule(rule=rule),)
    return next(iter(Evaluations(asked=asked, reads=Reads((rule.reads,)), codes=codes, facts=facts)))


def fired(evaluations: Evaluations) -> list[DecidedFinding]:
    """The rules whose condition is true, the strongest first; of several clauses of one id the strongest."""
    strongest: dict[str, AskedRule] = {}
    for asked in [asked for asked, code in zip(evaluations.asked, evaluations.codes, strict=True) if code == YES]:
        held = strongest.get(asked.rule.id)
        if held is None or asked.order[0] < held.order[0]:
            strongest[asked.rule.id] = asked
    ordered = sorted(strongest.values(), key=lambda asked: asked.order)
    return [_finding(asked, evaluations.facts) for asked in ordered]


def data_needed(evaluations: Evaluations) -> tuple[DataNeeded, ...]:
    """ALG-06: unanswered rules that could exclude, refer, defer or call an emergency, the strongest first."""
    strongest: dict[str, AskedRule] = {}
    facts: dict[str, tuple[str, ...]] = {}
    for place, keys in evaluations.unread.items():
        asked = evaluations.asked[place]
        if asked.asks_for_data and evaluations.codes[place] == UNKNOWN:
            name = asked.rule.id
            held = strongest.get(name)
            facts[name] = keys if held is None else tuple(dict.fromkeys((*facts[name], *keys)))
            if held is None or asked.severity_order < held.severity_order:
                strongest[name] = asked
    ordered = sorted(strongest.values(), key=lambda asked: asked.severity_order)
    rules = [asked.rule for asked in ordered]
    return tuple([DataNeeded(rule=rule.id, severity=rule.severity, facts=facts[rule.id]) for rule in rules])


def decide(
    findings: Iterable[DecidedFinding], needed: tuple[DataNeeded, ...]
) -> tuple[Decision, tuple[DecidedFinding, ...]]:
    """ALG-02 with the findings that decide alone. EMERGENCY is an overlay and takes no part (ALG-03).

    None decides alone where data are missing at the same level.
    """
    ranked = [item for item in findings if item.counts_as is not Severity.EMERGENCY]
    levels = [item.counts_as for item in ranked] + ([Severity.WORKUP] if needed else [])
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
