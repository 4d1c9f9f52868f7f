"""The fast way of asking all rules gives, for every person, exactly what the plain meaning of a condition gives."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.candidacy.any_conditions import CONDITIONS, KEYS, VALUES

from reprieve.domain.candidacy.assessment import GateState
from reprieve.domain.candidacy.compiled import compile_conditions, truth_of
from reprieve.domain.candidacy.decision import INDICATION_STATED, assess, evaluate
from reprieve.domain.candidacy.expression import (
    Compare,
    Comparison,
    facts_read,
    truth,
)
from reprieve.domain.candidacy.facts import Fact, FactKind, FactSet, Teller
from reprieve.domain.candidacy.inputs import Reads
from reprieve.domain.candidacy.rules import Phase, Route
from reprieve.domain.candidacy.what_changes import possible_values
from reprieve.knowledge.candidacy import indications, load_rule_base

BASE = load_rule_base()
ON = date(2026, 3, 2)
ANSWERS = st.one_of(VALUES, st.none())


@given(st.lists(CONDITIONS, min_size=1, max_size=6), st.dictionaries(KEYS, ANSWERS))
def test_compiled_conditions_mean_what_truth_says(conditions, facts):
    codes = compile_conditions(conditions)(facts.get)
    assert [truth_of(code) for code in codes] == [truth(condition, facts.get) for condition in conditions]


def values_of(key):
    readers = [rule.when for rule in BASE.rules if key in rule.reads]
    return sorted({value for when in readers for value in possible_values(BASE, key, when)}, key=str)


PEOPLE = st.fixed_dictionaries(
    {}, optional={key: st.sampled_from(values_of(key)) for key in BASE.definitions if values_of(key)}
)


@pytest.mark.parametrize("phase", Phase)
@given(person=PEOPLE, route=st.sampled_from(Route), indication=st.sampled_from([*indications(), None]))
def test_every_rule_and_gate_of_the_rule_base(person, route, indication, phase):
    answer = assess(BASE, FactSet(on=ON).supposing(person), route=route, indication=indication, phase=phase)
    read = answer.facts.values.get
    in_scope = [rule for rule in BASE.rules if rule.applies_to(route=route, indication=indication, phase=phase)]
    assert [item.rule for item in answer.evaluations] == in_scope
    assert len(answer.evaluations) == len(in_scope)
    for item in answer.evaluations:
        assert item.result is truth(item.rule.when, read)
        assert {fact.key for fact in item.inputs} == set(facts_read(item.rule.when)) & set(answer.facts.by_key)
        assert item == evaluate(item.rule, answer.facts)
    assert answer.gates == {
        gate.id: GateState.of(truth(gate.when, read)) for gate in BASE.gates if indication in gate.indications
    }


@given(PEOPLE)
def test_what_follows_is_added_in_order_and_never_against_a_statement(person):
    facts = FactSet(on=ON).supposing(person)
    plain = {INDICATION_STATED: True, **person}
    for implication in BASE.implications:
        if plain.get(implication.fact) is None and truth(implication.when, plain.get) is True:
            plain[implication.fact] = implication.value
    answer = assess(BASE, facts, route=Route.IV, indication="IND-TRD")
    assert answer.facts.values == plain
    assert all(answer.facts.by_key[key].said_by is Teller.RULE for key in set(plain) - set(person))


@given(st.dictionaries(KEYS, ANSWERS), st.dictionaries(KEYS, ANSWERS))
def test_a_grown_set_of_facts_reads_like_a_new_one(first, second):
    def stated(values):
        return {key: Fact(key=key, value=value, said_by=Teller.FILE) for key, value in values.items()}

    grown = FactSet(on=ON, by_key=stated(first)).adding(stated(second).values())
    assert grown.values == FactSet(on=ON, by_key=grown.by_key).values
    usable = {key: value for key, value in first.items() if value is not None}
    assert {**{key: value for key, value in second.items() if value is not None}, **usable} == grown.values


def test_a_rule_that_reads_nothing_reads_nothing():
    """`all of nothing` is always true, whoever comes; beside it rules of one and of two facts, one of them unknown."""
    one = Fact(key="one", value=True, said_by=Teller.FILE)
    reads = Reads(((), ("one",), ("one", "two"), ("two",)))
    assert reads.inputs({"one": one}) == [(), (one,), (one,), ()]


def test_kinds_of_facts_are_all_tried():
    assert {BASE.definitions[key].kind for key in BASE.definitions if values_of(key)} == set(FactKind)


@pytest.mark.parametrize("value", ["mild", True, None])
def test_what_is_no_plain_number_is_compared_as_truth_says(value):
    condition = Compare("one", Comparison.AT_LEAST, 1.0)
    (code,) = compile_conditions([condition])(lambda _: value)
    assert truth_of(code) is truth(condition, lambda _: value)
