"""The floor: one card a chair, always in the same place."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from reprieve.clinic.accounts.models import Clinic
from reprieve.clinic.patients.models import Patient
from reprieve.clinic.visits.live.status import status
from reprieve.clinic.visits.log import folded
from reprieve.clinic.visits.models import Chair, DosingSession, SessionEvent
from reprieve.clinic.visits.selectors.people import signatures
from reprieve.clinic.visits.selectors.sessions import open_sessions
from reprieve.domain.session.fold import SessionLog
from reprieve.knowledge.monitoring import load_limits


@dataclass(frozen=True, slots=True, kw_only=True)
class DueCard:
    label: str
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ChairCard:
    """What a chair shows from across the room; None where nothing is known."""

    chair: Chair
    session: DosingSession | None = None
    patient: Patient | None = None
    phase: str = ""
    phase_label: str = ""
    minutes_left: float | None = None
    delivered_mg: float | None = None
    ordered_mg: float | None = None
    due: DueCard | None = None
    bp: dict[str, Any] | None = None
    spo2: dict[str, Any] | None = None
    alarm: dict[str, Any] | None = None
    nurse: str | None = None


def board(clinic: Clinic, now: datetime) -> list[ChairCard]:
    """One card for each chair of the clinic, in the order of the chairs."""
    sessions = {session.chair_id: session for session in open_sessions(clinic)}
    logs = _logs([session.pk for session in sessions.values()])
    names = signatures(clinic) if sessions else {}
    return [
        _card(chair, sessions[chair.pk], logs[sessions[chair.pk].pk], names, now)
        if chair.pk in sessions
        else ChairCard(chair=chair)
        for chair in Chair.objects.filter(clinic=clinic)
    ]


def _logs(session_ids: list[UUID]) -> dict[UUID, SessionLog]:
    """The logs of all sessions in one query."""
    rows: dict[UUID, list[SessionEvent]] = {session_id: [] for session_id in session_ids}
    for row in SessionEvent.objects.filter(session_id__in=session_ids).order_by("session_id", "seq"):
        rows[row.session_id].append(row)
    return {session_id: folded(found) for session_id, found in rows.items()}


def _card(chair: Chair, session: DosingSession, log: SessionLog, names: Mapping[UUID, str], now: datetime) -> ChairCard:
    shown = status(log.state, load_limits(), names, now_at=now)
    next_due = shown["due"][0] if shown["due"] else None
    authors = [entry.recorded.author_id for entry in log.entries if entry.recorded.author_id is not None]
    return ChairCard(
        chair=chair,
        session=session,
        patient=session.patient,
        phase=shown["phase"],
        phase_label=shown["phase_label"],
        minutes_left=shown.get("minutes_left"),
        delivered_mg=shown.get("delivered_mg"),
        ordered_mg=shown.get("ordered_mg"),
        due=None
        if next_due is None
        else DueCard(label=next_due["label"], due_at=datetime.fromisoformat(next_due["due_at"])),
        bp=shown["latest"].get("bp"),
        spo2=shown["latest"].get("spo2"),
        alarm=shown["alarms"][0] if shown["alarms"] else None,
        nurse=names.get(authors[-1]) if authors else None,
    )
