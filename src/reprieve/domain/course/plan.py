"""The dated plan of a series (REG-FREQ-MAX) and what happens when a session moves."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from reprieve.domain.course.regimen import Regimen
from reprieve.domain.quantities.findings import Finding, Severity
from reprieve.domain.quantities.sources import Source

_H_PER_DAY = 24
_WEEK = timedelta(days=7)


class SessionCannotMove(ValueError):
    """The new date is not after the session before, or there is no such session."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FrequencyLimits:
    """Shortest interval between two infusions and how many fit in any seven days."""

    min_interval_h: Decimal
    max_in_7_days: int
    interval_source: Source
    count_source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedDose:
    """One dated session; `number` starts at 1. After a checkpoint somebody decides whether to go on."""

    number: int
    planned_on: date
    is_checkpoint: bool


def plan_sessions(regimen: Regimen, *, starts_on: date) -> tuple[PlannedDose, ...]:
    """All sessions of the series; what follows it (`then_every_days`) is decided after the last checkpoint."""
    return tuple(
        PlannedDose(
            number=number,
            planned_on=starts_on + timedelta(days=offset),
            is_checkpoint=number in regimen.checkpoints,
        )
        for number, offset in enumerate(regimen.day_offsets, start=1)
    )


def move_session(
    plan: Sequence[PlannedDose], *, number: int, to_on: date, keep_intervals: bool
) -> tuple[PlannedDose, ...]:
    """The plan with one session on another day; with `keep_intervals` all later ones move by as many days.

    Raises: SessionCannotMove when there is no such session or the new date is not after the one before.
    """
    place = {session.number: index for index, session in enumerate(plan)}.get(number)
    if place is None or (place > 0 and to_on <= plan[place - 1].planned_on):
        raise SessionCannotMove(number)
    shift = to_on - plan[place].planned_on
    moved = tuple(
        replace(session, planned_on=session.planned_on + shift)
        if index == place or (keep_intervals and index > place)
        else session
        for index, session in enumerate(plan)
    )
    if any(one.planned_on >= other.planned_on for one, other in pairwise(moved)):
        raise SessionCannotMove(number)
    return moved


def frequency_findings(
    dates: Iterable[date], limits: FrequencyLimits, *, own_interval_h: Decimal | None = None
) -> tuple[Finding, ...]:
    """REG-FREQ-MAX: infusions too close together, or too many in seven days. ABSOLUTE for the schedule."""
    days = sorted(dates)
    shortest_h = limits.min_interval_h if own_interval_h is None else own_interval_h
    close = tuple(
        Finding(
            code="REG-FREQ-MAX-INTERVAL",
            severity=Severity.ABSOLUTE,
            source=limits.interval_source,
            params={"first_on": one.isoformat(), "second_on": other.isoformat(), "hours": str(shortest_h)},
        )
        for one, other in pairwise(days)
        if (other - one).days * _H_PER_DAY < shortest_h
    )
    crowded = tuple(
        Finding(
            code="REG-FREQ-MAX-WEEK",
            severity=Severity.ABSOLUTE,
            source=limits.count_source,
            params={"from_on": first.isoformat(), "count": count, "upper": limits.max_in_7_days},
        )
        for index, first in enumerate(days)
        if (count := sum(first <= day < first + _WEEK for day in days[index:])) > limits.max_in_7_days
    )
    return close + crowded
