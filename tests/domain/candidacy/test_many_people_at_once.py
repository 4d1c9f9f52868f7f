"""A table of people is answered as each of them alone would be."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.domain.candidacy.any_conditions import CONDITIONS, KEYS, NUMBERS, VALUES, WORDS

from reprieve.domain.candidacy.assessment import Decision
from reprieve.domain.candidacy.cohort import Cohort
from reprieve.domain.candidacy.columns import Listed, Numbers, column_of, compile_columns, table_of
from reprieve.domain.candidacy.compiled import UNKNOWN, YES, truth_of
from reprieve.domain.candidacy.decision import assess
from reprieve.domain.candidacy.expression import AtLeast, Is, OneOf, truth
from reprieve.domain.candidacy.facts import FactKind, FactSet
from reprieve.domain.candidacy.rules import Phase, Route
from reprieve.domain.candidacy.what_changes import possible_values
from reprieve.domain.quantities.findings import Severity
from reprieve.domain.quantities.interval import Interval, compared
from reprieve.knowledge.candidacy import indications, load_rule_base

MIXED = st.dictionaries(KEYS, VALUES)
TYPED = st.fixed_dictionaries({}, optional={"one": st.booleans(), "two": NUMBERS, "three": WORDS})


@given(
    st.lists(CONDITIONS, min_size=1, max_size=4), st.one_of(st.lists(TYPED, max_size=9), st.lists(MIXED, max_size=9))
)
def test_columns_mean_what_truth_says(conditions, people):
    table = table_of(people)
    columns = [np.broadcast_to(codes, len(people)) for codes in compile_columns(conditions)(table.column)]
    for condition, codes in zip(conditions, columns, strict=True):
        assert [truth_of(int(code)) for code in codes] == [truth(condition, one.get) for one in people]


@pytest.mark.parametrize(("needed", "answers"), [(1, [None, True, True]), (2, [None, None, True]), (3, [False] * 3)])
def test_so_many_signs_of_several(needed, answers):
    """Of two signs the first person has none known, the second one and an unknown one, the third both."""
    people = [{}, {"one": True}, {"one": True, "two": True}]
    (codes,) = compile_columns([AtLeast(needed, (Is("one"), Is("two")))])(table_of(people).column)
    assert [truth_of(int(code)) for code in codes] == answers


def test_a_number_that_is_none_is_refused():
    with pytest.raises(ValueError, match="nan is no number"):
        column_of([1.0, float("nan")])
    with pytest.raises(ValueError, match="no number"):
        column_of([1.0]).filled(np.array([True]), "mild")


def test_a_number_that_follows_is_filled_in():
    filled = column_of([1.0, None, compared("<", 3.0)]).filled(np.array([False, True, False]), 2.0)
    assert filled.values[:2].tolist() == [1.0, 2.0]
    assert filled.unknown.tolist() == [False, False, False]


def test_what_a_column_is_made_of():
    assert isinstance(column_of([1.0, None, compared("<", 3.0)]), Numbers)
    assert isinstance(column_of([True, None, 1.0]), Listed)
    assert column_of([True, None, 1.0]).values == (True, 1.0)


BASE = load_rule_base()


def values_of(key):
    """What makes a difference to some rule; of a number also "less than" and "at least" each of these."""
    readers = [rule.when for rule in BASE.rules if key in rule.reads]
    values = sorted({value for when in readers for value in possible_values(BASE, key, when)}, key=str)
    if BASE.definitions[key].kind is FactKind.NUMBER:
        values += [compared(comparator, value) for comparator in ("<", ">=") for value in values]
    return values


PEOPLE = st.fixed_dictionaries(
    {}, optional={key: st.sampled_from(values_of(key)) for key in BASE.definitions if values_of(key)}
)


def names(marks, person):
    return [name for name, marked in zip(marks.names, marks.marked[:, person], strict=True) if marked]


def check_same(base, people, **scope):
    answer = Cohort(base=base, **scope).answer(table_of(people))
    for number, person in enumerate(people):
        alone = assess(base, FactSet(on=date(2026, 3, 2)).supposing(person), **scope)
        assert tuple(Decision)[answer.decisions[number]] is alone.decision
        assert answer.emergency[number] == alone.emergency
        assert answer.temporary[number] == alone.temporary
        assert answer.needs_confirmation[number] == alone.needs_confirmation
        assert names(answer.fired, number) == [item.finding.code for item in alone.findings]
        assert names(answer.waiting, number) == [item.rule for item in alone.data_needed]
        missing = {key for item in alone.data_needed for key in item.facts}
        assert names(answer.missing, number) == [key for key in base.definitions if key in missing]


@pytest.mark.parametrize("phase", [Phase.SCREEN, Phase.PRESESSION])
@given(
    people=st.lists(PEOPLE, max_size=4),
    route=st.sampled_from(Route),
    indication=st.sampled_from([*indications(), None]),
)
@settings(max_examples=40)
def test_a_cohort_is_answered_as_each_person_alone(phase, people, route, indication):
    check_same(BASE, people, route=route, indication=indication, phase=phase)


@given(st.lists(PEOPLE, min_size=1, max_size=4), st.lists(st.integers(0, 400), min_size=1, max_size=8))
@settings(max_examples=40)
def test_a_cohort_under_a_few_rules(people, places):
    """With all rules somebody nearly always is excluded; under a few every decision comes up."""
    rules = tuple(BASE.rules[place % len(BASE.rules)] for place in places)
    rules = tuple(replace(rule, indications=frozenset(), phases=frozenset({Phase.SCREEN})) for rule in rules)
    check_same(replace(BASE, rules=rules), people, route=Route.IV, indication=None)


EXAMINED, ILL, COFFEE = "physical_exam_done", "respiratory_illness_acute", "hours_since_caffeine"


def test_what_only_passes_or_was_written_from_memory_is_told_where_nothing_else_waits():
    """WU-PE and DDI-AED are recalled, CI-RESP passes, DDI-CAFF (recalled) tells something and decides nothing."""
    asked = {
        ("WU-PE", Severity.WORKUP), ("CI-RESP", Severity.WORKUP), ("DDI-CAFF", Severity.INFO),
        ("DDI-AED", Severity.CAUTION),
    }  # fmt: skip
    rules = tuple(rule for rule in BASE.rules if (rule.id, rule.severity) in asked)
    people = [
        {EXAMINED: False, ILL: False},
        {EXAMINED: False},  # whether ill is asked, too
        {EXAMINED: True, ILL: True},
        {ILL: True},
        {EXAMINED: False, ILL: True},
        {EXAMINED: True, ILL: False, COFFEE: 1.0},
        {EXAMINED: True, ILL: False, "taking_enzyme_inducing_antiepileptic": True},
    ]
    few = replace(BASE, rules=rules)
    check_same(few, people, route=Route.IV, indication=None)
    answer = Cohort(base=few, route=Route.IV, indication=None).answer(table_of(people))
    assert answer.needs_confirmation.tolist() == [True, False, False, False, False, False, True]
    assert answer.temporary.tolist() == [False, False, True, False, False, False, False]


def test_a_part_of_a_table_and_what_is_forgotten_again():
    people = [{"a": 1.0, "b": "mild"}, {"a": compared("<", 3.0)}, {"b": "severe"}, {"a": compared(">", 1.0)}]
    table = table_of(people)
    part = table.part(slice(1, 3))
    assert part.people == 2
    assert part.column("a").intervals == {0: compared("<", 3.0)}
    assert part.column("a").unknown.tolist() == [False, True]
    assert part.column("b").unknown.tolist() == [True, False]
    assert part.column("c").unknown.all()
    rows = np.array([True, True, False, False])
    assert table.column("a").forgotten(rows).unknown.tolist() == [True, True, True, False]
    assert table.column("a").forgotten(rows).intervals == {3: compared(">", 1.0)}
    assert table.column("b").forgotten(rows).unknown.tolist() == [True, True, False, True]
    severe = OneOf("b", frozenset({"severe"}))
    assert table.column("b").forgotten(rows).answers(severe).tolist() == [UNKNOWN, UNKNOWN, YES, UNKNOWN]
    assert isinstance(column_of([Interval(lower=1.0), "mild"]), Listed)
    rough = column_of([Interval(lower=1.0), "mild", None]).rough
    assert rough.tolist() == [True, False, False]  # what nobody knows is not known roughly
