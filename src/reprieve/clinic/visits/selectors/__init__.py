"""Reads sessions; always of one clinic."""

from reprieve.clinic.visits.selectors.floor import ChairCard, board
from reprieve.clinic.visits.selectors.people import signatures
from reprieve.clinic.visits.selectors.sessions import (
    OPEN_PHASES,
    active_session_at_chair,
    active_session_of_mrn,
    chairs_free,
    open_sessions,
    session_get,
    sessions_of,
    signed_sessions_of,
)
from reprieve.clinic.visits.selectors.states import (
    command_state,
    session_events,
    session_log,
    session_state,
    session_summary,
)

__all__ = [
    "OPEN_PHASES",
    "ChairCard",
    "active_session_at_chair",
    "active_session_of_mrn",
    "board",
    "chairs_free",
    "command_state",
    "open_sessions",
    "session_events",
    "session_get",
    "session_log",
    "session_state",
    "session_summary",
    "sessions_of",
    "signatures",
    "signed_sessions_of",
]
