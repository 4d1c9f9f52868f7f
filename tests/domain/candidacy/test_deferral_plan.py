"""What would move a decision, least effort first, and the plan made of it (A9)."""

from datetime import date, timedelta
from itertools import combinations, product
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reprieve.domain.candidacy.assessment import Decision
from reprieve.domain.candidacy.decision import assess
from reprieve.domain.candidacy.deferral import deferral_plan, minimal_sets, way_forward
from reprieve.domain.candidacy.efforts import EffortPolicy, Owner
from reprieve.domain.candidacy.expression import AllOf, AnyOf, AtLeast, Compare, Comparison, Is, Known, Not, OneOf
from reprieve.domain.candidacy.facts import Effort, FactDefinition, FactKind, FactSet
from reprieve.domain.candidacy.fewest import State, fewest_facts
from reprieve.domain.candidacy.rules import Implication, Phase, Route, Rule, RuleBase
from reprieve.domain.candidacy.smallest import MOST_SETS
from reprieve.domain.quantities.findings import Severity
from reprieve.domain.quantities.sources import Confidence, Source
from reprieve.knowledge.candidacy import load_rule_base

ON = date(2026, 3, 2)
POLICY = Source(keys=("SITE-POLICY",), confidence=Confidence.POLICY)
DAYS = {Effort.ASK: 3, Effort.MEASURE: 7, Effort.TEST: 14, Effort.WAIT: 28, Effort.TREAT: 28}
EFFORTS = {
    effort: EffortPolicy(owner=owner, within_days=DAYS[effort], source=POLICY)
    for effort, owner in zip(
        Effort, (Owner.PATIENT, Owner.NURSE, Owner.PRESCRIBER, Owner.FRONT_DESK, Owner.REFERRER), strict=True
    )
}
FACTS = (
    FactDefinition(key="psychosis", kind=FactKind.BOOLEAN, safer=True),
    FactDefinition(key="ever", kind=FactKind.BOOLEAN),
    FactDefinition(key="drug", kind=FactKind.BOOLEAN, changed_by=Effort.TREAT),
    FactDefinition(key="pressure", kind=FactKind.NUMBER, unit="mm[Hg]", effort=Effort.MEASURE,
                   changed_by=Effort.TREAT),
    FactDefinition(key="potassium", kind=FactKind.NUMBER, unit="mmol/L", effort=Effort.TEST),
    FactDefinition(key="months", kind=FactKind.NUMBER, unit="mo", changed_by=Effort.WAIT),
    FactDefinition(key="use", kind=FactKind.CHOICE, choices=("none", "mild", "severe"), changed_by=Effort.TREAT),
)  # fmt: skip
DEFINITIONS = MappingProxyType({one.key: one for one in FACTS})


def rule(rule_id, severity, when):
    return Rule(id=rule_id, clause="", severity=severity, when=when, source=POLICY)


def base_of(*rules, implications=()):
    return RuleBase(
        definitions=DEFINITIONS, rules=rules, gates=(), implications=implications, efforts=EFFORTS, knowledge_hash="x"
    )


def answer(base, **facts):
    return assess(base, FactSet(on=ON).supposing(facts), route=Route.IV, indication=None)


PRESSURE = rule("HTN", Severity.ABSOLUTE, Compare("pressure", Comparison.AT_LEAST, 180.0))
RAISED = rule("HTN-140", Severity.CAUTION, Compare("pressure", Comparison.ABOVE, 140.0))
PSYCHOSIS = rule("PSY", Severity.ABSOLUTE, Is("psychosis"))
DRUG = rule("DRUG", Severity.RELATIVE, Is("drug"))
STROKE = rule("STROKE", Severity.WORKUP, AllOf((Is("ever"), Compare("months", Comparison.BELOW, 6.0))))
ANEURYSM = rule("ANEURYSM", Severity.RELATIVE, Is("ever"))
LABS = rule("LAB", Severity.WORKUP, Not(Known("potassium")))


def test_who_can_be_treated_needs_no_plan():
    base = base_of(PSYCHOSIS)
    clear = answer(base, psychosis=False)
    assert minimal_sets(base, clear) == ()
    assert deferral_plan(base, clear, on=ON).steps == ()
    assert way_forward(base, clear) is None


