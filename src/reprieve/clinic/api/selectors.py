"""Whether the person of a record system is known here; always inside the clinic that the system belongs to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from reprieve.clinic.accounts.models import Clinic
from reprieve.clinic.api.clients import CdsClient
from reprieve.clinic.assessments.selectors import TRIALS, assessments_of, case_of, latest_answers, local_day
from reprieve.clinic.courses.selectors import active_course
from reprieve.clinic.patients.models import Patient
from reprieve.domain.candidacy.facts import Teller
from reprieve.errors import SetupError
from reprieve.interop.cds_hooks.prefetch import Prefetched
from reprieve.interop.cds_hooks.told import HeldBack, Told, told_beside


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Who of the clinic this is. `held_back`: why what the person told is not used."""

    patient: Patient | None
    held_back: HeldBack | None


def clinic_of(slug: str) -> Clinic:
    """Raises: SetupError CDS-CLIENTS when no clinic has this short name."""
    clinic = Clinic.objects.filter(slug=slug).first()
    if clinic is None:
        raise SetupError("CDS-CLIENTS", f"There is no clinic {slug!r}.", remedy="Name a clinic of this installation.")
    return clinic


def same_person(clinic: Clinic, client: CdsClient, record: Prefetched) -> Match:
    """The one patient with exactly this record number; nobody where the dates of birth contradict each other.

    A name proves nothing and is never compared. Answers need both, number and date of birth.
    """
    numbers = [number for system, number in record.record_numbers if client.mrn_system in {"", system}]
    found = Patient.objects.filter(clinic=clinic, mrn__in=numbers).select_related("clinic")[:2]
    if len(found) != 1:
        return Match(patient=None, held_back=None)
    born_on = record.chart.birth_on
    if born_on is not None and born_on != found[0].birth_on:
        return Match(patient=None, held_back=HeldBack.OTHER_BIRTH)
    if not client.answers:
        return Match(patient=found[0], held_back=HeldBack.NOT_SHARED)
    return Match(patient=found[0], held_back=HeldBack.BIRTH_NOT_SENT if born_on is None else None)


def told_of(match: Match, record: Prefetched, *, at: datetime) -> Told:
    """What this person and the clinicians told the clinic, beside the record that was sent."""
    patient = match.patient
    if patient is None or match.held_back is not None:
        return Told(held_back=match.held_back)
    case = case_of(patient, at=at, chart=record.chart)
    trials_on = _trials_on(patient) if case.trials else {}
    # The newest decision without its record, which can be long.
    decided_for = assessments_of(patient).values_list("indication_id", flat=True).first()
    return told_beside(case, trials_on=trials_on, indication=decided_for or None)


def is_treated(patient: Patient | None) -> bool:
    """A course of this person runs."""
    return patient is not None and active_course(patient) is not None


def _trials_on(patient: Patient) -> Mapping[Teller, date]:
    """On which day each teller told the list of antidepressant trials."""
    answers = latest_answers(patient).filter(fact=TRIALS)
    told = (answer for answer in answers if answer.value)
    return {Teller(answer.said_by): local_day(patient.clinic, answer.answered_at) for answer in told}
