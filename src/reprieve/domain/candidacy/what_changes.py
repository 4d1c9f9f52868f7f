"""Which unknown facts would move the answer: what to ask first, and the smallest way to an open decision (A9)."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, product

from reprieve.domain.candidacy.assessment import Assessment, Decision
from reprieve.domain.candidacy.decision import ASKS_FOR_DATA, assess
from reprieve.domain.candidacy.expression import Compare, Expression, OneOf, leaves, truth
from reprieve.domain.candidacy.facts import Effort, FactKind, FactSet, FactValue
from reprieve.domain.candidacy.rules import Rule, RuleBase
from reprieve.domain.quantities.findings import Severity

_LARGEST_SET = 3


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


@dataclass(frozen=True, slots=True, kw_only=True)
class WayForward:
    """The facts to learn, least effort first, and the decision if each turns out well."""

    facts: tuple[str, ...]
    decision: Decision


def open_questions(base: RuleBase, assessment: Assessment) -> tuple[OpenQuestion, ...]:
    """Unknown facts that rules wait for: the ones that could exclude first, then the ones easiest to learn."""
    waiting: dict[str, list[Rule]] = {}
    for evaluation in assessment.evaluations:
        if evaluation.result is None and evaluation.rule.severity in ASKS_FOR_DATA:
            for key in evaluation.unknown:
                waiting.setdefault(key, []).append(evaluation.rule)
    questions = [_question(base, assessment, key, rules) for key, rules in waiting.items()]
    return tuple(sorted(questions, key=lambda item: (item.strongest.rank, item.effort.rank, item.fact)))


def way_forward(base: RuleBase, assessment: Assessment) -> WayForward | None:
    """The smallest set of unknown facts found that leaves no rule waiting; None when nothing waits."""
    chosen: dict[str, FactValue] = {}
    for evaluation in assessment.evaluations:
        if evaluation.result is None and evaluation.rule.severity in ASKS_FOR_DATA:
            supposed = assessment.facts.supposing(chosen)
            chosen |= _clearing(base, evaluation.rule.when, evaluation.unknown, supposed)
    if not chosen:
        return None
    facts = sorted(chosen, key=lambda key: (base.definitions[key].effort.rank, key))
    return WayForward(facts=tuple(facts), decision=_again(base, assessment, chosen).decision)


def _clearing(base: RuleBase, when: Expression, unknown: tuple[str, ...], facts: FactSet) -> dict[str, FactValue]:
    """The smallest choice of values for unknown facts that answers one rule with no; empty when there is none."""
    for size in range(min(len(unknown), _LARGEST_SET) + 1):
        by_effort = sorted(unknown, key=lambda key: (base.definitions[key].effort.rank, key))
        for keys in combinations(by_effort, size):
            for values in product(*(tuple(possible_values(base, key, when)) for key in keys)):
                choice = dict(zip(keys, values, strict=True))
                if truth(when, facts.supposing(choice).value) is False:
                    return choice
    return _one_by_one(base, when, unknown, facts)


def _one_by_one(base: RuleBase, when: Expression, unknown: tuple[str, ...], facts: FactSet) -> dict[str, FactValue]:
    """For rules that wait for many facts: the value of each that alone does not fire the rule."""
    choice: dict[str, FactValue] = {}
    for key in unknown:
        for value in possible_values(base, key, when):
            if truth(when, facts.supposing({**choice, key: value}).value) is not True:
                choice[key] = value
                break
    return choice if truth(when, facts.supposing(choice).value) is False else {}


def possible_values(base: RuleBase, key: str, when: Expression) -> Iterator[FactValue]:
    """Values that can make a difference to an expression: both answers, each side of each limit, each word."""
    definition = base.definitions[key]
    if definition.kind is FactKind.BOOLEAN:
        yield from (False, True)
    elif definition.kind is FactKind.CHOICE:
        words = [word for leaf in leaves(when) if isinstance(leaf, OneOf) and leaf.fact == key for word in leaf.words]
        yield from [word for word in definition.choices if word not in words] + sorted(words)
    else:
        limits = [leaf.limit for leaf in leaves(when) if isinstance(leaf, Compare) and leaf.fact == key] or [0.0]
        for limit in sorted(set(limits)):
            yield from (limit - 1.0, limit, limit + 1.0)


def _question(base: RuleBase, assessment: Assessment, key: str, rules: list[Rule]) -> OpenQuestion:
    values = {value for rule in rules for value in possible_values(base, key, rule.when)}
    decisions = [_again(base, assessment, {key: value}).decision for value in values]
    return OpenQuestion(
        fact=key,
        effort=base.definitions[key].effort,
        rules=tuple(dict.fromkeys(rule.id for rule in rules)),
        strongest=min((rule.severity for rule in rules), key=lambda level: level.rank),
        worst=max(decisions, key=lambda decision: decision.rank),
        best=min(decisions, key=lambda decision: decision.rank),
    )


def _again(base: RuleBase, assessment: Assessment, supposed: dict[str, FactValue]) -> Assessment:
    return assess(
        base,
        assessment.facts.supposing(supposed),
        route=assessment.route,
        indication=assessment.indication,
        phase=assessment.phase,
    )
