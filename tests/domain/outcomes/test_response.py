"""Response, remission, reliable change and worsening, each by its own definition."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reprieve.domain.outcomes.response import baseline_of, compare, has_worsened, response_limit
from reprieve.domain.outcomes.trend import Window, place, segments
from reprieve.domain.quantities.spans import NaiveInstant
from reprieve.knowledge.instruments import load_instrument

RULE = load_instrument("phq-9").change
DOSE_AT = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Scored:
    at: datetime
    total: int | None


def scored(days, total, *, hours=0):
    """A score so many days after the first dose."""
    return Scored(DOSE_AT + timedelta(days=days, hours=hours), total)


@pytest.mark.parametrize(
    ("baseline", "current", "response", "remission"),
    [
        (20, 10, True, False),  # [D] exactly 50 %
        (20, 11, False, False),  # [D]
        (8, 4, True, True),  # [D]
        (9, 4, True, True),  # [D]
        (7, 4, False, True),  # [D] 43 %: remission without response
        (21, 10, True, False),  # [D] 52 %
        (21, 11, False, False),  # [D] 48 %
    ],
)
def test_response_and_remission_are_two_things(baseline, current, response, remission):
    change = compare(RULE, baseline=baseline, current=current)
    assert (change.response, change.remission) == (response, remission)


def test_partial_response_is_a_quarter_to_under_a_half():
    partial = {c: compare(RULE, baseline=20, current=c).partial_response for c in (16, 15, 11, 10)}
    assert partial == {16: False, 15: True, 11: True, 10: False}  # [D] 20, 25, 45, 50 %


def test_percent_of_a_baseline_of_zero_is_unknown_not_no():
    change = compare(RULE, baseline=0, current=0)
    assert (change.response, change.partial_response, change.fall_percent) == (None, None, None)
    assert change.remission


def test_reliable_change_needs_six_points_and_worsening_five():
    better = compare(RULE, baseline=16, current=10)
    assert (better.reliable_improvement, better.reliable_deterioration) == (True, False)
    assert not compare(RULE, baseline=16, current=11).reliable_improvement
    assert compare(RULE, baseline=16, current=11).important_improvement
    worse = compare(RULE, baseline=10, current=15)
    assert (worse.worsening, worse.reliable_deterioration) == (True, False)
    assert not has_worsened(RULE, before=10, after=14)
    assert compare(RULE, baseline=10, current=16).reliable_deterioration


@given(st.integers(1, 27), st.integers(0, 27))
def test_response_limit_is_the_highest_responding_total(baseline, current):
    assert compare(RULE, baseline=baseline, current=current).response == (
        current <= response_limit(RULE, baseline=baseline)
    )


def test_baseline_is_the_latest_in_fourteen_days_and_never_after_the_first_dose():
    early, older, latest = scored(-15, 20), scored(-10, 19), scored(-1, 21)
    after = scored(0, 12, hours=2)
    assert baseline_of(RULE, [early, older, latest, after], first_dose_at=DOSE_AT) is latest
    assert baseline_of(RULE, [early, after], first_dose_at=DOSE_AT) is None
    at_edge = scored(-14, 18)
    assert baseline_of(RULE, [at_edge], first_dose_at=DOSE_AT) is at_edge


def test_baseline_needs_a_total():
    assert baseline_of(RULE, [scored(-1, None)], first_dose_at=DOSE_AT) is None


def test_baseline_needs_a_zone():
    with pytest.raises(NaiveInstant):
        baseline_of(RULE, [], first_dose_at=datetime(2026, 3, 2))  # noqa: DTZ001


def test_a_two_week_form_is_clear_fourteen_days_after_a_dose():
    doses = [DOSE_AT, DOSE_AT + timedelta(days=3)]
    placed = place([scored(17, 8), scored(-3, 21), scored(4, 15), scored(16, 9)], dosed_at=doses, recall_days=14)
    assert [one.score.total for one in placed] == [21, 15, 9, 8]
    assert [one.window for one in placed] == [Window.CLEAR, Window.SPANS_DOSE, Window.SPANS_DOSE, Window.CLEAR]
    assert placed[0].since_dose is None
    assert placed[1].since_dose == timedelta(days=1)


def test_lines_never_join_over_a_kind_of_window_or_a_missing_total():
    placed = place(
        [scored(-9, 20), scored(-3, 21), scored(3, 15), scored(5, None), scored(7, 12), scored(9, 11), scored(30, 8)],
        dosed_at=[DOSE_AT],
        recall_days=14,
    )
    totals = [[one.score.total for one in run] for run in segments(placed)]
    assert totals == [[20, 21], [15], [12, 11], [8]]
