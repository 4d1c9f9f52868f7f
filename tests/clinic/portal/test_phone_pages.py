"""Questionnaire by link: answered once, missing stays missing, a dead link says whom to call."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from factories import make_clinic, make_patient

from reprieve.clinic.audit.models import AuditEvent
from reprieve.clinic.audit.services import Actor
from reprieve.clinic.outcomes.models import QuestionnaireResponse
from reprieve.clinic.outcomes.services import invitation_send
from reprieve.clinic.patients.models import SafetyTask
from reprieve.clinic.portal.presenters import dialable

pytestmark = pytest.mark.django_db


@pytest.fixture
def patient():
    return make_patient(make_clinic(phone="+1 555 010 0200"))


@pytest.fixture
def url(patient):
    return link(patient)


def link(patient, *, at=None):
    actor = Actor.program("test", patient.clinic)
    _, token = invitation_send(actor, patient=patient, at=at or timezone.now())
    return reverse("portal:answer", args=[token])


def chosen(*values):
    """What the form sends; None is "I prefer not to answer"."""
    return {f"item_{number}": "skip" if value is None else value for number, value in enumerate(values, start=1)}


def words_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", response.content.decode()))


def test_the_form_says_who_reads_it_and_shows_help(client, url):
    page = client.get(url)
    words = words_of(page)
    assert page.status_code == 200
    assert "Nobody reads them at the moment you send them." in words
    assert "Crisis line 988" in words
    assert "Question 9 of 9" in words
    assert words.count("I prefer not to answer") == 10
    assert 'href="tel:988"' in page.content.decode()
    assert "style=" not in page.content.decode()
    assert page.headers["Cache-Control"].startswith("max-age=0, no-cache, no-store")


def test_answers_are_kept_once_however_often_they_are_sent(client, url):
    answers = chosen(2, 2, 2, 2, 1, 1, 2, 0, 0)
    first = client.post(url, answers)
    second = client.post(url, answers)
    assert first.url == second.url == url + "/thanks"
    response = QuestionnaireResponse.objects.get()
    assert (response.total, response.mode) == (12, "link")  # [V] HL7 SDC example
    thanks = words_of(client.get(first.url))
    assert "your answers have arrived" in thanks
    assert "988" in thanks
    assert "better off dead" not in thanks
    assert AuditEvent.objects.get(action="response.record").system == "questionnaire-link"


def test_prefer_not_to_answer_is_missing_and_not_zero(client, url):
    client.post(url, chosen(2, 2, 2, 2, 2, 2, None, 2, 0))
    response = QuestionnaireResponse.objects.get()
    assert (response.status, response.total, response.answers["7"]) == ("prorated", 16, None)  # [D] 14 x 9 / 8 = 15.75


def test_an_overlooked_question_is_asked_again_and_nothing_is_lost(client, url):
    answers = chosen(2, 2, 2, 2, 1, 1, 2, 0, 0)
    del answers["item_4"]
    page = client.post(url, answers)
    assert page.status_code == 422
    assert "One question still needs an answer. Nothing you chose is lost." in words_of(page)
    assert page.content.decode().count(" checked>") == 8
    assert not QuestionnaireResponse.objects.exists()


def test_an_empty_form_is_asked_again(client, url):
    assert client.post(url, {}).status_code == 422
    assert not QuestionnaireResponse.objects.exists()


def test_a_choice_off_the_form_is_refused(client, url):
    assert client.post(url, chosen(7, 2, 2, 2, 1, 1, 2, 0, 0)).status_code == 422
    assert not QuestionnaireResponse.objects.exists()


def test_item_9_is_answered_with_care_and_told_to_a_person(client, url):
    thanks = words_of(client.get(client.post(url, chosen(0, 0, 0, 0, 0, 0, 0, 0, 2)).url))
    assert "will be told and will contact you" in thanks
    assert "within 24 hours" in thanks  # FU-SI-ESC
    assert SafetyTask.objects.get().rule == "SR-05"


def test_item_9_left_out_is_told_to_a_person_too(client, url):
    client.post(url, chosen(0, 0, 0, 0, 0, 0, 0, 0, None))
    assert SafetyTask.objects.get().rule == "PHQ9-ITEM9-MISSING"


def test_a_used_link_tells_another_browser_nothing(client, url):
    client.post(url, chosen(0, 0, 0, 0, 0, 0, 0, 0, 3))
    other = Client()
    for page in (other.get(url), other.get(url + "/thanks"), other.post(url, chosen(*[0] * 9))):
        assert page.status_code == 410
        words = words_of(page)
        assert "have been answered" in words
        assert "+1 555 010 0200" in words
        assert "will be told" not in words
    assert QuestionnaireResponse.objects.count() == 1


def test_an_expired_link_says_whom_to_call(client, patient):
    url = link(patient, at=timezone.now() - timedelta(days=8))
    page = client.get(url)
    assert page.status_code == 410
    assert "no longer open" in words_of(page)
    assert "+1 555 010 0200" in words_of(page)
    assert client.post(url, chosen(*[0] * 9)).status_code == 410
    assert not QuestionnaireResponse.objects.exists()


def test_thanks_before_answering_is_no_page(client, url):
    assert client.get(url + "/thanks").status_code == 410


@pytest.mark.parametrize("token", ["x", "0" * 43, "..%2F", "é"])
def test_a_guessed_link_finds_nothing(client, url, token):
    page = client.get(reverse("portal:answer", args=[token]))
    assert page.status_code == 404
    assert "This link does not work" in words_of(page)
    assert "911" in words_of(page)
    assert client.get(reverse("portal:thanks", args=[token])).status_code == 404


def test_the_form_needs_its_own_csrf_token(url):
    assert Client(enforce_csrf_checks=True).post(url, chosen(*[0] * 9)).status_code == 403


def test_a_real_browser_can_send_the_form(url):
    browser = Client(enforce_csrf_checks=True)
    page = browser.get(url).content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page).group(1)
    # a browser told to send no referrer sends `Origin: null`, and the form would be refused
    assert "no-referrer" not in page
    answers = chosen(*[0] * 9) | {"csrfmiddlewaretoken": token}
    assert browser.post(url, answers, headers={"origin": "http://testserver"}).status_code == 302


@pytest.mark.parametrize(
    ("text", "digits"),
    [("988", "988"), ("988 (call or text)", "988"), ("+1 (555) 010-0200", "+15550100200"), ("ask the desk", "")],
)
def test_dialable(text, digits):
    assert dialable(text) == digits
