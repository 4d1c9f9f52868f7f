"""The whole of a session as the page first takes it, and what changed since an event number."""

from datetime import datetime
from typing import Any
from uuid import UUID

from reprieve.clinic.visits.live import curve, points
from reprieve.clinic.visits.live.status import Names, origin_of, status
from reprieve.domain.session.fold import SessionLog
from reprieve.domain.session.limits import AlarmLimits

Message = tuple[str, dict[str, Any]]


def snapshot(session_id: UUID, log: SessionLog, names: Names, *, now_at: datetime) -> dict[str, Any]:
    """`live.json`."""
    origin_at = origin_of(log.state, now_at)
    given = log.state.delivery(now_at)
    return {
        "session_id": str(session_id),
        "origin_at": origin_at.isoformat(),
        "now_at": now_at.isoformat(),
        "seq": log.last_seq,
        "points": points.points(log.entries, origin_at),
        "flags": points.flags(log.entries, origin_at),
        "rates": [] if given is None else curve.rates(given, origin_at),
        "limits": lane_limits(log.limits.alarms),
        "prediction": curve.prediction(log.state, now_at),
        "state": status(log.state, log.limits, names, now_at=now_at),
    }


def changes(log: SessionLog, names: Names, *, after_seq: int, now_at: datetime) -> list[Message]:
    """What an open page that has seen `after_seq` needs: new marks, the state, the curve when the pump was touched."""
    origin_at = origin_of(log.state, now_at)
    touched = points.touched(log, after_seq)
    by_people = [entry for entry in touched if not entry.recorded.by_device]
    ids = {str(entry.id) for entry in by_people}
    flagged = [flag for flag in points.flags(log.entries, origin_at) if flag["id"] in ids] if by_people else []
    messages: list[Message] = [
        ("readings", {"seq": log.last_seq, "points": points.points(touched, origin_at), "flags": flagged}),
        ("state", status(log.state, log.limits, names, now_at=now_at)),
    ]
    if by_people:
        messages += [curve_message(log, now_at=now_at), ("changed", {"seq": log.last_seq})]
    return messages


def state_message(log: SessionLog, names: Names, *, now_at: datetime) -> Message:
    return ("state", status(log.state, log.limits, names, now_at=now_at))


def curve_message(log: SessionLog, *, now_at: datetime) -> Message:
    given = log.state.delivery(now_at)
    rates = [] if given is None else curve.rates(given, origin_of(log.state, now_at))
    return ("curve", {"rates": rates, "prediction": curve.prediction(log.state, now_at)})


def lane_limits(limits: AlarmLimits) -> dict[str, dict[str, list[float | None]]]:
    """Low and high of the caution and the stop zone of each lane; None where there is no limit."""
    return {
        "bp": {
            "caution": [limits.systolic_low_mmhg, limits.systolic_stop_mmhg],
            "stop": [limits.systolic_low_mmhg, limits.systolic_emergency_mmhg],
        },
        "hr": {
            "caution": [limits.heart_rate_low_per_min, limits.heart_rate_high_per_min],
            "stop": [limits.heart_rate_low_stop_per_min, limits.heart_rate_stop_per_min],
        },
        "spo2": {"caution": [limits.spo2_caution_percent, None], "stop": [limits.spo2_emergency_percent, None]},
        "rr": {
            "caution": [limits.respiratory_rate_low_per_min, limits.respiratory_rate_high_per_min],
            "stop": [limits.respiratory_rate_emergency_per_min, None],
        },
        "sedation": {"caution": [limits.moaas_caution + 1, None], "stop": [limits.moaas_emergency + 1, None]},
        "nausea": {"caution": [None, limits.nausea_caution - 1], "stop": [None, None]},
        "distress": {"caution": [None, limits.distress_caution - 1], "stop": [None, None]},
    }
