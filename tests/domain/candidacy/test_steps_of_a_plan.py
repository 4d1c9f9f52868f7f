"""How the pieces of work of a deferral plan are cut, named, ordered and dated (A9)."""

from datetime import date, timedelta
from types import MappingProxyType

import pytest

from reprieve.domain.candidacy.assessment import Decision
from reprieve.domain.candidacy.decision import assess
from reprieve.domain.candidacy.deferral import deferral_plan, minimal_sets, way_forward
from reprieve.domain.candidacy.efforts import EffortPolicy, Owner
from reprieve.domain.candidacy.expression import AllOf, AnyOf, Compare, Comparison, Is, Known, Not
from reprieve.domain.candidacy.facts import Effort, FactDefinition, FactKind, FactSet
from reprieve.domain.candidacy.rules import Route, Rule, RuleBase
from reprieve.domain.quantities.findings import Severity
from reprieve.domain.quantities.interval import compared
from reprieve.domain.quantities.sources import Confidence, Source

ON = date(2026, 3, 2)
POLICY = Source(keys=("SITE-POLICY",), confidence=Confidence.POLICY)
DAYS = {Effort.ASK: 3, Effort.MEASURE: 7, Effort.TEST: 14, Effort.WAIT: 28, Effort.TREAT: 29}
EFFORTS = {effort: EffortPolicy(owner=Owner.NURSE, within_days=days, source=POLICY) for effort, days in DAYS.items()}
FACTS = (
    *(FactDefinition(key=key, kind=FactKind.BOOLEAN, safer=True) for key in ("psychosis", "aneurysm", "seizures")),
    FactDefinition(key="opioids", kind=FactKind.BOOLEAN, safer=True, changed_by=Effort.TREAT),
    FactDefinition(key="benzodiazepine", kind=FactKind.BOOLEAN, safer=True, changed_by=Effort.TREAT),
    FactDefinition(key="trials", kind=FactKind.BOOLEAN, changed_by=Effort.TREAT, changed_within_days=42),
    FactDefinition(key="pressure", kind=FactKind.NUMBER, unit="mm[Hg]", effort=Effort.MEASURE, changed_by=Effort.TREAT),
    FactDefinition(key="months", kind=FactKind.NUMBER, unit="mo", changed_by=Effort.WAIT),
)


def rule(rule_id, severity, when):
    return Rule(id=rule_id, clause="", severity=severity, when=when, source=POLICY)


def base_of(*rules):
    return RuleBase(
        definitions=MappingProxyType({one.key: one for one in FACTS}), rules=rules, gates=(), implications=(),
        efforts=EFFORTS, knowledge_hash="x",
    )  # fmt: skip


def answer(base, **facts):
    return assess(base, FactSet(on=ON).supposing(facts), route=Route.IV, indication=None)


def steps(base, **facts):
    return [(step.facts, step.rule_ids) for step in deferral_plan(base, answer(base, **facts), on=ON).steps]


HIGH = Compare("pressure", Comparison.AT_LEAST, 180.0)
PSYCHOSIS = rule("PSY", Severity.ABSOLUTE, Is("psychosis"))
PRESSURE = rule("HTN", Severity.ABSOLUTE, HIGH)
OPIOIDS = rule("OPI", Severity.RELATIVE, Is("opioids"))
BENZODIAZEPINE = rule("BZD", Severity.RELATIVE, Is("benzodiazepine"))


def test_the_effort_of_a_set_is_that_of_its_hardest_fact():
    base = base_of(PSYCHOSIS, PRESSURE)
    (change,) = minimal_sets(base, answer(base))
    assert (change.facts, change.effort) == (("psychosis", "pressure"), Effort.MEASURE)


def test_who_is_excluded_for_good_is_asked_nothing_more():
    base = base_of(rule("ANEUR", Severity.ABSOLUTE, Is("aneurysm")), PSYCHOSIS)
    assert steps(base, aneurysm=True) == []


def test_who_waits_for_what_cannot_change_is_asked_nothing_more():
    base = base_of(rule("ANEUR", Severity.WORKUP, Is("aneurysm")), PSYCHOSIS)
    assert steps(base, aneurysm=True) == []


def test_a_fact_that_a_strong_and_a_weak_rule_wait_for_is_asked_first():
    both = rule("MILD", Severity.WORKUP, Is("psychosis"))
    base = base_of(both, PSYCHOSIS, rule("ANEUR", Severity.RELATIVE, Is("aneurysm")))
    assert steps(base) == [(("psychosis", "aneurysm"), ("MILD", "PSY", "ANEUR"))]


def test_what_is_unknown_is_learned_in_the_days_of_asking_however_long_its_change_takes():
    base = base_of(rule("DEF-TRD", Severity.WORKUP, Not(Is("trials"))))
    due = {
        known: deferral_plan(base, answer(base, **facts), on=ON).steps[0].due_on - ON
        for known, facts in (("unknown", {}), ("too few", {"trials": False}))
    }
    assert due == {"unknown": timedelta(days=3), "too few": timedelta(days=42)}


def test_a_step_names_the_rules_that_speak_or_wait_now_and_no_others():
    base = base_of(
        PSYCHOSIS,
        rule("CALM", Severity.ABSOLUTE, AllOf((Is("psychosis"), Is("aneurysm")))),  # answered: there is no aneurysm
        rule("TOLD", Severity.INFO, Not(Known("psychosis"))),  # speaks, and keeps nobody from treatment
        rule("WATCH", Severity.CAUTION, Is("psychosis")),  # waits, and asks for nothing
        rule("CARE", Severity.CAUTION, Not(Known("psychosis"))),
    )
    assert steps(base, aneurysm=False) == [(("psychosis",), ("PSY", "CARE"))]


