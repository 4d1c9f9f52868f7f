"""`reprieve add-clinic`, `add-user`, `add-chair`: what a clinic needs before its first day."""

from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from reprieve.errors import InputError

if TYPE_CHECKING:
    from django.core.exceptions import ValidationError

    from reprieve.clinic.accounts.models import Clinic

_console = Console(highlight=False)
COMMAND_LINE = "command-line"
ClinicSlug = Annotated[str, typer.Option(help="Short name of the clinic")]


def register(app: typer.Typer) -> None:
    app.command("add-clinic")(add_clinic)
    app.command("add-user")(add_user)
    app.command("add-chair")(add_chair)


def add_clinic(
    name: Annotated[str, typer.Argument(help="As it stands on papers")],
    slug: Annotated[str, typer.Option(help="Short name, as in MSH-6 of its monitors")],
    time_zone: Annotated[str, typer.Option(help="IANA name, such as America/New_York")],
    address: str = "",
    phone: str = "",
) -> None:
    """Open a clinic."""
    _load()
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    from django.core.exceptions import ValidationError

    from reprieve.clinic.config.staffing import clinic_open

    try:
        ZoneInfo(time_zone)
        clinic_open(system=COMMAND_LINE, name=name, slug=slug, time_zone=time_zone, address=address, phone=phone)
    except (ZoneInfoNotFoundError, ValueError):
        raise InputError("CLINIC-ZONE", f"There is no time zone {time_zone}.", where="--time-zone") from None
    except ValidationError as problem:
        raise _refused("CLINIC-FIELDS", problem) from None
    _console.print(f"{name} is open. Add people with `reprieve add-user USERNAME --clinic {slug} --role prescriber`.")


def add_user(
    username: str,
    *,
    clinic: ClinicSlug,
    role: Annotated[str, typer.Option(help="prescriber, nurse, front_desk or patient")],
    first_name: str = "",
    last_name: str = "",
    credential: Annotated[str, typer.Option(help="As printed beside a signature: MD, RN")] = "",
    password: Annotated[str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True)] = "",
) -> None:
    """Give somebody a way to sign in; the password is asked for."""
    _load()
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    from reprieve.clinic.accounts.models import Role
    from reprieve.clinic.config.staffing import user_admit

    if role not in Role.values:
        raise InputError("USER-ROLE", f"{role} is none of {', '.join(Role.values)}.", where="--role")
    try:
        validate_password(password)
        user_admit(
            system=COMMAND_LINE,
            clinic=_clinic(clinic), username=username, role=Role(role), password=password, first_name=first_name,
            last_name=last_name, credential=credential,
        )  # fmt: skip
    except ValidationError as problem:
        raise _refused("USER-FIELDS", problem) from None
    _console.print(f"{username} can sign in.")


def add_chair(
    name: Annotated[str, typer.Argument(help="As it stands on the floor board")],
    clinic: ClinicSlug,
    code: Annotated[str, typer.Option(help="What its monitor sends in PV1-3")],
) -> None:
    """Add a treatment chair."""
    _load()
    from reprieve.clinic.audit.services import Actor
    from reprieve.clinic.visits.services import chair_create

    chair_create(Actor.program(COMMAND_LINE, _clinic(clinic)), name=name, code=code)
    _console.print(f"{name} is on the floor.")


def _load() -> None:
    """The tables may not be there yet: this is what somebody does first."""
    from reprieve.cli.serve import prepare_database

    prepare_database()


def _clinic(slug: str) -> "Clinic":
    from reprieve.clinic.accounts.models import Clinic

    found = Clinic.objects.filter(slug=slug).first()
    if found is None:
        known = ", ".join(Clinic.objects.values_list("slug", flat=True)) or "none yet"
        raise InputError("CLINIC-UNKNOWN", f"There is no clinic named {slug}; there are: {known}.", where="--clinic")
    return found


def _refused(code: str, problem: "ValidationError") -> InputError:
    return InputError(code, " ".join(problem.messages))
