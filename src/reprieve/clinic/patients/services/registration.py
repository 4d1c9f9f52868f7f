"""Registering a person by hand."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

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
