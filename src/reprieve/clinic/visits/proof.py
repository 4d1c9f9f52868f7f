"""Recomputes the chains of stored sessions."""

from uuid import UUID

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
    found = [(session.pk, _broken(session)) for session in sessions]
    return len(found), [(pk, problem) for pk, problem in found if problem is not None]


def _broken(session: DosingSession) -> Break | None:
    rows = SessionEvent.objects.filter(session=session).order_by("seq").iterator(chunk_size=2000)
    return verify(sealed(rows), last_seq=session.last_seq, last_hash=session.last_hash)