def test_a_lifetime_history_has_no_way_and_a_finding_that_can_change_has_one():
    base = base_of(ANEURYSM, PRESSURE)
    assert minimal_sets(base, answer(base, ever=True, pressure=120.0)) == ()
    (change,) = minimal_sets(base, answer(base, ever=False, pressure=190.0))
    assert (change.facts, change.effort, change.decision) == (("pressure",), Effort.TREAT, Decision.ELIGIBLE)
    assert change.proven


def test_no_plan_hopes_for_suicidal_thoughts():
    # STEP-05 clears DEF-TRD for a severely suicidal person; the way forward is still a better trial (DEF-TRD)
    base = load_rule_base()
    suicidal = {key for key, one in base.definitions.items() if one.never_hoped}
    assert {"madrs_item10", "phq9_item9", "cssrs_q3", "suicide_attempt_1_month"} <= suicidal
    known = {key: False for key in suicidal if base.definitions[key].kind is FactKind.BOOLEAN}
    facts = FactSet(on=ON).supposing({**known, "treatment_resistant": False})
    deferred = assess(base, facts, route=Route.IV, indication="IND-TRD")
    plan = deferral_plan(base, deferred, on=ON)
    (step,) = [step for step in plan.steps if "DEF-TRD" in step.rule_ids and step.effort is Effort.TREAT]
    assert step.facts == ("treatment_resistant",)


def test_a_number_that_is_never_hoped_for_is_only_supposed_low():
    shown = FactDefinition(key="item", kind=FactKind.NUMBER, unit="{score}", never_hoped=True)
    unless_high = Not(AllOf((Known("item"), Compare("item", Comparison.AT_LEAST, 4.0))))
    base = RuleBase(
        definitions=MappingProxyType({"item": shown}), rules=(rule("ITEM", Severity.WORKUP, unless_high),), gates=(),
        implications=(), efforts=EFFORTS, knowledge_hash="x",
    )  # fmt: skip
    deferred = answer(base)
    assert deferred.decision is Decision.DEFER
    assert minimal_sets(base, deferred) == () and deferral_plan(base, deferred, on=ON).steps == ()


def test_the_best_outcome_of_a_set_is_told():
    base = base_of(PRESSURE, RAISED)
    (change,) = minimal_sets(base, answer(base, pressure=190.0))
    assert change.decision is Decision.ELIGIBLE
    (change,) = minimal_sets(base, answer(base, pressure=150.0))
    assert change.decision is Decision.ELIGIBLE


def test_steps_go_from_least_effort_to_most_each_with_owner_and_day():
    base = base_of(PSYCHOSIS, DRUG, PRESSURE, LABS)
    plan = deferral_plan(base, answer(base, drug=True), on=ON)
    assert [(step.effort, step.owner, step.facts, step.rule_ids, step.due_on, step.brings) for step in plan.steps] == [
        (Effort.ASK, Owner.PATIENT, ("psychosis",), ("PSY",), ON + timedelta(days=3), Decision.REVIEW),
        (Effort.MEASURE, Owner.NURSE, ("pressure",), ("HTN",), ON + timedelta(days=7), Decision.REVIEW),
        (Effort.TEST, Owner.PRESCRIBER, ("potassium",), ("LAB",), ON + timedelta(days=14), Decision.REVIEW),
        (Effort.TREAT, Owner.REFERRER, ("drug",), ("DRUG",), ON + timedelta(days=28), Decision.ELIGIBLE),
    ]


def test_a_wait_ends_when_the_time_is_over():
    base = base_of(STROKE)
    (step,) = deferral_plan(base, answer(base, ever=True, months=2.0), on=ON).steps
    assert (step.effort, step.owner) == (Effort.WAIT, Owner.FRONT_DESK)
    assert step.due_on == ON + timedelta(days=122)  # 4 months of 30.4375 days
    old = base_of(rule("OLD", Severity.WORKUP, Compare("months", Comparison.ABOVE, 6.0)))
    assert minimal_sets(old, answer(old, ever=False, months=7.0)) == ()


