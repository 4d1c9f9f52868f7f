"""What the log of a session says."""

from datetime import datetime

from django.db.models import Q, QuerySet

from reprieve.clinic.visits.codec import VITAL_SIGNS
from reprieve.clinic.visits.log import folded
from reprieve.clinic.visits.models import DosingSession, SessionEvent
from reprieve.domain.session.fold import SessionLog
from reprieve.domain.session.state import SessionState
from reprieve.domain.session.summary import SessionSummary, summary


def session_events(session: DosingSession) -> QuerySet[SessionEvent]:
    """The whole log with its authors, in its order."""
    return SessionEvent.objects.filter(session=session).select_related("author").order_by("seq")


def session_log(session: DosingSession) -> SessionLog:
    """The whole log, folded."""
    return folded(SessionEvent.objects.filter(session=session).order_by("seq"))


def session_state(session: DosingSession) -> SessionState:
    """Where the session stands."""
    return session_log(session).state


def command_state(session: DosingSession) -> SessionState:
    """The state without what devices sent: enough to decide about the pump, and quick however long the log is."""
    is_device_vitals = Q(kind=VITAL_SIGNS, author=None)
    return folded(SessionEvent.objects.filter(session=session).exclude(is_device_vitals).order_by("seq")).state


def session_summary(session: DosingSession, *, at: datetime | None = None) -> SessionSummary:
    """What the session came to; `at` is needed while it still runs.  Raises: ValueError without an end."""
    state = session_state(session)
    until = at or state.ended_at
    if until is None:
        raise ValueError(f"session {session.pk} still runs: say until when")
    return summary(state, now_at=until)
