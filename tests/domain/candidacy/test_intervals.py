"""A laboratory that says only `< 70` or `> 300` decides a rule where that is enough, else more is asked."""

from datetime import UTC, date, datetime, timedelta

import pytest

from reprieve.domain.candidacy.case import Case, read_case
from reprieve.domain.candidacy.chart import Chart, ChartObservation, Sex
from reprieve.domain.candidacy.decision import assess, evaluate
from reprieve.domain.candidacy.deferral import deferral_plan, minimal_sets
from reprieve.domain.candidacy.expression import Compare, Comparison, truth
from reprieve.domain.candidacy.facts import Effort, FactSet
from reprieve.domain.candidacy.from_chart import ReviewReason
from reprieve.domain.candidacy.record import decision_record, evidence_record
from reprieve.domain.candidacy.rules import Route
from reprieve.domain.candidacy.satisfiable import facts_that_satisfy
from reprieve.domain.candidacy.smallest import worth_trying
from reprieve.domain.candidacy.what_changes import open_questions
from reprieve.domain.quantities.interval import Interval, compared
from reprieve.knowledge.candidacy import load_rule_base
from reprieve.knowledge.chart_map import load_chart_map

BASE, MAP = load_rule_base(), load_chart_map()
ON = date(2026, 3, 2)
GLUCOSE = "glucose_mg_per_dl"
ELECTROLYTES = next(rule for rule in BASE.rules if GLUCOSE in rule.reads and len(rule.limits) > 1)
NORMAL = {"potassium_mmol_per_l": 4.0, "sodium_mmol_per_l": 140.0}


def asked(value):
    return evaluate(ELECTROLYTES, FactSet(on=ON).supposing({**NORMAL, GLUCOSE: value}))


@pytest.mark.parametrize(
    ("comparator", "end", "result"),
    [
        ("<", 70.0, True),  # the limit of the rule is `below 70`
        ("<=", 70.0, None),  # 70 itself is inside the range
        (">", 300.0, True),  # and `above 300`
        (">=", 300.0, None),
        ("<", 300.0, None),  # may be 40, may be 100
        (">", 70.0, None),
    ],
)
def test_an_interval_decides_where_all_of_it_lies_on_one_side(comparator, end, result):
    answer = asked(compared(comparator, end))
    assert answer.result is result
    assert answer.unknown == ((GLUCOSE,) if result is None else ())


@pytest.mark.parametrize("comparison", Comparison)
def test_every_comparison_knows_both_sides(comparison):
    node = Compare(GLUCOSE, comparison, 100.0)
    sides = [truth(node, lambda _, one=one: one) for one in (compared("<", 100.0), compared(">", 100.0))]
    assert sides == ([True, False] if comparison in {Comparison.BELOW, Comparison.AT_MOST} else [False, True])


def test_what_is_known_only_roughly_is_asked_again_and_within_what_is_known():
    facts = FactSet(on=ON).supposing({**NORMAL, GLUCOSE: compared("<", 200.0)})
    answer = assess(BASE, facts, route=Route.IV, indication=None)
    question = next(item for item in open_questions(BASE, answer) if item.fact == GLUCOSE)
    assert question.effort is Effort.TEST
    needed = next(item for item in answer.data_needed if item.rule == ELECTROLYTES.id)
    assert GLUCOSE in needed.facts
    definition = BASE.definitions[GLUCOSE]
    tried = worth_trying(definition, (70.0, 300.0), compared("<", 200.0))
    assert tried == (69.0, 70.0, 71.0, 135.0, 199.0)
    assert all(value in compared(">", 300.0) for value in worth_trying(definition, (70.0,), compared(">", 300.0)))


def test_the_plan_measures_it_and_does_not_treat_it():
    """`changeable` is about a known value; what is not known exactly is learned first."""
    small = FactSet(on=ON).supposing({GLUCOSE: compared(">", 200.0), **NORMAL})
    only = type(BASE)(
        definitions=BASE.definitions, rules=(ELECTROLYTES,), gates=(), implications=(), efforts=BASE.efforts,
        knowledge_hash="x",
    )  # fmt: skip
    answer = assess(only, small, route=Route.IV, indication=None)
    (found,) = minimal_sets(only, answer)
    assert found.facts == (GLUCOSE,)
    assert found.values[GLUCOSE] in compared(">", 200.0)
    (step,) = deferral_plan(only, answer, on=ON).steps
    assert step.effort is Effort.TEST
    assert step.due_on == ON + timedelta(days=BASE.efforts[Effort.TEST].within_days)


