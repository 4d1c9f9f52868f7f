"""The page of a signed-in patient: own record only."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from factories import make_clinic, make_patient, make_user
from outcome_factories import make_dose, make_planned_course, make_score, total_of

from reprieve.clinic.accounts.models import Role
from reprieve.clinic.audit.services import Actor
from reprieve.clinic.outcomes.models import QuestionnaireResponse
from reprieve.clinic.outcomes.services import invitation_send
from reprieve.clinic.patients.models import SafetyTask

pytestmark = pytest.mark.django_db


@pytest.fixture
def patient(client):
    clinic = make_clinic(time_zone="UTC")
    user = make_user(clinic, Role.PATIENT)
    client.force_login(user)
    return make_patient(clinic, user=user)


def words_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", response.content.decode()))


def today():
    return timezone.localdate(timezone.now())


def test_the_next_session_with_what_to_do_before(client, patient):
    course = make_planned_course(patient, starts_on=today() - timedelta(days=2), sessions=4)
    make_dose(course, 3, at=timezone.now() - timedelta(hours=3), signed=False)
    words = words_of(client.get(reverse("portal:home")))
    assert "Session 4 of 4" in words  # the third is today and has begun
    assert "Nothing to eat for 6 hours" in words  # FAST-IV
    assert "until 2 hours before" in words
    assert "An adult you trust takes you home" in words  # ESC-01
    assert "988" in words


def test_today_is_said(client, patient):
    make_planned_course(patient, starts_on=today(), sessions=1)
    assert "Today," in words_of(client.get(reverse("portal:home")))


def test_nothing_planned_and_nothing_answered(client, patient):
    words = words_of(client.get(reverse("portal:home")))
    assert "No session is planned" in words
    assert "After your first answers a line appears here" in words


def test_the_own_curve_without_staff_columns(client, patient):
    make_score(patient, total_of(18, item9=1), at=timezone.now() - timedelta(days=3))
    words = words_of(client.get(reverse("portal:home")))
    assert "moderately severe" in words
    assert "Question 9" not in words


def test_a_sign_in_without_a_record_says_so(client):
    user = make_user(make_clinic(), Role.PATIENT)
    client.force_login(user)
    assert "not linked yet" in words_of(client.get(reverse("portal:home")))
    assert (
        client.get(reverse("portal:questionnaire", args=["0" * 8 + "-0000-0000-0000-" + "0" * 12])).status_code == 404
    )


def test_answering_signed_in(client, patient):
    invitation, _ = invitation_send(Actor.program("test", patient.clinic), patient=patient, at=timezone.now())
    home = client.get(reverse("portal:home")).content.decode()
    url = reverse("portal:questionnaire", args=[invitation.id])
    assert url in home
    assert client.get(url).status_code == 200
    sent = client.post(url, {f"item_{number}": 1 for number in range(1, 10)})
    assert "will be told" in words_of(client.get(sent.url))
    assert "To my page" in words_of(client.get(sent.url))
    assert QuestionnaireResponse.objects.get().mode == "portal"
    assert SafetyTask.objects.get().rule == "SR-05"
    assert url not in client.get(reverse("portal:home")).content.decode()


def test_nobody_elses_questionnaire(client, patient):
    other = make_patient(patient.clinic)
    invitation, _ = invitation_send(Actor.program("test", patient.clinic), patient=other, at=timezone.now())
    for name in ("portal:questionnaire", "portal:questionnaire_thanks"):
        assert client.get(reverse(name, args=[invitation.id])).status_code == 404


def test_staff_have_no_patient_page(client, patient):
    client.force_login(make_user(patient.clinic, Role.NURSE))
    assert client.get(reverse("portal:home")).status_code == 403


def test_a_stranger_signs_in_first(client):
    assert client.get(reverse("portal:home")).url.startswith(reverse("account_login"))


def test_the_score_is_told_in_plain_words(client, patient):
    course = make_planned_course(patient, starts_on=today() - timedelta(days=4), sessions=2)
    make_score(patient, total_of(18), at=timezone.now() - timedelta(days=5))
    assert "Your latest score is 18." in words_of(client.get(reverse("portal:home")))
    make_dose(course, 1, at=timezone.now() - timedelta(days=4))
    make_score(patient, total_of(13), at=timezone.now() - timedelta(days=1))
    words = words_of(client.get(reverse("portal:home")))
    assert "Your score was 18 before treatment and is 13 now." in words
    assert "Response: no" not in words  # a verdict for clinicians, said to them with its definition
