"""The self-check as somebody sees it on a phone: three answers, no promise, the crisis line on every page."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from factories import make_clinic, make_patient, make_user

from reprieve.clinic.accounts.models import Role
from reprieve.clinic.assessments.models import IntakeAnswer
from reprieve.clinic.assessments.services import self_check_invite
from reprieve.clinic.audit.models import AuditEvent
from reprieve.clinic.audit.services import Actor
from reprieve.clinic.patients.models import SafetyTask
from reprieve.knowledge.self_check import self_check_questions

pytestmark = pytest.mark.django_db
NO = {fact: "no" for fact, question in self_check_questions().items() if not question.is_number} | {"age_years": "44"}
PROMISES = ("you qualify", "you are eligible", "you are a candidate", "candidate", "diagnosed")


@pytest.fixture
def sent():
    clinic = make_clinic(phone="555-0100")
    patient = make_patient(clinic, family_name="Quillfeather")
    return patient, self_check_invite(Actor.person(make_user(clinic)), patient=patient, at=timezone.now())[1]


def shown(answer):
    return answer.content.decode()


def test_the_open_page_asks_plain_questions_with_nothing_preset():
    page = shown(Client().get(reverse("self_check")))
    assert page.count("Question ") == len(self_check_questions()) and 12 <= len(self_check_questions()) <= 16
    assert " checked" not in page and "Nothing you answer here is kept" in page
    sensitive = sum(question.sensitive for question in self_check_questions().values())
    assert page.count('class="privacy"') == sensitive


@pytest.mark.parametrize(
    ("told", "title", "text"),
    [
        ({}, "Likely worth a first visit", "no diagnosis and no decision"),
        ({"pregnant": "skip"}, "This needs a talk first", "left these open"),
        ({"pregnant": ""}, "This needs a talk first", "left these open"),
        ({"aneurysm": "yes"}, "This needs a talk first", "surgeon&#x27;s letter"),
        ({"schizophrenia_spectrum_ever": "yes"}, "Not now", "Other treatments can be discussed"),
        ({"age_years": "15"}, "Not now", "Below 18"),
    ],
)
def test_the_three_answers(told, title, text):
    page = shown(Client().post(reverse("self_check"), NO | told))
    assert title in page and text in page


@pytest.mark.parametrize(
    ("complaint", "age", "title", "text"),
    [
        ("IND-FM", "44", "Likely worth a first visit", "no diagnosis and no decision"),
        ("skip", "44", "Likely worth a first visit", "no diagnosis and no decision"),
        ("IND-LBP", "44", "This needs a talk first", "hardly been shown to help"),
        ("IND-OTHER", "44", "This needs a talk first", "cause that can be treated"),
        ("IND-FM", "15", "Not now", "Below 18"),
    ],
)
def test_the_rules_of_the_complaint_are_read(complaint, age, title, text):
    page = shown(Client().post(reverse("self_check"), NO | {"complaint": complaint, "age_years": age}))
    assert title in page and text in page


@pytest.mark.parametrize("told", [{}, {"aneurysm": "yes"}, {"schizophrenia_spectrum_ever": "yes"}])
def test_it_never_promises_and_never_diagnoses(told):
    page = shown(Client().post(reverse("self_check"), NO | told)).lower()
    assert not [words for words in PROMISES if words in page]


@pytest.mark.parametrize("told", [{"cssrs_q2": "yes"}, {"cssrs_q4": "yes"}, {"cssrs_behaviour_3_months": "yes"}])
def test_danger_stands_first_and_is_never_likely(told):
    page = shown(Client().post(reverse("self_check"), NO | told))
    assert page.index("Please talk with somebody now") < page.index("<h1>")
    assert "Likely" not in page and "Nobody at a clinic sees what you answered here" in page


def test_nothing_is_kept_of_the_open_page():
    client = Client()
    client.post(reverse("self_check"), NO | {"cssrs_q4": "yes"})
    assert not client.session.keys()
    assert not IntakeAnswer.objects.exists() and not AuditEvent.objects.exists() and not SafetyTask.objects.exists()
    assert "no-store" in client.get(reverse("self_check")).headers["Cache-Control"]


def test_the_crisis_line_is_on_every_page(sent):
    _, token = sent
    pages = [
        Client().get(reverse("self_check")),
        Client().post(reverse("self_check"), NO),
        Client().post(reverse("self_check"), NO | {"age_years": "old"}),
        Client().get(reverse("portal:self_check", args=[token])),
        Client().post(reverse("portal:self_check", args=[token]), NO),
        Client().get(reverse("portal:self_check", args=[token])),
        Client().get(reverse("portal:self_check", args=["unknown"])),
    ]
    assert [page.status_code for page in pages] == [200, 200, 422, 200, 200, 410, 404]
    assert all("tel:988" in shown(page) for page in pages)


def test_a_wrong_number_loses_nothing():
    page = shown(Client().post(reverse("self_check"), NO | {"age_years": "old"}))
    assert "Nothing you chose is lost" in page and page.count(" checked") == len(NO) - 1


def test_by_link_the_record_learns_and_the_page_names_nobody(sent):
    patient, token = sent
    address = reverse("portal:self_check", args=[token])
    assert "Quillfeather" not in shown(Client().get(address))
    page = shown(Client().post(address, NO | {"cssrs_q2": "yes", "cssrs_q4": "yes"}))
    assert "is told and will contact you" in page and "Quillfeather" not in page
    assert {"SR-03", "SR-06"} == set(SafetyTask.objects.filter(patient=patient).values_list("rule", flat=True))
    assert Client().post(address, NO).status_code == 410


def test_the_open_page_is_limited_and_still_shows_the_crisis_line():
    client = Client()
    answers = [client.post(reverse("self_check"), NO).status_code for _ in range(21)]
    assert answers == [200] * 20 + [429]
    assert "tel:988" in shown(client.post(reverse("self_check"), NO))


def test_with_two_clinics_the_open_page_names_none():
    make_clinic("Harbor"), make_clinic("Summit")
    page = shown(Client().get(reverse("self_check")))
    assert "Harbor" not in page and "Summit" not in page and "tel:988" in page


def test_the_front_desk_sends_a_link_and_sees_it_once(sent):
    patient, _ = sent
    client = Client()
    client.force_login(make_user(patient.clinic, Role.FRONT_DESK))
    page = shown(client.post(reverse("assessments:self_check_invite", args=[patient.pk])))
    assert "/my/self-check/" in page
    assert "Send self-check link" in shown(client.get(reverse("outcomes:card", args=[patient.pk])))
