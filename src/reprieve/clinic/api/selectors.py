"""Whether the person of a record system is known here; always inside the clinic that the system belongs to."""

from collections.abc import Iterable

from reprieve.clinic.accounts.models import Clinic
from reprieve.clinic.courses.selectors import active_course
from reprieve.clinic.patients.models import Patient
from reprieve.errors import SetupError


def clinic_of(slug: str) -> Clinic:
    """Raises: SetupError CDS-CLIENTS when no clinic has this short name."""
    clinic = Clinic.objects.filter(slug=slug).first()
    if clinic is None:
        raise SetupError("CDS-CLIENTS", f"There is no clinic {slug!r}.", remedy="Name a clinic of this installation.")
    return clinic


def same_person(clinic: Clinic, record_numbers: Iterable[str]) -> Patient | None:
    """The one patient with exactly this medical record number; None when nobody or more than one fits."""
    found = Patient.objects.filter(clinic=clinic, mrn__in=list(record_numbers))[:2]
    return found[0] if len(found) == 1 else None


def is_treated(patient: Patient | None) -> bool:
    """A course of this person runs."""
    return patient is not None and active_course(patient) is not None
