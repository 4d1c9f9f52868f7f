"""Begin a course, move its sessions, end it."""

from collections.abc import Sequence
from datetime import date, datetime

import msgspec
from django.db import transaction
from django.utils.translation import gettext as _

from reprieve.clinic.assessments.selectors import latest_assessment, permits_course
from reprieve.clinic.assessments.services import overrides_end
from reprieve.clinic.audit.services import Actor, record
from reprieve.clinic.courses.models import LIVE_ORDER, Course, CourseStatus, PlannedSession
from reprieve.clinic.courses.selectors import active_course
from reprieve.clinic.courses.services.people import acting_prescriber
from reprieve.clinic.patients.models import Patient
from reprieve.domain.course.plan import (
    PlannedDose,
    SessionCannotMove,
    frequency_findings,
    move_session,
    plan_sessions,
)
from reprieve.domain.course.regimen import Regimen
from reprieve.errors import InputError
from reprieve.knowledge.loader import content_hash
from reprieve.knowledge.regimens import frequency_limits, regimens


@transaction.atomic
def course_create(
    actor: Actor, *, patient: Patient, regimen_id: str, indication_id: str, starts_on: date, at: datetime
) -> Course:
    """Begin a series: one row a session.

    Raises: InputError when there is no signed decision that permits one for this route and indication, a course runs
    already, the regimen is not known or not meant for the indication, or the start lies in the past.
    """
    user = acting_prescriber(actor, patient)
    Patient.objects.select_for_update().get(pk=patient.pk)
    regimen = _regimen_for(regimen_id, indication_id)
    _check_decision(patient, regimen, indication_id)
    _check_may_begin(patient, starts_on=starts_on, today=at.astimezone(patient.clinic.zone).date())
    plan = plan_sessions(regimen, starts_on=starts_on)
    _check_frequency(plan, regimen)
    course = Course.objects.create(
        patient=patient, regimen_id=regimen.id, indication_id=indication_id, route=regimen.route, starts_on=starts_on,
        plan=msgspec.to_builtins({"regimen": regimen, "sessions": plan}), knowledge_hash=content_hash(),
        created_by=user,
    )  # fmt: skip
    PlannedSession.objects.bulk_create(
        PlannedSession(course=course, number=one.number, planned_on=one.planned_on, is_checkpoint=one.is_checkpoint)
        for one in plan
    )
    record(actor, "course.create", entity="Course", entity_id=course.id, patient_id=patient.id,
           detail={"regimen": regimen.id, "indication": indication_id})  # fmt: skip
    return course


@transaction.atomic
def planned_session_move(
    actor: Actor, *, planned_session: PlannedSession, to_on: date, keep_intervals: bool, at: datetime
) -> None:
    """Move one session, and with `keep_intervals` all later ones by as many days.

    Raises: InputError when the course is closed, a session that would move has an order, the new date is past or not
    after the session before, or the plan would break REG-FREQ-MAX.
    """
    course = Course.objects.select_for_update().get(pk=planned_session.course_id)
    rows = list(course.planned_sessions.all())
    plan = [PlannedDose(number=r.number, planned_on=r.planned_on, is_checkpoint=r.is_checkpoint) for r in rows]
    _check_active(course)
    if to_on < at.astimezone(course.patient.clinic.zone).date():
        raise InputError("COURSE-PAST", _("A session cannot be moved into the past."))
    try:
        moved = move_session(plan, number=planned_session.number, to_on=to_on, keep_intervals=keep_intervals)
    except SessionCannotMove:
        raise InputError(
            "COURSE-ORDER", _("Sessions keep their order: choose a date between its neighbours.")
        ) from None
    _check_frequency(moved, regimens()[course.regimen_id])
    _store_move(rows, moved)
    record(actor, "planned_session.move", entity="PlannedSession", entity_id=planned_session.id,
           patient_id=course.patient_id,
           detail={"number": planned_session.number, "keep_intervals": keep_intervals})  # fmt: skip