def test_the_record_keeps_the_ends():
    facts = FactSet(on=ON).supposing({**NORMAL, GLUCOSE: compared("<", 70.0)})
    answer = assess(BASE, facts, route=Route.IV, indication=None)
    ends = {"lower": None, "upper": 70.0, "lower_open": False, "upper_open": True}
    (finding,) = [item for item in decision_record(answer)["findings"] if item["rule"] == ELECTROLYTES.id]
    assert finding["params"][GLUCOSE] == ends
    (kept,) = [row for row in evidence_record(answer)["facts"] if row["fact"] == GLUCOSE]
    assert kept["value"] == ends
    assert any(row["inputs"].get(GLUCOSE) == ends for row in evidence_record(answer)["evaluations"])


def reading(*rows):
    observations = tuple(
        ChartObservation(loinc="2345-7", effective_at=datetime(2026, 3, 1, 8, tzinfo=UTC), unit=unit, **value)
        for value, unit in rows
    )
    chart = Chart(birth_on=None, sex=Sex.UNKNOWN, observations=observations)
    return read_case(Case(on=ON, chart=chart), MAP, BASE.definitions)


def test_a_chart_hands_the_interval_on_in_the_unit_of_the_fact():
    assert reading(({"interval": compared("<", 0.7)}, "g/L")).facts.value(GLUCOSE) == compared("<", 70.0)
    both = reading(({"interval": compared(">", 300.0)}, "mg/dL"), ({"value": 200.0}, "mg/dL"))
    assert both.facts.value(GLUCOSE) == compared(">", 250.0)
    apart = reading(({"interval": compared(">", 300.0)}, "mg/dL"), ({"interval": compared("<", 70.0)}, "mg/dL"))
    assert apart.facts.value(GLUCOSE) is None


def test_an_interval_in_a_unit_that_is_not_read_is_put_before_a_person():
    (item,) = reading(({"interval": compared("<", 3.9)}, "U/L")).reviews
    assert item.reason is ReviewReason.UNIT_NOT_READ
    assert item.what == "2345-7 < 3.9 U/L"


def test_glucose_as_an_amount_is_read_by_its_molar_mass():
    """180.156 g/mol (PubChem): 3.9 mmol/L are 70.26 mg/dL."""
    value = reading(({"value": 3.9}, "mmol/L")).facts.value(GLUCOSE)
    assert value == pytest.approx(70.26, abs=0.01)
    below = reading(({"interval": compared("<", 3.9)}, "mmol/L")).facts.value(GLUCOSE)
    assert isinstance(below, Interval) and below.upper == pytest.approx(70.26, abs=0.01)


def test_an_interval_between_two_limits_needs_no_number():
    assert asked(Interval(lower=70.0, upper=300.0)).result is False


def test_whether_a_rule_can_be_true_is_decided_from_plain_numbers():
    found = facts_that_satisfy(ELECTROLYTES.when)
    assert found is not None
    assert not any(isinstance(value, Interval) for value in found.values())


def test_one_more_adequate_trial_is_a_way_forward_of_six_weeks():
    """V-05: two trials, one below its minimum dose; a trial has to last 6 weeks (CHANDLER10, RYBAK21)."""
    rule = next(rule for rule in BASE.rules if rule.id == "DEF-TRD" and "treatment_resistant" in rule.reads
                and evaluate(rule, FactSet(on=ON).supposing({"treatment_resistant": False, "cssrs_q3": False,
                             "cssrs_q4": False, "cssrs_q5": False})).result)  # fmt: skip
    only = type(BASE)(
        definitions=BASE.definitions, rules=(rule,), gates=(), implications=(), efforts=BASE.efforts, knowledge_hash="x"
    )
    facts = FactSet(on=ON).supposing(
        {"treatment_resistant": False, "cssrs_q3": False, "cssrs_q4": False, "cssrs_q5": False, "madrs_item10": 0.0}
    )
    answer = assess(only, facts, route=Route.IV, indication="IND-TRD")
    (step,) = deferral_plan(only, answer, on=ON).steps
    assert step.facts == ("treatment_resistant",)
    assert step.effort is Effort.TREAT
    assert step.owner is BASE.efforts[Effort.TREAT].owner
    assert step.due_on == ON + timedelta(weeks=6)
