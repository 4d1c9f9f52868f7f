"""The bound of the search is exact for "all" and "any" of different facts; in "so many of" one may serve several."""

import pytest

from reprieve.domain.candidacy.expression import AllOf, AnyOf, AtLeast, Compare, Comparison, Is, Known, Not, OneOf
from reprieve.domain.candidacy.fewest import State, fewest_facts

NEVER = float("inf")
A, B, C, D = (Is(key) for key in "abcd")
FREE = frozenset("abcd") | {"number", "word"}


def fewest(condition, wanted=True, free=FREE, **known):
    keys = FREE | {"fixed"}
    return fewest_facts(condition, wanted, State(values=known, free=free, family={key: key for key in keys}))


@pytest.mark.parametrize(
    ("condition", "yes", "no"),
    [
        (A, 1, 1),
        (Compare("number", Comparison.ABOVE, 1.0), 1, 1),
        (OneOf("word", frozenset({"mild"})), 1, 1),
        (Known("a"), 1, 0),
        (Not(A), 1, 1),
        (AllOf((A, B, C)), 3, 1),
        (AnyOf((A, B, C)), 1, 3),
        (AllOf(()), 0, NEVER),
        (AnyOf(()), NEVER, 0),
        (AtLeast(0, (A, B)), 0, NEVER),
        (AtLeast(1, (A, AllOf((B, C)), AllOf((B, C, D)))), 1, 1),
        (AtLeast(2, (A, AllOf((B, C)), AllOf((B, C, D)))), 2, 1),
        (AtLeast(3, (A, AllOf((B, C)), AllOf((B, C, D)))), 3, 1),
        (AtLeast(2, (A, AnyOf((B, C)), AnyOf((B, C, D)))), 1, 2),
        (AtLeast(3, (A, B)), NEVER, 0),
        (AllOf((AnyOf((A, B)), C, D)), 3, 1),
        (AllOf((A, AllOf((A, B)))), 2, 1),  # `a` serves both
        (AnyOf((Not(Known("a")), Not(Known("b")))), 0, 2),
    ],
)
def test_with_nothing_known(condition, yes, no):
    assert (fewest(condition), fewest(condition, wanted=False)) == (yes, no)


def test_what_is_answered_already_costs_nothing():
    assert (fewest(A, a=True), fewest(A, a=False), fewest(A, wanted=False, a=False)) == (0, 1, 0)
    assert fewest(AllOf((A, B)), a=True) == 1
    assert fewest(AtLeast(2, (A, B, AllOf((C, D)))), a=True) == 1
    assert fewest(AtLeast(2, (A, B, C)), a=True, b=True) == 0


def test_what_nobody_can_learn_or_change_is_never_answered():
    assert fewest(Is("fixed")) == NEVER
    assert fewest(AllOf((Is("fixed"), A))) == NEVER
    assert fewest(AllOf((A, AnyOf((A, Is("fixed"))), AllOf((A, Is("fixed")))))) == NEVER
    assert fewest(AnyOf((Is("fixed"), A))) == 1
    assert fewest(Is("fixed"), fixed=True) == 0


def test_one_fact_from_which_others_follow_may_serve_them_all():
    """`a` and `b` may follow from `c`: learning `c` can be enough for both, so the bound is one."""
    family = {"a": "c", "b": "c", "c": "c", "d": "d"}
    state = State(values={}, free={"c", "d"}, family=family)
    assert fewest_facts(AllOf((A, B)), True, state) == 1
    assert fewest_facts(AllOf((A, B, D)), True, state) == 2
    assert fewest_facts(A, True, State(values={}, free={"d"}, family=family)) == NEVER
