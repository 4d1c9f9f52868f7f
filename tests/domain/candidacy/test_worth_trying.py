"""Which values a way forward supposes, in which order facts are tried, and how many sets are told (A9)."""

from datetime import date
from types import MappingProxyType

import pytest

from reprieve.domain.candidacy.assessment import Decision
from reprieve.domain.candidacy.decision import assess
from reprieve.domain.candidacy.deferral import minimal_sets
from reprieve.domain.candidacy.efforts import EffortPolicy, Owner
from reprieve.domain.candidacy.expression import AllOf, AnyOf, Compare, Comparison, Is, Known, Not, OneOf
from reprieve.domain.candidacy.facts import Effort, FactDefinition, FactKind, FactSet
from reprieve.domain.candidacy.rules import Route, Rule, RuleBase
from reprieve.domain.candidacy.smallest import MOST_SETS, worth_trying
from reprieve.domain.quantities.findings import Severity
from reprieve.domain.quantities.interval import Interval, compared
from reprieve.domain.quantities.sources import Confidence, Source

ON = date(2026, 3, 2)
POLICY = Source(keys=("SITE-POLICY",), confidence=Confidence.POLICY)
EFFORTS = {effort: EffortPolicy(owner=Owner.NURSE, within_days=7, source=POLICY) for effort in Effort}
NUMBER = FactDefinition(key="n", kind=FactKind.NUMBER, unit="mmol/L")
TREAT = Effort.TREAT


def boolean(key, **more):
    return FactDefinition(key=key, kind=FactKind.BOOLEAN, **more)


def number(key, unit="mmol/L", **more):
    return FactDefinition(key=key, kind=FactKind.NUMBER, unit=unit, **more)


def rule(rule_id, severity, when):
    return Rule(id=rule_id, clause="", severity=severity, when=when, source=POLICY)


def base_of(facts, *rules):
    return RuleBase(
        definitions=MappingProxyType({one.key: one for one in facts}), rules=rules, gates=(), implications=(),
        efforts=EFFORTS, knowledge_hash="x",
    )  # fmt: skip


def sets(base, **known):
    answer = assess(base, FactSet(on=ON).supposing(known), route=Route.IV, indication=None)
    return minimal_sets(base, answer)


@pytest.mark.parametrize(
    ("limits", "tried"),
    [
        ((), (0.0, 1.0)),
        ((180.0,), (179.0, 180.0, 181.0)),
        ((6.0, 12.0), (5.0, 6.0, 9.0, 12.0, 13.0)),
        ((1.0,), (0.0, 1.0, 2.0)),
        ((0.5,), (0.25, 0.5, 1.5)),  # half the limit, for nothing lies a whole unit below
        ((0.0,), (0.0, 1.0)),  # what no rule holds against less is never below zero
        ((-2.0,), (-3.0, -2.0, -1.0)),
        ((-0.5, 3.0), (-1.5, -0.5, 1.25, 3.0, 4.0)),
    ],
)
def test_a_number_is_tried_below_on_between_and_above_the_limits(limits, tried):
    assert worth_trying(NUMBER, limits) == tried
    assert worth_trying(NUMBER, limits, 7.0) == tried


def test_answers_and_words_are_all_tried():
    assert worth_trying(boolean("b"), ()) == (False, True)
    words = FactDefinition(key="w", kind=FactKind.CHOICE, choices=("none", "mild", "severe"))
    assert worth_trying(words, ()) == ("none", "mild", "severe")


@pytest.mark.parametrize(
    ("now", "limits", "tried"),
    [
        (compared("<", 3.0), (), (2.0,)),
        (compared("<=", 3.0), (), (2.0, 3.0)),
        (compared(">", 3.0), (), (4.0,)),
        (Interval(lower=3.0, upper=5.0), (), (3.0, 4.0, 5.0)),
        (Interval(lower=3.0, upper=5.0, lower_open=True, upper_open=True), (3.0, 4.0, 5.0), (3.5, 4.0, 4.5)),
        (Interval(lower=3.0, upper=9.0), (5.0, 20.0), (3.0, 4.0, 5.0, 7.0, 8.0, 9.0)),
    ],
)
def test_of_a_number_known_roughly_only_what_it_can_be_is_tried(now, limits, tried):
    assert worth_trying(NUMBER, limits, now) == tried


def test_of_many_ways_of_one_size_the_least_effort_is_told_a_yes_or_no_before_a_number():
    facts = (
        boolean("a_test", effort=Effort.TEST), number("b_ask"), boolean("z_ask"), boolean("y_ask"),
        boolean("c_measure", effort=Effort.MEASURE), number("a_measure", effort=Effort.MEASURE),
        boolean("d_treat", effort=Effort.ASK, changed_by=TREAT),
    )  # fmt: skip
    words = [Is(one.key) if one.kind is FactKind.BOOLEAN else Compare(one.key, Comparison.ABOVE, 1.0) for one in facts]
    found = sets(base_of(facts, rule("ALL", Severity.ABSOLUTE, AllOf(tuple(words)))), d_treat=True)
    assert len(found) == MOST_SETS == 5
    assert [one.facts for one in found] == [("b_ask",), ("y_ask",), ("z_ask",), ("a_measure",), ("c_measure",)]
    assert all(one.proven for one in found)


def test_fewer_facts_go_before_less_effort():
    facts = (boolean("a"), boolean("b"), boolean("drug", changed_by=TREAT))
    either = AllOf((Is("drug"), AnyOf((Is("a"), Is("b")))))
    (one,) = sets(base_of(facts, rule("R", Severity.ABSOLUTE, either)), drug=True, a=True)
    assert (one.facts, one.values, one.effort) == (("drug",), {"drug": False}, TREAT)


