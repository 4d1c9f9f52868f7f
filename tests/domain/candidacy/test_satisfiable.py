"""Whether a condition can be true is decided rightly: against trying everything."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reprieve.domain.candidacy.expression import (
    AllOf,
    AnyOf,
    AtLeast,
    Compare,
    Comparison,
    Is,
    Known,
    Not,
    OneOf,
    facts_read,
    truth,
)
from reprieve.domain.candidacy.satisfiable import ANOTHER_WORD, facts_that_satisfy, possible

LEAVES = st.one_of(
    st.builds(Is, st.sampled_from(["pregnant", "smokes"])),
    st.builds(Known, st.sampled_from(["pregnant", "smokes", "systolic", "history"])),
    st.builds(Compare, st.just("systolic"), st.sampled_from(Comparison), st.sampled_from([140.0, 160.0])),
    st.builds(OneOf, st.just("history"), st.sampled_from([frozenset({"mild"}), frozenset({"mild", "severe"})])),
)
EXPRESSIONS = st.recursive(
    LEAVES,
    lambda part: st.one_of(
        st.builds(Not, part),
        st.lists(part, min_size=1, max_size=3).map(lambda parts: AllOf(tuple(parts))),
        st.lists(part, min_size=1, max_size=3).map(lambda parts: AnyOf(tuple(parts))),
        st.lists(part, min_size=1, max_size=3).map(lambda parts: AtLeast(2, tuple(parts))),
    ),
    max_leaves=6,
)
EVERYTHING = {
    "pregnant": (True, False, None),
    "smokes": (True, False, None),
    "systolic": (139.0, 140.0, 150.0, 160.0, 161.0, None),
    "history": ("mild", "severe", ANOTHER_WORD, None),
}


@settings(max_examples=400)
@given(EXPRESSIONS)
def test_it_finds_facts_exactly_when_there_are_some(expression):
    keys = facts_read(expression)
    answers = {
        truth(expression, dict(zip(keys, values, strict=True)).get)
        for values in product(*(EVERYTHING[key] for key in keys))
    }
    found = facts_that_satisfy(expression)
    assert (found is not None) == (True in answers)
    if found is not None:
        assert truth(expression, found.get) is True
    assert answers <= possible(expression, {})


@pytest.mark.parametrize(
    ("low", "high"),
    [(160.0, 140.0), (160.0, 160.0)],
)
def test_a_band_that_is_empty_cannot_be_reached(low, high):
    band = AllOf((Compare("systolic", Comparison.AT_LEAST, low), Compare("systolic", Comparison.BELOW, high)))
    assert facts_that_satisfy(band) is None


def test_a_band_that_is_one_value_is_found():
    band = AllOf((Compare("systolic", Comparison.AT_LEAST, 160.0), Compare("systolic", Comparison.AT_MOST, 160.0)))
    assert facts_that_satisfy(band) == {"systolic": 160.0}


def test_only_knowing_it_can_be_enough():
    assert facts_that_satisfy(Known("history")) == {"history": True}
    assert facts_that_satisfy(Not(Known("history"))) == {"history": None}


@given(EXPRESSIONS, st.data())
def test_once_everything_is_stated_only_the_true_answer_is_possible(expression, data):
    stated = {key: data.draw(st.sampled_from(EVERYTHING[key])) for key in facts_read(expression)}
    assert possible(expression, stated) == {truth(expression, stated.get)}


@pytest.mark.parametrize(
    ("parts", "answers"),
    [
        ((Is("pregnant"), Is("asthma"), Is("smokes")), {True, False, None}),  # two are open, one not known
        ((Is("smokes"), Is("drinks"), Is("epilepsy")), {None}),  # not known, yes, no
        ((Is("smokes"), Is("epilepsy"), Is("migraine")), {False}),
        ((Is("drinks"), Is("vapes"), Is("pregnant")), {True}),
        ((Is("smokes"), Is("drinks"), Is("pregnant")), {True, None}),
        ((Is("epilepsy"), Is("migraine"), Is("pregnant")), {False}),
        ((Is("drinks"), Is("epilepsy"), Is("pregnant")), {True, False, None}),
    ],
)
def test_two_of_three_leave_exactly_these_answers(parts, answers):
    stated = {"smokes": None, "drinks": True, "vapes": True, "epilepsy": False, "migraine": False}
    assert possible(AtLeast(2, parts), stated) == answers


@pytest.mark.parametrize(
    ("join", "parts", "answers"),
    [
        (AllOf, (Is("epilepsy"), Is("smokes")), {False}),
        (AllOf, (Is("drinks"), Is("smokes")), {None}),
        (AllOf, (Is("drinks"), Is("pregnant")), {True, False, None}),
        (AllOf, (Is("smokes"), Is("pregnant")), {False, None}),
        (AnyOf, (Is("drinks"), Is("smokes")), {True}),
        (AnyOf, (Is("epilepsy"), Is("smokes")), {None}),
        (AnyOf, (Is("smokes"), Is("pregnant")), {True, None}),
        (AnyOf, (Is("epilepsy"), Is("pregnant")), {True, False, None}),
    ],
)
def test_all_and_any_leave_exactly_these_answers(join, parts, answers):
    stated = {"smokes": None, "drinks": True, "epilepsy": False}
    assert possible(join(parts), stated) == answers


def test_what_is_not_known_is_no_no():
    """Two of which one is not known and one is yes: whether both are is not known, so its opposite is not true."""
    both = AtLeast(2, (Is("pregnant"), Is("smokes")))
    assert facts_that_satisfy(AllOf((Not(both), Is("smokes"), Not(Known("pregnant"))))) is None


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        (Compare("systolic", Comparison.BELOW, 140.0), {"systolic": 139.0}),
        (Compare("systolic", Comparison.ABOVE, 160.0), {"systolic": 161.0}),
        (
            AllOf((Compare("systolic", Comparison.ABOVE, 140.0), Compare("systolic", Comparison.BELOW, 160.0))),
            {"systolic": 150.0},
        ),
        (OneOf("history", frozenset({"mild", "severe"})), {"history": "mild"}),
        (AllOf((Known("history"), Not(OneOf("history", frozenset({"mild"}))))), {"history": ANOTHER_WORD}),
        (Not(Is("smokes")), {"smokes": False}),
    ],
)
def test_the_facts_found_are_of_their_kind(condition, found):
    assert facts_that_satisfy(condition) == found
