"""Intake, decision, signature and override: what they keep and what they refuse."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from factories import make_clinic, make_patient, make_user
from intake_answers import CLEAR

from reprieve.clinic.accounts.models import Role
from reprieve.clinic.assessments import selectors, services
from reprieve.clinic.assessments.models import IntakeAnswer
from reprieve.clinic.audit.models import AuditEvent
from reprieve.clinic.audit.services import Actor
from reprieve.clinic.patients.models import Condition, Medication, Observation, SafetyTask, Sex
from reprieve.errors import InputError

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


@pytest.fixture
def clinic():
    return make_clinic()


@pytest.fixture
def prescriber(clinic):
    return Actor.person(make_user(clinic, Role.PRESCRIBER))


@pytest.fixture
def patient(clinic):
    return make_patient(clinic)


def assessed(actor, patient, *, at=AT, **answers):
    services.intake_record(actor, patient=patient, answers={**CLEAR, **answers}, at=at)
    return services.assessment_make(actor, patient=patient, route="IV", indication_id="IND-TRD", at=at)


def test_a_clear_intake_makes_a_candidate(prescriber, patient):
    assessment = assessed(prescriber, patient)
    assert assessment.record["data_needed"] == []
    assert assessment.decision == "ELIGIBLE"
    # sertraline and venlafaxine: two trials from two classes
    assert assessment.record["gates"] == dict.fromkeys(("DEF-TRD", "DEF-CLASS", "DEF-AUG"), "satisfied")
    assert AuditEvent.objects.filter(action="assessment.make", patient_id=patient.id).exists()


def test_an_empty_chart_is_deferred_never_eligible(prescriber, patient):
    assessment = services.assessment_make(prescriber, patient=patient, route="IV", indication_id="", at=AT)
    assert assessment.decision == "DEFER"
    assert "WU-DX" in {item["rule"] for item in assessment.record["findings"]}
    assert "CI-PSY-ACT" in {item["rule"] for item in assessment.record["data_needed"]}


def test_the_chart_is_read_and_the_safer_counts(prescriber, patient):
    aneurysm = [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "I71.40", "display": "AAA"}]
    Condition.objects.create(patient=patient, fhir_id="Condition/1", codings=aneurysm,
                             clinical_status="active", verification_status="confirmed")  # fmt: skip
    assessment = assessed(prescriber, patient, aneurysm_repaired=False)
    assert assessment.decision == "INELIGIBLE"
    conflict = assessment.record["conflicts"][0]
    assert (conflict["fact"], conflict["believed"]["said_by"], conflict["other"]["said_by"]) == (
        "aneurysm", "chart", "patient",
    )  # fmt: skip


def test_chart_medicines_and_readings_count(prescriber, patient):
    Medication.objects.create(patient=patient, fhir_id="MedicationRequest/1", name="Diazepam 5 MG Oral Tablet",
                              status="active", daily_dose_mg=5)  # fmt: skip
    for loinc, value in (("8480-6", 150), ("8462-4", 85)):
        Observation.objects.create(patient=patient, fhir_id=f"Observation/{loinc}", loinc=loinc, value=value,
                                   unit="mm[Hg]", effective_at=AT + timedelta(hours=6))  # fmt: skip
    late = AT + timedelta(hours=8)  # already the next day in UTC, still 2 March at the clinic
    assessment = assessed(prescriber, patient, at=late, systolic_mmhg=None, diastolic_mmhg=None)
    fired = {item["rule"] for item in assessment.record["findings"]}
    assert {"DDI-BZD-CNS", "CI-HTN-140"} <= fired
    assert "DDI-BZD-8" not in fired  # 5 mg of diazepam is under 8


def test_told_medicines_count_beside_the_chart(prescriber, patient):
    assessment = assessed(prescriber, patient, medications=[{"name": "theophylline", "daily_dose_mg": 400}])
    assert (assessment.decision, assessment.temporary) == ("INELIGIBLE", True)


def test_an_emergency_opens_one_task_a_rule_until_closed(prescriber, patient):
    answers = {"cssrs_q1": True, "cssrs_q2": True, "cssrs_q3": True, "cssrs_q4": True, "cssrs_q5": True}
    assert assessed(prescriber, patient, **answers).emergency
    services.assessment_make(prescriber, patient=patient, route="IV", indication_id="IND-TRD", at=AT)
    assert sorted(SafetyTask.objects.values_list("rule", flat=True)) == ["SR-03", "SR-06"]


def test_a_withdrawn_answer_is_unknown_again(prescriber, patient):
    assessed(prescriber, patient)
    services.intake_record(prescriber, patient=patient, answers={"raised_icp": None}, at=AT + timedelta(minutes=5))
    again = services.assessment_make(prescriber, patient=patient, route="IV", indication_id="IND-TRD",
                                     at=AT + timedelta(minutes=6))  # fmt: skip
    assert again.decision == "DEFER"
    assert [item["rule"] for item in again.record["data_needed"]] == ["CI-ICP"]


def test_old_answers_are_unknown(prescriber, patient):
    assessed(prescriber, patient)
    later = services.assessment_make(prescriber, patient=patient, route="IV", indication_id="IND-TRD",
                                     at=AT + timedelta(days=40))  # fmt: skip
    assert later.decision == "DEFER"
    assert "CI-PSY-ACT" in {item["rule"] for item in later.record["data_needed"]}


def test_signing_opens_the_way_and_a_newer_decision_closes_it(prescriber, patient):
    assessment = assessed(prescriber, patient)
    assert not selectors.permits_course(patient)
    services.assessment_sign(prescriber, assessment=assessment, at=AT)
    assert selectors.permits_course(patient)
    with pytest.raises(InputError, match="ASSESSMENT-SIGNED"):
        services.assessment_sign(prescriber, assessment=assessment, at=AT)
    services.assessment_make(prescriber, patient=patient, route="IV", indication_id="IND-TRD",
                             at=AT + timedelta(minutes=1))  # fmt: skip
    assert not selectors.permits_course(patient)
    with pytest.raises(InputError, match="ASSESSMENT-OLD"):
        services.assessment_sign(prescriber, assessment=assessment, at=AT)


def test_a_nurse_does_not_sign(clinic, prescriber, patient):
    assessment = assessed(prescriber, patient)
    with pytest.raises(InputError, match="ASSESSMENT-ROLE"):
        services.assessment_sign(Actor.person(make_user(clinic, Role.NURSE)), assessment=assessment, at=AT)


def test_a_review_needs_reasons_and_two_people(clinic, prescriber, patient):
    nurse = Actor.person(make_user(clinic, Role.NURSE))
    assessment = assessed(prescriber, patient, psychosis_other_ever=True)
    services.assessment_sign(prescriber, assessment=assessment, at=AT)
    reasons = {"risk_benefit": "Severe, seven trials failed.", "mitigation": "Psychiatrist in the room."}
    with pytest.raises(InputError, match="ASSESSMENT-ROLE"):
        services.override_sign(nurse, assessment=assessment, **reasons, at=AT)
    with pytest.raises(InputError, match="OVERRIDE-REASONS"):
        services.override_sign(prescriber, assessment=assessment, risk_benefit="", mitigation="x", at=AT)
    services.override_sign(prescriber, assessment=assessment, **reasons, at=AT)
    with pytest.raises(InputError, match="OVERRIDE-SAME-PERSON"):
        services.override_sign(prescriber, assessment=assessment, **reasons, at=AT)
    assert not selectors.permits_course(patient)
    services.override_sign(nurse, assessment=assessment, risk_benefit="", mitigation="", at=AT)
    assert selectors.permits_course(patient)


def test_an_exclusion_cannot_be_overridden(clinic, prescriber, patient):
    assessment = assessed(prescriber, patient, schizophrenia_spectrum_ever=True)
    services.assessment_sign(prescriber, assessment=assessment, at=AT)
    with pytest.raises(InputError, match="OVERRIDE-DECISION"):
        services.override_sign(prescriber, assessment=assessment, risk_benefit="x", mitigation="y", at=AT)
    with pytest.raises(InputError, match="ASSESSMENT-ROLE"):
        services.override_sign(Actor.person(make_user(clinic, Role.FRONT_DESK)), assessment=assessment,
                               risk_benefit="x", mitigation="y", at=AT)  # fmt: skip
    assert not selectors.permits_course(patient)


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ({"raised_icp": "no"}, "FACTS-VALUE"),
        ({"shoe_size": 43}, "INTAKE-FACT"),
        ({"madrs": "high"}, "FACTS-VALUE"),
        ({"trials": [{"weeks": 8}]}, "FACTS-TRIAL"),
    ],
)
def test_a_wrong_answer_keeps_nothing(prescriber, patient, answers, code):
    with pytest.raises(InputError, match=code):
        services.intake_record(prescriber, patient=patient, answers={"aneurysm": False, **answers}, at=AT)
    assert not IntakeAnswer.objects.exists()


def test_rows_never_change(prescriber, patient):
    assessment = assessed(prescriber, patient)
    services.assessment_sign(prescriber, assessment=assessment, at=AT)
    for change in (
        lambda: type(assessment).objects.update(decision="ELIGIBLE"),
        lambda: IntakeAnswer.objects.all().delete(),
        lambda: type(assessment.signature).objects.update(signed_at=AT),
    ):
        with pytest.raises(IntegrityError, match="REP-APPEND-ONLY"), transaction.atomic():
            change()


def test_pregnancy_is_not_asked_of_a_man_but_of_a_woman(prescriber, clinic):
    woman = make_patient(clinic, sex=Sex.FEMALE)
    answers = {key: value for key, value in CLEAR.items() if key != "could_be_pregnant"}
    services.intake_record(prescriber, patient=woman, answers=answers, at=AT)
    made = services.assessment_make(prescriber, patient=woman, route="IV", indication_id="IND-TRD", at=AT)
    assert {"CI-PREG", "CI-PREG-UNK"} <= {item["rule"] for item in made.record["data_needed"]}
