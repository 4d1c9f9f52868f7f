"""What is prepared once for a scope: ways, families, limits, and what a rule could not read."""

from datetime import date
from types import MappingProxyType

import pytest

from reprieve.domain.candidacy.assessment import Decision, GateState
from reprieve.domain.candidacy.decision import assess
from reprieve.domain.candidacy.expression import AllOf, AnyOf, Compare, Comparison, Is, Known, Not
from reprieve.domain.candidacy.facts import FactDefinition, FactKind, FactSet
from reprieve.domain.candidacy.plan import plan_for
from reprieve.domain.candidacy.rules import Gate, Implication, Phase, Route, Rule, RuleBase
from reprieve.domain.quantities.findings import Severity
from reprieve.domain.quantities.interval import compared
from reprieve.domain.quantities.sources import Confidence, Source

POLICY = Source(keys=("SITE-POLICY",), confidence=Confidence.POLICY)
FACTS = (
    *(FactDefinition(key=key, kind=FactKind.BOOLEAN) for key in "abcdef"),
    FactDefinition(key="pressure", kind=FactKind.NUMBER, unit="mm[Hg]"),
)
SCOPE = {"route": Route.IV, "indication": None, "phase": Phase.SCREEN}


def rule(rule_id, severity, when, **more):
    return Rule(id=rule_id, clause="", severity=severity, when=when, source=POLICY, **more)


def base_of(*rules, implications=(), gates=()):
    return RuleBase(
        definitions=MappingProxyType({one.key: one for one in FACTS}), rules=rules, gates=gates, efforts={},
        implications=implications, knowledge_hash="x",
    )  # fmt: skip


def test_a_recalled_exclusion_is_no_stronger_than_a_referral_that_was_told_first():
    """Written from memory it counts as a referral; of equal strength the first clause is told (ALG-02)."""
    recalled = Source(keys=("ESK-PI",), confidence=Confidence.RECALLED)
    clauses = [
        Rule(id="A", clause="verified", severity=Severity.RELATIVE, when=Is("a"), source=POLICY),
        Rule(id="A", clause="recalled", severity=Severity.ABSOLUTE, when=Is("a"), source=recalled),
    ]
    for order in (clauses, clauses[::-1]):
        (finding,) = assess(base_of(*order), FactSet(on=date(2026, 3, 2)).supposing({"a": True}), **SCOPE).findings
        assert (finding.clause, finding.counts_as) == (order[0].clause, Severity.RELATIVE)


def test_a_verified_exclusion_is_told_before_one_from_memory_in_either_order():
    recalled = Source(keys=("ESK-PI",), confidence=Confidence.RECALLED)
    verified = Source(keys=("ESK-PI",), confidence=Confidence.VERIFIED)
    clauses = [
        Rule(id="A", clause=source.confidence, severity=Severity.ABSOLUTE, when=Is("a"), source=source)
        for source in (recalled, verified)
    ]
    for order in (clauses, clauses[::-1]):
        answer = assess(base_of(*order), FactSet(on=date(2026, 3, 2)).supposing({"a": True}), **SCOPE)
        assert [item.clause for item in answer.findings] == ["verified"]
        assert (answer.decision, answer.needs_confirmation) == (Decision.INELIGIBLE, False)


@pytest.mark.parametrize(
    ("known", "state"),
    [({}, GateState.UNKNOWN), ({"a": True}, GateState.SATISFIED), ({"a": False}, GateState.NOT_SATISFIED)],
)
def test_a_gate_of_which_nothing_is_known_is_neither_open_nor_shut(known, state):
    base = base_of(gates=(Gate(id="DEF-TRD", when=Is("a"), indications=frozenset({None})),))
    answer = assess(base, FactSet(on=date(2026, 3, 2)).supposing(known), **SCOPE)
    assert answer.gates == {"DEF-TRD": state}


def unread(when, **known):
    answer = assess(base_of(rule("R", Severity.WORKUP, when)), FactSet(on=date(2026, 3, 2)).supposing(known), **SCOPE)
    (item,) = answer.evaluations
    return item.result, item.unknown


