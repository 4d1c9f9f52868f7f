"""Plain functions that make rows; each call makes a new one."""

from datetime import date
from itertools import count

from django.utils import timezone

from reprieve.clinic.accounts.models import Clinic, Role, User
from reprieve.clinic.patients.models import Patient, Sex

_numbers = count(1)


def make_clinic(name: str = "Harbor Clinic", **fields) -> Clinic:
    return Clinic.objects.create(name=name, slug=f"clinic-{next(_numbers)}", **fields)


def clinic_today() -> date:
    """The day at a clinic that is made here, which is another one than here for some hours of each night."""
    return timezone.localdate(timezone=Clinic().zone)


def make_user(clinic: Clinic, role: Role = Role.PRESCRIBER, **fields) -> User:
    fields = {"username": f"{role}-{next(_numbers)}", "first_name": "Ada", "last_name": "Ward", **fields}
    return User.objects.create(clinic=clinic, role=role, **fields)


def make_patient(clinic: Clinic, **fields) -> Patient:
    fields = {
        "mrn": f"MRN{next(_numbers)}", "family_name": "Reed", "given_name": "Jonah",
        "birth_on": date(1980, 5, 17), "sex": Sex.MALE, **fields,
    }  # fmt: skip
    return Patient.objects.create(clinic=clinic, **fields)
