"""What to ask first: each unknown fact that rules wait for, and how far the answer could move when it is learned."""

from dataclasses import dataclass

from reprieve.domain.candidacy.assessment import Assessment, Decision
from reprieve.domain.candidacy.expression import Compare, Expression, leaves
from reprieve.domain.candidacy.facts import Effort, FactValue
from reprieve.domain.candidacy.plan import ASKS_FOR_DATA, plan_for
from reprieve.domain.candidacy.rules import Rule, RuleBase
from reprieve.domain.candidacy.smallest import worth_trying
from reprieve.domain.quantities.findings import Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenQuestion:
    """One unknown fact, the rules that wait for it, and how far the answer could fall when it is learned."""

    fact: str
    effort: Effort
    rules: tuple[str, ...]
    strongest: Severity
    worst: Decision
    best: Decision

    @property
    def could_exclude(self) -> bool:
        return self.worst is Decision.INELIGIBLE


def open_questions(base: RuleBase, assessment: Assessment) -> tuple[OpenQuestion, ...]:
    """Unknown facts that rules wait for: the ones that could exclude first, then the ones easiest to learn."""
    waiting: dict[str, list[Rule]] = {}
    for evaluation in assessment.evaluations:
        if evaluation.rule.severity in ASKS_FOR_DATA:
            for key in evaluation.unknown:
                waiting.setdefault(key, []).append(evaluation.rule)
    questions = [_question(base, assessment, key, rules) for key, rules in waiting.items()]
    return tuple(sorted(questions, key=lambda item: (item.strongest.rank, item.effort.rank, item.fact)))


def possible_values(
    base: RuleBase, key: str, *conditions: Expression, now: FactValue | None = None
) -> tuple[FactValue, ...]:
    """Values of one fact that can make a difference to these conditions; `now`: what is known of it."""
    compared = [leaf for when in conditions for leaf in leaves(when) if isinstance(leaf, Compare) and leaf.fact == key]
    return worth_trying(base.definitions[key], tuple(sorted({leaf.limit for leaf in compared})), now)


def _question(base: RuleBase, assessment: Assessment, key: str, rules: list[Rule]) -> OpenQuestion:
    plan = plan_for(base, route=assessment.route, indication=assessment.indication, phase=assessment.phase)
    values = possible_values(base, key, *(rule.when for rule in rules), now=assessment.facts.value(key))
    decisions = [plan.decision(plan.supposing(assessment.facts.values, {key: value})) for value in values]
    return OpenQuestion(
        fact=key,
        effort=base.definitions[key].effort,
        rules=tuple(dict.fromkeys(rule.id for rule in rules)),
        strongest=min((rule.severity for rule in rules), key=lambda level: level.rank),
        worst=max(decisions, key=lambda decision: decision.rank),
        best=min(decisions, key=lambda decision: decision.rank),
    )
