"""Courses, orders and second checks: what is written, what is refused, what the database itself keeps."""

from datetime import timedelta
from decimal import Decimal

import pytest
from course_factories import AT, TODAY, check, make_course, make_order, make_permitted_patient, person
from django.db import IntegrityError, transaction
from factories import make_clinic, make_patient

from reprieve.clinic.accounts.models import Role
from reprieve.clinic.audit.models import AuditEvent
from reprieve.clinic.audit.services import Actor
from reprieve.clinic.courses import selectors, services
from reprieve.clinic.courses.models import Course, CourseStatus, DoseOrder, OrderStatus, SecondCheck
from reprieve.clinic.courses.ordering import usual_basis
from reprieve.clinic.patients.models import Observation
from reprieve.clinic.visits.models import DosingSession
from reprieve.domain.dosing.weights import WeightBasis, WeightOrigin
from reprieve.errors import InputError

pytestmark = pytest.mark.django_db


@pytest.fixture
def clinic():
    return make_clinic()


def refused(code, act):
    with pytest.raises(InputError) as caught, transaction.atomic():
        act()
    assert caught.value.code == code, caught.value
    return caught.value


def audited(action):
    return AuditEvent.objects.filter(action=action).count()


class TestCourse:
    def test_a_course_is_a_dated_plan(self, clinic):
        course = make_course(clinic)
        days = [(row.planned_on - TODAY).days for row in course.planned_sessions.all()]
        assert days == [0, 3, 7, 10, 14, 17]
        assert [row.number for row in course.planned_sessions.filter(is_checkpoint=True)] == [3, 6]
        assert course.plan["regimen"]["dose"] == {"mg_per_kg": "0.5"}
        assert audited("course.create") == 1

    def test_a_course_needs_a_decision(self, clinic):
        patient = make_patient(clinic)
        refused("COURSE-CANDIDACY", lambda: make_course(clinic, patient=patient))
        assert not Course.objects.exists()

    @pytest.mark.parametrize("decided", [{"route": "IN_ESK"}, {"indication_id": "IND-PTSD"}])
    def test_the_decision_must_be_about_this_course(self, clinic, decided):
        patient = make_permitted_patient(clinic, **decided)
        refused("COURSE-DECISION", lambda: make_course(clinic, patient=patient))

    def test_a_decision_for_any_indication_permits(self, clinic):
        patient = make_permitted_patient(clinic, indication_id="")
        assert make_course(clinic, patient=patient).indication_id == "IND-TRD"

    def test_one_course_at_a_time(self, clinic):
        course = make_course(clinic)
        refused("COURSE-ACTIVE", lambda: make_course(clinic, patient=course.patient))

    def test_what_cannot_begin(self, clinic):
        refused("REG-UNKNOWN", lambda: make_course(clinic, regimen_id="REG-IV-NONE"))
        refused("REG-INDICATION", lambda: make_course(clinic, regimen_id="REG-IV-PTSD6"))
        refused("COURSE-PAST", lambda: make_course(clinic, starts_on=TODAY - timedelta(days=1)))
        nurse = person(clinic, Role.NURSE)
        refused("SIGN-PRESCRIBER", lambda: make_course(clinic, prescriber=nurse))
        stranger = person(make_clinic("Elsewhere"))
        refused("SIGN-PRESCRIBER", lambda: make_course(clinic, prescriber=stranger))

    def test_a_session_moves_with_the_rest(self, clinic):
        course = make_course(clinic)
        move(course, 2, TODAY + timedelta(days=4), keep=True)
        days = [(row.planned_on - TODAY).days for row in course.planned_sessions.all()]
        assert days == [0, 4, 8, 11, 15, 18]
        assert audited("planned_session.move") == 1

    def test_moves_that_are_refused(self, clinic):
        course = make_course(clinic)
        refused("REG-FREQ-MAX-INTERVAL", lambda: move(course, 2, TODAY + timedelta(days=1)))
        refused("COURSE-ORDER", lambda: move(course, 2, TODAY + timedelta(days=9)))
        refused("COURSE-PAST", lambda: move(course, 1, TODAY - timedelta(days=1)))
        make_order(clinic, course=course, number=2)
        refused("COURSE-ORDERED", lambda: move(course, 2, TODAY + timedelta(days=4)))
        assert course.planned_sessions.get(number=2).planned_on == TODAY + timedelta(days=3)

    def test_too_many_in_a_week(self, clinic):
        course = make_course(clinic, regimen_id="REG-IV-LEVINE")
        refused("REG-FREQ-MAX-WEEK", lambda: move(course, 4, TODAY + timedelta(days=6)))

    def test_a_course_ends_with_a_reason(self, clinic):
        course, doctor = make_course(clinic), person(clinic)
        close = {"course": course, "at": AT}
        refused("COURSE-REASON",
                lambda: services.course_close(doctor, status=CourseStatus.STOPPED, reason=" ", **close))  # fmt: skip
        refused("COURSE-STATUS",
                lambda: services.course_close(doctor, status=CourseStatus.ACTIVE, reason="x", **close))  # fmt: skip
        services.course_close(doctor, status=CourseStatus.STOPPED, reason="No response after six.", **close)
        course.refresh_from_db()
        assert (course.status, course.closing_reason) == ("stopped", "No response after six.")
        refused("COURSE-CLOSED",
                lambda: services.course_close(doctor, status=CourseStatus.STOPPED, reason="x", **close))  # fmt: skip
        refused("COURSE-CLOSED", lambda: make_order(clinic, course=course))
        refused("COURSE-CLOSED", lambda: move(course, 2, TODAY + timedelta(days=4)))


