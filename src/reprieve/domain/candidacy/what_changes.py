"""Which unknown facts would move the answer: what to ask first, and the smallest way to an open decision (A9)."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, product

from reprieve.domain.candidacy.assessment import Assessment, Decision
from reprieve.domain.candidacy.decision import assess
from reprieve.domain.candidacy.expression import Compare, Expression, leaves, truth
from reprieve.domain.candidacy.facts import Effort, FactDefinition, FactKind, FactSet, FactValue
from reprieve.domain.candidacy.plan import ASKS_FOR_DATA
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
        if evaluation.rule.severity in ASKS_FOR_DATA:
            for key in evaluation.unknown:
                waiting.setdefault(key, []).append(evaluation.rule)
    questions = [_question(base, assessment, key, rules) for key, rules in waiting.items()]
    return tuple(sorted(questions, key=lambda item: (item.strongest.rank, item.effort.rank, item.fact)))


def way_forward(base: RuleBase, assessment: Assessment) -> WayForward | None:
    """A small set of unknown facts that leaves no rule waiting, and where it leads; None when nothing waits.

    Values are chosen that fire no other rule, least effort first. The set is small, not proven to be the smallest.
    """
    chosen: dict[str, FactValue] = {}
    for evaluation in assessment.evaluations:
        if evaluation.unknown and evaluation.rule.severity in ASKS_FOR_DATA:
            chosen |= _clearing(base, assessment, evaluation.rule, assessment.facts.supposing(chosen))
    if not chosen:
        return None
    facts = sorted(chosen, key=lambda key: _cost(base.definitions[key]))
    return WayForward(facts=tuple(facts), decision=_again(base, assessment, chosen).decision)


def _cost(definition: FactDefinition) -> tuple[int, bool, str]:
    """Least effort first, a yes or no before a number."""
    return definition.effort.rank, definition.kind is FactKind.NUMBER, definition.key


def _clearing(base: RuleBase, assessment: Assessment, rule: Rule, facts: FactSet) -> dict[str, FactValue]:
    """Few values of unknown facts that answer one rule with no and fire no other; empty when it is answered already."""
    if truth(rule.when, facts.value) is False:
        return {}
    unknown = [key for key in rule.reads if facts.value(key) is None]
    by_effort = sorted(unknown, key=lambda key: _cost(base.definitions[key]))
    silent = [item.rule for item in assessment.evaluations if item.rule.severity is not Severity.INFO]
    silent = [item for item in silent if set(item.reads) & set(unknown) and truth(item.when, facts.value) is not True]
    quiet = {key: tuple(_quiet_values(base, rule, silent, key, facts)) for key in by_effort}
    for size in range(1, min(len(by_effort), _LARGEST_SET) + 1):
        for keys in combinations(by_effort, size):
            for values in product(*(quiet[key] for key in keys)):
                choice = dict(zip(keys, values, strict=True))
                if truth(rule.when, facts.supposing(choice).value) is False and not _fires(silent, facts, choice):
                    return choice
    return {key: values[0] for key, values in quiet.items() if values}


def _quiet_values(base: RuleBase, rule: Rule, silent: list[Rule], key: str, facts: FactSet) -> Iterator[FactValue]:
    """Good news about one fact: values that by themselves fire none of the rules that are silent so far."""
    readers = [item for item in silent if key in item.reads]
    safer = base.definitions[key].safer
    values = dict.fromkeys(value for item in (rule, *readers) for value in possible_values(base, key, item.when))
    for value in values:
        if value is not safer and not _fires(readers, facts, {key: value}):
            yield value


def _fires(rules: list[Rule], facts: FactSet, supposed: dict[str, FactValue]) -> bool:
    return any(truth(rule.when, facts.supposing(supposed).value) is True for rule in rules)


def possible_values(base: RuleBase, key: str, when: Expression) -> Iterator[FactValue]:
    """Values that can make a difference to an expression: both answers, each side of each limit, each word."""
    definition = base.definitions[key]
    if definition.kind is FactKind.BOOLEAN:
        yield from (False, True)
    elif definition.kind is FactKind.CHOICE:
        yield from definition.choices
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
