"""The second person's blind calculation (C4)."""

from datetime import datetime
from decimal import Decimal

import msgspec
from django.db import transaction
from django.utils.translation import gettext as _

from reprieve.clinic.audit.services import Actor, record
from reprieve.clinic.courses.models import DoseOrder, OrderStatus, SecondCheck
from reprieve.clinic.courses.selectors import order_value
from reprieve.clinic.courses.services.people import acting_clinician
from reprieve.domain.dosing.second_check import CheckEntry, check_differences
from reprieve.errors import InputError
from reprieve.knowledge.regimens import check_tolerance


@transaction.atomic
def second_check_enter(  # noqa: PLR0913 - three readings, a signature and their instant
    actor: Actor,
    *,
    order: DoseOrder,
    weight_kg: Decimal,
    vial_mg_per_ml: Decimal,
    rate_ml_per_h: Decimal,
    at: datetime,
    cosigns: bool = False,
) -> SecondCheck:
    """Compare a second person's readings with the order; agreement lets it start, a difference stops it for good.

    After a difference the prescriber cancels the order and signs a new one: trying again until it fits is no check.
    Raises: InputError when the signer checks, the order is not waiting for a check, or a dose above the soft limit is
    not co-signed (REG-DOSE-MAX-M).
    """
    user = acting_clinician(actor, order.patient)
    locked = DoseOrder.objects.select_for_update().get(pk=order.pk)
    if locked.signed_by_id == user.pk:
        raise InputError("CHECK-SAME-PERSON", _("The person who signed the order cannot check it; ask somebody else."))
    if locked.status != OrderStatus.SIGNED:
        raise InputError("CHECK-NOT-WAITING", _("This order is not waiting for a second check."))
    entry = CheckEntry(weight_kg=weight_kg, vial_mg_per_ml=vial_mg_per_ml, rate_ml_per_h=rate_ml_per_h)
    value = order_value(locked)
    if value.needs_cosignature and not cosigns:
        sentence = _("The dose is above the usual limit: co-sign it, or ask the prescriber to change it.")
        raise InputError("CHECK-COSIGN", sentence)
    differences = check_differences(value, entry, check_tolerance())
    check = SecondCheck.objects.create(
        order=locked, by=user, at=at, weight_kg=weight_kg, vial_mg_per_ml=vial_mg_per_ml, rate_ml_per_h=rate_ml_per_h,
        cosigned=value.needs_cosignature, agrees=not differences, differences=msgspec.to_builtins(differences),
    )  # fmt: skip
    locked.status = OrderStatus.CHECKED if check.agrees else OrderStatus.DISAGREED
    locked.save(update_fields=["status"])
    order.status = locked.status
    record(actor, "order.second_check", entity="DoseOrder", entity_id=order.id, patient_id=order.patient.id,
           detail={"agrees": check.agrees, "differing": [one.quantity.value for one in differences]})  # fmt: skip
    return check
