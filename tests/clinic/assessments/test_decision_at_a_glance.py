"""The decision page and the letter say the answer and its reasons first, and keep long lists to be opened."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse
from factories import make_clinic, make_patient, make_user
from intake_answers import CLEAR

from reprieve.clinic.accounts.models import Role
from reprieve.clinic.assessments import services
from reprieve.clinic.assessments.papers.letter import letter_content
from reprieve.clinic.assessments.presenters import planned_steps
from reprieve.clinic.assessments.presenters.values import shown_detail
from reprieve.clinic.audit.services import Actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def prescriber():
    return make_user(make_clinic(), Role.PRESCRIBER)


@pytest.fixture
def patient(prescriber):
    return make_patient(prescriber.clinic)


def assess(user, patient, **answers):
    at = datetime.now(UTC)
    if answers:
        services.intake_record(Actor.person(user), patient=patient, answers=answers, at=at)
    return services.assessment_make(Actor.person(user), patient=patient, route="IV", indication_id="IND-TRD", at=at)


def page_of(client, user, patient):
    client.force_login(user)
    return client.get(reverse("assessments:decision", args=[patient.id])).content.decode()


def test_the_verdict_with_its_reasons_comes_before_everything_else(client, prescriber, patient):
    assess(prescriber, patient, **CLEAR | {"psychosis_other_ever": True})
    page = page_of(client, prescriber, patient)
    places = [
        page.index(mark)
        for mark in ("verdict-word", "verdict-reasons", "Going ahead after review", "By route, as known now",
                     'name="indication_id"', 'id="findings-title"')
    ]  # fmt: skip
    assert places == sorted(places)
    verdict = page[places[1] : places[2]]
    assert "Psychotic symptoms in the past" in verdict
    assert page.index("<code>DEF-TRD") < page.index("Other definitions, for comparison") < page.index("<code>DEF-CLASS")


def test_without_a_decision_the_form_comes_first(client, prescriber, patient):
    page = page_of(client, prescriber, patient)
    assert page.index('name="indication_id"') < page.index("No decision yet")


def test_long_lists_of_a_plan_are_opened_by_those_who_want_them(client, prescriber, patient):
    made = assess(prescriber, patient)
    page = page_of(client, prescriber, patient)
    longest = max(planned_steps(made.record), key=lambda step: len(step.what))
    assert len(longest.what) > 4
    assert f"{len(longest.what) - 4} more, and the rules that ask" in page
    assert "facts not known that would change the answer" in page and 'href="#unknown-title"' in page


def test_a_step_that_leads_to_the_same_answer_promises_nothing(prescriber, patient):
    made = assess(prescriber, patient)
    decided = {str(step.brings) for step in planned_steps(made.record)}
    assert made.decision == "DEFER" and "Not yet" not in decided


def test_earlier_decisions_are_told_in_words(client, prescriber, patient):
    assess(prescriber, patient)
    assess(prescriber, patient)
    page = page_of(client, prescriber, patient)
    earlier = page[page.index("Earlier decisions") :]
    assert "Not yet" in earlier and "Treatment-resistant major depression" in earlier
    assert "DEFER" not in earlier and "IND-TRD" not in earlier


def test_the_letter_says_what_has_to_happen_before_precautions(prescriber, patient):
    made = assess(prescriber, patient, **CLEAR | {"psychosis_other_ever": True, "seizure_disorder": True})
    services.assessment_sign(Actor.person(prescriber), assessment=made, at=datetime.now(UTC))
    paper = letter_content(made, printed_at=datetime.now(UTC))
    assert {row[0] for row in paper["reasons"]} == {"Needs a review"}
    assert "CI-SEIZ" in {row[3] for row in paper["noted"]}


def test_the_letter_names_the_first_of_many(prescriber, patient):
    made = assess(prescriber, patient)
    services.assessment_sign(Actor.person(prescriber), assessment=made, at=datetime.now(UTC))
    paper = letter_content(made, printed_at=datetime.now(UTC))
    asked = next(what for what, who, _by in paper["steps"] if what.startswith("Find out"))
    assert asked.count(" · ") == 5 and asked.endswith("more")


def test_tables_of_equivalents_have_names():
    assert shown_detail(("oxycodone", "CDC16=120", "n=2")) == "oxycodone, CDC factors of 2016: 120 mg, 2 readings"
