"""A number known only as an interval answers exactly what every number in it would answer."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from reprieve.domain.quantities.interval import COMPARATORS, Interval, compared, mean_of

# A grid fine enough to have a number inside every interval whose ends lie on whole numbers.
WHOLE = st.integers(-3, 3).map(float)
GRID = [step / 4 for step in range(-20, 21)]


def is_one(lower, upper, lower_open, upper_open):
    return (lower is not None or upper is not None) and (
        lower is None or upper is None or lower < upper or (lower == upper and not lower_open and not upper_open)
    )


INTERVALS = (
    st.tuples(st.none() | WHOLE, st.none() | WHOLE, st.booleans(), st.booleans())
    .filter(lambda ends: is_one(*ends))
    .map(lambda ends: Interval(lower=ends[0], upper=ends[1], lower_open=ends[2], upper_open=ends[3]))
)


def answer(answers):
    return answers.pop() if len(answers) == 1 else None


@given(INTERVALS, WHOLE)
def test_it_answers_only_what_all_its_numbers_answer_alike(interval, limit):
    inside = [number for number in GRID if number in interval]
    assert interval.is_below(limit) is answer({number < limit for number in inside})
    assert interval.is_above(limit) is answer({number > limit for number in inside})


@given(INTERVALS)
def test_a_record_of_its_ends_gives_it_back(interval):
    whole = {key: int(end) if isinstance(end, float) else end for key, end in interval.ends().items()}
    assert Interval.of_ends(interval.ends()) == Interval.of_ends(whole) == interval


@given(st.lists(st.one_of(WHOLE, INTERVALS), min_size=1, max_size=3), st.data())
def test_the_mean_lies_where_it_says(numbers, data):
    chosen = [
        data.draw(st.sampled_from([one for one in GRID if one in number])) if isinstance(number, Interval) else number
        for number in numbers
    ]
    mean, true = mean_of(numbers), sum(chosen) / len(chosen)
    if isinstance(mean, Interval):
        near = min((end for end in (mean.lower, mean.upper) if end is not None), key=lambda end: abs(end - true))
        assume(abs(true - near) > 1e-6)  # ends are kept to 6 decimals
        assert true in mean
    elif mean is not None:
        assert mean == pytest.approx(true, abs=1e-6)


def test_what_can_be_any_number_has_no_mean():
    assert mean_of([compared("<", 3.0), compared(">", 1.0)]) is None
    assert mean_of([]) is None
    assert mean_of([compared("<", 3.0), 1.0]) == compared("<", 2.0)


def test_a_mean_is_kept_to_six_decimals():
    assert mean_of([1.0, 1.0, 2.0]) == 1.333333
    assert mean_of([compared("<", 1.0), 1.0, 2.0]) == compared("<", 1.333333)


@pytest.mark.parametrize(
    ("comparator", "inside", "outside", "text"),
    [("<", 69.9, 70.0, "< 70"), ("<=", 70.0, 70.1, "<= 70"), (">", 70.1, 70.0, "> 70"), (">=", 70.0, 69.9, ">= 70")],
)
def test_comparators_as_fhir_means_them(comparator, inside, outside, text):
    interval = compared(comparator, 70.0)
    assert inside in interval
    assert outside not in interval
    assert str(interval) == text


def test_two_ends_are_shown_and_mapped():
    both = Interval(lower=1.0, upper=2.0, lower_open=True)
    assert str(both) == "> 1, <= 2"
    assert both.mapped(lambda end: end * 10) == Interval(lower=10.0, upper=20.0, lower_open=True)


@pytest.mark.parametrize(
    "ends",
    [{}, {"lower": 2.0, "upper": 1.0}, {"lower": 1.0, "upper": 1.0, "lower_open": True}, {"lower": float("nan")},
     {"upper": float("inf")}],
)  # fmt: skip
def test_nothing_and_everything_are_no_interval(ends):
    with pytest.raises(ValueError, match="interval"):
        Interval(**ends)


def test_a_comparator_that_is_none():
    with pytest.raises(ValueError, match="none of <, <=, >, >="):
        compared("ad", 1.0)
    assert sorted(COMPARATORS) == ["<", "<=", ">", ">="]