def test_the_good_news_of_a_fact_is_supposed_before_the_bad():
    facts = (boolean("raised_icp", safer=True), boolean("consent", safer=False), number("potassium"))
    waits = [rule(key, Severity.WORKUP, Not(Known(key))) for key in ("raised_icp", "consent", "potassium")]
    low, high = (Compare("potassium", way, limit) for way, limit in ((Comparison.BELOW, 3.0), (Comparison.ABOVE, 6.0)))
    found = sets(base_of(facts, *waits, rule("K", Severity.CAUTION, AnyOf((low, high)))))
    (one,) = found
    assert one.values == {"raised_icp": False, "consent": True, "potassium": 3.0}
    assert one.decision is Decision.ELIGIBLE


def test_of_values_that_lead_equally_far_the_one_that_fewer_rules_speak_of_is_supposed():
    facts = (boolean("ever"), number("potassium"))
    low, high = (Compare("potassium", way, limit) for way, limit in ((Comparison.BELOW, 3.0), (Comparison.ABOVE, 6.0)))
    base = base_of(
        facts, rule("ASK", Severity.WORKUP, Not(Known("potassium"))), rule("EVER", Severity.CAUTION, Is("ever")),
        rule("K", Severity.CAUTION, AnyOf((low, high))),
    )  # fmt: skip
    (one,) = sets(base, ever=True)
    assert (one.values, one.decision) == ({"potassium": 3.0}, Decision.CONDITIONAL)


def test_a_larger_set_is_not_told_beside_a_smaller_one():
    facts = (boolean("a", effort=Effort.TEST), boolean("b"), boolean("c"))
    both = AllOf((AnyOf((Is("b"), Is("c"))), Is("a")))
    assert [one.facts for one in sets(base_of(facts, rule("R", Severity.ABSOLUTE, both)))] == [("a",)]
    assert [one.facts for one in sets(base_of(facts, rule("R", Severity.ABSOLUTE, both)), a=True)] == [("b", "c")]


def test_a_finding_is_changed_into_another_and_by_time_only_into_more():
    months = number("months", "mo", changed_by=Effort.WAIT)
    recent = rule("RECENT", Severity.ABSOLUTE, Compare("months", Comparison.BELOW, 6.0))
    (one,) = sets(base_of([months], recent), months=2.0)
    assert (one.values, one.effort) == ({"months": 6.0}, Effort.WAIT)
    old = rule("OLD", Severity.ABSOLUTE, Compare("months", Comparison.AT_LEAST, 6.0))
    assert sets(base_of([months], old), months=7.0) == ()
    assert sets(base_of([months], old), months=6.0) == ()
    (one,) = sets(base_of([months], old))
    assert one.effort is Effort.ASK


def test_a_word_is_changed_by_care_into_one_that_clears():
    use = FactDefinition(key="use", kind=FactKind.CHOICE, choices=("none", "mild", "severe"), changed_by=TREAT)
    severe = rule("SUD", Severity.ABSOLUTE, OneOf("use", frozenset({"severe"})))
    mild = rule("SUD-MILD", Severity.CAUTION, OneOf("use", frozenset({"mild"})))
    (one,) = sets(base_of([use], severe, mild), use="severe")
    assert (one.values, one.decision) == ({"use": "none"}, Decision.ELIGIBLE)


def test_a_way_that_would_call_an_emergency_is_none_though_one_that_is_there_stays():
    facts = (boolean("intent"), boolean("plan", changed_by=TREAT))
    danger = rule("SR", Severity.EMERGENCY, Is("intent"))
    calm = rule("CALM", Severity.WORKUP, Not(Is("intent")))
    stop = rule("STOP", Severity.WORKUP, Is("plan"))
    assert sets(base_of(facts, danger, calm)) == ()
    (one,) = sets(base_of(facts, danger, stop), intent=True, plan=True)
    assert one.facts == ("plan",)


def every(rule_id, keys):
    """A rule that any one of these facts clears."""
    return rule(rule_id, Severity.ABSOLUTE, AllOf(tuple(Is(key) for key in keys.split())))


def test_all_sets_of_the_smallest_size_are_told():
    base = base_of([boolean(key) for key in "abcd"], every("ONE", "a b"), every("TWO", "c d"))
    assert [one.facts for one in sets(base)] == [("a", "c"), ("a", "d"), ("b", "c"), ("b", "d")]


def test_after_five_sets_a_smaller_one_is_still_found():
    """`a` leads to sets of three, five of them; only `b` leads to one of two, whose second fact serves two rules."""
    base = base_of(
        [boolean(key) for key in "abcpqwxyz"],
        every("R1", "a b"), every("R2", "b w x y z"), every("R3", "c p"), every("R4", "c q"),
    )  # fmt: skip
    (one,) = sets(base)
    assert (one.facts, one.proven) == (("b", "c"), True)


def test_a_larger_set_is_not_told_though_it_would_open_more():
    keys = [f"k{place}" for place in range(5)]
    either = AllOf((*map(Is, keys), AnyOf((Is("y"), Is("z")))))
    base = base_of(
        [boolean(key) for key in (*keys, "y", "z")],
        rule("R", Severity.ABSOLUTE, either), rule("C", Severity.CAUTION, Not(Known("z"))),
    )  # fmt: skip
    assert [(one.facts, one.decision) for one in sets(base)] == [((key,), Decision.CONDITIONAL) for key in keys]
