"""Scores over weeks, kept apart by what they look back on.

A questionnaire about the last two weeks, answered three days after a dose, speaks mostly of the time before the dose.
It is shown and marked, and it is never joined by a line with scores whose window holds no dose.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Generic

from reprieve.domain.outcomes.response import T


class Window(StrEnum):
    """Does the recall window of a score reach back over a dose?"""

    CLEAR = "clear"
    SPANS_DOSE = "spans_dose"


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed(Generic[T]):
    """A score with the dose before it. `since_dose` is None when no dose came before."""

    score: T
    window: Window
    since_dose: timedelta | None


def place(scores: Sequence[T], *, dosed_at: Sequence[datetime], recall_days: int) -> tuple[Placed[T], ...]:
    """Mark each score by the last dose before it, in order of time."""
    doses = sorted(dosed_at)
    return tuple(_placed(one, doses, timedelta(days=recall_days)) for one in sorted(scores, key=lambda s: s.at))


def segments(placed: Sequence[Placed[T]]) -> tuple[tuple[Placed[T], ...], ...]:
    """Runs of scores that one line may join: neighbours in time, the same kind of window, no missing total between."""
    runs: list[list[Placed[T]]] = []
    open_run: list[Placed[T]] = []
    for one in placed:
        if one.score.total is None:
            open_run = []
        elif open_run and open_run[-1].window is one.window:
            open_run.append(one)
        else:
            open_run = [one]
            runs.append(open_run)
    return tuple(tuple(run) for run in runs)


def _placed(one: T, doses: list[datetime], recall: timedelta) -> Placed[T]:
    before = bisect_right(doses, one.at)
    since = one.at - doses[before - 1] if before else None
    spans = since is not None and since < recall
    return Placed(score=one, window=Window.SPANS_DOSE if spans else Window.CLEAR, since_dose=since)
