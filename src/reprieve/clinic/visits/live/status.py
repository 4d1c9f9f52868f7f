"""The strip, the alarms and what is due, as the page and the stream carry them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from reprieve.clinic.visits.live.curve import levels_now, minutes_left
from reprieve.clinic.visits.wording import alarm_words, due_label, phase_label
from reprieve.domain.quantities.spans import minutes_between
from reprieve.domain.session.alarms import Alarm, Level, Stage
from reprieve.domain.session.freshness import due, stale_after_s
from reprieve.domain.session.limits import SessionLimits
from reprieve.domain.session.state import Reading, SessionState, Signal

Names = Mapping[UUID, str]


def status(state: SessionState, limits: SessionLimits, names: Names, *, now_at: datetime) -> dict[str, Any]:
    """Everything about this instant; None where nothing is known."""
    arterial, venous = levels_now(state, now_at)
    return {
        "phase": state.phase.value,
        "phase_label": phase_label(state.phase.value),
        "origin_at": origin_of(state, now_at).isoformat(),
        "elapsed_min": None if state.started_at is None else round(minutes_between(state.started_at, now_at), 2),
        **_dose(state, now_at),
        "arterial_now_ng_per_ml": arterial,
        "venous_now_ng_per_ml": venous,
        "latest": {signal.value: _latest(reading, state, limits, now_at) for signal, reading in state.latest.items()},
        "alarms": [_alarm(alarm, state, names) for alarm in state.alarms.current()],
        "due": [
            {"item": item.item, "label": due_label(item.item), "due_at": item.due_at.isoformat()}
            for item in due(state, limits.intervals)
        ],
        "offline_ok": False,
    }


def origin_of(state: SessionState, now_at: datetime) -> datetime:
    """Minute 0 of the time axis: the start of the infusion, before it the opening."""
    return state.started_at or state.opened_at or now_at


def _dose(state: SessionState, now_at: datetime) -> dict[str, Any]:
    given = state.delivery(now_at)
    if state.opened is None or given is None:
        return {}
    left = minutes_left(given, now_at)
    return {
        "delivered_mg": round(given.delivered_mg, 3),
        "ordered_mg": state.opened.ordered_mg,
        "volume_infused_ml": round(given.infused_ml, 3),
        "bag_volume_ml": state.opened.bag_volume_ml,
        "rate_ml_per_h": given.rate_ml_per_h,
        "minutes_left": None if left is None else round(left, 2),
    }


def _latest(reading: Reading, state: SessionState, limits: SessionLimits, now_at: datetime) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "at": reading.at.isoformat(),
        "age_s": max(0.0, round((now_at - reading.at).total_seconds(), 1)),
        "stale_after_s": stale_after_s(reading, state, limits.intervals),
    }
    if reading.signal is Signal.PRESSURE:
        return shown | {"sbp": reading.value, "dbp": reading.diastolic_mmhg, "map": reading.mean_mmhg}
    return shown | {"v": reading.value}


def _alarm(alarm: Alarm, state: SessionState, names: Names) -> dict[str, Any]:
    """A pending alarm asks for a recheck and is shown as a caution, whatever it will be when confirmed."""
    label, advice = alarm_words(alarm.rule)
    answer = state.alarms.answers.get(alarm.key)
    return {
        "key": alarm.key,
        "rule": alarm.rule,
        "level": (Level.CAUTION if alarm.stage is Stage.PENDING else alarm.level).value,
        "pending": alarm.stage is Stage.PENDING,
        "label": label,
        "advice": advice,
        "since_at": alarm.since_at.isoformat(),
        "acknowledged_by": None if answer is None else names.get(answer.by_id, ""),
        "recheck_due_at": None if alarm.recheck_due_at is None else alarm.recheck_due_at.isoformat(),
    }
