"""Plays one infusion through the services up to a moment."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import uuid4

from reprieve.cli.demo_clinic.cast import Cast
from reprieve.cli.demo_clinic.script import Line, Vitals, whole
from reprieve.clinic.courses.models import DoseOrder, PlannedSession
from reprieve.clinic.courses.ordering import OrderEntry
from reprieve.clinic.courses.services import order_sign, second_check_enter
from reprieve.clinic.visits.models import Chair, DosingSession
from reprieve.clinic.visits.services import Entry, session_command, session_open, vital_signs_append
from reprieve.domain.session.readings import DeviceReading

MONITOR = "demo-monitor"
READING_EVERY_MIN = 5.0
PAST_READING_EVERY_MIN = 10.0


def order_signed(cast: Cast, planned: PlannedSession, *, weight_kg: float, height_cm: float, at: datetime) -> DoseOrder:
    """Today's order at 0.5 mg/kg over 40 minutes."""
    entry = OrderEntry(
        weight_kg=Decimal(str(weight_kg)), height_cm=Decimal(str(height_cm)),
        weighed_on=at.astimezone(cast.clinic.zone).date(),
    )  # fmt: skip
    return order_sign(cast.actor("okafor"), planned_session=planned, entry=entry, at=at, reason="As planned")


def checked(cast: Cast, order: DoseOrder, *, at: datetime) -> DoseOrder:
    """The second nurse reads scale, vial and pump and comes to the same numbers."""
    second_check_enter(
        cast.actor("abara"), order=order, weight_kg=order.weight_kg, vial_mg_per_ml=order.vial_mg_per_ml,
        rate_ml_per_h=order.rate_ml_per_h, at=at,
    )  # fmt: skip
    order.refresh_from_db()
    return order


def played(
    cast: Cast, order: DoseOrder, chair: Chair, vitals: Vitals, *, started_at: datetime, until: datetime
) -> DosingSession:
    """The session of an order as it stands at `until`."""
    opened_at = min(started_at - timedelta(minutes=26), until)
    session = session_open(cast.actor("lind"), order=order, chair=chair, at=opened_at)
    lines = [line for line in whole(vitals, float(order.rate_ml_per_h)) if _at(started_at, line) <= until]
    is_past = len(lines) == len(whole(vitals, float(order.rate_ml_per_h)))
    last_min = 0.0
    for line in lines:
        _readings(
            session,
            vitals,
            started_at,
            last_min,
            line.minute,
            every_min=PAST_READING_EVERY_MIN if is_past else READING_EVERY_MIN,
        )
        last_min = max(last_min, line.minute)
        at = _at(started_at, line)
        session_command(cast.actor(line.who), session=session, event=line.event, entry=Entry(observed_at=at, at=at))
    if not is_past:
        now_min = (until - started_at).total_seconds() / 60
        _readings(session, vitals, started_at, last_min, now_min, every_min=READING_EVERY_MIN)
    session.refresh_from_db()
    return session


def _at(started_at: datetime, line: Line) -> datetime:
    return started_at + timedelta(minutes=line.minute)


def _readings(
    session: DosingSession, vitals: Vitals, started_at: datetime, after_min: float, upto_min: float, *, every_min: float
) -> None:
    first = int(after_min // every_min) + 1
    minutes: Sequence[float] = [n * every_min for n in range(first, int(upto_min // every_min) + 1) if n > 0]
    if minutes:
        vital_signs_append(readings=[_reading(session, vitals, started_at, minute) for minute in minutes])


def _reading(session: DosingSession, vitals: Vitals, started_at: datetime, minute: float) -> DeviceReading:
    at = started_at + timedelta(minutes=minute)
    return DeviceReading(
        event_id=uuid4(), session_id=session.pk, observed_at=at, received_at=at, device=MONITOR, **vitals.at(minute)
    )
