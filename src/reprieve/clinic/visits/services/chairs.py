"""Chairs of the clinic."""

from django.db import IntegrityError, transaction

from reprieve.clinic.audit.services import Actor, record
from reprieve.clinic.visits.models import Chair
from reprieve.errors import InputError


@transaction.atomic
def chair_create(actor: Actor, *, name: str, code: str) -> Chair:
    """Add a treatment place; `code` is what its monitor sends in PV1-3.  Raises: InputError when the code is taken."""
    try:
        with transaction.atomic():
            chair = Chair.objects.create(clinic=actor.clinic, name=name, code=code)
    except IntegrityError:
        raise InputError("CHAIR-CODE", f"Another chair has the code {code}.") from None
    record(actor, "chair.create", entity="Chair", entity_id=chair.pk, detail={"code": code})
    return chair
