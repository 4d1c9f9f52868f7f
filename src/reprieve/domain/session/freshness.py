"""How long a value may be shown as current, and what is to be taken next (MON-*)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from reprieve.domain.session.limits import Intervals
from reprieve.domain.session.state import Phase, Reading, SessionState, Signal

_MONITORED = (Phase.INFUSING, Phase.PAUSED, Phase.OBSERVING)
_DUE_ITEMS = {
    Signal.PRESSURE: "MON-BP",
    Signal.HEART_RATE: "MON-HR",
    Signal.SPO2: "MON-SPO2",
    Signal.RESPIRATORY_RATE: "MON-RR",
    Signal.SEDATION: "MON-SED",
    Signal.DISSOCIATION: "MON-DISS",
    Signal.DISTRESS: "MON-DIST",
    Signal.NAUSEA: "MON-NAUS",
}
_CONTINUOUS = (Signal.HEART_RATE, Signal.SPO2, Signal.RESPIRATORY_RATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """Something to be taken or rechecked by an instant; `item` is a MON-* id or an alarm rule."""

    item: str
    due_at: datetime


def interval_min(signal: Signal, state: SessionState, intervals: Intervals) -> float:
    """How often this signal is recorded in the present phase."""
    after = state.phase is Phase.OBSERVING
    is_close = state.opened is not None and state.opened.needs_close_bp
    during_pressure = intervals.pressure_during_close_min if is_close else intervals.pressure_during_min
    return {
        Signal.PRESSURE: intervals.pressure_after_min if after else during_pressure,
        Signal.HEART_RATE: intervals.heart_rate_min,
        Signal.SPO2: intervals.spo2_min,
        Signal.RESPIRATORY_RATE: (
            intervals.respiratory_rate_after_min if after else intervals.respiratory_rate_during_min
        ),
        Signal.TEMPERATURE: intervals.respiratory_rate_after_min,
        Signal.SEDATION: intervals.sedation_min,
        Signal.DISSOCIATION: intervals.dissociation_after_min if after else intervals.dissociation_during_min,
        Signal.DISTRESS: intervals.distress_min,
        Signal.NAUSEA: intervals.nausea_min,
    }[signal]


def stale_after_s(reading: Reading, state: SessionState, intervals: Intervals) -> float:
    """Age at which the value must not look current any more; a continuous monitor's grows old fast."""
    if reading.by_device and reading.signal in _CONTINUOUS:
        return intervals.continuous_stale_s
    return interval_min(reading.signal, state, intervals) * 60.0


def is_stale(reading: Reading, state: SessionState, intervals: Intervals, *, now_at: datetime) -> bool:
    return (now_at - reading.at).total_seconds() > stale_after_s(reading, state, intervals)


def due(state: SessionState, intervals: Intervals) -> tuple[Due, ...]:
    """What comes next, soonest first; nothing while the patient is not being monitored."""
    rechecks = [
        Due(item=alarm.rule, due_at=alarm.recheck_due_at)
        for alarm in state.alarms.current()
        if alarm.recheck_due_at is not None
    ]
    if state.phase not in _MONITORED or state.started_at is None:
        return tuple(sorted(rechecks, key=lambda item: item.due_at))
    planned = [
        Due(item=item, due_at=_next_at(signal, state, intervals, state.started_at))
        for signal, item in _DUE_ITEMS.items()
    ]
    return tuple(sorted([*planned, *rechecks], key=lambda item: item.due_at))


def _next_at(signal: Signal, state: SessionState, intervals: Intervals, started_at: datetime) -> datetime:
    last = state.latest.get(signal)
    since_at = started_at if last is None else max(last.at, started_at)
    return since_at + timedelta(minutes=interval_min(signal, state, intervals))
