"""Courses and orders made through their services."""

from datetime import UTC, date, datetime
from decimal import Decimal

from factories import make_patient, make_user

from reprieve.clinic.accounts.models import Role
from reprieve.clinic.assessments.models import Assessment, AssessmentSignature
from reprieve.clinic.audit.services import Actor
from reprieve.clinic.courses import services
from reprieve.clinic.courses.ordering import OrderEntry
from reprieve.domain.candidacy.assessment import Decision

AT = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)


def person(clinic, role=Role.PRESCRIBER):
    return Actor.person(make_user(clinic, role))


def make_course(clinic, *, patient=None, prescriber=None, regimen_id="REG-IV-STD6-3W", starts_on=TODAY, at=AT):
    return services.course_create(
        prescriber or person(clinic), patient=patient or make_permitted_patient(clinic), regimen_id=regimen_id,
        indication_id="IND-TRD", starts_on=starts_on, at=at,
    )  # fmt: skip


def entry(**changes):
    fields = {"weight_kg": Decimal(80), "weighed_on": TODAY, "height_cm": Decimal(180), **changes}
    return OrderEntry(**fields)


def make_order(clinic, *, course=None, prescriber=None, number=1, at=AT, reason="", **changes):
    course = course or make_course(clinic, prescriber=prescriber, at=at)
    planned = course.planned_sessions.get(number=number)
    return services.order_sign(
        prescriber or person(clinic), planned_session=planned, entry=entry(**changes), at=at, reason=reason
    )


def check(order, actor, *, weight="80", vial="50", rate="150", at=AT, cosigns=False):
    return services.second_check_enter(
        actor,
        order=order,
        weight_kg=Decimal(weight),
        vial_mg_per_ml=Decimal(vial),
        rate_ml_per_h=Decimal(rate),
        at=at,
        cosigns=cosigns,
    )


def make_permitted_patient(clinic, *, route="IV", indication_id="IND-TRD", **fields):
    """A person whose signed decision permits a course."""
    patient, doctor = make_patient(clinic, **fields), make_user(clinic)
    assessment = Assessment.objects.create(
        patient=patient, route=route, indication_id=indication_id, decision=Decision.ELIGIBLE, emergency=False,
        temporary=False, record={}, knowledge_hash="", made_at=AT, made_by=doctor,
    )  # fmt: skip
    AssessmentSignature.objects.create(assessment=assessment, signed_by=doctor, signed_at=AT)
    return patient
