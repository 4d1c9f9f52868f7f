"""Resting blood pressure: two readings 5 min apart make a set, its mean is the value (GO-BP).

A reading long after the one before begins a new set: that is the recheck after a raised pressure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from reprieve.domain.quantities.spans import minutes_between
from reprieve.domain.session.limits import ChecklistLimits


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressure:
    """One blood pressure at one instant."""

    at: datetime
    systolic_mmhg: float
    diastolic_mmhg: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RestingPressure:
    """The mean of the latest set. `is_complete` says whether it holds two readings far enough apart."""

    systolic_mmhg: float
    diastolic_mmhg: float
    at: datetime
    readings: int
    is_complete: bool


def resting_pressure(readings: Sequence[Pressure], limits: ChecklistLimits) -> RestingPressure | None:
    """The latest set of readings; None when there is no reading."""
    if not readings:
        return None
    latest = _latest_set(sorted(readings, key=lambda reading: reading.at), limits.pressure_set_gap_min)
    span_min = minutes_between(latest[0].at, latest[-1].at)
    return RestingPressure(
        systolic_mmhg=sum(reading.systolic_mmhg for reading in latest) / len(latest),
        diastolic_mmhg=sum(reading.diastolic_mmhg for reading in latest) / len(latest),
        at=latest[-1].at,
        readings=len(latest),
        is_complete=span_min >= limits.pressure_interval_min - limits.pressure_interval_tolerance_min,
    )


def _latest_set(readings: Sequence[Pressure], gap_min: float) -> Sequence[Pressure]:
    first = len(readings) - 1
    while first > 0 and minutes_between(readings[first - 1].at, readings[first].at) <= gap_min:
        first -= 1
    return readings[first:]