def test_a_rule_that_spoke_tells_only_what_it_complains_of_and_one_that_waits_all_that_it_misses():
    complains = AnyOf((Not(Known("a")), Is("b")))
    assert unread(complains) == (True, ("a",))
    assert unread(complains, b=True) == (True, ("a",))
    assert unread(complains, a=False, b=True) == (True, ())
    assert unread(complains, a=False) == (None, ("b",))
    assert unread(complains, a=False, b=False) == (False, ())
    assert unread(AllOf((Is("a"), Is("b")))) == (None, ("a", "b"))
    assert unread(AllOf((Is("a"), Is("b"))), a=True) == (None, ("b",))
    assert unread(AllOf((Is("a"), Is("b"))), a=False) == (False, ())


def test_a_rough_number_is_missed_only_by_the_rule_that_it_does_not_answer():
    between = AllOf((Compare("pressure", Comparison.ABOVE, 140.0), Is("a")))
    assert unread(between, pressure=compared(">", 150.0)) == (None, ("a",))
    assert unread(between, pressure=compared(">", 130.0)) == (None, ("pressure", "a"))
    assert unread(between, pressure=compared(">", 130.0), a=True) == (None, ("pressure",))
    assert unread(between, pressure=compared("<", 130.0)) == (False, ())


def test_the_ways_of_a_rule_lead_back_through_every_step():
    follows = (
        Implication(fact="a", value=False, when=Not(Is("b"))),
        Implication(fact="b", value=False, when=AllOf((Is("c"), Is("a")))),
        Implication(fact="e", value=True, when=Is("f")),
    )
    base = base_of(rule("R", Severity.WORKUP, AllOf((Is("d"), Is("a")))), implications=follows)
    plan = plan_for(base, **SCOPE)
    assert plan.ways == (("d", "a", "b", "c"),)
    families = {key: plan.family[key] for key in "abcdef"}
    assert families == {"a": "a", "b": "a", "c": "a", "d": "d", "e": "e", "f": "e"}


def test_the_limits_of_a_fact_are_those_of_the_rules_in_scope_in_order():
    high, low = (Compare("pressure", Comparison.ABOVE, limit) for limit in (180.0, 140.0))
    later = rule("L", Severity.WORKUP, Compare("pressure", Comparison.ABOVE, 90.0), phases=frozenset({Phase.DURING}))
    plan = plan_for(base_of(rule("H", Severity.ABSOLUTE, high), rule("M", Severity.WORKUP, low), later), **SCOPE)
    assert plan.limits == {"pressure": (140.0, 180.0)}
    assert [asked.rule.id for asked in plan.rules] == ["H", "M"]


def test_a_plan_is_prepared_once_and_supposes_what_then_follows():
    follows = (Implication(fact="b", value=False, when=Not(Is("a"))),)
    gate = Gate(id="G", when=Is("c"), indications=frozenset({None}))
    base = base_of(
        rule("R", Severity.ABSOLUTE, Is("b")), rule("W", Severity.CAUTION, Is("a")), implications=follows, gates=(gate,)
    )
    plan = plan_for(base, **SCOPE)
    assert plan_for(base, **SCOPE) is plan
    assert plan_for(base, **{**SCOPE, "route": Route.IM}) is not plan
    assert plan.implied({"a": False}) == {"b": False}
    assert plan.implied({"a": False, "b": True}) == {}  # never against a statement
    supposed = {name: plan.decision(plan.supposing({}, values)) for name, values in (
        ("nothing", {}), ("calm", {"a": False}), ("care", {"a": True, "b": False}), ("stop", {"a": True, "b": True}),
    )}  # fmt: skip
    assert supposed == {
        "nothing": Decision.DEFER, "calm": Decision.ELIGIBLE, "care": Decision.CONDITIONAL, "stop": Decision.INELIGIBLE
    }  # fmt: skip
