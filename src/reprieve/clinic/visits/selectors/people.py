"""Names on the record."""

from collections.abc import Mapping
from uuid import UUID

from reprieve.clinic.accounts.models import Clinic, User


def signatures(clinic: Clinic) -> Mapping[UUID, str]:
    """Name and credential of everybody of the clinic who signs in."""
    return {user.pk: user.signature for user in User.objects.filter(clinic=clinic)}
