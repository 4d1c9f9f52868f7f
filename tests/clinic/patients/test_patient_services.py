"""Measurements, consents and registration."""

from datetime import UTC, date, datetime

import pytest
from factories import make_clinic, make_patient, make_user

from reprieve.clinic.audit.models import AuditEvent
from reprieve.clinic.audit.services import Actor
from reprieve.clinic.patients import selectors
from reprieve.clinic.patients.models import Consent, Observation, Patient
from reprieve.clinic.patients.services.consents import consent_record
from reprieve.clinic.patients.services.observations import observation_record
from reprieve.clinic.patients.services.registration import patient_register
from reprieve.errors import InputError

AT = datetime(2026, 3, 5, 9, tzinfo=UTC)


@pytest.fixture
def actor(db):
    return Actor.person(make_user(make_clinic()))


def test_a_weight_in_pounds_is_kept_in_kilograms(actor):
    patient = make_patient(actor.clinic)
    row = observation_record(actor, patient=patient, loinc="29463-7", value=154, unit="[lb_av]", effective_at=AT)
    assert row.value == pytest.approx(69.853, abs=0.001)  # 154 * 0.45359237
    assert (row.unit, row.display, row.fhir_id.startswith("local/")) == ("kg", "Body weight", True)
    assert AuditEvent.objects.get().action == "observation.record"


@pytest.mark.parametrize(
    ("loinc", "value", "unit", "code"),
    [
        ("29463-7", 154, "", "OBSERVATION-UNIT"),
        ("29463-7", 154, "cm", "OBSERVATION-UNIT"),
        ("44261-6", 31, "{score}", "OBSERVATION-VALUE"),
        ("44249-1", 12, "{score}", "OBSERVATION-CODE"),
        ("82810-3", 1, "", "OBSERVATION-CODE"),
    ],
)
def test_a_measurement_that_cannot_be_kept_is_refused(actor, loinc, value, unit, code):
    with pytest.raises(InputError, match=code):
        observation_record(actor, patient=make_patient(actor.clinic), loinc=loinc, value=value, unit=unit,
                           effective_at=AT)  # fmt: skip
    assert not Observation.objects.exists()


def test_a_withdrawal_is_a_later_row(actor):
    patient = make_patient(actor.clinic)
    assert selectors.consent_in_force(patient, "registry") is None
    for permit in (True, False):
        consent_record(actor, patient=patient, scope="registry", permit=permit, version=" 2026-01 ", decided_at=AT)
    assert selectors.consent_in_force(patient, "registry").permit is False
    assert selectors.consent_in_force(patient, "treatment") is None
    assert list(Consent.objects.values_list("version", flat=True)) == ["2026-01", "2026-01"]


@pytest.mark.parametrize(
    ("changes", "code"), [({"scope": "other"}, "CONSENT-SCOPE"), ({"version": "  "}, "CONSENT-VERSION")]
)
def test_a_consent_without_its_parts_is_refused(actor, changes, code):
    given = {"scope": "treatment", "permit": True, "version": "1", "decided_at": AT} | changes
    with pytest.raises(InputError, match=code):
        consent_record(actor, patient=make_patient(actor.clinic), **given)


def test_a_program_cannot_consent(actor):
    program = Actor.program("import", actor.clinic)
    with pytest.raises(InputError, match="CONSENT-PERSON"):
        consent_record(program, patient=make_patient(actor.clinic), scope="treatment", permit=True, version="1",
                       decided_at=AT)  # fmt: skip


def register(actor, **changes):
    fields = {"mrn": " 12 ", "family_name": "Reed", "given_name": "Ann", "birth_on": date(1990, 1, 2), "sex": "female"}
    return patient_register(actor, **(fields | changes))


def test_a_person_is_registered_once(actor):
    assert register(actor).mrn == "12"
    with pytest.raises(InputError, match="PATIENT-MRN-TAKEN"):
        register(actor)
    register(Actor.person(make_user(make_clinic())))
    assert Patient.objects.count() == 2


def test_a_person_without_a_name_is_refused(actor):
    with pytest.raises(InputError, match="PATIENT-FIELDS") as caught:
        register(actor, family_name=" ")
    assert caught.value.where == "family_name"
