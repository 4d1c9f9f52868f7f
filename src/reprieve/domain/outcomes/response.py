"""What a fall or rise of a total means. Response, remission and reliable change are separate answers (F10).

Response is a fall of at least half; remission is a total under a cut-off; a person may have either without the other.
All comparisons are in whole numbers, so a fall of exactly half is a response.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from reprieve.domain.outcomes.instrument import ChangeRule
from reprieve.domain.quantities.spans import require_aware


class Timed(Protocol):
    """Anything measured at an instant, with a total or without."""

    @property
    def at(self) -> datetime: ...
    @property
    def total(self) -> int | None: ...


T = TypeVar("T", bound=Timed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Two totals compared. What percent means is undefined from a baseline of 0, so it is None there, not "no"."""

    baseline: int
    current: int
    fall_points: int
    fall_percent: float | None
    response: bool | None
    partial_response: bool | None
    remission: bool
    reliable_improvement: bool
    reliable_deterioration: bool
    important_improvement: bool
    worsening: bool


def compare(rule: ChangeRule, *, baseline: int, current: int) -> Change:
    """Every definition applied to one pair of totals of the same instrument and recall window."""
    fall = baseline - current
    return Change(
        baseline=baseline,
        current=current,
        fall_points=fall,
        fall_percent=100.0 * fall / baseline if baseline else None,
        response=is_response(rule, baseline=baseline, current=current),
        partial_response=is_partial_response(rule, baseline=baseline, current=current),
        remission=is_remission(rule, current=current),
        reliable_improvement=fall >= rule.reliable_points.value,
        reliable_deterioration=-fall >= rule.reliable_points.value,
        important_improvement=fall >= rule.important_points.value,
        worsening=has_worsened(rule, before=baseline, after=current),
    )


def is_response(rule: ChangeRule, *, baseline: int, current: int) -> bool | None:
    """FU-RESP: a fall of at least `response_percent` from baseline. None when the baseline is 0."""
    return _fell_by(rule.response_percent.value, baseline, current)


def is_partial_response(rule: ChangeRule, *, baseline: int, current: int) -> bool | None:
    """FU-PART: a fall that reaches `partial_percent` and is no response. None when the baseline is 0."""
    reached = _fell_by(rule.partial_percent.value, baseline, current)
    return reached and not is_response(rule, baseline=baseline, current=current)


def is_remission(rule: ChangeRule, *, current: int) -> bool:
    """FU-REM: a total under the cut-off, whatever the baseline was."""
    return current < rule.remission_below.value


def has_worsened(rule: ChangeRule, *, before: int, after: int) -> bool:
    """FU-WORSE: a rise of at least `worsening_points` from one score to a later one."""
    return after - before >= rule.worsening_points.value


def response_limit(rule: ChangeRule, *, baseline: int) -> int:
    """The highest total that is still a response from this baseline."""
    return baseline * (100 - rule.response_percent.value) // 100


def baseline_of(rule: ChangeRule, scores: Sequence[T], *, first_dose_at: datetime) -> T | None:
    """The latest scorable measurement of the `baseline_days` before the first dose (DQ03), or None."""
    earliest = require_aware(first_dose_at) - timedelta(days=rule.baseline_days.value)
    usable = [one for one in scores if one.total is not None and earliest <= one.at <= first_dose_at]
    return max(usable, key=lambda one: one.at, default=None)


def _fell_by(percent: int, baseline: int, current: int) -> bool | None:
    if baseline == 0:
        return None
    return 100 * (baseline - current) >= percent * baseline
