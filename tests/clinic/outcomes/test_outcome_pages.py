"""Task list, response view and answers: who may see what, and what they say."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from factories import make_clinic, make_patient, make_user
from outcome_factories import answered, make_dose, make_imported_total, make_planned_course, make_score, total_of

from reprieve.clinic.accounts.models import Role
from reprieve.clinic.outcomes.models import Invitation
from reprieve.clinic.outcomes.selectors import invitation_of_token
from reprieve.clinic.outcomes.trends import trend_of
from reprieve.clinic.patients.models import SafetyTask

pytestmark = pytest.mark.django_db


@pytest.fixture
def patient():
    return make_patient(make_clinic(phone="+1 555 0100"))


def sign_in(client, clinic, role=Role.NURSE):
    user = make_user(clinic, role)
    client.force_login(user)
    return user


def pages(patient, response=None, task=None):
    found = [
        ("get", reverse("outcomes:trend", args=[patient.id])),
        ("get", reverse("outcomes:card", args=[patient.id])),
        ("post", reverse("outcomes:invite", args=[patient.id])),
    ]
    if response:
        found.append(("get", reverse("outcomes:response", args=[response.id])))
    if task:
        found.append(("post", reverse("outcomes:task_close", args=[task.id])))
    return found


def text_of(response):
    """The page as read aloud: tags out, space folded."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", response.content.decode()))


def test_another_clinic_answers_404(client, patient):
    response = make_score(patient, {9: 1}, at=timezone.now())
    sign_in(client, make_clinic("Elsewhere"), Role.PRESCRIBER)
    for method, url in pages(patient, response, SafetyTask.objects.get()):
        assert getattr(client, method)(url, {"note": "done"}).status_code == 404, url
    assert SafetyTask.objects.get().closed_at is None


def test_a_patient_opens_no_staff_page(client, patient):
    response = make_score(patient, {9: 1}, at=timezone.now())
    sign_in(client, patient.clinic, Role.PATIENT)
    for method, url in [*pages(patient, response, SafetyTask.objects.get()), ("get", reverse("outcomes:tasks"))]:
        assert getattr(client, method)(url, {"note": "done"}).status_code == 403, url


def test_a_stranger_is_sent_to_sign_in(client, patient):
    for method, url in [*pages(patient), ("get", reverse("outcomes:tasks"))]:
        assert getattr(client, method)(url).url.startswith(reverse("account_login"))


def test_the_front_desk_sees_that_a_task_waits_but_not_why(client, patient):
    make_score(patient, {9: 2}, at=timezone.now())
    sign_in(client, patient.clinic, Role.FRONT_DESK)
    words = text_of(client.get(reverse("outcomes:tasks")))
    assert "Safety follow-up for clinical staff" in words
    assert "More than half the days" not in words
    assert "self-harm" not in words
    assert "Close with a note" not in words
    task = SafetyTask.objects.get()
    assert client.post(reverse("outcomes:task_close", args=[task.id]), {"note": "x"}).status_code == 403
    assert client.get(reverse("outcomes:trend", args=[patient.id])).status_code == 403
    card = text_of(client.get(reverse("outcomes:card", args=[patient.id])))
    assert "Send PHQ-9 link" in card
    assert "Response view" not in card


def test_no_task_is_said_in_words(client, patient):
    sign_in(client, patient.clinic)
    assert "Nothing is waiting" in text_of(client.get(reverse("outcomes:tasks")))


def test_a_nurse_closes_a_task_with_a_note(client, patient):
    make_score(patient, {9: 1}, at=timezone.now() - timedelta(days=2))
    nurse = sign_in(client, patient.clinic)
    page = text_of(client.get(reverse("outcomes:tasks")))
    assert "ask the C-SSRS now" in page
    assert "“Several days” (1 of 3)" in page
    assert "Overdue" in page
    url = reverse("outcomes:task_close", args=[SafetyTask.objects.get().id])
    refused = client.post(url, {"note": "   "})
    assert refused.status_code == 422
    assert "Write what was done before closing the task." in text_of(refused)
    closed = client.post(url, {"note": "Called: C-SSRS low."}, follow=True)
    assert "Called: C-SSRS low." in text_of(closed)
    assert SafetyTask.objects.get().closed_by == nurse
    again = client.post(url, {"note": "Once more"}, follow=True)
    assert "already been closed" in text_of(again)


def test_tasks_of_every_kind_have_words(client, patient):
    now = timezone.now()
    make_score(patient, total_of(5), at=now - timedelta(days=3))
    make_dose(make_planned_course(patient), at=now - timedelta(days=2))
    make_score(patient, {**total_of(16), 9: None}, at=now - timedelta(days=1))
    SafetyTask.objects.create(patient=patient, rule="X-NEW", opened_at=now)
    sign_in(client, patient.clinic)
    words = text_of(client.get(reverse("outcomes:tasks")))
    assert "question 9 was not answered" in words
    assert "PHQ-9 rose from 5 to 18 after treatment had begun" in words  # [D] 16 x 9 / 8 = 18
    assert "X-NEW" in words


