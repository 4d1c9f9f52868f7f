"""A dosing session at every stage; time is an argument of each step."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

from tests.clinic.factories import make_clinic, make_patient, make_user

from reprieve.clinic.accounts.models import Role
from reprieve.clinic.audit.services import Actor
from reprieve.clinic.courses.models import Course, DoseOrder, OrderStatus, PlannedSession
from reprieve.clinic.visits import services
from reprieve.clinic.visits.models import Chair
from reprieve.domain.session import events as ev
from reprieve.domain.session.checklist import ANSWERED_ITEMS
from reprieve.domain.session.readings import DeviceReading

T0 = datetime(2026, 3, 3, 15, 0, tzinfo=UTC)


def at(minutes: float) -> datetime:
    """Minutes after the session was opened."""
    return T0 + timedelta(minutes=minutes)


def make_order(clinic, prescriber, patient=None, number=1, **fields) -> DoseOrder:
    """40 mg in 60 mL over 40 min for 80 kg: 0.5 mg/kg at 90 mL/h (REG-IV-STD6-3W)."""
    course = Course.objects.create(
        patient=patient or make_patient(clinic), regimen_id="REG-IV-STD6-3W", indication_id="IND-MDD-TRD", route="IV",
        starts_on=date(2026, 3, 2), knowledge_hash="0" * 64, created_by=prescriber,
    )  # fmt: skip
    planned = PlannedSession.objects.create(course=course, number=number, planned_on=date(2026, 3, 3))
    fields = {
        "status": OrderStatus.CHECKED, "weight_kg": 80, "dosing_weight_kg": 80, "weight_basis": "actual",
        "dose_mg_per_kg": 0.5, "dose_mg": 40, "vial_mg_per_ml": 50, "draw_volume_ml": 0.8, "bag_volume_ml": 60,
        "concentration_mg_per_ml": "0.6667", "rate_ml_per_h": 90, "duration_min": 40, "knowledge_hash": "0" * 64,
        "signed_by": prescriber, "signed_at": at(-60), **fields,
    }  # fmt: skip
    return DoseOrder.objects.create(planned_session=planned, **fields)


class Scene:
    """A clinic with a nurse, a prescriber, a chair, and one session."""

    def __init__(self, **order_fields) -> None:
        self.clinic = make_clinic()
        self.nurse = make_user(self.clinic, Role.NURSE, credential="RN")
        self.prescriber = make_user(self.clinic, Role.PRESCRIBER, first_name="Ida", last_name="Moss", credential="MD")
        self.chair = Chair.objects.create(clinic=self.clinic, name=f"Chair {uuid4().hex[:4]}", code=uuid4().hex[:6])
        self.order = make_order(self.clinic, self.prescriber, **order_fields)
        self.session = services.session_open(Actor.person(self.nurse), order=self.order, chair=self.chair, at=T0)

    def do(self, event, minutes, *, by=None, event_id=None):
        """One event of a person, observed and entered at these minutes."""
        entry = services.Entry(observed_at=at(minutes), at=at(minutes), event_id=event_id)
        row = services.session_command(Actor.person(by or self.nurse), session=self.session, event=event, entry=entry)
        self.session.refresh_from_db()
        return row

    def rest(self, systolic=124, diastolic=78, minutes=(1, 6)):
        for minute in minutes:
            self.do(
                ev.BaselineTaken(
                    systolic_mmhg=systolic, diastolic_mmhg=diastolic, heart_rate_per_min=72, spo2_percent=98,
                    respiratory_rate_per_min=14, temperature_cel=36.7, weight_kg=80,
                ),
                minute,
            )  # fmt: skip

    def answer(self, minutes=7, **answers):
        for item in ANSWERED_ITEMS:
            answer = answers.get(item.replace("-", "_"), ev.Answer.GO)
            self.do(ev.ChecklistItemRecorded(item=item, answer=answer), minutes)

    def attest(self, minutes=8):
        for person in (self.nurse, self.prescriber):
            self.do(ev.IdentityAttested(identifiers=("name", "date of birth")), minutes, by=person)

    def prepare(self):
        self.rest()
        self.answer()
        self.attest()
        return self

    def start(self, minutes=10):
        self.do(ev.InfusionStarted(rate_ml_per_h=90), minutes)
        return self

    def reading(self, minutes, **values) -> DeviceReading:
        return DeviceReading(
            event_id=uuid4(), session_id=self.session.pk, observed_at=at(minutes), received_at=at(minutes),
            device="MON-1", **values,
        )  # fmt: skip

    def monitor(self, *readings) -> int:
        written = services.vital_signs_append(readings=readings)
        self.session.refresh_from_db()
        return written

    def run(self):
        """Started at 10, through at 50 min."""
        self.prepare().start()
        self.monitor(self.reading(20, systolic_mmhg=138, diastolic_mmhg=84, mean_mmhg=102, heart_rate_per_min=80,
                                  spo2_percent=97, respiratory_rate_per_min=14))  # fmt: skip
        self.do(ev.DissociationScored(score=5), 40)
        self.do(ev.SedationScored(moaas=4), 40)
        self.do(ev.InfusionStopped(residual_ml=0), 50)
        return self

    def recover(self):
        """Every criterion met at 115 min."""
        for minute in (80, 110):
            self.do(ev.VitalSignsRecorded(systolic_mmhg=126, diastolic_mmhg=80, heart_rate_per_min=74, spo2_percent=98,
                                          respiratory_rate_per_min=14), minute)  # fmt: skip
        self.do(ev.SedationScored(moaas=5), 110)
        self.do(ev.DissociationScored(score=0), 110)
        self.do(ev.NauseaScored(score=0), 110)
        self.do(ev.DischargeCriterionRecorded(criterion="DIS-ALD", met=True, number=10), 112)
        for criterion in ("DIS-SED", "DIS-GAIT", "DIS-SI", "DIS-ESC", "DIS-INST", "DIS-IV"):
            self.do(ev.DischargeCriterionRecorded(criterion=criterion, met=True), 112)
        return self

    def release(self, minutes=115):
        self.do(ev.PatientReleased(escort_name="Nora Reed", escort_relation="sister"), minutes)
        return self
