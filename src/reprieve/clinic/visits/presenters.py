"""Rows of the flowsheet, cards of the board, lines of the checklist and the discharge gate."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from math import inf
from typing import Any
from uuid import UUID

from reprieve.clinic.visits.live.points import is_late
from reprieve.clinic.visits.narration import is_flagged, narrate
from reprieve.clinic.visits.wording import OUTCOMES, checklist_label, criterion_label
from reprieve.domain.session import events as ev
from reprieve.domain.session.checklist import ANSWERED_ITEMS, Checklist
from reprieve.domain.session.discharge import ANSWERED_CRITERIA, DischargeGate
from reprieve.domain.session.fold import SessionLog
from reprieve.domain.session.measuring import Measured
from reprieve.domain.session.state import SessionState
from reprieve.domain.session.steps import Entry

GRADES = ((1, "mild"), (2, "moderate"), (3, "severe"), (4, "life-threatening"))
_UNITS_OF_ITEMS = {
    "GO-BP": "mmHg", "GO-HR": "/min", "GO-SPO2": "%", "GO-RR": "/min", "GO-TEMP": "°C", "GO-ORDER": "kg",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the flowsheet."""

    id: UUID
    at: datetime
    entered_at: datetime
    item: str
    value: str
    unit: str
    by: str
    late: bool
    artefact: bool
    corrected: str
    correctable: bool
    n: int | None
    original: str = ""


def flowsheet(log: SessionLog, names: Mapping[UUID, str]) -> list[Row]:
    """Entries, newest first; a corrected one shows what counts now, and what stood there.

    Of a monitor that sends every second each minute is one line, that of its lowest saturation: nobody reads sixty.
    """
    numbers = _flag_numbers(log)
    kept = {entry.id for entry in _lowest_of_each_minute(log)}
    told = (entry for entry in reversed(log.entries) if entry.id in kept or not _is_stream(entry, log))
    return [_row(entry, log, names, numbers) for entry in told]


def _is_stream(entry: Entry, log: SessionLog) -> bool:
    """A value of a continuous monitor without a cuff pressure, that nobody has corrected."""
    if not entry.recorded.by_device or entry.id in log.corrections:
        return False
    return isinstance(entry.fact, ev.VitalSignsRecorded) and entry.fact.systolic_mmhg is None


def _lowest_of_each_minute(log: SessionLog) -> Iterable[Entry]:
    lowest: dict[datetime, Entry] = {}
    for entry in log.entries:
        if _is_stream(entry, log):
            minute = entry.observed_at.replace(second=0, microsecond=0)
            lowest[minute] = min(lowest.get(minute, entry), entry, key=_saturation)
    return lowest.values()


def _saturation(entry: Entry) -> float:
    """Not measured counts as high: a minute is told by what was seen."""
    value = getattr(entry.fact, "spo2_percent", None)
    return inf if value is None else value


def _flag_numbers(log: SessionLog) -> dict[UUID, int]:
    flagged = [entry for entry in log.entries if entry.fact is not None and is_flagged(entry.fact)]
    ordered = sorted(flagged, key=lambda entry: entry.recorded.seq)
    return {entry.id: number for number, entry in enumerate(ordered, start=1)}


def _row(entry: Entry, log: SessionLog, names: Mapping[UUID, str], numbers: Mapping[UUID, int]) -> Row:
    recorded = entry.recorded
    line = narrate(recorded.event if entry.fact is None else entry.fact)
    corrections = log.corrections.get(entry.id, [])
    is_changed = entry.fact is not None and entry.fact is not recorded.event
    return Row(
        id=entry.id,
        at=entry.observed_at,
        entered_at=recorded.entered_at,
        item=line.item,
        value=line.value,
        unit=line.unit,
        by=recorded.device if recorded.author_id is None else names.get(recorded.author_id, ""),
        late=is_late(entry),
        artefact=entry.fact is None and not isinstance(recorded.event, ev.EventCorrected),
        corrected=corrections[-1].event.reason if corrections else "",
        correctable=isinstance(recorded.event, Measured) and entry.fact is not None,
        n=numbers.get(entry.id),
        original=narrate(recorded.event).value if is_changed else "",
    )


def checklist_rows(found: Checklist, state: SessionState, names: Mapping[UUID, str]) -> list[dict[str, Any]]:
    """Lines of the checklist with what was found, by whom and when."""
    rows = []
    for item in found.items:
        answered = state.answers.get(item.id)
        rows.append(
            {
                "id": item.id,
                "label": checklist_label(item.id),
                "outcome": item.outcome.value,
                "outcome_label": OUTCOMES[item.outcome.value],
                "value": _found(item.id, item.values),
                "at": item.at,
                "is_stale": item.is_stale,
                "needs_second_reading": item.needs_second_reading,
                "is_answered": item.id in ANSWERED_ITEMS,
                "by": "" if answered is None else names.get(answered.by_id, ""),
                "note": "" if answered is None else answered.note,
            }
        )
    return rows


def _found(item: str, values: tuple[float, ...]) -> str:
    if not values:
        return ""
    if item == "GO-ORDER":
        return f"{values[0]:g} kg today, {values[1]:g} kg in the order"
    return f"{'/'.join(f'{round(value, 1):g}' for value in values)} {_UNITS_OF_ITEMS[item]}"


def criterion_rows(gate: DischargeGate, state: SessionState, names: Mapping[UUID, str]) -> list[dict[str, Any]]:
    """Lines of the discharge gate; a criterion is met, not met or open."""
    rows = []
    for criterion in gate.criteria:
        answer = state.criteria.get(criterion.id)
        rows.append(
            {
                "id": criterion.id,
                "label": criterion_label(criterion.id),
                "met": criterion.met,
                "passes": criterion.passes,
                "value": _criterion_value(criterion.id, criterion.values),
                "ready_at": None if criterion.met else criterion.ready_at,
                "is_answered": criterion.id in ANSWERED_CRITERIA,
                "is_number": criterion.id == "DIS-ALD",
                "override": criterion.override,
                "override_by": "" if criterion.override is None else names.get(criterion.override.by_id, ""),
                "by": "" if answer is None else names.get(answer.by_id, ""),
                "at": None if answer is None else answer.at,
            }
        )
    return rows


def _criterion_value(criterion: str, values: tuple[float, ...]) -> str:
    if not values:
        return ""
    if criterion.startswith("DIS-TIME"):
        return f"{int(values[0])} of {values[1]:g} min"
    if criterion == "DIS-SPO2":
        return f"{values[0]:g} % · {values[1]:g} /min"
    if criterion == "DIS-BP":
        return f"{values[0]:g}/{values[1]:g} mmHg"
    return f"{values[0]:g}"
