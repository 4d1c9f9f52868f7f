"""The one way into the log: lock the session, chain the event to the one before, tell the open pages."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.db import connection, transaction

from reprieve.clinic.accounts.models import User
from reprieve.clinic.audit.services import Actor, record
from reprieve.clinic.visits.codec import encode
from reprieve.clinic.visits.log import link_of
from reprieve.clinic.visits.models import DosingSession, Phase, SessionEvent
from reprieve.clinic.visits.selectors import command_state
from reprieve.domain.session.chain import GENESIS, canonical_json, link_hash
from reprieve.domain.session.events import Event
from reprieve.errors import InputError

CHANNEL = "session_events"
_PROJECTED = frozenset(
    {"infusion-started", "rate-changed", "infusion-paused", "infusion-resumed", "infusion-stopped", "released",
     "signed", "corrected"}
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """When an event happened, was typed (`entered_at`, None: just now) and arrived (`at`), and the id it was given.

    A page makes the id, so that sending again changes nothing.
    """

    observed_at: datetime
    at: datetime
    entered_at: datetime | None = None
    event_id: UUID | None = None
    device: str = ""


@transaction.atomic
def event_append(actor: Actor, *, session: DosingSession, event: Event, entry: Entry) -> SessionEvent:
    """Put one event of a person at the end of the log; an id that is already there changes nothing.

    Raises: InputError when the id belongs to another event.
    """
    locked = lock(session)
    event_id = entry.event_id or uuid4()
    known = SessionEvent.objects.filter(pk=event_id).first()
    if known is not None:
        return _same(known, locked, event)
    row = new_row(locked, event, event_id=event_id, entry=entry, author=actor.user)
    row.save(force_insert=True)
    if row.kind in _PROJECTED:
        project(locked)
    locked.save(update_fields=["last_seq", "last_hash", "phase", "started_at", "ended_at"])
    record(actor, f"session.{row.kind}", entity="DosingSession", entity_id=locked.pk, patient_id=locked.patient_id,
           detail={"event": str(row.pk), "seq": row.seq})  # fmt: skip
    notify([locked])
    return row


def lock(session: DosingSession) -> DosingSession:
    """The session's row, held until the transaction ends: events get their places one after another."""
    return DosingSession.objects.select_for_update(of=("self",)).get(pk=session.pk)


def new_row(session: DosingSession, event: Event, *, event_id: UUID, entry: Entry, author: User | None) -> SessionEvent:
    """The next row of a locked session's log; moves the session's end of chain on, saves nothing."""
    kind, payload = encode(event)
    row = SessionEvent(
        id=event_id,
        session=session,
        seq=session.last_seq + 1,
        kind=kind,
        payload=payload,
        observed_at=entry.observed_at,
        entered_at=entry.entered_at or entry.at,
        received_at=entry.at,
        author=author,
        device=entry.device,
        prev_hash=session.last_hash or GENESIS,
    )
    row.hash = link_hash(link_of(row), row.prev_hash)
    session.last_seq, session.last_hash = row.seq, row.hash
    return row


def project(session: DosingSession) -> None:
    """Copy phase, start and end from the log to the session's row, where lists and guards read them."""
    state = command_state(session)
    session.phase = Phase(state.phase.value)
    session.started_at, session.ended_at = state.started_at, state.ended_at


def notify(sessions: Sequence[DosingSession]) -> None:
    """Tell every web process, when and only when the transaction commits."""
    payloads = [json.dumps({"session": str(session.pk), "seq": session.last_seq}) for session in sessions]
    with connection.cursor() as cursor:
        cursor.execute("select pg_notify(%s, payload) from unnest(%s::text[]) as payload", [CHANNEL, payloads])


def _same(known: SessionEvent, session: DosingSession, event: Event) -> SessionEvent:
    kind, payload = encode(event)
    is_same = known.kind == kind and canonical_json(known.payload) == canonical_json(payload)
    if known.session_id != session.pk or not is_same:
        raise InputError("EVENT-ID-TAKEN", "Another entry has this id already; reload the page and enter it again.")
    return known
