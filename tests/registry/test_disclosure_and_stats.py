"""Suppression holds against subtraction; Wilson intervals match the published figures."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reprieve.registry.disclosure import MINIMUM_PEOPLE, Count, Hidden, nested, partition
from reprieve.registry.stats import wilson


@pytest.mark.parametrize(
    ("count", "of", "lower", "upper"),
    # registry dossier 13, "Wilson 95 %" (17/24: Murrough 2013)
    [(7, 20, 0.1812, 0.5671), (0, 12, 0.0, 0.2425), (17, 24, 0.5083, 0.8509), (2, 10, 0.0567, 0.5098)],
)
def test_wilson(count, of, lower, upper):
    share = wilson(count, of)
    assert (round(share.lower, 4), round(share.upper, 4)) == (lower, upper)
    assert share.estimate == pytest.approx(count / of)


@pytest.mark.parametrize(("count", "of"), [(1, 0), (-1, 5), (6, 5)])
def test_wilson_refuses_what_is_no_proportion(count, of):
    with pytest.raises(ValueError, match="no proportion"):
        wilson(count, of)


@pytest.mark.parametrize(("people", "label"), [(10, "<11"), (11, "11"), (0, "<11")])
def test_small_counts_and_zeros_are_hidden(people, label):
    # registry dossier 13, "small cell": 10; 11; 0
    (count,) = nested([people], priority=[0])
    assert count.label == label


def test_a_small_cell_takes_a_second_one_with_it():
    # registry dossier 13, "small cell": a 4 in a 2x2 is hidden together with the complementary cell
    small, other = partition([4, 30])
    assert (small.label, other.label) == ("<11", "not shown")
    assert small.hidden is Hidden.SMALL
    assert other.hidden is Hidden.DERIVABLE


def test_large_cells_stay():
    assert [count.people for count in partition([11, 20, 40])] == [11, 20, 40]


def test_two_small_cells_that_add_up_to_less_than_eleven_take_a_third():
    assert [count.people for count in partition([0, 4, 12, 50])] == [None, None, None, 50]


def test_nested_groups_that_differ_by_a_few_are_not_shown_together():
    # registry dossier 13, "differencing": 31 and 29 on nested cohorts, the second is refused
    first, second = nested([31, 29], priority=[0, 1])
    assert (first.people, second.hidden) == (31, Hidden.DERIVABLE)
    assert [count.people for count in nested([31, 29], priority=[1, 0])] == [None, 29]


def test_equal_nested_groups_would_reveal_that_nobody_dropped_out():
    assert [count.label for count in nested([40, 40], priority=[0, 1])] == ["40", "not shown"]


@given(st.lists(st.integers(0, 60), min_size=1, max_size=6))
def test_attack_on_a_partition(cells):
    """Whoever knows the total and subtracts the shown learns only of a group of 11 or more, never of one cell."""
    released = partition(cells)
    hidden = [people for people, count in zip(cells, released, strict=True) if count.people is None]
    assert all(count.people is None or count.people >= MINIMUM_PEOPLE for count in released)
    if hidden and len(hidden) < len(cells):
        assert len(hidden) > 1
        assert sum(hidden) >= MINIMUM_PEOPLE


@given(st.lists(st.integers(0, 80), min_size=1, max_size=7), st.randoms(use_true_random=False))
def test_attack_on_nested_counts(steps, shuffler):
    chain = [sum(steps[position:]) for position in range(len(steps))]
    priority = list(range(len(chain)))
    shuffler.shuffle(priority)
    shown = [count.people for count in nested(chain, priority=priority) if count.people is not None]
    assert all(people >= MINIMUM_PEOPLE for people in shown)
    assert all(abs(one - other) >= MINIMUM_PEOPLE for one, other in combinations(shown, 2))


@pytest.mark.parametrize(("chain", "priority"), [([5, 9], [0, 1]), ([20, 9], [0]), ([20, 9], [0, 0])])
def test_nested_refuses_what_is_no_chain(chain, priority):
    with pytest.raises(ValueError, match="must"):
        nested(chain, priority=priority)


def test_a_count_is_shown_or_hidden_for_a_reason():
    with pytest.raises(ValueError, match="reason"):
        Count(people=None)
    with pytest.raises(ValueError, match="reason"):
        Count(people=12, hidden=Hidden.SMALL)
