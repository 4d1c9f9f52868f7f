"""Recomputes the chains of stored sessions."""

from itertools import chain
from uuid import UUID

from django.db.models import F

from reprieve.clinic.visits.log import sealed
from reprieve.clinic.visits.models import DosingSession, SessionEvent
from reprieve.domain.session.chain import Break, verify
from reprieve.errors import InputError


def broken_chains(session_id: UUID | None = None) -> tuple[int, list[tuple[UUID, Break]]]:
    """How many sessions were looked at, and the first break of each that does not hold.

    Raises: InputError when there is no such session.
    """
    sessions = DosingSession.objects.order_by("opened_at")
    if session_id is not None:
        sessions = sessions.filter(pk=session_id)
        if not sessions.exists():
            raise InputError("SESSION-UNKNOWN", f"There is no session {session_id}.")
    found = [(session.pk, first_break(session)) for session in sessions]
    return len(found), [(pk, problem) for pk, problem in found if problem is not None]


def first_break(session: DosingSession) -> Break | None:
    """The first entry that does not hold, as the log stands in one instant.

    Entries and the head kept with the session come by one statement: a monitor goes on writing meanwhile, and a head
    read before the entries would make a running session look cut short.
    """
    rows = SessionEvent.objects.filter(session=session).order_by("seq")
    with_head = rows.annotate(head_seq=F("session__last_seq"), head_hash=F("session__last_hash"))
    entries = with_head.iterator(chunk_size=2000)
    first = next(entries, None)
    if first is None:
        return verify((), last_seq=session.last_seq, last_hash=session.last_hash)
    return verify(sealed(chain([first], entries)), last_seq=first.head_seq, last_hash=first.head_hash)
