"""Which running session a message belongs to. What the message says must agree with itself: nothing is guessed."""

from dataclasses import dataclass

from reprieve.clinic.accounts.models import Clinic
from reprieve.clinic.devices.selectors import Floor, has_chair, has_patient
from reprieve.clinic.devices.wording import sentence
from reprieve.clinic.visits.models import DosingSession
from reprieve.interop.hl7v2.ack import Problem
from reprieve.interop.hl7v2.message import MonitorMessage

_PLACES = {"UNKNOWN-PATIENT": "PID-3", "TWO-SESSIONS": "PID-3", "CHAIR-PATIENT-MISMATCH": "PV1-3"}


class NotBound(Exception):
    """The message was understood and belongs to no running session."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.code)


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Whom a message is about, as it says itself."""

    clinic: Clinic
    mrn: str | None
    chair_code: str | None


def clinic_for(facility: str, floor: Floor, home: Clinic | None) -> Clinic | None:
    """The clinic whose slug stands in MSH-6; else the gateway's own clinic, else the only one there is."""
    return floor.clinics.get(facility.casefold()) or home or floor.sole_clinic()


def bind(message: MonitorMessage, clinic: Clinic, floor: Floor) -> DosingSession:
    """The running session of patient and chair.

    Without a patient the chair decides; with both, both must name the same session.  Raises: NotBound.
    """
    address = Address(clinic=clinic, mrn=message.mrn, chair_code=message.chair_code)
    if address.mrn is None:
        return _by_chair(address, floor)
    return _by_patient(address, floor)


def _by_chair(address: Address, floor: Floor) -> DosingSession:
    if address.chair_code is None:
        raise _not_bound("NOT-ADDRESSED")
    session = floor.at_chair.get((address.clinic.pk, address.chair_code))
    if session is None:
        known = has_chair(address.clinic, address.chair_code)
        raise _not_bound("NO-SESSION" if known else "UNKNOWN-CHAIR", chair=address.chair_code)
    return session


def _by_patient(address: Address, floor: Floor) -> DosingSession:
    mrn, chair = str(address.mrn), address.chair_code
    running = floor.of_mrn.get((address.clinic.pk, mrn), ())
    fitting = [one for one in running if chair is None or one.chair is None or one.chair.code == chair]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        raise _not_bound("TWO-SESSIONS", mrn=mrn)
    if running or (chair is not None and (address.clinic.pk, chair) in floor.at_chair):
        code = "CHAIR-PATIENT-MISMATCH" if running or has_patient(address.clinic, mrn) else "UNKNOWN-PATIENT"
        raise _not_bound(code, mrn=mrn, chair=chair)
    raise _not_bound("NO-SESSION" if has_patient(address.clinic, mrn) else "UNKNOWN-PATIENT", mrn=mrn)


def _not_bound(code: str, *, mrn: str = "", chair: str | None = "") -> NotBound:
    subject = f"record number {mrn}" if mrn else f"chair {chair}"
    text = sentence(code, mrn=mrn, chair=chair, subject=subject)
    return NotBound(Problem(code=code, sentence=text, where=_PLACES.get(code, "PID-3" if mrn else "PV1-3")))