@pytest.mark.parametrize(
    ("rule", "words"), [("SR-03", "High suicide risk"), ("SR-06", "suicide attempt"), ("OLD-1", "OLD-1")]
)
def test_a_task_of_a_candidacy_rule_says_what_the_rule_says(client, patient, rule, words):
    SafetyTask.objects.create(patient=patient, rule=rule, opened_at=timezone.now())
    sign_in(client, patient.clinic)
    assert words in text_of(client.get(reverse("outcomes:tasks")))


def test_the_chart_begins_a_week_before_what_it_shows(patient):
    at = timezone.now()
    make_score(patient, total_of(20), at=at - timedelta(days=30))
    trend = trend_of(patient, at=at)
    assert at - trend.start_at == timedelta(days=37)


def test_the_link_is_shown_once_and_works(client, patient):
    sign_in(client, patient.clinic, Role.FRONT_DESK)
    page = client.post(reverse("outcomes:invite", args=[patient.id]))
    token = re.search(r"/my/q/([\w-]+)", page.content.decode()).group(1)
    assert invitation_of_token(token) == Invitation.objects.get()
    assert "In a crisis call 988" in text_of(page)
    waiting = text_of(client.get(reverse("outcomes:card", args=[patient.id])))
    assert "Waiting for answers" in waiting
    assert token not in waiting


def test_no_score_is_a_designed_page(client, patient):
    sign_in(client, patient.clinic)
    assert "No score yet" in text_of(client.get(reverse("outcomes:trend", args=[patient.id])))
    assert "No PHQ-9 yet" in text_of(client.get(reverse("outcomes:card", args=[patient.id])))


def test_the_response_view_says_what_the_fall_means(client, patient):
    now = timezone.now()
    first = now - timedelta(days=40)
    make_imported_total(patient, 22.0, at=first - timedelta(days=30))
    make_score(patient, total_of(21), at=first - timedelta(days=2))
    course = make_planned_course(patient)
    make_dose(course, 1, at=first)
    make_score(patient, total_of(14), at=first + timedelta(days=3))
    make_score(patient, {1: 3}, at=first + timedelta(days=5))
    make_score(patient, {**total_of(13), 8: None}, at=first + timedelta(days=8))
    make_score(patient, total_of(10), at=first + timedelta(days=30))
    sign_in(client, patient.clinic)
    page = client.get(reverse("outcomes:trend", args=[patient.id]))
    words = text_of(page)
    assert "Response: yes, 52 % below baseline 21 on" in words  # [D] 11 / 21
    assert "response: 10 or less" in words
    assert "remission: below 5" in words
    assert "(recalled, not read at the source)" in words
    assert "0.50 mg/kg" in words
    assert "not scorable" in words
    assert "scaled up" in words
    html = page.content.decode()
    assert 'class="mark mark-hollow"' in html
    assert 'class="mark mark-cross"' in html
    assert 'class="ring"' in html
    assert "style=" not in html  # the content security policy refuses it
    assert "30 d after a dose" in words


def test_a_score_soon_after_a_dose_says_so(client, patient):
    now = timezone.now()
    make_score(patient, total_of(20), at=now - timedelta(days=5))
    make_dose(make_planned_course(patient), at=now - timedelta(days=4))
    make_score(patient, total_of(14), at=now - timedelta(hours=90))
    sign_in(client, patient.clinic)
    words = text_of(client.get(reverse("outcomes:trend", args=[patient.id])))
    assert "part of it is about the time before that dose" in words
    assert "Response: no, 30 % below baseline 20" in words  # [D] 6 / 20
    assert "partial response" in words


def test_old_scores_are_one_click_away(client, patient):
    make_imported_total(patient, 18.0, at=timezone.now() - timedelta(days=900))
    make_imported_total(patient, 17.0, at=timezone.now() - timedelta(days=30))
    sign_in(client, patient.clinic)
    url = reverse("outcomes:trend", args=[patient.id])
    assert "Show 1 earlier score" in text_of(client.get(url))
    whole = text_of(client.get(url + "?span=all"))
    assert "Show the latest series only" in whole
    assert "No dose yet" in whole


def test_one_questionnaire_answer_by_answer(client, patient):
    prorated = make_score(patient, answered(0, 2, 0, 0, 0, 2, 2, None, 1), at=timezone.now())
    unscorable = make_score(patient, {1: 3, 2: 3}, at=timezone.now())
    anxious = make_score(patient, answered(2, 1, 2, 1, 0, 1, 0), at=timezone.now(), instrument_id="gad-7")
    sign_in(client, patient.clinic)
    words = text_of(client.get(reverse("outcomes:response", args=[prorated.id])))
    assert "cannot be judged" in words
    assert "Question 8 was not answered" in words
    assert "no dose before" in words
    assert "No total." in text_of(client.get(reverse("outcomes:response", args=[unscorable.id])))
    assert "Pattern" not in text_of(client.get(reverse("outcomes:response", args=[anxious.id])))


def test_the_task_page_needs_few_queries(client, patient, django_assert_max_num_queries):
    for hours in range(12):
        make_score(patient, {9: 1}, at=timezone.now() - timedelta(hours=hours))
    sign_in(client, patient.clinic)
    with django_assert_max_num_queries(8):
        client.get(reverse("outcomes:tasks"))
