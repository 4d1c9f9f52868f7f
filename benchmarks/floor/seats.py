"""Running sessions for a measurement, made through the services that real use goes through."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import cycle

from reprieve.cli.demo_clinic import chapters
from reprieve.cli.demo_clinic.cast import Cast, engage
from reprieve.cli.demo_clinic.people import Person, people
from reprieve.cli.demo_clinic.stage import played
from reprieve.clinic.visits.models import Chair
from reprieve.clinic.visits.services import chair_create

NURSES = ("lind", "abara")
FACILITY = "harbor"
MINUTES_IN = 14.0
_DAYS_BEFORE = timedelta(days=2)
_TREATED = ("live", "observing", "preparing", "in_course")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """One running session: what its monitor says of itself, and what its page is called."""

    session: str
    chair: str
    mrn: str


def seat_people(chairs: int) -> list[Seat]:
    """A clinic with `chairs` people at the pump, 14 minutes in."""
    now_at = datetime.now(UTC)
    cast = engage()
    desk = cast.actor("romero")
    more = [chair_create(desk, name=f"Chair {n}", code=f"CHAIR-{n}") for n in range(len(cast.chairs) + 1, chairs + 1)]
    treated = cycle([person for person in people() if person.stage in _TREATED])
    return [
        _seat(cast, replace(next(treated), family=f"Seat{number}", sessions_done=0), number, chair, now_at)
        for number, chair in enumerate([*cast.chairs, *more][:chairs])
    ]


def _seat(cast: Cast, person: Person, number: int, chair: Chair, now_at: datetime) -> Seat:
    """Record, decision, course, checked order, and the session as far as it has come."""
    today = now_at.astimezone(cast.clinic.zone).date()
    started_at = now_at - timedelta(minutes=MINUTES_IN)
    stay = chapters.arrive(cast, person, number, on=today - _DAYS_BEFORE)
    chapters.answer_phq9(stay, person.phq9[0], at=stay.at(today - _DAYS_BEFORE, 10))
    chapters.assess(stay, at=stay.at(today - _DAYS_BEFORE, 11))
    planned = chapters.begin_course(stay, starts_on=today).planned_sessions.get(number=1)
    order = chapters.checked_order(stay, planned, at=started_at - timedelta(minutes=50))
    session = played(cast, order, chair, stay.vitals, started_at=started_at, until=now_at)
    return Seat(session=str(session.pk), chair=chair.code, mrn=stay.patient.mrn)
