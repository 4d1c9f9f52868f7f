"""Rules against each other and against themselves: unreachable, unanswerable, twice, contradicting."""

from collections.abc import Iterable, Iterator
from itertools import combinations

from reprieve.domain.candidacy.expression import AllOf, AnyOf, Compare, Expression, Not, facts_read, leaves
from reprieve.domain.candidacy.rules import Implication, Rule, RuleBase
from reprieve.domain.candidacy.satisfiable import facts_that_satisfy
from reprieve.domain.quantities.findings import Severity
from reprieve.knowledge.review.problem import Problem

_EXCLUDES = frozenset({Severity.ABSOLUTE, Severity.RELATIVE})
_READ_WHEN_TRIALS_ARE_COUNTED = frozenset({"treatment_history_complete"})


def rule_problems(base: RuleBase) -> Iterator[Problem]:
    """KN-UNREACHABLE, KN-ALWAYS, KN-TWICE, KN-LIMIT-UNUSED, KN-LIMITS-DIFFER, KN-CONTRADICTION, KN-FACT-UNUSED."""
    for rule in base.rules:
        yield from _alone(rule)
    yield from _twice(base.rules)
    yield from _limits_that_differ(base.rules)
    for one, other in combinations(base.rules, 2):
        if set(one.reads) & set(other.reads) and _meet(one, other):
            yield from _pair(one, other)
    for first, second in combinations(base.implications, 2):
        yield from _implications(first, second)
    yield from _unused_facts(base)


def _name(rule: Rule) -> str:
    return f"{rule.id} ({rule.clause})" if rule.clause else rule.id


def _alone(rule: Rule) -> Iterator[Problem]:
    if facts_that_satisfy(rule.when) is None:
        yield Problem(code="KN-UNREACHABLE", where=_name(rule), sentence="No facts can make this rule fire.")
    elif facts_that_satisfy(Not(rule.when)) is None:
        yield Problem(code="KN-ALWAYS", where=_name(rule), sentence="No facts can make this rule answer no.")
    held = {leaf.limit for leaf in leaves(rule.when) if isinstance(leaf, Compare)}
    if len(held) > len(rule.limits):
        yield Problem(code="KN-LIMIT-UNUSED", where=_name(rule), sentence="A number in the condition has no source.")


def _twice(rules: Iterable[Rule]) -> Iterator[Problem]:
    seen: set[tuple[str, str]] = set()
    for rule in rules:
        if (rule.id, rule.clause) in seen:
            yield Problem(code="KN-TWICE", where=_name(rule), sentence="This id and clause stand in the files twice.")
        seen.add((rule.id, rule.clause))


def _limits_that_differ(rules: Iterable[Rule]) -> Iterator[Problem]:
    """One family (CI-HTN-...) must mean the same number by the same name, or a gap opens between its bands."""
    held: dict[tuple[str, str, str], tuple[float, str]] = {}
    for rule in rules:
        family = rule.id.rpartition("-")[0]
        for limit in rule.limits if "-" in family else ():
            value, first = held.setdefault((family, limit.name, limit.unit), (limit.value, _name(rule)))
            if value != limit.value:
                sentence = f"The limit {limit.name!r} is {limit.value:g} here and {value:g} in {first}."
                yield Problem(code="KN-LIMITS-DIFFER", where=_name(rule), sentence=sentence)


def _meet(one: Rule, other: Rule) -> bool:
    """Both can be asked about the same person on the same route at the same time."""
    indications = not one.indications or not other.indications or one.indications & other.indications
    return bool(one.routes & other.routes and one.phases & other.phases and indications)


def _pair(one: Rule, other: Rule) -> Iterator[Problem]:
    where = f"{_name(one)}, {_name(other)}"
    speak = one.severity is not other.severity and Severity.INFO not in (one.severity, other.severity)
    if speak and set(one.reads) == set(other.reads) and _same(one.when, other.when):
        sentence = f"The same condition is {one.severity} in one rule and {other.severity} in the other."
        yield Problem(code="KN-CONTRADICTION", where=where, sentence=sentence)
    if {one.severity, other.severity} <= _EXCLUDES and facts_that_satisfy(
        AllOf((Not(one.when), Not(other.when)))
    ) is None:
        yield Problem(code="KN-CONTRADICTION", where=where, sentence="Between them the two rules exclude everybody.")


def _same(one: Expression, other: Expression) -> bool:
    differ = AnyOf((AllOf((one, Not(other))), AllOf((other, Not(one)))))
    return facts_that_satisfy(differ) is None


def _implications(one: Implication, other: Implication) -> Iterator[Problem]:
    if one.fact == other.fact and one.value != other.value:
        facts = facts_that_satisfy(AllOf((one.when, other.when)))
        if facts is not None:
            sentence = f"It follows both that it is {one.value} and that it is {other.value}."
            yield Problem(code="KN-CONTRADICTION", where=one.fact, sentence=sentence)


def _unused_facts(base: RuleBase) -> Iterator[Problem]:
    read = {key for rule in base.rules for key in (*rule.reads, *rule.shows)}
    read |= {key for gate in base.gates for key in facts_read(gate.when)}
    read |= {key for implication in base.implications for key in facts_read(implication.when)}
    for key in sorted(base.definitions.keys() - read - _READ_WHEN_TRIALS_ARE_COUNTED):
        yield Problem(code="KN-FACT-UNUSED", where=key, sentence="No rule reads this fact.")
