"""Sign an order, cancel an order."""

from datetime import datetime

import msgspec
from django.db import transaction
from django.utils.translation import gettext as _

from reprieve.clinic.audit.services import Actor, record
from reprieve.clinic.courses.models import LIVE_ORDER, CourseStatus, DoseOrder, OrderStatus, PlannedSession
from reprieve.clinic.courses.ordering import OrderEntry, compute
from reprieve.clinic.courses.selectors import live_order
from reprieve.clinic.courses.services.people import acting_prescriber
from reprieve.clinic.patients.services.observations import observation_record
from reprieve.domain.dosing import order as dosing
from reprieve.domain.dosing.weights import WeightOrigin
from reprieve.errors import InputError
from reprieve.knowledge.loader import content_hash

_BODY_WEIGHT = "29463-7"


@transaction.atomic
def order_sign(
    actor: Actor, *, planned_session: PlannedSession, entry: OrderEntry, at: datetime, reason: str = ""
) -> DoseOrder:
    """Sign the order that follows from the entry; the milligrams are calculated again here, never taken from a page.

    Raises: InputError when something blocks it, a caution has no reason, the session has a live order, or the course
    has ended. A weight measured today goes to the chart.
    """
    patient = planned_session.course.patient
    user = acting_prescriber(actor, patient)
    locked = PlannedSession.objects.select_for_update(of=("self",)).select_related("course").get(pk=planned_session.pk)
    _check_open(locked)
    today = at.astimezone(patient.clinic.zone).date()
    order = compute(planned_session, entry, ordered_on=today)
    _check_findings(order, reason)
    row = _store(order, planned_session, entry, reason.strip())
    row.signed_by, row.signed_at = user, at
    row.save(force_insert=True)
    if entry.weight_origin is WeightOrigin.MEASURED and entry.weighed_on == today:
        observation_record(actor, patient=patient, loinc=_BODY_WEIGHT, value=float(entry.weight_kg), unit="kg",
                           effective_at=at, display="Body weight")  # fmt: skip
    codes = [finding.code for finding in order.findings]
    record(actor, "order.sign", entity="DoseOrder", entity_id=row.id, patient_id=patient.id,
           detail={"findings": codes, "reason_given": bool(row.reason)})  # fmt: skip
    return row


@transaction.atomic
def order_cancel(actor: Actor, *, order: DoseOrder, at: datetime) -> None:
    """Withdraw an order, for instance after the second check disagreed.

    Raises: InputError when it is cancelled already or a session was opened from it.
    """
    acting_prescriber(actor, order.patient)
    locked = DoseOrder.objects.select_for_update().get(pk=order.pk)
    if locked.status not in LIVE_ORDER:
        raise InputError("ORDER-CANCELLED", _("This order has been cancelled already."))
    if hasattr(locked, "dosing_session"):
        raise InputError("ORDER-STARTED", _("A session was opened from this order; it cannot be cancelled any more."))
    locked.status = OrderStatus.CANCELLED
    locked.save(update_fields=["status"])
    record(actor, "order.cancel", entity="DoseOrder", entity_id=order.id, patient_id=order.patient.id)


def _check_open(planned_session: PlannedSession) -> None:
    if planned_session.course.status != CourseStatus.ACTIVE:
        raise InputError("COURSE-CLOSED", _("This course has ended."))
    if live_order(planned_session) is not None:
        raise InputError("ORDER-EXISTS", _("This session has an order; cancel it before signing another."))


def _check_findings(order: dosing.DoseOrder, reason: str) -> None:
    if order.blocking:
        codes = ", ".join(finding.code for finding in order.blocking)
        raise InputError("ORDER-BLOCKED", _("The order cannot be signed: %(codes)s.") % {"codes": codes})
    if order.cautions and not reason.strip():
        codes = ", ".join(finding.code for finding in order.cautions)
        raise InputError("ORDER-REASON", _("Give a reason for going past %(codes)s.") % {"codes": codes})


def _store(order: dosing.DoseOrder, planned_session: PlannedSession, entry: OrderEntry, reason: str) -> DoseOrder:
    request, made = order.request, order.preparation
    return DoseOrder(
        planned_session=planned_session,
        weight_kg=request.body.actual_weight_kg,
        dosing_weight_kg=order.dosing_weight_kg,
        weight_basis=request.basis.value,
        dose_mg_per_kg=request.dose.mg_per_kg,
        dose_mg=order.dose.mg,
        vial_mg_per_ml=request.vial.mg_per_ml,
        draw_volume_ml=made.draw_volume_ml,
        bag_volume_ml=made.final_volume_ml,
        concentration_mg_per_ml=made.concentration_mg_per_ml,
        rate_ml_per_h=made.rate_ml_per_h,
        duration_min=request.duration_min,
        diluent_id=entry.diluent_id if made.is_diluted else "",
        reason=reason,
        value=msgspec.to_builtins(order),
        knowledge_hash=content_hash(),
    )