def test_each_finding_to_treat_is_a_piece_of_work_and_one_rule_is_one_piece():
    base = base_of(OPIOIDS, BENZODIAZEPINE)
    assert steps(base, opioids=True, benzodiazepine=True) == [
        (("benzodiazepine",), ("BZD",)),
        (("opioids",), ("OPI",)),
    ]
    one = base_of(rule("SEDATED", Severity.RELATIVE, AnyOf((Is("opioids"), Is("benzodiazepine")))))
    assert steps(one, opioids=True, benzodiazepine=True) == [(("benzodiazepine", "opioids"), ("SEDATED",))]


def test_all_that_is_unknown_and_asked_of_the_patient_is_one_piece_of_work():
    base = base_of(PSYCHOSIS, OPIOIDS, PRESSURE)
    assert steps(base) == [(("psychosis", "opioids"), ("PSY", "OPI")), (("pressure",), ("HTN",))]


def test_treatment_that_may_begin_with_precautions_needs_no_more_steps():
    """The plan ends at CONDITIONAL; what would lift the precaution too is a set of its own."""
    base = base_of(PSYCHOSIS, rule("OPI-CARE", Severity.CAUTION, Is("opioids")))
    assert steps(base, psychosis=False, opioids=True) == []
    begins = answer(base, opioids=True)
    (step,) = deferral_plan(base, begins, on=ON).steps
    assert (step.facts, step.brings) == (("psychosis",), Decision.CONDITIONAL)
    (lift,) = minimal_sets(base, answer(base, psychosis=False, opioids=True))
    assert (lift.facts, lift.decision) == (("opioids",), Decision.ELIGIBLE)


@pytest.mark.parametrize(("months", "days"), [(2.0, 122), (5.0, 31), (5.9, 4), (6.0, 0), (11.0, 31)])
def test_a_wait_ends_on_the_day_of_the_limit_that_is_in_the_way(months, days):
    """A rule of 6 months and one of 12: whoever waits for the second waits until 12, of 30.4375 days each."""
    early = rule("EARLY", Severity.ABSOLUTE, Compare("months", Comparison.BELOW, 6.0))
    late = rule("LATE", Severity.RELATIVE, AllOf((Is("seizures"), Compare("months", Comparison.BELOW, 12.0))))
    base = base_of(early, late)
    found = deferral_plan(base, answer(base, months=months, seizures=months > 6), on=ON).steps
    assert [(step.due_on - ON).days for step in found] == ([days] if days else [])


def test_what_is_known_roughly_is_measured_on_the_day_of_measuring():
    base = base_of(PRESSURE)
    roughly = answer(base, pressure=compared(">", 150.0))
    (step,) = deferral_plan(base, roughly, on=ON).steps
    assert (step.effort, step.due_on) == (Effort.MEASURE, ON + timedelta(days=7))
    assert way_forward(base, roughly).facts == ("pressure",)


def test_sets_that_the_caller_has_already_are_not_searched_again():
    base = base_of(PSYCHOSIS, OPIOIDS)
    begins = answer(base)
    assert deferral_plan(base, begins, on=ON, sets=minimal_sets(base, begins)) == deferral_plan(base, begins, on=ON)
    assert deferral_plan(base, begins, on=ON, sets=()).steps == ()


def test_what_becomes_a_question_only_after_a_change_is_asked_too():
    """CI-X waits for the answer only below 180: once the pressure is supposed lower, somebody has to ask."""
    base = base_of(
        PRESSURE,
        rule("ANEUR", Severity.RELATIVE, Is("aneurysm")),
        rule("CI-X", Severity.WORKUP, AllOf((Not(HIGH), Is("psychosis")))),
    )
    assert steps(base, pressure=190.0, aneurysm=True) == [
        (("psychosis",), ("CI-X",)),
        (("pressure",), ("HTN",)),
    ]


def test_the_way_forward_learns_and_changes_nothing():
    """One change of a medicine would do; what is unknown is learned all the same."""
    base = base_of(
        rule("A", Severity.WORKUP, AllOf((Is("opioids"), Is("psychosis")))),
        rule("B", Severity.WORKUP, AllOf((Is("opioids"), Is("seizures")))),
    )
    assert way_forward(base, answer(base, opioids=True)).facts == ("psychosis", "seizures")


def test_a_piece_of_work_is_due_when_its_longest_part_is_done():
    base = base_of(rule("BOTH", Severity.RELATIVE, AnyOf((Is("opioids"), Not(Is("trials"))))))
    (step,) = deferral_plan(base, answer(base, opioids=True, trials=False), on=ON).steps
    assert (step.facts, step.due_on) == (("opioids", "trials"), ON + timedelta(days=42))


def test_a_piece_of_work_may_be_due_today_but_not_before():
    assert EffortPolicy(owner=Owner.NURSE, within_days=0, source=POLICY).within_days == 0
    with pytest.raises(ValueError, match="before the decision"):
        EffortPolicy(owner=Owner.NURSE, within_days=-1, source=POLICY)


def test_what_a_rule_misses_is_asked_although_a_finding_stays():
    missing = rule("WU", Severity.WORKUP, Not(Known("seizures")))
    base = base_of(missing, rule("ANEUR", Severity.CAUTION, Is("aneurysm")))
    assert way_forward(base, answer(base, aneurysm=True)).facts == ("seizures",)


def test_information_that_an_answer_brings_is_in_nobodys_way():
    told = [rule("YES", Severity.INFO, Is("seizures")), rule("NO", Severity.INFO, Not(Is("seizures")))]
    base = base_of(rule("WU", Severity.WORKUP, Not(Known("seizures"))), *told)
    way = way_forward(base, answer(base))
    assert (way.facts, way.decision) == (("seizures",), Decision.ELIGIBLE)
