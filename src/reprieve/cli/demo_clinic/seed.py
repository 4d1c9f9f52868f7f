"""The present of the demonstration clinic first, its past while the pages are open already."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from importlib.resources.abc import Traversable

from django.conf import settings
from django.db import connection

from reprieve.cli.demo_clinic import chapters
from reprieve.cli.demo_clinic.cast import DEMO, PASSWORD, Cast, engage
from reprieve.cli.demo_clinic.chapters import Stay
from reprieve.cli.demo_clinic.people import Person, bundles, people
from reprieve.cli.demo_clinic.stage import order_signed, played
from reprieve.clinic.accounts.models import Role
from reprieve.clinic.config.staffing import user_admit
from reprieve.clinic.courses.models import Course, PlannedSession
from reprieve.clinic.patients.services.imports import bundle_import
from reprieve.clinic.patients.services.registration import patient_access_give
from reprieve.registry.store import RegistryStore
from reprieve.registry.synthetic import synthetic_packages

LIVE_MINUTES_IN = 14.0
_OBSERVING_MINUTES_IN = 71.0
_MINUTES_BEFORE_START = 8.0
_FOLLOW_UP_DAYS = 20
_IN_THE_CHAIRS = ("live", "observing", "preparing")
_DAYS_TO_NEXT = 2
_SYNTHETIC_PEOPLE = 300
Step = Callable[[], object]


@dataclass(frozen=True, slots=True)
class LiveMonitor:
    """A monitor that is to be simulated."""

    chair: str
    mrn: str
    minutes_in: float


@dataclass(frozen=True, slots=True)
class Season:
    """The clinic at the moment when it opens."""

    cast: Cast
    now_at: datetime


def open_clinic(now_at: datetime) -> Season:
    """The clinic and its staff, so that the pages can open."""
    _commit_without_waiting()
    return Season(engage(), now_at)


def fill_chairs(season: Season) -> tuple[LiveMonitor, ...]:
    """The people who are in the chairs, and the monitors beside them."""
    monitors = [_seat(season, person, number) for number, person in enumerate(people()) if _is_seated(person)]
    return tuple(monitor for monitor in monitors if monitor is not None)


def rest(season: Season) -> Sequence[Step]:
    """Everybody else, a step a person."""
    others = [
        partial(_settle, season, person, number) for number, person in enumerate(people()) if not _is_seated(person)
    ]
    imported = [partial(_import, season, path) for path in bundles()]
    return [*imported, *others, _fill_registry]


def _commit_without_waiting() -> None:
    """Invented people may be lost in a power cut."""
    with connection.cursor() as cursor:
        cursor.execute("set synchronous_commit to off")


def _is_seated(person: Person) -> bool:
    return person.stage in _IN_THE_CHAIRS


def _seat(season: Season, person: Person, number: int) -> LiveMonitor | None:
    """Somebody in a chair now: earlier sessions, today's checked order, and today's session as far as it has come."""
    stay, course = _up_to_today(season, person, number)
    planned = course.planned_sessions.get(number=person.sessions_done + 1)
    chair = season.cast.chairs[_IN_THE_CHAIRS.index(person.stage)]
    minutes_in = {"live": LIVE_MINUTES_IN, "observing": _OBSERVING_MINUTES_IN}.get(person.stage, -_MINUTES_BEFORE_START)
    started_at = season.now_at - timedelta(minutes=minutes_in)
    order = chapters.checked_order(stay, planned, at=started_at - timedelta(minutes=50))
    played(season.cast, order, chair, stay.vitals, started_at=started_at, until=season.now_at)
    if person.stage == "live":
        _give_access(season, stay)
    return LiveMonitor(chair.code, stay.patient.mrn, minutes_in) if minutes_in > 0 else None


def _give_access(season: Season, stay: Stay) -> None:
    """The person at the pump is also the one who signs in as a patient."""
    user = user_admit(
        system=DEMO,
        clinic=season.cast.clinic, username=stay.person.family.lower(), role=Role.PATIENT, password=PASSWORD,
        first_name=stay.person.given, last_name=stay.person.family,
    )  # fmt: skip
    patient_access_give(season.cast.actor("romero"), patient=stay.patient, user=user)


def _up_to_today(season: Season, person: Person, number: int, *, days_to_next: int = 0) -> tuple[Stay, Course]:
    """Arrival, candidacy, course and past sessions, so that the next session is `days_to_next` days from today."""
    offsets = _offsets()
    done = person.sessions_done
    today = season.now_at.astimezone(season.cast.clinic.zone).date()
    ahead = offsets[done] if done < len(offsets) else offsets[-1] + _FOLLOW_UP_DAYS
    starts_on = today + timedelta(days=days_to_next - ahead)
    stay = chapters.arrive(season.cast, person, number, on=starts_on - timedelta(days=2))
    _answer_baseline(stay, on=starts_on - timedelta(days=2))
    chapters.assess(stay, at=stay.at(starts_on - timedelta(days=2), 11))
    course = chapters.begin_course(stay, starts_on=starts_on)
    for planned in course.planned_sessions.filter(number__lte=done):
        _answer_before(stay, planned)
        chapters.treat(stay, planned)
    _answer_after(stay, starts_on, offsets, season.now_at)
    return stay, course


def _offsets() -> tuple[int, ...]:
    from reprieve.knowledge.regimens import regimens

    return tuple(regimens()[chapters.REGIMEN].day_offsets)


def _answer_baseline(stay: Stay, *, on: date) -> None:
    if stay.person.phq9:
        chapters.answer_phq9(stay, stay.person.phq9[0], at=stay.at(on, 10), item9=stay.person.item9)


def _answer_before(stay: Stay, planned: PlannedSession) -> None:
    """The form on the evening before the second and later sessions, where people.toml has one."""
    index = planned.number - 1
    if 0 < index < len(stay.person.phq9):
        chapters.answer_phq9(stay, stay.person.phq9[index], at=stay.at(planned.planned_on - timedelta(days=1), 19))


def _answer_after(stay: Stay, starts_on: date, offsets: Sequence[int], now_at: datetime) -> None:
    """The form that follows the last done session: before the next one, or sixteen days after the last of all."""
    done = stay.person.sessions_done
    if not 0 < done < len(stay.person.phq9):
        return
    after = offsets[done] - 1 if done < len(offsets) else offsets[-1] + 16
    at = min(stay.at(starts_on + timedelta(days=after), 19), now_at - timedelta(hours=3))
    chapters.answer_phq9(stay, stay.person.phq9[done], at=at)


def _settle(season: Season, person: Person, number: int) -> None:
    """Somebody who is not in a chair now."""
    today = season.now_at.astimezone(season.cast.clinic.zone).date()
    if person.stage in {"in_course", "completed"}:
        _up_to_today(season, person, number, days_to_next=_DAYS_TO_NEXT if person.stage == "in_course" else 0)
    elif person.stage in {"ready_to_order", "signed_order", "checked"}:
        _order(season, person, number)
    else:
        stay = chapters.arrive(season.cast, person, number, on=today - timedelta(days=1))
        _answer_baseline(stay, on=today - timedelta(days=1))
        if person.stage != "referred":
            chapters.assess(stay, at=season.now_at - timedelta(hours=1), is_signed=person.stage != "emergency")


def _order(season: Season, person: Person, number: int) -> None:
    """Today's session is planned, its order not yet written, signed, or checked."""
    stay, course = _up_to_today(season, person, number)
    planned = course.planned_sessions.get(number=person.sessions_done + 1)
    at = season.now_at - timedelta(minutes=20)
    if person.stage == "signed_order":
        assert person.weight_kg and person.height_cm  # noqa: S101
        order_signed(season.cast, planned, weight_kg=person.weight_kg, height_cm=person.height_cm, at=at)
    elif person.stage == "checked":
        chapters.checked_order(stay, planned, at=at)


def _import(season: Season, path: Traversable) -> None:
    bundle_import(season.cast.actor("romero"), content=path.read_bytes(), file_name=path.name)


def _fill_registry() -> None:
    """Invented people of other clinics, marked synthetic and counted apart: thirty are too few for a measure."""
    store = RegistryStore(settings.REGISTRY_STORE)
    store.submit_many(list(synthetic_packages(people=_SYNTHETIC_PEOPLE, seed=1)))
