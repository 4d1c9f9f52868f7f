"""The way from "not yet" to a treatment: what to learn or change, who does it, and by when (A9).

The program proposes these steps; it starts, stops and changes no treatment (ALG-10).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

from reprieve.domain.candidacy.assessment import Assessment, Decision
from reprieve.domain.candidacy.compiled import UNKNOWN, YES, Codes
from reprieve.domain.candidacy.efforts import Owner
from reprieve.domain.candidacy.facts import Effort, FactValue, is_exact
from reprieve.domain.candidacy.plan import AskedRule, Plan, plan_for
from reprieve.domain.candidacy.rules import RuleBase
from reprieve.domain.candidacy.smallest import (
    MOST_SETS,
    Found,
    Result,
    effort_of,
    leaves_unknown,
    missing_data,
    smallest_sets,
    stops,
)
from reprieve.domain.quantities.units import convert

Values = Mapping[str, FactValue]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeSet:
    """Facts that together move the decision to `decision` if all turn out well. `effort`: that of the hardest.

    `proven`: the search was complete, so no smaller set does. `values`: what was supposed; no target for treatment.
    """

    facts: tuple[str, ...]
    effort: Effort
    decision: Decision
    proven: bool
    values: Values


@dataclass(frozen=True, slots=True, kw_only=True)
class WayForward:
    """The facts to learn, least effort first, and the decision if each turns out well."""

    facts: tuple[str, ...]
    decision: Decision


@dataclass(frozen=True, slots=True, kw_only=True)
class DeferralStep:
    """One piece of work. `brings`: the decision once this step and those before it are done and turn out well."""

    rule_ids: tuple[str, ...]
    facts: tuple[str, ...]
    effort: Effort
    owner: Owner
    due_on: date
    brings: Decision


@dataclass(frozen=True, slots=True, kw_only=True)
class DeferralPlan:
    """Steps with the least effort first; none where nothing that can be learned or changed moves the decision."""

    steps: tuple[DeferralStep, ...]


def minimal_sets(base: RuleBase, assessment: Assessment) -> tuple[ChangeSet, ...]:
    """The smallest sets of unknown facts or changeable findings that open the decision further, least effort first.

    At most `MOST_SETS` of them.
    """
    if assessment.decision is Decision.ELIGIBLE:
        return ()
    return _change_sets(base, assessment, _openings(base, assessment, assessment.decision, {}))


def way_forward(base: RuleBase, assessment: Assessment) -> WayForward | None:
    """The fewest unknown facts that leave no rule waiting, and where they lead; None when nothing waits."""
    found = _learnable(base, assessment, {})
    if not found or not found[0].values:
        return None
    return WayForward(facts=_by_effort(base, assessment, found[0].values), decision=found[0].decision)


def deferral_plan(
    base: RuleBase, assessment: Assessment, *, on: date, sets: tuple[ChangeSet, ...] | None = None
) -> DeferralPlan:
    """The steps that open the decision as far as it goes, counted from `on`.

    `sets`: the minimal sets of this assessment where the caller has them already.
    """
    values = _chain(base, assessment, minimal_sets(base, assessment) if sets is None else sets)
    return DeferralPlan(steps=tuple(_steps(base, assessment, values, on)))


def _openings(base: RuleBase, assessment: Assessment, decision: Decision, supposing: Values) -> Result:
    return smallest_sets(base, assessment, stops(decision), supposing=supposing, change=True)


def _learnable(base: RuleBase, assessment: Assessment, supposing: Values) -> tuple[Found, ...]:
    """The fewest unknown facts after which no rule waits; rules that miss a fact too, where learning it clears them."""
    missing = missing_data(assessment)
    if not supposing and not missing and not assessment.data_needed:
        return ()
    for wanted in dict.fromkeys((missing, frozenset[AskedRule]())):
        found = smallest_sets(base, assessment, leaves_unknown(wanted), supposing=supposing, change=False).sets
        if found:
            return found
    return ()


def _change_sets(base: RuleBase, assessment: Assessment, result: Result) -> tuple[ChangeSet, ...]:
    sets = [_change_set(base, assessment, found, proven=result.proven) for found in result.sets]
    return tuple(sorted(sets, key=lambda one: (one.effort.rank, one.decision.rank, one.facts))[:MOST_SETS])


def _change_set(base: RuleBase, assessment: Assessment, found: Found, *, proven: bool) -> ChangeSet:
    facts = _by_effort(base, assessment, found.values)
    hardest = max((_effort(base, assessment, key) for key in facts), key=lambda effort: effort.rank)
    return ChangeSet(facts=facts, effort=hardest, decision=found.decision, proven=proven, values=found.values)


def _chain(base: RuleBase, assessment: Assessment, sets: tuple[ChangeSet, ...]) -> dict[str, FactValue]:
    """One smallest set after another until treatment may begin or nothing opens more.

    Where a REVIEW stays, what is unknown is still to be learned: the clinicians who weigh it need to see all of it.
    """
    values: dict[str, FactValue] = {}
    decision = assessment.decision
    while sets and decision.rank > Decision.CONDITIONAL.rank:
        values |= sets[0].values
        decision = sets[0].decision
        if decision.rank > Decision.CONDITIONAL.rank:
            sets = _change_sets(base, assessment, _openings(base, assessment, decision, values))
    if decision is Decision.REVIEW:
        learned = _learnable(base, assessment, values)
        values |= learned[0].values if learned else {}
    return values


def _steps(base: RuleBase, assessment: Assessment, values: Values, on: date) -> Iterator[DeferralStep]:
    plan = plan_for(base, route=assessment.route, indication=assessment.indication, phase=assessment.phase)
    done: dict[str, FactValue] = {}
    for facts in _pieces(base, assessment, values):
        done |= {key: values[key] for key in facts}
        effort = _effort(base, assessment, facts[0])
        yield DeferralStep(
            rule_ids=_served(base, assessment, facts) or _served_later(base, assessment, facts, values),
            facts=facts,
            effort=effort,
            owner=base.efforts[effort].owner,
            due_on=on + timedelta(days=max(_days(base, assessment, key, values[key]) for key in facts)),
            brings=plan.decision(plan.supposing(assessment.facts.values, done)),
        )


def _pieces(base: RuleBase, assessment: Assessment, values: Values) -> list[tuple[str, ...]]:
    """All that is unknown and costs the same is one piece of work; each finding to change is one by itself."""
    pieces: dict[tuple[Effort, tuple[str, ...]], list[str]] = {}
    for key in _by_effort(base, assessment, values):
        serves = _served(base, assessment, [key]) if is_exact(assessment.facts.value(key)) else ()
        pieces.setdefault((_effort(base, assessment, key), serves), []).append(key)
    return [tuple(facts) for facts in pieces.values()]


def _served(base: RuleBase, assessment: Assessment, facts: Iterable[str]) -> tuple[str, ...]:
    """Rules that spoke or wait now and that these facts bear on."""
    plan = plan_for(base, route=assessment.route, indication=assessment.indication, phase=assessment.phase)
    return _open_for(plan, assessment.evaluations.codes, set(facts))


def _served_later(base: RuleBase, assessment: Assessment, facts: Iterable[str], values: Values) -> tuple[str, ...]:
    """Rules that will wait for these facts once the rest of the plan is done."""
    plan = plan_for(base, route=assessment.route, indication=assessment.indication, phase=assessment.phase)
    rest = {key: value for key, value in values.items() if key not in facts}
    return _open_for(plan, plan.supposing(assessment.facts.values, rest), set(facts))


def _open_for(plan: Plan, codes: Codes, facts: set[str]) -> tuple[str, ...]:
    rows = zip(plan.rules, plan.ways, codes, strict=True)
    return tuple(
        dict.fromkeys(asked.rule.id for asked, ways, code in rows if _is_open(asked, code) and facts & set(ways))
    )


def _is_open(asked: AskedRule, code: int) -> bool:
    return (code == YES and asked.opens > 0) or (code == UNKNOWN and asked.asks_for_data)


def _by_effort(base: RuleBase, assessment: Assessment, facts: Iterable[str]) -> tuple[str, ...]:
    """Least effort first; of equal effort what the strongest open rule waits for (where it matters most)."""
    return tuple(
        sorted(facts, key=lambda key: (_effort(base, assessment, key).rank, _weight(base, assessment, key), key))
    )


def _weight(base: RuleBase, assessment: Assessment, key: str) -> int:
    plan = plan_for(base, route=assessment.route, indication=assessment.indication, phase=assessment.phase)
    ranks = [
        asked.rule.severity.rank
        for asked, ways, code in zip(plan.rules, plan.ways, assessment.evaluations.codes, strict=True)
        if _is_open(asked, code) and key in ways
    ]
    return min(ranks, default=len(Effort))


def _effort(base: RuleBase, assessment: Assessment, key: str) -> Effort:
    return effort_of(base.definitions[key], known=is_exact(assessment.facts.value(key)))


def _days(base: RuleBase, assessment: Assessment, key: str, value: FactValue) -> int:
    """The policy's days, or the time that has to pass until a known number of months or days reaches its limit."""
    effort, now = _effort(base, assessment, key), assessment.facts.value(key)
    if effort is Effort.WAIT and isinstance(now, float) and isinstance(value, float):
        plan = plan_for(base, route=assessment.route, indication=assessment.indication, phase=assessment.phase)
        reached = max((limit for limit in plan.limits[key] if limit <= value), default=value)
        return ceil(convert(reached - now, base.definitions[key].unit, "d"))
    own = base.definitions[key].changed_within_days if is_exact(now) else None
    return base.efforts[effort].within_days if own is None else own