def _store_move(rows: Sequence[PlannedSession], moved: Sequence[PlannedDose]) -> None:
    changed = [row for row, one in zip(rows, moved, strict=True) if row.planned_on != one.planned_on]
    dates = {one.number: one.planned_on for one in moved}
    for row in changed:
        if row.orders.filter(status__in=LIVE_ORDER).exists():
            sentence = _("Session %(number)s has a signed order; cancel the order before moving it.")
            raise InputError("COURSE-ORDERED", sentence % {"number": row.number})
        row.planned_on = dates[row.number]
    PlannedSession.objects.bulk_update(changed, ["planned_on"])


@transaction.atomic
def course_close(actor: Actor, *, course: Course, status: CourseStatus, reason: str, at: datetime) -> None:
    """End a course as completed or stopped, and with it the override it began under (ALG-04).

    Raises: InputError when it is closed already or no reason is given.
    """
    acting_prescriber(actor, course.patient)
    locked = Course.objects.select_for_update().get(pk=course.pk)
    _check_active(locked)
    if not reason.strip():
        raise InputError("COURSE-REASON", _("Write why the course ends."))
    if status is CourseStatus.ACTIVE:
        raise InputError("COURSE-STATUS", _("A course ends as completed or as stopped."))
    locked.status, locked.closed_at, locked.closing_reason = status, at, reason.strip()
    locked.save(update_fields=["status", "closed_at", "closing_reason"])
    record(actor, "course.close", entity="Course", entity_id=course.id, patient_id=locked.patient_id,
           detail={"status": status.value})  # fmt: skip
    overrides_end(actor, patient=course.patient, series_began_at=locked.created_at, at=at)


def _regimen_for(regimen_id: str, indication_id: str) -> Regimen:
    regimen = regimens().get(regimen_id)
    if regimen is None:
        raise InputError("REG-UNKNOWN", _("There is no regimen %(id)s.") % {"id": regimen_id})
    if indication_id not in regimen.indication_ids:
        sentence = _("%(regimen)s is not described for %(indication)s; choose another regimen.")
        raise InputError("REG-INDICATION", sentence % {"regimen": regimen.title, "indication": indication_id})
    return regimen


def _check_decision(patient: Patient, regimen: Regimen, indication_id: str) -> None:
    """The decision that permits a course was made for one route, and perhaps for one indication."""
    decided = latest_assessment(patient)
    if decided is None or not permits_course(patient):
        sentence = _("There is no signed candidacy decision that permits a course; assess and sign first.")
        raise InputError("COURSE-CANDIDACY", sentence)
    if decided.route != regimen.route or decided.indication_id not in ("", indication_id):
        sentence = _("The signed decision is for %(route)s and %(indication)s; assess again for this course.")
        values = {"route": decided.route, "indication": decided.indication_id or _("any indication")}
        raise InputError("COURSE-DECISION", sentence % values)


def _check_may_begin(patient: Patient, *, starts_on: date, today: date) -> None:
    if active_course(patient) is not None:
        raise InputError("COURSE-ACTIVE", _("A course is running already; end it before beginning another."))
    if starts_on < today:
        raise InputError("COURSE-PAST", _("A course cannot begin in the past."))


def _check_frequency(plan: Sequence[PlannedDose], regimen: Regimen) -> None:
    dates = [one.planned_on for one in plan]
    found = frequency_findings(dates, frequency_limits(), own_interval_h=regimen.min_interval_h)
    if found:
        sentences = {
            "REG-FREQ-MAX-INTERVAL": _("%(first_on)s and %(second_on)s are less than %(hours)s hours apart."),
            "REG-FREQ-MAX-WEEK": _("%(count)s infusions in 7 days from %(from_on)s; at most %(upper)s are allowed."),
        }
        raise InputError(found[0].code, sentences[found[0].code] % found[0].params)


def _check_active(course: Course) -> None:
    if course.status != CourseStatus.ACTIVE:
        raise InputError("COURSE-CLOSED", _("This course has ended."))
