"""What a statement is worth on one day, and what counts as known."""

from datetime import date, timedelta

import pytest

from reprieve.domain.candidacy.facts import Fact, FactDefinition, FactKind, FactSet, Teller, is_exact, state
from reprieve.domain.quantities.interval import Interval

ON = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("value", "exact"),
    [(None, False), (Interval(upper=70.0), False), (0.0, True), (False, True), (True, True), ("none", True)],
)
def test_a_no_and_a_zero_are_known_and_a_range_is_still_to_be_measured(value, exact):
    assert is_exact(value) is exact


def test_nothing_is_kept_out_of_a_plan_that_was_not_marked():
    plain = FactDefinition(key="drug", kind=FactKind.BOOLEAN)
    assert not plain.never_hoped
    assert (plain.safer, plain.fresh_for_days, plain.changed_by) == (None, None, None)


@pytest.mark.parametrize(("days_ago", "known"), [(0, True), (30, True), (31, False), (-1, False)])
def test_a_statement_counts_from_its_day_to_the_last_fresh_one(days_ago, known):
    weekly = FactDefinition(key="drug", kind=FactKind.BOOLEAN, fresh_for_days=30)
    fact = state(weekly, False, said_by=Teller.PATIENT, said_on=ON - timedelta(days=days_ago))
    assert (fact.value_on(ON) is False) is known
    assert FactSet(on=ON, by_key={"drug": fact}).values == ({"drug": False} if known else {})


def test_two_sets_of_the_same_facts_are_equal():
    facts = {"drug": Fact(key="drug", value=True, said_by=Teller.PATIENT)}
    assert FactSet(on=ON, by_key=facts) == FactSet(on=ON).adding(facts.values())
    assert FactSet(on=ON, by_key=facts) != FactSet(on=ON + timedelta(days=1), by_key=facts)
