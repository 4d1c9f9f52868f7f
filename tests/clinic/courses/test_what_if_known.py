"""What if begins with what the record says of the person, names who said it and when, and lets go of it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from factories import make_clinic, make_patient, make_user

from reprieve.clinic.accounts.models import Role
from reprieve.clinic.assessments.services import intake_record
from reprieve.clinic.audit.services import Actor
from reprieve.clinic.courses.what_if.known import known_of
from reprieve.clinic.patients.models import Condition, Observation
from reprieve.domain.candidacy.facts import Teller

pytestmark = pytest.mark.django_db
MEASURED_AT = datetime(2026, 11, 2, 15, 0, tzinfo=UTC)
USUAL = {"way": "infusion", "weight_kg": "70", "mg_per_kg": "0.5", "duration_min": "40"}


@pytest.fixture
def clinician():
    return make_user(make_clinic(), Role.PRESCRIBER)


@pytest.fixture
def patient(clinician):
    patient = make_patient(clinician.clinic)
    patient.birth_on = date(1976, 5, 1)
    patient.save()
    return patient


def measured(patient, loinc, value, unit):
    Observation.objects.create(
        patient=patient, fhir_id=loinc, loinc=loinc, value=value, unit=unit, effective_at=MEASURED_AT
    )


def has(patient, code):
    coding = {"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": code, "display": ""}
    Condition.objects.create(
        patient=patient, fhir_id=code, codings=[coding], clinical_status="active", verification_status="confirmed",
        onset_on=date(2025, 3, 4),
    )  # fmt: skip


def told(clinician, patient, *, said_by=Teller.PATIENT, at=None, **answers):
    at = at or timezone.now()
    intake_record(Actor.person(clinician), patient=patient, answers=answers, at=at, said_by=said_by)


def look(clinician, patient, name="courses:what_if", **asked):
    client = Client()
    client.force_login(clinician)
    return client.get(reverse(name, args=[patient.pk]), asked)


def test_weight_height_and_age_come_from_the_record(clinician, patient):
    measured(patient, "29463-7", 82.04, "kg")
    measured(patient, "8302-2", 69.0, "[in_i]")
    known = known_of(patient, at=datetime(2026, 11, 22, 12, tzinfo=UTC))
    # 69 in is 175.26 cm; born on 1 May 1976
    assert known.values == {"weight_kg": "82.0", "height_cm": "175.3", "age_years": "50", "liver": ""}
    text = look(clinician, patient).content.decode()
    assert all(f'value="{one}"' in text for one in ("82.0", "175.3"))
    assert "Record, 2 Nov 2026" in text and "Date of birth, 1 May 1976" in text
    assert "Nobody has said anything about the liver yet" in text


def test_nothing_known_stays_empty(clinician):
    patient = make_patient(clinician.clinic)
    patient.birth_on = None
    known = known_of(patient, at=timezone.now())
    assert set(known.values.values()) == {""}
    assert not any(known.said.values())


@pytest.mark.parametrize(("code", "grade"), [("B18.2", "child_pugh_b"), ("K76.6", "child_pugh_c"), ("F33.2", "")])
def test_liver_disease_of_the_chart_is_chosen_beforehand(patient, code, grade):
    has(patient, code)
    known = known_of(patient, at=timezone.now())
    assert known.values["liver"] == grade
    assert [one.detail for one in known.said["liver"]] == ([code] if grade else [])


def test_a_grade_on_record_moves_the_curve_until_somebody_says_otherwise(clinician, patient):
    measured(patient, "29463-7", 70.0, "kg")
    has(patient, "B18.2")
    text = look(clinician, patient).content.decode()
    assert "Exposure is moved for Child-Pugh B" in text
    assert "chronic active hepatitis: Yes. Record (B18.2), 4 Mar 2025" in text
    assert "Exposure is moved" in look(clinician, patient, **USUAL).content.decode()
    assert "Exposure is moved" not in look(clinician, patient, **USUAL, liver="").content.decode()


def test_the_worst_grade_on_record_is_refused_with_its_origin(clinician, patient):
    measured(patient, "29463-7", 70.0, "kg")
    has(patient, "K72.10")
    response = look(clinician, patient)
    text = response.content.decode()
    assert response.status_code == 200  # nobody asked anything wrong
    assert "PK-EXP-REFUSED: Child-Pugh C was not studied" in text and "Record (K72.10)" in text


def test_both_sides_of_a_disagreement_are_shown(clinician, patient):
    has(patient, "B18.2")
    told(clinician, patient, liver_moderate=False)
    said = known_of(patient, at=timezone.now()).said["liver"]
    assert [(one.teller, one.counts) for one in said] == [("Record", True), ("Patient", False)]
    assert "does not count now" in look(clinician, patient).content.decode()


def test_what_is_too_old_is_shown_and_not_chosen(clinician, patient):
    told(clinician, patient, at=timezone.now() - timedelta(days=200), liver_severe=True)
    known = known_of(patient, at=timezone.now())
    assert known.values["liver"] == ""
    assert [one.is_stale for one in known.said["liver"]] == [True]
    assert "too old to be used" in look(clinician, patient).content.decode()


def test_an_age_can_be_tried_or_left_unknown(clinician, patient):
    outside = "is outside the ages the model was made from"
    assert outside in look(clinician, patient, **USUAL, age_years="92").content.decode()
    assert outside not in look(clinician, patient, **USUAL).content.decode()
    assert "No age: whether the model fits" in look(clinician, patient, **USUAL, age_years="").content.decode()
