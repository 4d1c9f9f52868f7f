"""Who works in the demonstration clinic, and how they sign in."""

from dataclasses import dataclass

from reprieve.clinic.accounts.models import Clinic, Role, User
from reprieve.clinic.audit.services import Actor
from reprieve.clinic.config.staffing import clinic_open, user_admit
from reprieve.clinic.visits.models import Chair
from reprieve.clinic.visits.services import chair_create

PASSWORD = "harbor-lights-2026"  # noqa: S105  printed by `reprieve demo`, for invented people only
DEMO = "demo"
CHAIRS = 5
STAFF = (
    ("okafor", Role.PRESCRIBER, "Chidi", "Okafor", "MD"),
    ("lind", Role.NURSE, "Maja", "Lind", "RN"),
    ("abara", Role.NURSE, "Ruth", "Abara", "RN"),
    ("romero", Role.FRONT_DESK, "Luis", "Romero", ""),
)


@dataclass(frozen=True, slots=True)
class Cast:
    """The clinic, its people by user name, and its chairs."""

    clinic: Clinic
    people: dict[str, User]
    chairs: tuple[Chair, ...]

    def actor(self, username: str) -> Actor:
        return Actor.person(self.people[username])


def engage() -> Cast:
    """Open the clinic, and a second one next door that must never see its records."""
    clinic = clinic_open(
        system=DEMO,
        name="Harbor Ketamine Clinic", slug="harbor", time_zone="America/New_York",
        address="12 Harbor Street, Portsmouth NH", phone="(603) 555-0142",
    )  # fmt: skip
    people = {row[0]: _hire(clinic, *row) for row in STAFF}
    desk = Actor.person(people["romero"])
    chairs = tuple(
        chair_create(desk, name=f"Chair {number}", code=f"CHAIR-{number}") for number in range(1, CHAIRS + 1)
    )
    next_door = clinic_open(system=DEMO, name="Lakeside Clinic", slug="lakeside", time_zone="America/Chicago")
    people["lakeside"] = _hire(next_door, "lakeside", Role.PRESCRIBER, "Ingrid", "Voss", "MD")
    return Cast(clinic=clinic, people=people, chairs=chairs)


def _hire(clinic: Clinic, username: str, role: Role, first_name: str, last_name: str, credential: str) -> User:
    return user_admit(
        system=DEMO,
        clinic=clinic, username=username, role=role, password=PASSWORD, first_name=first_name, last_name=last_name,
        credential=credential,
    )  # fmt: skip
