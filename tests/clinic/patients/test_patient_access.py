"""A person's own account: of the same clinic, of the patient role, once."""

import pytest
from factories import make_clinic, make_patient, make_user

from reprieve.clinic.accounts.models import Role
from reprieve.clinic.audit.models import AuditEvent
from reprieve.clinic.audit.services import Actor
from reprieve.clinic.patients.services.registration import patient_access_give
from reprieve.errors import InputError


@pytest.fixture
def actor(db):
    return Actor.person(make_user(make_clinic()))


def test_a_person_gets_their_own_account_once(actor):
    patient, user = make_patient(actor.clinic), make_user(actor.clinic, Role.PATIENT)
    patient_access_give(actor, patient=patient, user=user)
    patient.refresh_from_db()
    assert patient.user == user and AuditEvent.objects.get().action == "patient.access.give"
    with pytest.raises(InputError, match="ACCESS-GIVEN"):
        patient_access_give(actor, patient=patient, user=make_user(actor.clinic, Role.PATIENT))


def test_an_account_of_staff_or_of_another_clinic_is_refused(actor):
    patient = make_patient(actor.clinic)
    for user in (make_user(actor.clinic, Role.NURSE), make_user(make_clinic(), Role.PATIENT)):
        with pytest.raises(InputError, match="ACCESS-ROLE"):
            patient_access_give(actor, patient=patient, user=user)
