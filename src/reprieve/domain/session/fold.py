"""The fold of the log: events in the order in which they were stored, the state in the order in which things happened.

A late entry or a correction reaches back in time. The fold keeps a state every few entries, goes back to the last one
before the change and replays from there, so a late reading costs little however long the log is. The result is the
same as folding the whole log anew.
"""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from reprieve.domain.session.events import Event, EventCorrected, Recorded
from reprieve.domain.session.limits import SessionLimits
from reprieve.domain.session.state import SessionState
from reprieve.domain.session.steps import Entry, step

_STRIDE = 64
_Place = tuple[datetime, int]


@dataclass(slots=True)
class SessionLog:
    """One session's log while it is open, with its state. The only value here that changes: `apply` adds an event."""

    limits: SessionLimits
    entries: list[Entry] = field(default_factory=list)
    corrections: dict[UUID, list[Recorded[EventCorrected]]] = field(default_factory=dict)
    state: SessionState = field(default_factory=SessionState)
    last_seq: int = 0
    _kept: list[SessionState] = field(default_factory=lambda: [SessionState()])

    def apply(self, recorded: Recorded[Event]) -> None:
        """Take the next event of the log.  Raises: ValueError when its number is not above the last one."""
        if recorded.seq <= self.last_seq:
            raise ValueError(f"event {recorded.seq} comes after {self.last_seq}")
        self.last_seq = recorded.seq
        changed_from = len(self.entries)
        if isinstance(recorded.event, EventCorrected):
            changed_from = self._correct(recorded.event.target, recorded)
        changed_from = min(changed_from, self._insert(recorded))
        self._replay(changed_from)
        self.state = replace(self.state, last_seq=self.last_seq)

    def _insert(self, recorded: Recorded[Event]) -> int:
        entry = effective(recorded, self.corrections.get(recorded.id, ()))
        index = bisect_right(self.entries, (entry.observed_at, recorded.seq), key=_place)
        self.entries.insert(index, entry)
        return index

    def _correct(self, target: UUID, recorded: Recorded[Event]) -> int:
        """Put the corrected entry where it belongs now; the first index that this changes."""
        assert isinstance(recorded.event, EventCorrected)  # noqa: S101  narrows for the type checker
        self.corrections.setdefault(target, []).append(recorded)  # type: ignore[arg-type]  # narrowed just above
        index = next((i for i, entry in enumerate(self.entries) if entry.id == target), None)
        if index is None:
            return len(self.entries)
        return min(index, self._insert(self.entries.pop(index).recorded))

    def _replay(self, changed_from: int) -> None:
        """Bring the state up to date from the last one kept before the change."""
        del self._kept[changed_from // _STRIDE + 1 :]
        is_next = changed_from == len(self.entries) - 1
        start = changed_from if is_next else (len(self._kept) - 1) * _STRIDE
        state = self.state if is_next else self._kept[-1]
        for index in range(start, len(self.entries)):
            if index % _STRIDE == 0 and index // _STRIDE == len(self._kept):
                self._kept.append(state)
            state = step(state, self.entries[index], self.limits)
        self.state = state


def fold(events: Iterable[Recorded[Event]], limits: SessionLimits) -> SessionState:
    """The state of a whole log, from scratch: correct first, then order, then step."""
    stored = sorted(events, key=lambda recorded: recorded.seq)
    corrections: dict[UUID, list[Recorded[EventCorrected]]] = {}
    for recorded in stored:
        if isinstance(recorded.event, EventCorrected):
            corrections.setdefault(recorded.event.target, []).append(recorded)  # type: ignore[arg-type]  # narrowed
    entries = sorted((effective(recorded, corrections.get(recorded.id, ())) for recorded in stored), key=_place)
    state = SessionState()
    for entry in entries:
        state = step(state, entry, limits)
    return replace(state, last_seq=stored[-1].seq if stored else 0)


def effective(recorded: Recorded[Event], corrections: Iterable[Recorded[EventCorrected]]) -> Entry:
    """The event as it counts after its corrections, the latest one ruling."""
    event, observed_at = recorded.event, recorded.observed_at
    fact = None if isinstance(event, EventCorrected) else event
    for correction in corrections:
        said = correction.event
        fact = None if said.artefact else (said.replacement or fact)
        observed_at = said.observed_at or observed_at
    return Entry(recorded=recorded, fact=fact, observed_at=observed_at)


def _place(entry: Entry) -> _Place:
    return (entry.observed_at, entry.recorded.seq)
