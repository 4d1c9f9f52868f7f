"""Who may sign, and holding a patient's decisions still while it happens."""

from reprieve.clinic.accounts.models import Role, User
from reprieve.clinic.assessments import selectors
from reprieve.clinic.assessments.models import Assessment
from reprieve.clinic.audit.services import Actor
from reprieve.clinic.patients.models import Patient
from reprieve.errors import InputError


def lock_newest(assessment: Assessment) -> None:
    """Hold the patient's decisions still.  Raises: InputError when a newer one exists."""
    Patient.objects.select_for_update().get(pk=assessment.patient_id)
    latest = selectors.latest_assessment(assessment.patient)
    if latest is None or latest.pk != assessment.pk:
        raise InputError("ASSESSMENT-OLD", "A newer decision exists; read that one.")


def acting_prescriber(actor: Actor) -> User:
    """The prescriber who acts.  Raises: InputError for anybody else."""
    if actor.user is None or actor.user.role != Role.PRESCRIBER:
        raise InputError("ASSESSMENT-ROLE", "Only a prescriber signs a decision.")
    return actor.user


def acting_clinician(actor: Actor) -> User:
    """The prescriber or nurse who acts.  Raises: InputError for anybody else."""
    if actor.user is None or actor.user.role not in {Role.PRESCRIBER, Role.NURSE}:
        raise InputError("ASSESSMENT-ROLE", "Only a clinician signs here.")
    return actor.user
