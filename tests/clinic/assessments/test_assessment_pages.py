"""The intake and decision pages, by the people who open them."""

import re
from datetime import UTC, datetime

import pytest
from django.urls import reverse
from factories import make_clinic, make_patient, make_user
from intake_answers import CLEAR

from reprieve.clinic.accounts.models import Role
from reprieve.clinic.assessments import selectors, services
from reprieve.clinic.assessments.models import Assessment, IntakeAnswer
from reprieve.clinic.audit.services import Actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def clinic():
    return make_clinic()


@pytest.fixture
def patient(clinic):
    return make_patient(clinic)


@pytest.fixture
def signed_in(client, clinic):
    def as_role(role=Role.PRESCRIBER, clinic=clinic):
        user = make_user(clinic, role)
        client.force_login(user)
        return user

    return as_role


def url(name, thing):
    return reverse(f"assessments:{name}", args=[thing.id])


def assess(user, patient, **answers):
    at = datetime.now(UTC)
    services.intake_record(Actor.person(user), patient=patient, answers={**CLEAR, **answers}, at=at)
    return services.assessment_make(Actor.person(user), patient=patient, route="IV", indication_id="IND-TRD", at=at)


def test_the_first_look_is_an_invitation(client, signed_in, patient):
    signed_in()
    assert "No decision yet" in client.get(url("decision", patient)).content.decode()
    assert "Begin the intake" in client.get(url("card", patient)).content.decode()


def test_intake_presets_nothing_and_keeps_only_what_was_answered(client, signed_in, patient):
    signed_in(Role.NURSE)
    page = client.get(url("intake", patient)).content.decode()
    assert 'name="aneurysm" value="no" checked' not in page
    posted = {"said_by": "patient", "aneurysm": "no", "stroke_ever": "", "madrs": "31", "sud_history": "none",
              "trial-0-drug": "Sertraline", "trial-0-weeks": "8", "trial-0-current_episode": "yes",
              "medicine-0-name": "theophylline"}  # fmt: skip
    answer = client.post(url("intake", patient), posted)
    assert answer.status_code == 302
    kept = dict(IntakeAnswer.objects.values_list("fact", "value"))
    assert kept == {
        "aneurysm": False, "madrs": 31.0, "sud_history": "none",
        "trials": [{"drug": "sertraline", "weeks": 8.0, "current_episode": True}],
        "medications": [{"name": "theophylline", "daily_dose_mg": None}],
    }  # fmt: skip
    again = client.get(url("intake", patient)).content.decode()
    assert 'name="aneurysm" value="no" checked' in again
    assert 'value="sertraline"' in again
    assert 'value="31"' in again
    assert client.post(url("intake", patient), {"said_by": "patient", "aneurysm": ""}).status_code == 302
    assert selectors.latest_answers(patient).get(fact="aneurysm").value is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"madrs": "many"},
        {"aneurysm": "perhaps"},
        {"trial-0-weeks": "8"},
        {"trial-0-drug": "x", "trial-0-weeks": "-1"},
        {"trial-0-drug": "x", "trial-0-weeks": "eight"},
        {"medicine-0-daily_dose_mg": "4"},
    ],
)
def test_wrong_input_keeps_nothing_and_shows_it_again(client, signed_in, patient, wrong):
    signed_in()
    answer = client.post(url("intake", patient), {"said_by": "patient", "stroke_ever": "no", **wrong})
    assert answer.status_code == 422
    assert "Nothing was kept" in answer.content.decode()
    assert not IntakeAnswer.objects.exists()


def test_assessing_shows_decision_reasons_sources_and_what_is_open(client, signed_in, patient):
    user = signed_in()
    assess(user, patient, raised_icp=None, systolic_mmhg=150, medications=[{"name": "alprazolam", "daily_dose_mg": 2}])
    page = client.get(url("decision", patient)).content.decode()
    for text in (
        "Not yet", "Blood pressure is above 140/90", "150 mmHg", "Spravato (esketamine) US prescribing",
        "alprazolam", "Raised intracranial pressure", "could exclude", "Facts used", "#q-raised_icp", "DEF-TRD",
    ):  # fmt: skip
        assert text in page
    assert "more fact" not in page  # knowing it is not enough while the benzodiazepine stands


def test_the_page_says_how_far_away_a_better_answer_is(client, signed_in, patient):
    user = signed_in()
    assess(user, patient, raised_icp=None, systolic_mmhg=150)
    assert (
        "With 1 more fact, and if it turns out well: Candidate" in client.get(url("decision", patient)).content.decode()
    )


