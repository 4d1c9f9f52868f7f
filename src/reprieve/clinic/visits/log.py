"""Rows of the log as domain values."""

from collections.abc import Iterable, Iterator
from uuid import UUID

from reprieve.clinic.visits.codec import decode
from reprieve.clinic.visits.models import SessionEvent
from reprieve.domain.session.chain import Link, Sealed
from reprieve.domain.session.events import Event, Recorded
from reprieve.domain.session.fold import SessionLog
from reprieve.knowledge.monitoring import load_limits


def recorded(row: SessionEvent) -> Recorded[Event]:
    """One row as an event in its envelope."""
    return Recorded(
        event=decode(row.kind, row.payload),
        id=row.id,
        seq=row.seq,
        observed_at=row.observed_at,
        entered_at=row.entered_at,
        received_at=row.received_at,
        author_id=row.author_id,
        device=row.device,
    )


def folded(rows: Iterable[SessionEvent]) -> SessionLog:
    """The log of these rows, which come in the order of `seq`."""
    log = SessionLog(limits=load_limits())
    for row in rows:
        log.apply(recorded(row))
    return log


def link_of(row: SessionEvent) -> Link:
    """One row as the chain sees it."""
    return Link(
        session_id=UUID(str(row.session_id)),
        seq=row.seq,
        id=row.id,
        kind=row.kind,
        payload=row.payload,
        observed_at=row.observed_at,
        entered_at=row.entered_at,
        received_at=row.received_at,
        author_id=row.author_id,
        device=row.device,
    )


def sealed(rows: Iterable[SessionEvent]) -> Iterator[Sealed]:
    return (Sealed(link=link_of(row), prev_hash=row.prev_hash, hash=row.hash) for row in rows)
