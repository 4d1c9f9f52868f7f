"""From a monitor's message to the readings that a session log takes: one for each instant and device."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid5

from reprieve.domain.session.readings import DeviceReading
from reprieve.interop.hl7v2.message import Left, LeftRow, MonitorMessage, MonitorObservation
from reprieve.knowledge.monitor_codes import Metric, MonitorCodes

_NAMESPACE = UUID("5b0f6a2e-5b3b-5e0c-9a57-8a4d3f0c7d21")
_PAIR = ("systolic_mmhg", "diastolic_mmhg")
_PRESSURES = (*_PAIR, "mean_mmhg")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """What goes to the log, and the rows that lost their place on the way."""

    readings: tuple[DeviceReading, ...]
    left: tuple[LeftRow, ...]


@dataclass(frozen=True, slots=True)
class _Charted:
    """One observation with the metric that says what it becomes."""

    observation: MonitorObservation
    metric: Metric


def to_readings(message: MonitorMessage, *, session_id: UUID, received_at: datetime, codes: MonitorCodes) -> Filing:
    """The readings of one message for one session.

    The event id is made from session, device, instant and values: a monitor that repeats its last cuff pressure in
    every message, or sends a message again, adds nothing.
    """
    readings, left = [], list[LeftRow]()
    for (observed_at, device), group in _by_instant(message.observations, codes).items():
        values, lost = _values(group)
        left += lost
        if values:
            event_id = _event_id(session_id, device, observed_at, values)
            readings.append(
                DeviceReading(
                    event_id=event_id,
                    session_id=session_id,
                    observed_at=observed_at,
                    received_at=received_at,
                    device=device,
                    **values,
                )
            )
    return Filing(readings=tuple(readings), left=tuple(left))


def _by_instant(
    observations: Iterable[MonitorObservation], codes: MonitorCodes
) -> dict[tuple[datetime, str], list[_Charted]]:
    groups: dict[tuple[datetime, str], list[_Charted]] = defaultdict(list)
    for observation in observations:
        metric = codes.metrics[observation.code]
        if metric.charted is not None:
            groups[(observation.observed_at, observation.device)].append(_Charted(observation, metric))
    return groups


def _values(group: Sequence[_Charted]) -> tuple[dict[str, float], list[LeftRow]]:
    """One value for each vital sign, each from the method that ranks best; pressures from one method only."""
    pressures = [one for one in group if one.metric.charted in _PRESSURES]
    others = [one for one in group if one.metric.charted not in _PRESSURES]
    values, left = _pressures(pressures)
    for one in sorted(others, key=lambda one: one.metric.rank):
        if str(one.metric.charted) in values:
            left.append(_left(one, Left.SAME_METRIC))
        values.setdefault(str(one.metric.charted), one.observation.value)
    return values, left


def _pressures(group: Sequence[_Charted]) -> tuple[dict[str, float], list[LeftRow]]:
    by_method: dict[str, list[_Charted]] = defaultdict(list)
    for one in sorted(group, key=lambda one: one.metric.rank):
        by_method[one.metric.method].append(one)
    values, left = dict[str, float](), list[LeftRow]()
    for rows in by_method.values():
        found = {str(one.metric.charted): one.observation.value for one in rows}
        if values:
            left += [_left(one, Left.SAME_METRIC) for one in rows]
        elif _is_whole(found):
            values = found
        else:
            left += [_left(one, Left.PRESSURE_PAIR) for one in rows]
    return values, left


def _is_whole(found: dict[str, float]) -> bool:
    """Both ends of the pressure the right way round, or the mean alone."""
    systolic, diastolic = (found.get(name) for name in _PAIR)
    if systolic is None or diastolic is None:
        return systolic is diastolic
    return systolic > diastolic


def _left(one: _Charted, reason: Left) -> LeftRow:
    return LeftRow(row=one.observation.row, reason=reason, code=one.observation.code)


def _event_id(session_id: UUID, device: str, observed_at: datetime, values: dict[str, float]) -> UUID:
    measured = ",".join(f"{name}={value:g}" for name, value in sorted(values.items()))
    return uuid5(_NAMESPACE, f"{session_id}|{device}|{observed_at.astimezone(UTC).isoformat()}|{measured}")