def test_a_long_list_of_open_questions_is_folded(client, signed_in, patient):
    user = signed_in()
    services.assessment_make(Actor.person(user), patient=patient, route="IV", indication_id="", at=datetime.now(UTC))
    assert re.search(r"and \d+ more", client.get(url("decision", patient)).content.decode())


def test_assess_again_by_post_then_sign(client, signed_in, patient):
    user = signed_in()
    assess(user, patient)
    answer = client.post(url("decision", patient), {"route": "IN_ESK", "indication_id": "IND-TRD"})
    assert answer.status_code == 302
    latest = selectors.latest_assessment(patient)
    assert latest.route == "IN_ESK"
    client.post(url("sign", latest))
    client.post(url("sign", latest))
    page = client.get(url("decision", patient)).content.decode()
    assert "Signed" in page
    assert "Earlier decisions" in page
    assert "signed by" in client.get(url("card", patient)).content.decode()


def test_a_route_that_does_not_exist_is_refused(client, signed_in, patient):
    signed_in()
    assert client.post(url("decision", patient), {"route": "EYE"}).status_code == 422
    assert not Assessment.objects.exists()


def test_emergency_stands_above_everything(client, signed_in, patient):
    user = signed_in()
    assess(user, patient, cssrs_q1=True, cssrs_q2=True, cssrs_q3=True, cssrs_q4=True, cssrs_q5=False)
    page = client.get(url("decision", patient)).content.decode()
    assert "Emergency: suicide risk" in page
    assert "tel:988" in page
    assert "act today" in client.get(url("card", patient)).content.decode()


def test_a_recalled_exclusion_says_that_it_is_from_memory(client, signed_in, patient):
    user = signed_in()
    assessment = assess(user, patient, delirium_current=True)
    assert assessment.decision == "REVIEW"
    page = client.get(url("decision", patient)).content.decode()
    assert "written from memory" in page
    assert "asks for a review until confirmed" in page


def test_two_people_override_a_review(client, signed_in, patient):
    user = signed_in()
    assessment = assess(user, patient, psychosis_other_ever=True)
    client.post(url("sign", assessment))
    client.post(url("override", assessment), {"risk_benefit": "", "mitigation": ""})
    client.post(url("override", assessment), {"risk_benefit": "Severe", "mitigation": "Watched"})
    assert "Sign as second clinician" not in client.get(url("decision", patient)).content.decode()
    signed_in(Role.NURSE)
    assert "Sign as second clinician" in client.get(url("decision", patient)).content.decode()
    client.post(url("override", assessment))
    assert selectors.permits_course(patient)


def test_conflict_review_and_trials_are_shown(client, signed_in, patient):
    patient.conditions.create(
        fhir_id="Condition/1", clinical_status="active", verification_status="confirmed",
        codings=[{"system": "http://snomed.info/sct", "code": "84757009", "display": "Epilepsy"}],
    )  # fmt: skip
    patient.medications.create(fhir_id="MedicationRequest/1", name="Wunderol 5 MG", status="active")
    user = signed_in()
    assess(user, patient)
    page = client.get(url("decision", patient)).content.decode()
    for text in ("They disagree", "Epilepsy", "Wunderol 5 MG", "Not in any interaction list", "venlafaxine"):
        assert text in page


def test_the_front_desk_reads_nothing_of_candidacy(client, signed_in, patient):
    user = make_user(patient.clinic)
    assess(user, patient)
    signed_in(Role.FRONT_DESK)
    for name in ("card", "decision", "intake", "letter"):
        assert client.get(url(name, patient)).status_code == 403, name


def test_a_nurse_may_not_sign(client, signed_in, patient):
    user = make_user(patient.clinic)
    assessment = assess(user, patient)
    signed_in(Role.NURSE)
    assert client.post(url("sign", assessment)).status_code == 403
    assert "Waits for a prescriber" in client.get(url("decision", patient)).content.decode()


@pytest.mark.parametrize("name", ["intake", "decision", "card"])
def test_another_clinic_finds_nothing(client, signed_in, patient, name):
    signed_in(clinic=make_clinic())
    assert client.get(url(name, patient)).status_code == 404


@pytest.mark.parametrize("name", ["sign", "override"])
def test_another_clinic_cannot_sign(client, signed_in, patient, name):
    assessment = assess(make_user(patient.clinic), patient)
    signed_in(clinic=make_clinic())
    assert client.post(url(name, assessment)).status_code == 404
