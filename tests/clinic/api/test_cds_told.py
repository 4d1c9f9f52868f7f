"""What people told the clinic counts in the answer: whose it is, who said it and when, and what is not used."""

from datetime import UTC, date, datetime, timedelta

import pytest
from cds_calls import ISS, ORDER_SELECT, PATIENT_VIEW, clients_file, ordering, sent, token
from django.test import Client
from django.utils import timezone
from factories import make_clinic, make_patient, make_user
from intake_answers import CLEAR
from outcome_factories import make_planned_course

from reprieve.clinic.assessments.services import assessment_make, intake_record, trial_definition_choose
from reprieve.clinic.audit.models import AuditEvent
from reprieve.clinic.audit.services import Actor
from reprieve.domain.candidacy.rules import Route

pytestmark = pytest.mark.django_db
MRN, BORN_ON = "1288992", date(1965, 12, 23)
SYSTEM = "http://hospital.smarthealthit.org"
ANEURYSM = {
    "resourceType": "Condition", "id": "a1", "subject": {"reference": "Patient/SMART-1288992"},
    "clinicalStatus": {"coding": [{"code": "active"}]}, "onsetDateTime": "2021-03-01",
    "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "I71.4"}]},
}  # fmt: skip


@pytest.fixture
def clinic():
    return make_clinic()


@pytest.fixture
def admit(tmp_path, settings, clinic):
    def write(**more):
        settings.CDS_CLIENTS = str(clients_file(tmp_path, clinic.slug, **more))

    write()
    return write


@pytest.fixture
def patient(clinic):
    return make_patient(clinic, mrn=MRN, birth_on=BORN_ON)


def tell(patient, answers, *, days_ago=1, said_by="patient"):
    """The day of the clinic on which it was said."""
    at = timezone.now() - timedelta(days=days_ago)
    intake_record(Actor.program("test", patient.clinic), patient=patient, answers=answers, at=at, said_by=said_by)
    return at.astimezone(patient.clinic.zone).date().isoformat()


def cards(request=None, path=PATIENT_VIEW):
    headers = {"HTTP_AUTHORIZATION": f"Bearer {token(path)}"}
    response = Client().post(path, request or sent(), content_type="application/json", **headers)
    assert response.status_code == 200, response.content
    return response.json()["cards"]


def shared():
    return AuditEvent.objects.filter(action="cds_hooks.share")


def test_an_answer_of_the_intake_decides_with_who_said_it_and_when(admit, patient):
    day = tell(patient, {"psychosis_current": True})
    (card,) = cards()
    assert card["summary"].startswith("Ketamine IV: Not a candidate") and card["indicator"] == "warning"
    assert f"Yes (Patient, {day})" in card["detail"]
    assert "**Told to Harbor Clinic, beside the record:**" in card["detail"]
    day = tell(patient, {"psychosis_current": False}, said_by="clinician", days_ago=0)
    (card,) = cards()
    assert f"No (Clinician, {day})" in card["detail"], "the word of the clinician stands beside that of the patient"


def test_an_emergency_that_only_the_clinic_knows_is_critical(admit, patient):
    tell(patient, {"cssrs_q5": True}, said_by="clinician", days_ago=0)
    (card,) = cards()
    assert card["indicator"] == "critical" and card["summary"].startswith("EMERGENCY")


def test_patient_against_record_is_shown_and_the_safer_counts(admit, patient):
    day = tell(patient, {"aneurysm": False})
    (card,) = cards(sent(conditions={"resourceType": "Bundle", "entry": [{"resource": ANEURYSM}]}))
    assert "They disagree" in card["detail"] and "1 fact disputed" in card["summary"]
    assert f": Yes (Record, 2021-03-01) / No (Patient, {day})" in card["detail"]
    assert "CI-ANEUR" in card["detail"], "a no of the patient switched a contraindication off"


