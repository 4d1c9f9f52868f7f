"""Open a session for a checked order at a chair."""

from datetime import datetime

from django.db import IntegrityError, transaction

from reprieve.clinic.audit.services import Actor, record
from reprieve.clinic.courses.models import DoseOrder, OrderStatus
from reprieve.clinic.patients.selectors import open_emergencies
from reprieve.clinic.visits.models import Chair, DosingSession
from reprieve.clinic.visits.services.append import Entry, event_append
from reprieve.domain.session.events import SessionOpened
from reprieve.errors import InputError


@transaction.atomic
def session_open(actor: Actor, *, order: DoseOrder, chair: Chair, at: datetime) -> DosingSession:
    """Seat the patient; the order goes into the log as it stands.

    Raises: InputError when the order is not checked, has its session already, an emergency is open (ALG-03), or the
    chair is taken.
    """
    if actor.user is None:
        raise InputError("SESSION-AUTHOR", "A session is opened by a person.")
    if order.status != OrderStatus.CHECKED:
        raise InputError("ORDER-NOT-CHECKED", "A second person has to check this order before the session opens.")
    if open_emergencies(order.patient).exists():
        raise InputError("EMERGENCY-OPEN", "A suicide-risk emergency is open; settle it and close its task first.")
    if DosingSession.objects.filter(order=order).exists():
        raise InputError("SESSION-EXISTS", "This order has its session already.")
    try:
        with transaction.atomic():
            session = DosingSession.objects.create(
                clinic=actor.clinic, patient=order.patient, order=order, chair=chair, opened_at=at,
                opened_by=actor.user,
            )  # fmt: skip
    except IntegrityError:
        raise InputError("CHAIR-TAKEN", f"Another patient is at {chair.name}; choose a free chair.") from None
    record(actor, "session.open", entity="DosingSession", entity_id=session.pk, patient_id=session.patient_id,
           detail={"order": str(order.pk), "chair": chair.code})  # fmt: skip
    event_append(actor, session=session, event=opened_event(order), entry=Entry(observed_at=at, at=at))
    session.refresh_from_db()
    return session


def opened_event(order: DoseOrder) -> SessionOpened:
    """The order as the log keeps it. A first dose is watched more closely (MON-BP)."""
    return SessionOpened(
        order_id=order.pk,
        ordered_mg=float(order.dose_mg),
        concentration_mg_per_ml=float(order.concentration_mg_per_ml),
        bag_volume_ml=float(order.bag_volume_ml),
        rate_ml_per_h=float(order.rate_ml_per_h),
        duration_min=float(order.duration_min),
        weight_kg=float(order.weight_kg),
        dosing_weight_kg=float(order.dosing_weight_kg),
        weight_basis=order.weight_basis,
        dose_mg_per_kg=float(order.dose_mg_per_kg),
        needs_close_bp=order.planned_session.number == 1,
    )
