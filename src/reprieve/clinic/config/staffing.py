"""Opening a clinic and giving people access, each with its audit row.

The audit trail refers to accounts, so accounts cannot write to it; here, above both, one transaction holds the two.
"""

from django.db import transaction

from reprieve.clinic.accounts.models import Clinic, Role, User
from reprieve.clinic.accounts.services import clinic_create, user_create
from reprieve.clinic.audit.services import Actor, record


@transaction.atomic
def clinic_open(*, system: str, name: str, slug: str, time_zone: str, address: str = "", phone: str = "") -> Clinic:
    """Open a clinic.  Raises: django's ValidationError for fields that cannot be."""
    clinic = clinic_create(name=name, slug=slug, time_zone=time_zone, address=address, phone=phone)
    record(Actor.program(system, clinic), "clinic.open", entity="Clinic", entity_id=clinic.pk)
    return clinic


@transaction.atomic
def user_admit(  # noqa: PLR0913  a person has these properties
    *,
    system: str,
    clinic: Clinic,
    username: str,
    role: Role,
    password: str,
    first_name: str = "",
    last_name: str = "",
    credential: str = "",
) -> User:
    """Give somebody a way to sign in.  Raises: django's ValidationError for fields that cannot be."""
    user = user_create(
        clinic=clinic,
        username=username,
        role=role,
        password=password,
        first_name=first_name,
        last_name=last_name,
        credential=credential,
    )
    actor = Actor.program(system, clinic)
    record(actor, "user.admit", entity="User", entity_id=user.pk, detail={"role": role.value})
    return user