def test_a_told_medicine_is_not_said_to_be_on_record(admit, patient):
    day = tell(patient, {"medications": [{"name": "theophylline"}, {"name": "sertraline"}]})
    (card,) = cards()
    assert f"Read: theophylline (Patient, {day})." in card["detail"]
    assert f"Read: sertraline (Record; Patient, {day})." in card["detail"], "both name it"
    assert f"- Patient, {day}: takes theophylline, sertraline" in card["detail"]
    assert "Takes theophylline" not in card["detail"], "what follows from a list was not asked"


def test_a_medicine_of_the_record_and_one_told_are_told_apart(admit, patient):
    day = tell(patient, {"medications": [{"name": "fluoxetine"}]})
    assert f"sertraline (Record), fluoxetine (Patient, {day})" in cards()[0]["detail"]


def test_trials_count_with_who_told_them(admit, patient):
    trial = {"drug": "sertraline", "daily_dose_mg": 150.0, "weeks": 8.0}
    day = tell(patient, {"trials": [trial]}, said_by="clinician")
    assert f"- Clinician, {day}: antidepressants tried: sertraline" in cards()[0]["detail"]
    tell(patient, {"trials": None}, said_by="clinician", days_ago=0)
    assert "antidepressants tried" not in cards()[0]["detail"]


def test_the_definition_of_resistance_is_that_of_the_clinic(admit, patient):
    trials = [trial | {"drug": drug} for drug, trial in zip(("sertraline", "fluoxetine"), CLEAR["trials"], strict=True)]
    tell(patient, {**CLEAR, "trials": trials}, said_by="clinician")
    assert "DEF-TRD" not in cards()[0]["detail"]
    doctor = Actor.person(make_user(patient.clinic))
    trial_definition_choose(doctor, definition="two_classes", reason="Our director asks for it.", at=timezone.now())
    assert "DEF-TRD" in cards()[0]["detail"], "two drugs of one class"


def test_a_measured_value_is_shown_with_its_unit_and_its_day(admit, patient):
    pressure = sent()["prefetch"]["vitals"]["entry"][0]["resource"]
    now = timezone.now()
    high = {**pressure, "effectiveDateTime": now.isoformat()}
    high["component"][0]["valueQuantity"]["value"] = 190
    (card,) = cards(sent(vitals={"resourceType": "Bundle", "entry": [{"resource": high}]}))
    day = now.astimezone(patient.clinic.zone).date().isoformat()
    assert f"Read: 190 mmHg, 1 reading (Record, {day})" in card["detail"]


def test_many_answers_are_cut_and_say_so(admit, patient):
    keys = (
        "psychosis_current", "mania_ever", "delirium_current", "dementia", "seizure_disorder", "stroke_ever",
        "liver_severe", "cystitis", "breastfeeding", "ketamine_allergy", "aneurysm", "raised_icp", "acute_porphyria",
        "glaucoma_acute",
    )  # fmt: skip
    tell(patient, dict.fromkeys(keys, False))
    assert "; and 2 more" in cards()[0]["detail"]


def test_that_a_list_is_complete_was_not_said_of_the_list_sent(admit, patient):
    """Else a medicine that the record system did not send would count as not taken."""
    before = cards(sent(medications=None))[0]["summary"]
    tell(patient, {"medication_list_complete": True}, said_by="clinician", days_ago=0)
    assert cards(sent(medications=None))[0]["summary"] == before


def test_an_old_answer_is_unknown_and_counted_as_old(admit, patient):
    tell(patient, {"cssrs_q5": True}, said_by="clinician", days_ago=400)
    (card,) = cards()
    assert card["indicator"] == "info" and "1 answer is too old to count" in card["detail"]


def test_nobody_of_another_clinic_is_used(admit, clinic):
    other = make_patient(make_clinic(), mrn=MRN, birth_on=BORN_ON)
    tell(other, {"psychosis_current": True})
    assert "Patient," not in cards()[0]["detail"] and not shared().exists()


def test_a_name_proves_nothing(admit, clinic):
    namesake = make_patient(clinic, mrn="other", birth_on=BORN_ON, family_name="Adams", given_name="Daniel X.")
    tell(namesake, {"psychosis_current": True})
    (card,) = cards()
    assert card["links"][0]["label"] == "Open Reprieve" and "Patient," not in card["detail"]


