"""Who may sign."""

from django.utils.translation import gettext as _

from reprieve.clinic.accounts.models import Role, User
from reprieve.clinic.audit.services import Actor
from reprieve.clinic.patients.models import Patient
from reprieve.errors import InputError


def acting_prescriber(actor: Actor, patient: Patient) -> User:
    """The prescriber of this patient's clinic who acts.  Raises: InputError for anybody else."""
    if actor.user is None or actor.user.role != Role.PRESCRIBER or actor.clinic != patient.clinic:
        raise InputError("SIGN-PRESCRIBER", _("Only a prescriber of this clinic can do this."))
    return actor.user


def acting_clinician(actor: Actor, patient: Patient) -> User:
    """The prescriber or nurse of this patient's clinic who acts.  Raises: InputError for anybody else."""
    user = actor.user
    if user is None or user.role not in (Role.PRESCRIBER, Role.NURSE) or actor.clinic != patient.clinic:
        raise InputError("SIGN-CLINICIAN", _("Only a prescriber or nurse of this clinic can do this."))
    return user
