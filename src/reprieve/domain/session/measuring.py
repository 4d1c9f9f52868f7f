"""What a measured or scored value does to the state: the latest of each signal, and the furthest since the start."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from reprieve.domain.session.events import (
    BaselineTaken,
    DissociationScored,
    DistressScored,
    NauseaScored,
    Recorded,
    SedationScored,
    VitalSignsRecorded,
)
from reprieve.domain.session.resting import Pressure
from reprieve.domain.session.state import Extremes, Reading, SessionState, Signal

Measured = BaselineTaken | VitalSignsRecorded | SedationScored | DissociationScored | NauseaScored | DistressScored


def measure(state: SessionState, at: datetime, recorded: Recorded[Any], fact: Measured) -> SessionState:
    """The state after one measurement at `at`."""
    found = list(readings(at, recorded, fact))
    after = replace(
        state,
        latest={**state.latest, **{reading.signal: reading for reading in found}},
        first={**{reading.signal: reading for reading in found}, **state.first},
        pressures_after_end=state.pressures_after_end + _after_end(state, found),
    )
    if state.started_at is not None:
        after = replace(after, extremes=_widened(state.extremes, found))
    if isinstance(fact, NauseaScored) and fact.vomited:
        after = replace(after, last_vomited_at=at)
    return after


def readings(at: datetime, recorded: Recorded[Any], fact: Measured) -> Iterator[Reading]:
    """The values of a fact, one a signal; what was not measured gives none."""
    for signal, value in _values(fact):
        if value is not None:
            is_pressure = signal is Signal.PRESSURE
            yield Reading(
                signal=signal,
                at=at,
                id=recorded.id,
                by_device=recorded.by_device,
                value=value,
                diastolic_mmhg=getattr(fact, "diastolic_mmhg", None) if is_pressure else None,
                mean_mmhg=getattr(fact, "mean_mmhg", None) if is_pressure else None,
            )


def _values(fact: Measured) -> tuple[tuple[Signal, float | None], ...]:
    if isinstance(fact, SedationScored):
        return ((Signal.SEDATION, fact.moaas),)
    if isinstance(fact, DissociationScored):
        return ((Signal.DISSOCIATION, fact.score),)
    if isinstance(fact, NauseaScored):
        return ((Signal.NAUSEA, fact.score),)
    if isinstance(fact, DistressScored):
        return ((Signal.DISTRESS, fact.score),)
    return (
        (Signal.PRESSURE, fact.systolic_mmhg),
        (Signal.HEART_RATE, fact.heart_rate_per_min),
        (Signal.SPO2, fact.spo2_percent),
        (Signal.RESPIRATORY_RATE, fact.respiratory_rate_per_min),
        (Signal.TEMPERATURE, fact.temperature_cel),
    )


def _after_end(state: SessionState, found: list[Reading]) -> tuple[Pressure, ...]:
    if state.ended_at is None:
        return ()
    return tuple(
        Pressure(at=reading.at, systolic_mmhg=reading.value, diastolic_mmhg=reading.diastolic_mmhg)
        for reading in found
        if reading.diastolic_mmhg is not None
    )


def _widened(extremes: Extremes, found: list[Reading]) -> Extremes:
    by_signal = {reading.signal: reading for reading in found}

    def value(signal: Signal) -> float | None:
        return by_signal[signal].value if signal in by_signal else None

    pressure = by_signal.get(Signal.PRESSURE)
    sedation, dissociation = value(Signal.SEDATION), value(Signal.DISSOCIATION)
    return Extremes(
        peak_systolic_mmhg=_highest(extremes.peak_systolic_mmhg, value(Signal.PRESSURE)),
        peak_diastolic_mmhg=_highest(extremes.peak_diastolic_mmhg, pressure.diastolic_mmhg if pressure else None),
        lowest_spo2_percent=_lowest(extremes.lowest_spo2_percent, value(Signal.SPO2)),
        lowest_respiratory_rate_per_min=_lowest(
            extremes.lowest_respiratory_rate_per_min, value(Signal.RESPIRATORY_RATE)
        ),
        lowest_moaas=_score(_lowest(extremes.lowest_moaas, sedation)),
        peak_dissociation=_score(_highest(extremes.peak_dissociation, dissociation)),
    )


def _highest(*values: float | None) -> float | None:
    return max((value for value in values if value is not None), default=None)


def _lowest(*values: float | None) -> float | None:
    return min((value for value in values if value is not None), default=None)


def _score(value: float | None) -> int | None:
    return None if value is None else int(value)