def test_the_same_number_with_another_birth_is_somebody_else(admit, clinic):
    other = make_patient(clinic, mrn=MRN, birth_on=date(1965, 12, 24))
    tell(other, {"psychosis_current": True})
    decision, doubt = cards()
    assert "psychotic" not in decision["detail"] and decision["links"][0]["label"] == "Open Reprieve"
    assert doubt["summary"].startswith("Reprieve cannot tell who this is") and doubt["indicator"] == "warning"
    assert "never as absent" not in doubt["detail"], "the record itself came whole"
    assert not shared().exists()


def test_an_interacting_order_is_not_met_with_silence_when_it_is_unsure_who_this_is(admit, clinic):
    make_planned_course(make_patient(clinic, mrn=MRN, birth_on=date(1965, 12, 24)))
    (card,) = cards(sent("sandbox_order_select"), ORDER_SELECT)
    assert card["summary"].startswith("Reprieve cannot tell who this is")
    assert cards(ordering("amoxicillin"), ORDER_SELECT) == []


def test_without_a_date_of_birth_the_record_is_linked_and_no_answer_used(admit, patient):
    tell(patient, {"psychosis_current": True})
    request = sent()
    del request["prefetch"]["patient"]["birthDate"]
    (card,) = cards(request)
    assert "The date of birth was not sent" in card["detail"] and "DEFER" in card["summary"]
    assert card["links"][0]["url"].endswith(f"{patient.pk}/candidacy") and not shared().exists()


def test_a_clinic_may_keep_its_answers(admit, patient):
    admit(answers=False)
    tell(patient, {"psychosis_current": True})
    (card,) = cards()
    assert "is not part of this answer" in card["detail"] and "DEFER" in card["summary"]


def test_only_numbers_of_the_named_system_are_those_of_the_clinic(admit, patient):
    tell(patient, {"psychosis_current": True})
    admit(mrn_system="http://elsewhere.example.org")
    assert cards()[0]["links"][0]["label"] == "Open Reprieve"
    admit(mrn_system=SYSTEM)
    assert cards()[0]["summary"].startswith("Ketamine IV: Not a candidate")


def test_the_indication_is_that_of_the_newest_decision_here(admit, patient):
    assert "(IND-TRD)" in cards()[0]["detail"]
    assessment_make(
        Actor.program("test", patient.clinic), patient=patient, route=Route.IV, indication_id="IND-PTSD",
        at=datetime.now(UTC),
    )  # fmt: skip
    assert "(IND-PTSD)" in cards()[0]["detail"]


def test_a_told_ketamine_treatment_counts_for_interactions(admit, patient):
    assert cards(sent("sandbox_order_select"), ORDER_SELECT) == []
    tell(patient, {"medications": [{"name": "Spravato"}]})
    (card,) = cards(sent("sandbox_order_select"), ORDER_SELECT)
    assert "DDI-XAN" in card["summary"] and "Read: theophylline (this order)." in card["detail"]


def test_what_was_shared_stands_in_the_trail_of_the_person_without_its_content(admit, patient):
    tell(patient, {"psychosis_current": True, "mania_ever": False})
    cards()
    (row,) = shared()
    assert (row.clinic, row.patient_id, row.system) == (patient.clinic, patient.pk, "cds-hooks")
    assert row.detail == {
        "hook_instance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea", "iss": ISS, "told": 2,
        "service": "reprieve-patient-view",
    }  # fmt: skip


def test_silence_shares_nothing(admit, patient):
    tell(patient, {"mania_ever": False})
    assert cards(ordering("amoxicillin"), ORDER_SELECT) == [] and not shared().exists()


def test_a_wrong_switch_is_refused(admit):
    admit(answers="no")
    response = Client().get("/cds-services", HTTP_AUTHORIZATION=f"Bearer {token('/cds-services')}")
    assert response.status_code == 503 and "answers must be true or false" in response.json()["message"]
