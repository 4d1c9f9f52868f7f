"""Readings of bedside devices: many sessions in one transaction, the same message twice once."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from reprieve.clinic.audit.models import AuditEvent
from reprieve.clinic.audit.services import Actor, event_of, record_all
from reprieve.clinic.visits.models import DosingSession, SessionEvent
from reprieve.clinic.visits.selectors import OPEN_PHASES
from reprieve.clinic.visits.services.append import Entry, new_row, notify
from reprieve.domain.session.readings import DeviceReading

GATEWAY = "monitor-gateway"


@transaction.atomic
def vital_signs_append(*, readings: Sequence[DeviceReading]) -> int:
    """Write what is new among the readings and say how many that were.

    Readings of a session that is no longer open are not written: the record of a patient who has left is closed.
    """
    sessions = list(
        DosingSession.objects.select_for_update(of=("self",))
        .select_related("clinic")
        .filter(pk__in={reading.session_id for reading in readings}, phase__in=OPEN_PHASES)
        .order_by("pk")
    )
    fresh = _fresh(readings)
    sessions = [session for session in sessions if session.pk in fresh]
    rows = [row for session in sessions for row in _rows(session, fresh[session.pk])]
    SessionEvent.objects.bulk_create(rows)
    DosingSession.objects.bulk_update(sessions, ["last_seq", "last_hash"])
    record_all([_audited(session, len(fresh[session.pk])) for session in sessions])
    notify(sessions)
    return len(rows)


def _fresh(readings: Sequence[DeviceReading]) -> dict[UUID, dict[UUID, DeviceReading]]:
    """What is not in a log yet, by session and id; asked under the lock, for two gateways may bring the same."""
    known = set(
        SessionEvent.objects.filter(pk__in=[reading.event_id for reading in readings]).values_list("pk", flat=True)
    )
    fresh: dict[UUID, dict[UUID, DeviceReading]] = defaultdict(dict)
    for reading in readings:
        if reading.event_id not in known:
            fresh[reading.session_id].setdefault(reading.event_id, reading)
    return fresh


def _audited(session: DosingSession, readings: int) -> AuditEvent:
    return event_of(
        Actor.program(GATEWAY, session.clinic), "session.vital-signs", entity="DosingSession", entity_id=session.pk,
        patient_id=session.patient_id, detail={"readings": readings, "last_seq": session.last_seq},
    )  # fmt: skip


def _rows(session: DosingSession, readings: dict[UUID, DeviceReading]) -> list[SessionEvent]:
    return [
        new_row(
            session,
            reading.vital_signs(),
            event_id=reading.event_id,
            entry=Entry(observed_at=reading.observed_at, at=reading.received_at, device=reading.device),
            author=None,
        )
        for reading in sorted(readings.values(), key=lambda reading: reading.observed_at)
    ]
