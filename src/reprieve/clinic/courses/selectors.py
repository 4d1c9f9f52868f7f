"""What can be read of courses, plans and orders; always inside one clinic."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
from django.db.models import Prefetch, QuerySet
from django.shortcuts import get_object_or_404

from reprieve.clinic.accounts.models import Clinic
from reprieve.clinic.courses.models import LIVE_ORDER, Course, CourseStatus, DoseOrder, PlannedSession
from reprieve.clinic.patients.models import Observation, Patient
from reprieve.clinic.patients.selectors import latest_observation
from reprieve.domain.dosing import order as dosing
from reprieve.domain.quantities.units import IncompatibleUnits, UnknownUnit, convert

BODY_WEIGHT, BODY_HEIGHT = "29463-7", "8302-2"


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRow:
    """One line of the course: the planned session, the order that counts now, and the session run from it if any."""

    planned: PlannedSession
    order: DoseOrder | None
    dosing_session: Any
    """A `visits.DosingSession`; that app lies above this one, so its type is not known here."""


def course_get(clinic: Clinic, course_id: UUID) -> Course:
    """Raises: Http404 when there is none in this clinic."""
    return get_object_or_404(
        Course.objects.select_related("patient", "created_by"), patient__clinic=clinic, pk=course_id
    )


def planned_session_get(clinic: Clinic, planned_session_id: int) -> PlannedSession:
    """Raises: Http404 when there is none in this clinic."""
    found = PlannedSession.objects.select_related("course__patient")
    return get_object_or_404(found, course__patient__clinic=clinic, pk=planned_session_id)


def order_get(clinic: Clinic, order_id: UUID) -> DoseOrder:
    """Raises: Http404 when there is none in this clinic."""
    found = DoseOrder.objects.select_related("planned_session__course__patient", "signed_by")
    return get_object_or_404(found, planned_session__course__patient__clinic=clinic, pk=order_id)


def courses_of(patient: Patient) -> QuerySet[Course]:
    """All courses of a person, the newest first."""
    return Course.objects.filter(patient=patient)


def active_course(patient: Patient) -> Course | None:
    """The course that runs; there is at most one."""
    return courses_of(patient).filter(status=CourseStatus.ACTIVE).first()


def live_order(planned_session: PlannedSession) -> DoseOrder | None:
    """The order that counts for this session; a cancelled one does not."""
    return planned_session.orders.filter(status__in=LIVE_ORDER).select_related("signed_by").first()


def session_rows(course: Course) -> list[SessionRow]:
    """The sessions of a course in order, in a fixed number of queries."""
    live = DoseOrder.objects.filter(status__in=LIVE_ORDER).select_related("signed_by", "dosing_session")
    planned = course.planned_sessions.prefetch_related(Prefetch("orders", queryset=live, to_attr="live_orders"))
    rows = []
    for session in planned:
        order = next(iter(session.live_orders), None)
        rows.append(SessionRow(planned=session, order=order, dosing_session=getattr(order, "dosing_session", None)))
    return rows


def last_order(patient: Patient) -> DoseOrder | None:
    """The last order that was not cancelled, in any course."""
    orders = DoseOrder.objects.filter(planned_session__course__patient=patient, status__in=LIVE_ORDER)
    return orders.order_by("-signed_at").first()


def previous_weight_kg(patient: Patient) -> Decimal | None:
    """The weight of the last order, else the newest of the chart; None when nobody ever weighed this person."""
    order = last_order(patient)
    return order.weight_kg if order else _in_unit(latest_observation(patient, BODY_WEIGHT), "kg")


def height_cm(patient: Patient) -> Decimal | None:
    """The newest height of the chart."""
    return _in_unit(latest_observation(patient, BODY_HEIGHT), "cm")


def _in_unit(observation: Observation | None, unit: str) -> Decimal | None:
    """To 0.1; None when there is none or its unit does not measure the same thing."""
    if observation is None or observation.value is None:
        return None
    try:
        return Decimal(str(round(convert(observation.value, observation.unit, unit), 1)))
    except (UnknownUnit, IncompatibleUnits):
        return None


def order_value(order: DoseOrder) -> dosing.DoseOrder:
    """The domain order as it was signed."""
    return msgspec.convert(order.value, dosing.DoseOrder, strict=False)