def test_where_a_review_stays_what_is_unknown_is_still_asked():
    base = base_of(ANEURYSM, PSYCHOSIS, RAISED)
    review = answer(base, ever=True)
    assert minimal_sets(base, review) == ()
    (step,) = deferral_plan(base, review, on=ON).steps
    assert (step.facts, step.brings) == (("psychosis",), Decision.REVIEW)
    assert way_forward(base, review).facts == ("psychosis",)
    known = answer(base, ever=True, psychosis=False, pressure=120.0)
    assert deferral_plan(base, known, on=ON).steps == ()


def test_after_an_exclusion_is_lifted_what_is_unknown_is_learned():
    base = base_of(PRESSURE, PSYCHOSIS)
    excluded = answer(base, pressure=190.0)
    assert [(one.facts, one.decision) for one in minimal_sets(base, excluded)] == [(("pressure",), Decision.DEFER)]
    asked, treated = deferral_plan(base, excluded, on=ON).steps
    assert (asked.facts, asked.brings) == (("psychosis",), Decision.INELIGIBLE)
    assert (treated.facts, treated.brings) == (("pressure",), Decision.ELIGIBLE)


def test_an_emergency_is_never_supposed():
    danger = rule("SR", Severity.EMERGENCY, Is("psychosis"))
    base = base_of(danger, rule("CALM", Severity.WORKUP, Not(Is("psychosis"))))
    assert minimal_sets(base, answer(base)) == ()
    assert way_forward(base, answer(base)) is None


def test_one_answer_from_which_others_follow_is_asked_alone():
    base = base_of(
        rule("A", Severity.WORKUP, Is("drug")),
        rule("B", Severity.WORKUP, Is("psychosis")),
        implications=tuple(Implication(fact=key, value=False, when=Not(Is("ever"))) for key in ("drug", "psychosis")),
    )
    (change,) = minimal_sets(base, answer(base))
    assert change.facts == ("ever",)
    assert change.proven


def test_what_matters_most_is_asked_first():
    base = base_of(rule("MILD", Severity.WORKUP, Is("drug")), rule("WORST", Severity.ABSOLUTE, Is("psychosis")))
    (step,) = deferral_plan(base, answer(base), on=ON).steps
    assert step.facts == ("psychosis", "drug")
    assert step.rule_ids == ("MILD", "WORST")


KEYS = st.sampled_from(["psychosis", "ever", "drug"])
LEAVES = st.one_of(
    st.builds(Is, KEYS),
    st.builds(Known, KEYS),
    st.builds(
        Compare, st.sampled_from(["pressure", "months"]), st.sampled_from(Comparison), st.sampled_from([1.0, 6.0])
    ),
    st.builds(OneOf, st.just("use"), st.frozensets(st.sampled_from(["none", "mild", "severe"]), min_size=1)),
)
CONDITIONS = st.recursive(
    LEAVES,
    lambda parts: st.one_of(
        st.builds(Not, parts),
        st.builds(AllOf, st.lists(parts, min_size=1, max_size=3).map(tuple)),
        st.builds(AnyOf, st.lists(parts, min_size=1, max_size=3).map(tuple)),
        st.builds(AtLeast, st.integers(0, 4), st.lists(parts, min_size=1, max_size=3).map(tuple)),
    ),
    max_leaves=4,
)
RULES = st.lists(st.tuples(st.sampled_from(Severity), CONDITIONS), min_size=1, max_size=5)
VALUES = {
    "psychosis": (False, True), "ever": (False, True), "drug": (False, True), "use": ("none", "mild", "severe"),
    "pressure": (0.5, 1.0, 3.0, 6.0, 7.0), "months": (0.5, 1.0, 3.0, 6.0, 7.0),
}  # fmt: skip
PEOPLE = st.fixed_dictionaries({}, optional={key: st.sampled_from(values) for key, values in VALUES.items()})
IMPLIED = st.lists(
    st.builds(Implication, fact=KEYS, value=st.booleans(), when=st.builds(Not, st.builds(Is, KEYS))), max_size=2
)