def move(course, number, to_on, *, keep=False):
    planned = course.planned_sessions.get(number=number)
    services.planned_session_move(
        person(course.patient.clinic), planned_session=planned, to_on=to_on, keep_intervals=keep, at=AT
    )


class TestOrder:
    def test_the_worked_example_is_stored(self, clinic):
        """PREP-CHK: 80 kg, 0.5 mg/kg, 50 mg/mL, 100 mL, 40 min."""
        order = make_order(clinic)
        order.refresh_from_db()
        numbers = (order.dose_mg, order.draw_volume_ml, order.concentration_mg_per_ml, order.rate_ml_per_h)
        assert numbers == (Decimal(40), Decimal("0.80"), Decimal("0.4"), Decimal(150))
        assert (order.status, order.weight_basis, order.diluent_id) == ("signed", "ACTUAL", "sodium-chloride-0.9")
        assert audited("order.sign") == 1

    def test_the_value_can_be_replayed(self, clinic):
        order = make_order(clinic, basis=WeightBasis.IDEAL, weight_kg=Decimal(110))
        order.refresh_from_db()
        value = selectors.order_value(order)
        assert value.dose.mg == order.dose_mg == Decimal("37.5")
        assert [finding.code for finding in value.findings] == ["REG-WT-IBW"]

    def test_a_weight_measured_today_goes_to_the_chart(self, clinic):
        order = make_order(clinic)
        weight = Observation.objects.get(patient=order.patient, loinc="29463-7")
        assert (weight.value, weight.unit) == (80.0, "kg")
        course = order.planned_session.course
        make_order(clinic, course=course, number=2, weighed_on=TODAY - timedelta(days=1))
        assert Observation.objects.filter(patient=order.patient, loinc="29463-7").count() == 1

    @pytest.mark.parametrize(
        "changes",
        [
            {"mg_per_kg": Decimal(5)},
            {"mg_per_kg": Decimal("0.05")},
            {"weight_kg": Decimal(400)},
            {"weight_origin": WeightOrigin.STATED},
            {"bag_volume_ml": None, "vial_id": "ketamine-100"},
        ],
    )
    def test_a_blocked_order_is_not_stored_even_with_a_reason(self, clinic, changes):
        refused("ORDER-BLOCKED", lambda: make_order(clinic, reason="I want it", **changes))
        assert not DoseOrder.objects.exists()

    def test_a_soft_limit_needs_a_reason(self, clinic):
        refused("ORDER-REASON", lambda: make_order(clinic, mg_per_kg=Decimal("0.8")))
        order = make_order(clinic, mg_per_kg=Decimal("0.8"), reason="Partial response at 0.5 (REG-ESC).")
        assert order.reason == "Partial response at 0.5 (REG-ESC)."

    def test_what_is_not_in_the_formulary(self, clinic):
        refused("PREP-VIAL", lambda: make_order(clinic, vial_id="ketamine-7"))
        refused("PREP-BAG", lambda: make_order(clinic, bag_volume_ml=Decimal(77)))
        refused("PREP-BAG", lambda: make_order(clinic, diluent_id="tap-water"))
        refused("REG-WT-FORM", lambda: make_order(clinic, basis=WeightBasis.IDEAL, height_cm=None))

    def test_one_live_order_a_session(self, clinic):
        order = make_order(clinic)
        course = order.planned_session.course
        refused("ORDER-EXISTS", lambda: make_order(clinic, course=course))
        services.order_cancel(person(clinic), order=order, at=AT)
        refused("ORDER-CANCELLED", lambda: services.order_cancel(person(clinic), order=order, at=AT))
        assert make_order(clinic, course=course).status == OrderStatus.SIGNED

    def test_an_order_with_a_session_stays(self, clinic):
        order = make_order(clinic)
        DosingSession.objects.create(
            clinic=clinic, patient=order.patient, order=order, opened_at=AT, opened_by=order.signed_by
        )
        refused("ORDER-STARTED", lambda: services.order_cancel(person(clinic), order=order, at=AT))

    def test_the_site_basis_stands_in_the_form(self, clinic):
        patient = make_permitted_patient(clinic)
        assert usual_basis(patient, on=TODAY) is WeightBasis.ACTUAL
        for loinc, value, unit in (("29463-7", 110.0, "kg"), ("8302-2", 1.8, "m")):
            Observation.objects.create(
                patient=patient, fhir_id=f"local/{loinc}", loinc=loinc, value=value, unit=unit, effective_at=AT
            )
        assert usual_basis(patient, on=TODAY) is WeightBasis.IDEAL

    def test_only_a_prescriber_signs(self, clinic):
        refused("SIGN-PRESCRIBER", lambda: make_order(clinic, course=make_course(clinic),
                                                      prescriber=person(clinic, Role.NURSE)))  # fmt: skip

    def test_the_last_weight_is_compared(self, clinic):
        order = make_order(clinic)
        course = order.planned_session.course
        refused("ORDER-BLOCKED", lambda: make_order(clinic, course=course, number=2, weight_kg=Decimal(176)))
        refused("ORDER-REASON", lambda: make_order(clinic, course=course, number=2, weight_kg=Decimal(75)))

    def test_the_database_keeps_the_numbers(self, clinic):
        order = make_order(clinic)
        with pytest.raises(IntegrityError, match="REP-ORDER-FIXED"), transaction.atomic():
            DoseOrder.objects.filter(pk=order.pk).update(dose_mg=80)
        with pytest.raises(IntegrityError, match="REP-ORDER-FIXED"), transaction.atomic():
            order.delete()


