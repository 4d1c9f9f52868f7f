"""Writes on clinics and users."""

from reprieve.clinic.accounts.models import Clinic, Role, User


def clinic_create(*, name: str, slug: str, time_zone: str, address: str = "", phone: str = "") -> Clinic:
    """Open a clinic."""
    clinic = Clinic(name=name, slug=slug, time_zone=time_zone, address=address, phone=phone)
    clinic.full_clean()
    clinic.save()
    return clinic


def user_create(  # noqa: PLR0913  a person has these properties
    *,
    clinic: Clinic,
    username: str,
    role: Role,
    password: str,
    first_name: str = "",
    last_name: str = "",
    credential: str = "",
) -> User:
    """Give somebody of the clinic a way to sign in."""
    user = User(
        clinic=clinic, username=username, role=role, first_name=first_name, last_name=last_name, credential=credential
    )
    user.set_password(password)
    user.full_clean()
    user.save()
    return user
