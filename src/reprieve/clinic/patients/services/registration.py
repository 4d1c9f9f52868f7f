"""Registering a person by hand."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from reprieve.clinic.accounts.models import Role, User
from reprieve.clinic.audit.services import Actor, record
from reprieve.clinic.patients.models import Patient
from reprieve.errors import InputError


@transaction.atomic
def patient_register(  # noqa: PLR0913  a person has these properties
    actor: Actor, *, mrn: str, family_name: str, given_name: str, birth_on: date, sex: str, phone: str = ""
) -> Patient:
    """Take a person into the care of the actor's clinic.

    Raises: InputError PATIENT-MRN-TAKEN, PATIENT-FIELDS.
    """
    patient = Patient(
        clinic=actor.clinic,
        mrn=mrn.strip(),
        family_name=family_name.strip(),
        given_name=given_name.strip(),
        birth_on=birth_on,
        sex=sex,
        phone=phone.strip(),
    )
    if Patient.objects.filter(clinic=actor.clinic, mrn=patient.mrn).exists():
        raise InputError("PATIENT-MRN-TAKEN", f"Record number {patient.mrn} belongs to somebody already.", where="mrn")
    try:
        patient.full_clean()
    except ValidationError as problem:
        field, messages = next(iter(problem.message_dict.items()))
        raise InputError("PATIENT-FIELDS", messages[0], where=field) from None
    patient.save()
    record(actor, "patient.register", entity="Patient", entity_id=patient.id, patient_id=patient.id)
    return patient


@transaction.atomic
def patient_access_give(actor: Actor, *, patient: Patient, user: User) -> None:
    """Let a person sign in to see the own treatment.

    Raises: InputError ACCESS-ROLE unless the account is a patient's of the same clinic, ACCESS-GIVEN when one is
    linked already.
    """
    if user.role != Role.PATIENT or user.clinic_id != patient.clinic_id:
        raise InputError("ACCESS-ROLE", "The account has to be a patient's, of the same clinic.")
    locked = Patient.objects.select_for_update().get(pk=patient.pk)
    if locked.user_id is not None:
        raise InputError("ACCESS-GIVEN", "This patient has an account already.")
    locked.user = user
    locked.save(update_fields=["user"])
    record(actor, "patient.access.give", entity="Patient", entity_id=patient.id, patient_id=patient.id)