def changes_that(base, before, size):
    """Second implementation: every set of facts of one size with every value, asked one by one."""
    known = before.facts.values
    free = [key for key in VALUES if key not in known or DEFINITIONS[key].changed_by is not None]
    for keys in combinations(free, size):
        for values in product(*(VALUES[key] for key in keys)):
            chosen = dict(zip(keys, values, strict=True))
            if any(key in known and (value == known[key] or (key == "months" and value < known[key]))
                   for key, value in chosen.items()):  # fmt: skip
                continue
            after = assess(base, before.facts.supposing(chosen), route=Route.IV, indication=None)
            emergencies = {item.finding.code for item in after.findings if item.finding.severity == "EMERGENCY"}
            if emergencies <= {item.finding.code for item in before.findings}:
                yield frozenset(keys), after.decision


@settings(deadline=None)
@given(RULES, PEOPLE, IMPLIED)
def test_no_smaller_set_moves_the_decision(severities, person, implications):
    base = base_of(*(rule(f"R{n}", *pair) for n, pair in enumerate(severities)), implications=tuple(implications))
    before = answer(base, **person)
    sets = minimal_sets(base, before)
    best = {}
    for size in range(1, 4):
        for keys, decision in changes_that(base, before, size):
            if decision.rank < before.decision.rank:
                best[keys] = min(best.get(keys, decision), decision, key=lambda one: one.rank)
        if best:
            break
    if best:
        assert all(one.proven for one in sets)
        assert {frozenset(one.facts) for one in sets} <= set(best)
        assert 1 <= len(sets) <= MOST_SETS
        assert [one.effort.rank for one in sets] == sorted(one.effort.rank for one in sets)
        for one in sets:
            assert best[frozenset(one.facts)].rank <= one.decision.rank < before.decision.rank
            after = assess(base, before.facts.supposing(one.values), route=Route.IV, indication=None)
            assert after.decision is one.decision
    else:
        assert all(len(one.facts) > 3 for one in sets)


@settings(deadline=None)
@given(CONDITIONS, PEOPLE, st.booleans())
def test_the_bound_of_the_search_never_asks_for_too_much(condition, person, wanted):
    base = base_of(rule("R", Severity.WORKUP, condition))
    free = [key for key in VALUES if key not in person or DEFINITIONS[key].changed_by is not None]
    bound = fewest_facts(condition, wanted, State(values=person, free=free, family={key: key for key in VALUES}))
    fits = [
        size
        for size in range(4)
        for keys in combinations(free, size)
        for values in product(*(VALUES[key] for key in keys))
        if next(iter(answer(base, **{**person, **dict(zip(keys, values, strict=True))}).evaluations)).result is wanted
    ]
    assert bound <= min(fits, default=float("inf"))


@pytest.mark.parametrize("phase", Phase)
def test_the_plan_follows_the_scope_of_the_answer(phase):
    base = base_of(PSYCHOSIS)
    scoped = assess(base, FactSet(on=ON), route=Route.IV, indication=None, phase=phase)
    assert bool(deferral_plan(base, scoped, on=ON).steps) is (phase is Phase.SCREEN)


def test_a_rule_that_misses_a_fact_is_part_of_the_way():
    base = base_of(LABS)
    assert way_forward(base, answer(base)).facts == ("potassium",)
    assert way_forward(base, answer(base)).decision is Decision.ELIGIBLE
    hopeless = base_of(rule("EITHER", Severity.WORKUP, AnyOf((Is("ever"), Not(Known("potassium"))))), PSYCHOSIS)
    assert way_forward(hopeless, answer(hopeless, ever=True)).facts == ("psychosis",)
    assert way_forward(hopeless, answer(hopeless, ever=True, psychosis=False)) is None


def test_an_answer_that_is_usually_bad_news_counts_where_it_opens_more():
    base = base_of(
        rule("ASK", Severity.WORKUP, Not(Known("psychosis"))), rule("CARE", Severity.CAUTION, Not(Is("psychosis")))
    )
    (change,) = minimal_sets(base, answer(base))
    assert (change.decision, change.values) == (Decision.ELIGIBLE, {"psychosis": True})


def test_a_search_that_was_cut_short_says_so():
    """With nothing known the whole rule base needs more steps than the bound allows; what was found still leads on."""
    everything = load_rule_base()
    start = assess(everything, FactSet(on=ON), route=Route.IV, indication="IND-TRD")
    sets = minimal_sets(everything, start)
    assert sets
    for one in sets:
        assert not one.proven
        assert one.decision.rank < start.decision.rank
