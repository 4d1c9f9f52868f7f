"""What is asked first: each unknown fact with the rules that wait for it and how far the answer could move."""

from datetime import date
from types import MappingProxyType

from reprieve.domain.candidacy.assessment import Decision
from reprieve.domain.candidacy.decision import assess
from reprieve.domain.candidacy.expression import Compare, Comparison, Is, Known, Not
from reprieve.domain.candidacy.facts import Effort, FactDefinition, FactKind, FactSet
from reprieve.domain.candidacy.rules import Route, Rule, RuleBase
from reprieve.domain.candidacy.what_changes import open_questions
from reprieve.domain.quantities.findings import Severity
from reprieve.domain.quantities.sources import Confidence, Source

POLICY = Source(keys=("SITE-POLICY",), confidence=Confidence.POLICY)
FACTS = (
    FactDefinition(key="psychosis", kind=FactKind.BOOLEAN),
    FactDefinition(key="smokes", kind=FactKind.BOOLEAN),
    FactDefinition(key="ever", kind=FactKind.BOOLEAN),
    FactDefinition(key="pressure", kind=FactKind.NUMBER, unit="mm[Hg]", effort=Effort.MEASURE),
)


def rule(rule_id, severity, when):
    return Rule(id=rule_id, clause="", severity=severity, when=when, source=POLICY)


def questions(*rules, **known):
    base = RuleBase(
        definitions=MappingProxyType({one.key: one for one in FACTS}), rules=rules, gates=(), implications=(),
        efforts={}, knowledge_hash="x",
    )  # fmt: skip
    answer = assess(base, FactSet(on=date(2026, 3, 2)).supposing(known), route=Route.IV, indication=None)
    return {item.fact: item for item in open_questions(base, answer)}


HIGH = Compare("pressure", Comparison.AT_LEAST, 180.0)


def test_a_question_tells_its_strongest_rule_and_the_best_and_the_worst_answer():
    found = questions(
        rule("RAISED", Severity.WORKUP, Compare("pressure", Comparison.ABOVE, 140.0)),
        rule("HTN", Severity.ABSOLUTE, HIGH),
    )
    (item,) = found.values()
    assert (item.rules, item.strongest, item.effort) == (("RAISED", "HTN"), Severity.ABSOLUTE, Effort.MEASURE)
    assert (item.best, item.worst, item.could_exclude) == (Decision.ELIGIBLE, Decision.INELIGIBLE, True)


def test_what_only_a_precaution_would_like_to_know_is_no_question():
    found = questions(rule("PSY", Severity.ABSOLUTE, Is("psychosis")), rule("SMOKE", Severity.CAUTION, Is("smokes")))
    assert list(found) == ["psychosis"]


def test_the_strongest_is_asked_first_then_the_easiest():
    found = questions(
        rule("HTN", Severity.ABSOLUTE, HIGH),
        rule("EVER", Severity.WORKUP, Is("ever")),
        rule("PSY", Severity.ABSOLUTE, Is("psychosis")),
        rule("SMOKE", Severity.WORKUP, Not(Known("smokes"))),
    )
    assert list(found) == ["psychosis", "pressure", "ever", "smokes"]
    assert not found["ever"].could_exclude


def test_the_best_answer_is_no_better_than_what_else_is_known():
    found = questions(
        rule("PSY", Severity.ABSOLUTE, Is("psychosis")), rule("EVER", Severity.RELATIVE, Is("ever")), ever=True
    )
    assert (found["psychosis"].best, found["psychosis"].worst) == (Decision.REVIEW, Decision.INELIGIBLE)
