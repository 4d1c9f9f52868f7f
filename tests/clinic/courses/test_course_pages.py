"""Pages of courses and orders, as the four people who may or may not open them."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from course_factories import check, make_course, make_order, make_permitted_patient, person
from django.urls import reverse
from django.utils import timezone
from factories import clinic_today, make_clinic, make_patient, make_user

from reprieve.clinic.accounts.models import Role
from reprieve.clinic.audit.services import Actor
from reprieve.clinic.courses import services
from reprieve.clinic.courses.curve import curve_of
from reprieve.clinic.courses.models import Course, CourseStatus, DoseOrder, SecondCheck
from reprieve.clinic.courses.wording import _FINDINGS, INDICATIONS, finding_sentence
from reprieve.domain.quantities.findings import Finding, Severity
from reprieve.domain.quantities.sources import Confidence, Source
from reprieve.knowledge.regimens import regimens

pytestmark = pytest.mark.django_db


@pytest.fixture
def clinic():
    return make_clinic()


@pytest.fixture
def doctor(clinic):
    return make_user(clinic, first_name="Maya", last_name="Okafor")


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def course(clinic, doctor, now):
    return make_course(clinic, prescriber=Actor.person(doctor), starts_on=clinic_today(), at=now)


def text(response):
    return response.content.decode()


def typed(**changes):
    return {
        "weight_kg": "80", "weight_origin": "measured", "weighed_on": clinic_today().isoformat(),
        "height_cm": "180", "basis": "ACTUAL", "mg_per_kg": "0.5", "duration_min": "40", "vial_id": "ketamine-50",
        "bag_volume_ml": "100", "diluent_id": "sodium-chloride-0.9", **changes,
    }  # fmt: skip


SHOWN = "40.0|0.80|100|150.0|40"


def order_url(course, number=1, name="courses:order"):
    return reverse(name, args=[course.planned_sessions.get(number=number).id])


def signed_order(course, doctor, now, **changes):
    return make_order(course.patient.clinic, course=course, prescriber=Actor.person(doctor), at=now,
                      weighed_on=clinic_today(), **changes)  # fmt: skip


class TestWhoMayOpen:
    def test_another_clinic_sees_nothing(self, client, clinic, course, doctor, now):
        order = signed_order(course, doctor, now)
        client.force_login(make_user(make_clinic("Elsewhere")))
        for address in (
            reverse("courses:detail", args=[course.id]), reverse("courses:new", args=[course.patient_id]),
            reverse("courses:card", args=[course.patient_id]), order_url(course),
            reverse("courses:second_check", args=[order.id]),
        ):  # fmt: skip
            assert client.get(address).status_code == 404, address
        for address in (
            order_url(course, name="courses:move"), order_url(course, name="courses:order_preview"),
            reverse("courses:cancel", args=[order.id]), reverse("courses:close", args=[course.id]),
        ):  # fmt: skip
            assert client.post(address).status_code == 404, address

    def test_roles(self, client, clinic, course, doctor, now):
        patient_user, desk, nurse = (make_user(clinic, role) for role in (Role.PATIENT, Role.FRONT_DESK, Role.NURSE))
        detail = reverse("courses:detail", args=[course.id])
        client.force_login(patient_user)
        assert client.get(detail).status_code == 403
        client.force_login(desk)
        assert client.get(detail).status_code == 200
        assert client.get(order_url(course)).status_code == 403
        client.force_login(nurse)
        assert client.get(order_url(course)).status_code == 403
        assert client.get(reverse("courses:new", args=[course.patient_id])).status_code == 403
        signed_order(course, doctor, now)
        assert client.get(order_url(course)).status_code == 200

    def test_strangers_sign_in(self, client, course):
        assert client.get(reverse("courses:detail", args=[course.id])).status_code == 302


class TestCoursePages:
    def test_a_course_is_planned(self, client, clinic, doctor):
        patient = make_permitted_patient(clinic)
        client.force_login(doctor)
        address = reverse("courses:new", args=[patient.id])
        page = text(client.get(address))
        assert "Six infusions in three weeks" in page
        assert "ELEKT-D" in page
        today = clinic_today().isoformat()
        answer = client.post(address, {"indication_id": "IND-TRD", "regimen_id": "REG-IV-STD6-3W", "starts_on": today})
        assert answer.status_code == 302
        assert Course.objects.get(patient=patient).planned_sessions.count() == 6

    def test_what_is_refused_is_said(self, client, clinic, doctor, course):
        client.force_login(doctor)
        address = reverse("courses:new", args=[course.patient_id])
        assert "A course is running already" in text(client.get(address))
        form = {"indication_id": "IND-TRD", "starts_on": clinic_today().isoformat()}
        assert "REG-MISSING" in text(client.post(address, form))
        answer = client.post(address, {**form, "regimen_id": "REG-IV-STD6-3W"})
        assert answer.status_code == 422
        assert "COURSE-ACTIVE" in text(answer)

    def test_without_a_decision_the_way_leads_there(self, client, clinic, doctor):
        patient = make_patient(clinic)
        client.force_login(doctor)
        page = text(client.get(reverse("courses:new", args=[patient.id])))
        assert reverse("assessments:decision", args=[patient.id]) in page

    def test_course_page_is_cheap(self, client, doctor, course, django_assert_max_num_queries):
        client.force_login(doctor)
        with django_assert_max_num_queries(12):
            page = text(client.get(reverse("courses:detail", args=[course.id])))
        assert page.count("session-row") == 6

    def test_a_session_moves(self, client, doctor, course):
        client.force_login(doctor)
        planned = course.planned_sessions.get(number=2)
        address = reverse("courses:move", args=[planned.id])
        later = (planned.planned_on + timedelta(days=1)).isoformat()
        page = text(client.post(address, {"to_on": later, "keep_intervals": "on"}, follow=True))
        assert "has a new date" in page
        assert "COURSE-ORDER" in text(client.post(address, {"to_on": course.starts_on.isoformat()}, follow=True))
        assert "COURSE-DATE" in text(client.post(address, {"to_on": "soon"}, follow=True))

    def test_a_course_ends(self, client, doctor, course):
        client.force_login(doctor)
        address = reverse("courses:close", args=[course.id])
        assert "COURSE-REASON" in text(client.post(address, {"status": "stopped"}, follow=True))
        client.post(address, {"status": "stopped", "reason": "No response."})
        course.refresh_from_db()
        assert course.status == CourseStatus.STOPPED
        assert "COURSE-CLOSED" in text(client.post(address, {"status": "stopped", "reason": "x"}, follow=True))

    def test_card(self, client, clinic, doctor, course):
        client.force_login(doctor)
        assert "session 1" in text(client.get(reverse("courses:card", args=[course.patient_id])))
        empty = text(client.get(reverse("courses:card", args=[make_permitted_patient(clinic).id])))
        assert "No course yet" in empty


class TestPlanner:
    def test_at_first_there_is_no_weight(self, client, doctor, course):
        client.force_login(doctor)
        page = text(client.get(order_url(course)))
        assert "The order appears here" in page
        assert 'name="weight_kg" value' not in page

    def test_preview_shows_numbers_bases_and_curve(self, client, doctor, course):
        client.force_login(doctor)
        page = text(client.post(order_url(course, name="courses:order_preview"), typed()))
        for number in ("40", "0.8", "150", "0.4 mg/mL", "37.5 mg", "ng/mL", "Sign 40 mg"):
            assert number in page, number
        assert "<html" not in page
        assert DoseOrder.objects.count() == 0

    def test_plain_html_calculates_and_signs(self, client, doctor, course):
        client.force_login(doctor)
        page = text(client.post(order_url(course), typed(action="calculate")))
        assert "Sign 40 mg" in page
        assert SHOWN in page
        answer = client.post(order_url(course), typed(action="sign", shown=SHOWN))
        assert answer.status_code == 302
        assert DoseOrder.objects.get().dose_mg == Decimal(40)

    def test_numbers_that_were_not_shown_are_not_signed(self, client, doctor, course):
        client.force_login(doctor)
        answer = client.post(order_url(course), typed(action="sign", shown=SHOWN, weight_kg="81"))
        assert answer.status_code == 422
        assert "ORDER-CHANGED" in text(answer)
        assert DoseOrder.objects.count() == 0

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"weight_kg": "176 lb"}, "WT-UNIT"),
            ({"weight_kg": "0"}, "WT-POSITIVE"),
            ({"weight_kg": "-80"}, "WT-POSITIVE"),
            ({"weight_kg": "400"}, "WT-RANGE"),
            ({"mg_per_kg": "5"}, "DOSE-TENFOLD"),
            ({"mg_per_kg": "0.5 mg/kg/h"}, "DOSE-RATE"),
            ({"height_cm": "1.80"}, "HT-DIGITS"),
            ({"height_cm": "1.8"}, "HT-RANGE"),
            ({"height_cm": "", "basis": "IDEAL"}, "REG-WT-FORM"),
            ({"weight_origin": "stated"}, "REG-WT-ACT-STATED"),
        ],
    )
    def test_bad_input_gets_one_sentence_with_a_code(self, client, doctor, course, changes, code):
        client.force_login(doctor)
        page = text(client.post(order_url(course, name="courses:order_preview"), typed(**changes)))
        assert code in page
        assert "Sign " not in page
        answer = client.post(order_url(course), typed(action="sign", shown=SHOWN, **changes))
        assert answer.status_code == 422
        assert DoseOrder.objects.count() == 0

    def test_a_caution_asks_for_a_reason(self, client, doctor, course):
        client.force_login(doctor)
        page = text(client.post(order_url(course, name="courses:order_preview"), typed(duration_min="70")))
        assert "REG-DURATION" in page
        assert 'name="reason"' in page
        shown = "40.0|0.80|100|85.7|70"
        post = {"action": "sign", "shown": shown, "duration_min": "70"}
        assert "ORDER-REASON" in text(client.post(order_url(course), typed(**post)))
        assert client.post(order_url(course), typed(**post, reason="Nausea at 40 minutes.")).status_code == 302

    def test_undiluted(self, client, doctor, course):
        client.force_login(doctor)
        preview = order_url(course, name="courses:order_preview")
        assert "PREP-100" in text(client.post(preview, typed(bag_volume_ml="undiluted", vial_id="ketamine-100")))
        assert "Undiluted" in text(client.post(preview, typed(bag_volume_ml="undiluted", vial_id="ketamine-10")))

    def test_the_signed_order_is_read_and_cancelled(self, client, doctor, course, now):
        order = signed_order(course, doctor, now)
        client.force_login(doctor)
        assert "Cancel this order" in text(client.get(order_url(course)))
        cancel = reverse("courses:cancel", args=[order.id])
        assert "is cancelled" in text(client.post(cancel, follow=True))
        assert "ORDER-CANCELLED" in text(client.post(cancel, follow=True))


class TestSecondCheckPage:
    def test_the_page_holds_no_number_of_the_order(self, client, clinic, doctor, course, now):
        order = signed_order(course, doctor, now, weight_kg=Decimal("83.7"))
        client.force_login(make_user(clinic, Role.NURSE))
        page = text(client.get(reverse("courses:second_check", args=[order.id])))
        main = page[page.index("<main") :]
        for number in ("83.7", "41.9", "0.84", "150.0"):
            assert number not in main, number

    def test_agreement_and_disagreement(self, client, clinic, doctor, course, now):
        order = signed_order(course, doctor, now)
        client.force_login(make_user(clinic, Role.NURSE))
        address = reverse("courses:second_check", args=[order.id])
        wrong_unit = client.post(address, {"weight_kg": "176 lb", "vial_mg_per_ml": "50", "rate_ml_per_h": "150"})
        assert (wrong_unit.status_code, SecondCheck.objects.count()) == (422, 0)
        page = text(
            client.post(address, {"weight_kg": "80", "vial_mg_per_ml": "100", "rate_ml_per_h": "150"}, follow=True)
        )
        assert "disagrees" in page
        assert "100 mg/mL" in page
        again = client.post(address, {"weight_kg": "80", "vial_mg_per_ml": "50", "rate_ml_per_h": "150"})
        assert "CHECK-NOT-WAITING" in text(again)
        client.force_login(doctor)
        assert "Second check by" in text(client.get(order_url(course)))

    def test_a_high_dose_asks_for_a_second_signature(self, client, clinic, doctor, course, now):
        order = signed_order(course, doctor, now, mg_per_kg=Decimal("0.8"), reason="Partial response.")
        client.force_login(make_user(clinic, Role.NURSE))
        address = reverse("courses:second_check", args=[order.id])
        assert "co-sign" in text(client.get(address))
        readings = {"weight_kg": "80", "vial_mg_per_ml": "50", "rate_ml_per_h": "150"}
        assert "CHECK-COSIGN" in text(client.post(address, readings))
        assert "Both agree" in text(client.post(address, {**readings, "cosigns": "on"}, follow=True))

    def test_the_signer_is_sent_away(self, client, doctor, course, now):
        order = signed_order(course, doctor, now)
        client.force_login(doctor)
        page = text(client.get(reverse("courses:second_check", args=[order.id])))
        assert "You signed this order" in page
        assert "<input" not in page[page.index("<main") :]

    def test_both_agree(self, client, clinic, doctor, course, now):
        order = signed_order(course, doctor, now)
        check(order, person(clinic, Role.NURSE), at=now)
        client.force_login(make_user(clinic, Role.NURSE))
        assert "Both agree" in text(client.get(reverse("courses:second_check", args=[order.id])))
        page = text(client.get(reverse("courses:detail", args=[course.id])))
        assert "Checked, ready" in page
        assert reverse("visits:open", args=[order.id]) in page

    def test_a_cancelled_order_waits_for_nothing(self, client, clinic, doctor, course, now):
        order = signed_order(course, doctor, now)
        services.order_cancel(Actor.person(doctor), order=order, at=now)
        client.force_login(make_user(clinic, Role.NURSE))
        assert "not waiting" in text(client.get(reverse("courses:second_check", args=[order.id])))


def test_every_indication_of_a_regimen_has_words():
    named = {indication for regimen in regimens().values() for indication in regimen.indication_ids}
    assert named <= set(INDICATIONS)


@pytest.mark.parametrize("code", sorted(_FINDINGS))
def test_every_sentence_can_be_filled(code):
    named = re.findall(r"%\((\w+)\)[.\d]*(\w)", str(_FINDINGS[code]))
    source = Source(keys=("KET-PI",), confidence=Confidence.VERIFIED)
    finding = Finding(
        code=code,
        severity=Severity.INFO,
        source=source,
        params={name: "7" if kind == "s" else 7.0 for name, kind in named},
    )
    assert finding_sentence(finding)


def test_curve_of_the_standard_infusion():
    """DERIVED: 251 arterial and 165 venous ng/mL at 40 min, 26 and 31 at 230 min lie outside the drawing's 140 min."""
    curve = curve_of(dose_mg=35.0, duration_min=40.0, weight_kg=70.0)
    assert round(curve.peak.arterial) == 251
    assert round(curve.peak.venous) == 165
    assert curve.peak.arterial_lower < curve.peak.arterial < curve.peak.arterial_upper
    assert curve.rows[-1].minute == 180.0
    assert [picture.level_ticks[-1].label for picture in curve.pictures] == ["400", "400"]
