"""The registry page: what is counted, what is hidden and why, and what became of the clinic's sessions."""

from datetime import UTC, datetime, timedelta

import pytest
from factories import make_clinic, make_user
from registry_sessions import FIRST_DOSE_AT, make_treated_patient

from reprieve.clinic.accounts.models import Role
from reprieve.clinic.audit.services import Actor
from reprieve.clinic.research.presenters import measure_view
from reprieve.clinic.research.services import registry_store, submission_make
from reprieve.registry.measures import response_after_induction as measure
from reprieve.registry.measures.response_after_induction import RawCounts, Step
from reprieve.registry.synthetic import synthetic_packages

pytestmark = pytest.mark.django_db
LATER = FIRST_DOSE_AT + timedelta(days=2)


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    settings.REGISTRY_STORE = tmp_path / "registry"
    return registry_store()


def page(client, user, query=""):
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client.get(f"/registry/{query}")


def test_an_empty_registry_says_what_will_fill_it(client):
    response = page(client, make_user(make_clinic(), Role.NURSE))
    assert response.status_code == 200
    text = response.content.decode()
    assert "Nobody is in the registry yet" in text
    assert "No signed session yet" in text
    assert "Invented people" not in text


@pytest.mark.parametrize("role", [Role.FRONT_DESK, Role.PATIENT])
def test_others_may_not_open_it(client, role):
    assert page(client, make_user(make_clinic(), role)).status_code == 403


def test_a_stranger_is_sent_to_sign_in(client):
    assert client.get("/registry/").status_code == 302


def test_one_person_is_too_few_to_be_shown(client):
    patient, session = make_treated_patient(family_name="Lindqvist")
    submission_make(Actor.program("registry", patient.clinic), session=session, at=LATER)
    text = page(client, make_user(patient.clinic)).content.decode()
    assert "Fewer than 11 people" in text
    assert "&lt;11" in text
    assert "Lindqvist" in text
    assert str(session.submission.row_id) in text
    assert session.last_hash[:12] in text
    assert "In the registry" in text


def test_another_clinic_sees_none_of_these_sessions(client):
    patient, session = make_treated_patient(family_name="Lindqvist")
    submission_make(Actor.program("registry", patient.clinic), session=session, at=LATER)
    assert "Lindqvist" not in page(client, make_user(make_clinic())).content.decode()


def test_a_session_kept_back_says_why(client):
    patient, session = make_treated_patient(consents=False)
    submission_make(Actor.program("registry", patient.clinic), session=session, at=LATER)
    text = page(client, make_user(patient.clinic)).content.decode()
    assert "The patient has not consented to the registry. Nothing left the clinic." in text


def test_invented_people_stand_apart_and_say_so(client, store):
    store.submit_many(list(synthetic_packages(people=400, seed=3)))
    user = make_user(make_clinic())
    assert "Nobody is in the registry yet" in page(client, user).content.decode()
    text = page(client, user, "?people=synthetic").content.decode()
    assert "These people are invented" in text
    assert "lost at least half of their baseline score" in text
    assert "<svg" in text
    assert "style=" not in text


def test_the_answer_follows_the_store(client, store):
    store.submit_many(list(synthetic_packages(people=100, seed=3)))
    user = make_user(make_clinic())
    assert ">100<" in page(client, user, "?people=synthetic").content.decode()
    store.submit_many(list(synthetic_packages(people=100, seed=4)))
    assert ">200<" in page(client, user, "?people=synthetic").content.decode()


def test_the_page_asks_the_database_as_often_for_many_sessions_as_for_one(client, django_assert_max_num_queries):
    patient, session = make_treated_patient()
    submission_make(Actor.program("registry", patient.clinic), session=session, at=LATER)
    user = make_user(patient.clinic)
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    with django_assert_max_num_queries(9):
        client.get("/registry/")


def released(*chain):
    names = [step.value for step in Step]
    raw = RawCounts(
        **dict(zip(names, chain, strict=True)), responders_by_band=(20, 20, 20), others_by_band=(20, 20, 20)
    )
    return measure.release(raw, generated_at=datetime(2026, 1, 1, tzinfo=UTC))


def test_sentences_name_numerator_denominator_and_the_missing():
    view = measure_view(released(260, 230, 210, 180, 120, 60, 30))
    assert view.sentence.startswith("Of 120 people whose PHQ-9 was known 1 to 31 days after")
    assert "50.0\u00a0%" in view.sentence
    assert view.caution.startswith("Of all 180 whose follow-up was due")
    assert view.missing.startswith("60 people were due but gave no score")
    assert view.follow_up_warning.startswith("Insufficient follow-up")
    assert [whisker.of for whisker in view.whiskers] == [120, 180, 120]
    assert all(whisker.x_lower < whisker.x < whisker.x_upper for whisker in view.whiskers)


def test_sentences_of_a_young_registry():
    view = measure_view(released(20, 9, 8, 7, 6, 5, 4))
    assert view.headline == ""
    assert view.sentence.startswith("There are not yet enough people")
    assert view.steps[1].people == "<11"
    assert view.steps[1].why_hidden == ""
    derivable = measure_view(released(260, 255, 210, 180, 120, 60, 30)).steps[1]
    assert derivable.people == "not shown"
    assert "reveal a group of fewer than 11" in str(derivable.why_hidden)
