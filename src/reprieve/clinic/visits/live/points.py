"""Values of the log as marks on the time axis."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from reprieve.clinic.visits.narration import is_flagged, narrate
from reprieve.domain.quantities.spans import minutes_between
from reprieve.domain.session.events import EventCorrected
from reprieve.domain.session.fold import SessionLog
from reprieve.domain.session.measuring import Measured, readings
from reprieve.domain.session.state import Reading, Signal
from reprieve.domain.session.steps import Entry

LANES = tuple(signal.value for signal in Signal if signal is not Signal.TEMPERATURE)
_LATE = timedelta(minutes=2)
Points = dict[str, list[dict[str, Any]]]


def points(entries: Iterable[Entry], origin_at: datetime) -> Points:
    """Marks by lane; a value struck out as an artefact stays, marked."""
    lanes: Points = {lane: [] for lane in LANES}
    for entry in entries:
        fact = entry.recorded.event if entry.fact is None else entry.fact
        if isinstance(fact, Measured):
            for reading in readings(entry.observed_at, entry.recorded, fact):
                if reading.signal.value in lanes:
                    lanes[reading.signal.value].append(_mark(reading, entry, origin_at))
    return lanes


def flags(entries: Iterable[Entry], origin_at: datetime) -> list[dict[str, Any]]:
    """Numbered events, in the order in which they were entered, so that a number never changes."""
    flagged = sorted(
        (entry for entry in entries if entry.fact is not None and is_flagged(entry.fact)),
        key=lambda entry: entry.recorded.seq,
    )
    return [
        {"t": _t(entry.observed_at, origin_at), "n": number, "label": narrate(entry.fact).sentence, "id": str(entry.id)}
        for number, entry in enumerate(flagged, start=1)
        if entry.fact is not None
    ]


def is_late(entry: Entry) -> bool:
    """Typed well after it was observed; what a device sends is never late."""
    return not entry.recorded.by_device and entry.recorded.entered_at - entry.observed_at > _LATE


def touched(log: SessionLog, after_seq: int) -> list[Entry]:
    """Entries that are new after `after_seq`, and those that a newer correction changed, in their order.

    New ones stand at the end unless they came late, so the search goes backwards and stops when it has them all.
    """
    wanted = log.last_seq - after_seq
    fresh: list[Entry] = []
    for entry in reversed(log.entries):
        if len(fresh) == wanted:
            break
        if entry.recorded.seq > after_seq:
            fresh.append(entry)
    targets = {entry.recorded.event.target for entry in fresh if isinstance(entry.recorded.event, EventCorrected)}
    if targets:
        new = {entry.id for entry in fresh}
        return [entry for entry in log.entries if entry.id in targets or entry.id in new]
    return fresh[::-1]


def _mark(reading: Reading, entry: Entry, origin_at: datetime) -> dict[str, Any]:
    mark: dict[str, Any] = {
        "t": _t(reading.at, origin_at),
        "id": str(reading.id),
        "by": "device" if reading.by_device else "person",
        "late": is_late(entry),
        "artefact": entry.fact is None,
    }
    if reading.signal is Signal.PRESSURE:
        return mark | {"sbp": reading.value, "dbp": reading.diastolic_mmhg, "map": reading.mean_mmhg}
    return mark | {"v": reading.value}


def _t(at: datetime, origin_at: datetime) -> float:
    return round(minutes_between(origin_at, at), 3)
