"""Scoring of PHQ-9 and GAD-7. [V] numbers are printed in the named source, [D] are arithmetic from the rule."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reprieve.domain.outcomes.instrument import Band
from reprieve.domain.outcomes.scoring import AnswerNotAllowed, FlagKind, ItemFlag, ScoreStatus, rounded_half_up, score
from reprieve.domain.outcomes.syndrome import Syndrome, depressive_syndrome
from reprieve.knowledge.instruments import load_instrument

PHQ9, GAD7 = load_instrument("phq-9"), load_instrument("gad-7")
ITEMS = tuple(range(1, 10))


def answered(*values):
    """Answers in printed order; None is no answer."""
    return dict(enumerate(values, start=1))


@pytest.mark.parametrize(
    ("answers", "total", "band"),
    [
        ((2, 2, 2, 2, 1, 1, 2, 0, 0), 12, "moderate"),  # [V] HL7 SDC example
        ((1, 2, 1, 2, 1, 1, 0, 0, 1), 9, "mild"),  # [V] KTC example
        ((3,) * 9, 27, "severe"),  # [D]
        ((0,) * 9, 0, "minimal"),  # [D]
        ((0, 2, 0, 0, 0, 2, 2, 2, 1), 9, "mild"),  # [D]
    ],
)
def test_phq9_totals(answers, total, band):
    result = score(PHQ9, answered(*answers))
    assert (result.status, result.total, result.band.code) == (ScoreStatus.COMPLETE, total, band)


@pytest.mark.parametrize(
    ("answers", "total", "band"),
    [((2, 1, 2, 1, 0, 1, 0), 7, "mild"), ((3,) * 7, 21, "severe")],  # [V] KTC example; [D]
)
def test_gad7_totals(answers, total, band):
    result = score(GAD7, answered(*answers))
    assert (result.total, result.band.code, result.flags) == (total, band, ())


@pytest.mark.parametrize(
    ("total", "band"),
    [(4, "minimal"), (5, "mild"), (9, "mild"), (10, "moderate"), (14, "moderate"), (15, "moderately_severe"),
     (19, "moderately_severe"), (20, "severe")],
)  # fmt: skip
def test_phq9_band_edges(total, band):
    assert PHQ9.band_of(total).code == band


def test_no_band_outside_the_range():
    with pytest.raises(ValueError, match="28"):
        PHQ9.band_of(28)


def test_difficulty_is_never_summed_and_its_absence_is_no_gap():
    without = score(PHQ9, answered(2, 2, 2, 2, 1, 1, 2, 0, 0))
    with_it = score(PHQ9, answered(2, 2, 2, 2, 1, 1, 2, 0, 0, 3))
    assert without.total == with_it.total == 12
    assert without.status is ScoreStatus.COMPLETE


def test_one_missing_item_is_the_mean_of_the_rest():
    result = score(PHQ9, answered(2, 2, 2, 2, 2, 2, None, 2, 2))  # [D] 16 x 9 / 8 = 18
    assert (result.status, result.total, result.missing) == (ScoreStatus.PRORATED, 18, (7,))


def test_two_missing_items_and_rounding():
    result = score(PHQ9, answered(None, 1, 1, 1, 1, 1, 0, 0, None))  # [D] 5 x 9 / 7 = 6.43 -> 6
    assert (result.status, result.total, result.missing) == (ScoreStatus.PRORATED, 6, (1, 9))


def test_a_half_rounds_up():
    result = score(PHQ9, answered(1, 1, 1, 1, 0, 0, 0, None, 0))  # [D] 4 x 9 / 8 = 4.5 -> 5, mild and not minimal
    assert (result.total, result.band.code) == (5, "mild")
    assert rounded_half_up(36, 8) == 5


def test_three_missing_items_give_no_total():
    result = score(PHQ9, answered(3, 3, 3, None, None, None, 3, 3, 3))
    assert (result.status, result.total, result.band) == (ScoreStatus.NOT_SCORABLE, None, None)
    assert result.missing == (4, 5, 6)


def test_nothing_answered_is_not_zero():
    result = score(PHQ9, {})
    assert result.total is None
    assert result.missing == ITEMS


def test_item_9_positive_is_flagged_whatever_the_total():
    result = score(PHQ9, answered(0, 0, 0, 0, 0, 0, 0, 0, 1))
    assert result.flags == (ItemFlag(item=9, kind=FlagKind.POSITIVE, value=1),)


def test_item_9_positive_is_flagged_without_a_total():
    result = score(PHQ9, {9: 3})
    assert result.total is None
    assert result.flags == (ItemFlag(item=9, kind=FlagKind.POSITIVE, value=3),)


def test_item_9_not_answered_is_its_own_flag_and_never_filled_in():
    result = score(PHQ9, answered(2, 2, 2, 2, 2, 2, 2, 2, None))
    assert result.flags == (ItemFlag(item=9, kind=FlagKind.NOT_ANSWERED, value=None),)
    assert result.status is ScoreStatus.PRORATED


def test_item_9_zero_is_an_answer():
    assert score(PHQ9, answered(*(0,) * 9)).flags == ()


@pytest.mark.parametrize("answers", [{1: 4}, {1: -1}, {11: 0}, {0: None}])
def test_an_answer_that_is_not_printed_is_refused(answers):
    with pytest.raises(AnswerNotAllowed):
        score(PHQ9, answers)


@given(st.lists(st.one_of(st.none(), st.integers(0, 3)), min_size=9, max_size=9))
def test_properties_of_every_form(values):
    result = score(PHQ9, answered(*values))
    known = [value for value in values if value is not None]
    assert (result.total is None) == (len(known) < 7)
    if result.total is not None:
        assert sum(known) <= result.total <= 27
        assert result.band.lower <= result.total <= result.band.upper


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ((3,) * 9, Syndrome.MAJOR),  # [D]
        ((0, 2, 0, 0, 0, 2, 2, 2, 1), Syndrome.MAJOR),  # [D] 9 by total, yet item 2 is core and five items count
        ((0, 2, 0, 0, 0, 2, 2, 1, 1), Syndrome.OTHER),  # [D] four count
        ((0, 2, 0, 0, 0, 0, 0, 0, 1), Syndrome.OTHER),  # [D] two count, item 9 from 1
        ((0, 2, 0, 0, 0, 1, 1, 1, 0), Syndrome.NONE),  # [D] one counts
        ((1, 1, 3, 3, 3, 3, 3, 3, 3), Syndrome.NONE),  # [D] no core item
        ((0, 2, 0, 0, 0, 2, 2, 2, None), Syndrome.UNDETERMINED),  # [D] item 9 decides between other and major
        ((3, 3, 3, 3, 3, None, 0, 0, 0), Syndrome.MAJOR),  # [D] the missing item changes nothing
    ],
)
def test_depressive_syndrome(answers, expected):
    assert depressive_syndrome(PHQ9.syndrome, answered(*answers), items=ITEMS) is expected


def test_an_instrument_refuses_gaps():
    with pytest.raises(ValueError, match="gap"):
        replace(PHQ9, bands=(Band(code="all", label="all", lower=1, upper=27),))
    with pytest.raises(ValueError, match="end at 26"):
        replace(PHQ9, bands=(Band(code="all", label="all", lower=0, upper=26),))
    with pytest.raises(ValueError, match="numbered"):
        replace(PHQ9, items=PHQ9.items[1:])
    with pytest.raises(ValueError, match="distinct"):
        replace(PHQ9.items[0], options=PHQ9.items[0].options[:1] * 2)