class TestSecondCheck:
    def test_agreement_lets_the_order_start(self, clinic):
        order = make_order(clinic)
        found = check(order, person(clinic, Role.NURSE))
        order.refresh_from_db()
        assert found.agrees
        assert order.status == OrderStatus.CHECKED
        assert audited("order.second_check") == 1

    def test_a_difference_stops_it_and_keeps_both(self, clinic):
        order = make_order(clinic)
        found = check(order, person(clinic, Role.NURSE), vial="100")
        order.refresh_from_db()
        assert order.status == OrderStatus.DISAGREED
        assert list(found.differences) == [
            {"quantity": "vial_mg_per_ml", "ordered": "50", "found": "100"},
            {"quantity": "draw_volume_ml", "ordered": "0.80", "found": "0.40"},
        ]
        refused("CHECK-NOT-WAITING", lambda: check(order, person(clinic, Role.NURSE)))

    def test_the_signer_may_not_check(self, clinic):
        doctor = person(clinic)
        order = make_order(clinic, prescriber=doctor)
        refused("CHECK-SAME-PERSON", lambda: check(order, doctor))
        assert not SecondCheck.objects.exists()

    def test_only_clinicians_of_this_clinic_check(self, clinic):
        order = make_order(clinic)
        refused("SIGN-CLINICIAN", lambda: check(order, person(clinic, Role.FRONT_DESK)))
        refused("SIGN-CLINICIAN", lambda: check(order, person(make_clinic("Elsewhere"), Role.NURSE)))
        refused("SIGN-CLINICIAN", lambda: check(order, Actor.program("robot", clinic)))

    def test_a_dose_above_the_soft_limit_is_cosigned(self, clinic):
        order = make_order(clinic, mg_per_kg=Decimal("0.8"), reason="Partial response at 0.5 (REG-ESC).")
        nurse = person(clinic, Role.NURSE)
        refused("CHECK-COSIGN", lambda: check(order, nurse))
        assert order.status == OrderStatus.SIGNED
        found = check(order, nurse, cosigns=True)
        assert (found.agrees, found.cosigned) == (True, True)

    def test_an_ordinary_dose_needs_no_cosignature(self, clinic):
        assert not check(make_order(clinic), person(clinic, Role.NURSE), cosigns=True).cosigned

    def test_the_database_keeps_the_readings(self, clinic):
        found = check(make_order(clinic), person(clinic, Role.NURSE))
        with pytest.raises(IntegrityError, match="REP-APPEND-ONLY"), transaction.atomic():
            SecondCheck.objects.filter(pk=found.pk).update(agrees=False)


def test_weights_of_the_chart_are_read_in_kilograms(clinic):
    patient = make_permitted_patient(clinic)
    assert selectors.previous_weight_kg(patient) is None

    def weighed(value, unit, day):
        Observation.objects.create(
            patient=patient, fhir_id=f"local/{day}", loinc="29463-7", value=value, unit=unit,
            effective_at=AT + timedelta(days=day),
        )  # fmt: skip

    weighed(154.0, "[lb_av]", 1)
    assert selectors.previous_weight_kg(patient) == Decimal("69.9")
    weighed(70.0, "stone", 2)
    assert selectors.previous_weight_kg(patient) is None
    weighed(70.0, "cm", 3)
    assert selectors.previous_weight_kg(patient) is None
