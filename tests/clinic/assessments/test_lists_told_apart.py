"""Patient and clinician each tell a list: neither silences the other, and the difference is on the page."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from factories import make_clinic, make_patient, make_user
from intake_answers import CLEAR

from reprieve.clinic.accounts.models import Role
from reprieve.clinic.assessments import selectors, services
from reprieve.clinic.assessments.models import IntakeAnswer, Teller
from reprieve.clinic.audit.services import Actor
from reprieve.clinic.patients.models import Medication

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
LATER = AT + timedelta(hours=1)


@pytest.fixture
def clinic():
    return make_clinic()


@pytest.fixture
def patient(clinic):
    return make_patient(clinic)


@pytest.fixture
def doctor(clinic):
    return make_user(clinic, Role.PRESCRIBER)


def tell(doctor, patient, said_by, at, **answers):
    services.intake_record(Actor.person(doctor), patient=patient, answers=answers, at=at, said_by=said_by)


def made(doctor, patient, at=LATER):
    return services.assessment_make(
        Actor.person(doctor), patient=patient, route="IV", indication_id="IND-TRD", at=at
    ).record


def fired(record):
    return {item["rule"] for item in record["findings"]}


def test_two_medicines_of_the_patient_do_not_silence_the_list_of_the_clinician(doctor, patient):
    Medication.objects.create(patient=patient, fhir_id="MedicationRequest/1", name="Diazepam 5 MG", status="active",
                              daily_dose_mg=5)  # fmt: skip
    tell(doctor, patient, Teller.CLINICIAN, AT, **CLEAR, medications=[{"name": "theophylline", "daily_dose_mg": 400}])
    told = [{"name": name, "daily_dose_mg": 100} for name in ("sertraline", "tramadol")]
    tell(doctor, patient, Teller.PATIENT, LATER, medications=told)
    record = made(doctor, patient)
    assert record["decision"] == "INELIGIBLE"
    assert {"DDI-XAN", "DDI-SSRI", "DDI-OPI", "DDI-BZD-CNS", "DDI-OPI-HI"} <= fired(record)
    shown = {row["what"] for row in record["reviews"] if row["reason"] == "only_one_names_it"}
    assert shown == {"theophylline", "sertraline", "tramadol"}
    # the clinician had called the list complete, and it lacked these
    disagree = {row["fact"]: (row["believed"]["said_by"], row["other"]["said_by"]) for row in record["conflicts"]}
    assert disagree["taking_opioid"] == ("patient", "clinician")


def test_a_clinician_settles_what_the_patient_named(doctor, patient):
    tell(doctor, patient, Teller.CLINICIAN, AT, **CLEAR)
    tell(doctor, patient, Teller.PATIENT, LATER, medications=[{"name": "theophylline", "daily_dose_mg": 400}])
    assert "DDI-XAN" in fired(made(doctor, patient))
    services.conflict_settle(Actor.person(doctor), patient=patient, fact="taking_xanthine", value=False,
                             reason="Old box; the pharmacy has dispensed none for two years.", at=LATER)  # fmt: skip
    record = made(doctor, patient, LATER + timedelta(minutes=1))
    assert "DDI-XAN" not in fired(record)
    assert "taking_xanthine" not in {row["fact"] for row in record["conflicts"]}


def test_a_higher_dose_counts_and_both_are_shown(doctor, patient):
    Medication.objects.create(patient=patient, fhir_id="MedicationRequest/1", name="Alprazolam 1 MG", status="active",
                              daily_dose_mg=0.25)  # fmt: skip
    tell(doctor, patient, Teller.CLINICIAN, AT, **CLEAR)
    assert "DDI-BZD-8" not in fired(made(doctor, patient))  # 5 mg of diazepam by Ashton
    tell(doctor, patient, Teller.PATIENT, LATER, medications=[{"name": "xanax", "daily_dose_mg": 2}])
    record = made(doctor, patient)
    assert "DDI-BZD-8" in fired(record)
    (conflict,) = [row for row in record["conflicts"] if row["fact"] == "benzodiazepine_high_mg"]
    assert (conflict["believed"]["value"], conflict["other"]["value"]) == (40, 5)


def test_trials_of_both_are_read_and_the_clinician_counts(doctor, patient):
    tell(doctor, patient, Teller.PATIENT, AT, **CLEAR)
    assert made(doctor, patient, AT)["gates"]["DEF-TRD"] == "satisfied"
    helped = {**CLEAR["trials"][0], "improvement_percent": 70}
    tell(doctor, patient, Teller.CLINICIAN, LATER, trials=[helped])
    record = made(doctor, patient)
    assert record["gates"]["DEF-TRD"] == "not_satisfied"
    assert ("trials_told_apart", "sertraline") in {(row["reason"], row["what"]) for row in record["reviews"]}
    assert {row["said_by"] for row in record["trials"][0]["trials"]} == {"patient", "clinician"}


def test_the_form_goes_on_from_all_lists_and_loses_no_row(client, doctor, patient):
    many = [{"name": f"medicine {letter}", "daily_dose_mg": 10} for letter in "abcd"]
    tell(doctor, patient, Teller.CLINICIAN, AT, medications=many)
    tell(doctor, patient, Teller.PATIENT, LATER, medications=[{"name": "Medicine A", "daily_dose_mg": 20}])
    rows = selectors.current_lists(patient)["medications"]
    assert [row["name"] for row in rows] == ["Medicine A", "medicine b", "medicine c", "medicine d"]
    client.force_login(doctor)
    address = reverse("assessments:intake", args=[patient.pk])
    page = client.get(address).content.decode()
    assert "They told different lists" in page and "medicine a 10 mg" in page and "Medicine A 20 mg" in page
    posted = {"said_by": "clinician"}
    for number, row in enumerate([*rows, {"name": "medicine e", "daily_dose_mg": 5}]):
        posted |= {f"medicine-{number}-name": row["name"], f"medicine-{number}-daily_dose_mg": row["daily_dose_mg"]}
    assert client.post(address, posted).status_code == 302
    kept = IntakeAnswer.objects.filter(fact="medications").latest("answered_at")
    assert (kept.said_by, len(kept.value)) == (Teller.CLINICIAN, 5)


def test_who_calls_the_list_complete_says_every_row_of_it(client, doctor, patient):
    """A clinician who saw the patient's medicine on the form and confirms the list does not deny it."""
    tell(doctor, patient, Teller.PATIENT, AT, medications=[{"name": "tramadol", "daily_dose_mg": 100.0}])
    client.force_login(doctor)
    posted = {"said_by": "clinician", "medication_list_complete": "yes", "medicine-0-name": "tramadol",
              "medicine-0-daily_dose_mg": "100"}  # fmt: skip
    assert client.post(reverse("assessments:intake", args=[patient.pk]), posted).status_code == 302
    lists = selectors.lists_told(patient)["medications"]
    assert {answer.said_by: selectors.rows_of(answer) for answer in lists} == {
        Teller.PATIENT: [{"name": "tramadol", "daily_dose_mg": 100.0}],
        Teller.CLINICIAN: [{"name": "tramadol", "daily_dose_mg": 100.0}],
    }
    assert made(doctor, patient, timezone.now())["conflicts"] == []


def test_an_augmentation_is_typed_with_what_it_was_added_to(client, doctor, patient):
    client.force_login(doctor)
    posted = {"said_by": "patient", "trial-0-drug": "Lithium", "trial-0-added_to": "Sertraline", "trial-0-weeks": "6"}
    assert client.post(reverse("assessments:intake", args=[patient.pk]), posted).status_code == 302
    (row,) = IntakeAnswer.objects.get(fact="trials").value
    assert row == {"drug": "lithium", "added_to": "sertraline", "weeks": 6.0}


def test_a_withdrawn_list_is_no_list(doctor, patient):
    tell(doctor, patient, Teller.PATIENT, AT, medications=[{"name": "theophylline"}])
    tell(doctor, patient, Teller.PATIENT, LATER, medications=[])
    assert selectors.case_of(patient, at=LATER).told_medications == ()
