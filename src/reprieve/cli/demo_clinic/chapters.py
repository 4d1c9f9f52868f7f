"""The parts of a stay at the clinic: arrival, questionnaires, candidacy, course, sessions."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from reprieve.cli.demo_clinic.answers import intake_answers, phq9_answers
from reprieve.cli.demo_clinic.cast import Cast
from reprieve.cli.demo_clinic.people import Person
from reprieve.cli.demo_clinic.record import bundle_of
from reprieve.cli.demo_clinic.script import Vitals
from reprieve.cli.demo_clinic.stage import checked, order_signed, played
from reprieve.clinic.assessments.services import assessment_make, assessment_sign, intake_record
from reprieve.clinic.courses.models import Course, DoseOrder, PlannedSession
from reprieve.clinic.courses.services import course_create
from reprieve.clinic.outcomes.models import Mode
from reprieve.clinic.outcomes.services import invitation_send, response_record
from reprieve.clinic.patients.models import ConsentScope, Patient
from reprieve.clinic.patients.services.consents import consent_record
from reprieve.clinic.patients.services.imports import bundle_import

REGIMEN = "REG-IV-STD6-3W"
INDICATION = "IND-TRD"
CONSENT_VERSION = "2026-01"


@dataclass(frozen=True, slots=True)
class Stay:
    """One person at the clinic."""

    cast: Cast
    person: Person
    patient: Patient

    def at(self, on: date, hour: int, minute: int = 0) -> datetime:
        """An hour of a day by the clinic's clock."""
        return datetime.combine(on, time(hour, minute), self.cast.clinic.zone)

    @property
    def vitals(self) -> Vitals:
        assert self.person.sbp is not None  # noqa: S101  people.toml gives it to everybody who is treated
        assert self.person.weight_kg is not None  # noqa: S101
        return Vitals(self.person.sbp, self.person.weight_kg)


def arrive(cast: Cast, person: Person, number: int, *, on: date) -> Stay:
    """The desk imports the record that somebody brings."""
    mrn = f"HKC-{1000 + number}"
    at = datetime.combine(on, time(9), cast.clinic.zone)
    content = bundle_of(person, mrn, at=at)
    bundle_import(cast.actor("romero"), content=content, file_name=f"{mrn}.json")
    return Stay(cast, person, Patient.objects.get(clinic=cast.clinic, mrn=mrn))


def answer_phq9(stay: Stay, total: int, *, at: datetime, item9: int = 0) -> None:
    """A link goes out and comes back the same day."""
    desk = stay.cast.actor("romero")
    invitation, _token = invitation_send(desk, patient=stay.patient, at=at - timedelta(hours=2))
    answers = phq9_answers(total, item9=item9)
    response_record(desk, invitation=invitation, answers=answers, mode=Mode.PORTAL, at=at)


def assess(stay: Stay, *, at: datetime, is_signed: bool = True) -> None:
    """Intake answers, then the decision, signed by the prescriber."""
    prescriber = stay.cast.actor("okafor")
    intake_record(stay.cast.actor("lind"), patient=stay.patient, answers=intake_answers(stay.person), at=at)
    assessment = assessment_make(prescriber, patient=stay.patient, route="IV", indication_id=INDICATION, at=at)
    if is_signed:
        assessment_sign(prescriber, assessment=assessment, at=at)


def begin_course(stay: Stay, *, starts_on: date) -> Course:
    """Consents, then the dated plan."""
    at = stay.at(starts_on - timedelta(days=1), 10)
    for scope, permit in ((ConsentScope.TREATMENT, True), (ConsentScope.REGISTRY, stay.person.registry)):
        consent_record(
            stay.cast.actor("romero"), patient=stay.patient, scope=scope, permit=permit, version=CONSENT_VERSION,
            decided_at=at,
        )  # fmt: skip
    return course_create(
        stay.cast.actor("okafor"), patient=stay.patient, regimen_id=REGIMEN, indication_id=INDICATION,
        starts_on=starts_on, at=at,
    )  # fmt: skip


def treat(stay: Stay, planned: PlannedSession) -> None:
    """One past session, from the order to the prescriber's signature."""
    started_at = stay.at(planned.planned_on, 10)
    order = checked_order(stay, planned, at=started_at - timedelta(minutes=50))
    played(
        stay.cast,
        order,
        stay.cast.chairs[-1],
        stay.vitals,
        started_at=started_at,
        until=started_at + timedelta(hours=4),
    )


def checked_order(stay: Stay, planned: PlannedSession, *, at: datetime) -> DoseOrder:
    """Today's order, signed and checked."""
    assert stay.person.weight_kg and stay.person.height_cm  # noqa: S101
    order = order_signed(stay.cast, planned, weight_kg=stay.person.weight_kg, height_cm=stay.person.height_cm, at=at)
    return checked(stay.cast, order, at=at + timedelta(minutes=5))
