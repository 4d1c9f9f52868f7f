"""Events of a session in tests; minutes count from the opening."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

from reprieve.domain.session import events as ev
from reprieve.domain.session.checklist import ANSWERED_ITEMS
from reprieve.domain.session.fold import fold
from reprieve.knowledge.monitoring import load_limits

T0 = datetime(2026, 3, 3, 15, 0, tzinfo=UTC)
NURSE, DOCTOR = UUID(int=1), UUID(int=2)
LIMITS = load_limits()


def at(minutes: float) -> datetime:
    return T0 + timedelta(minutes=minutes)


def opened(**fields) -> ev.SessionOpened:
    """40 mg in 60 mL at 90 mL/h: 40 min."""
    fields = {
        "order_id": UUID(int=9), "ordered_mg": 40.0, "concentration_mg_per_ml": 40 / 60, "bag_volume_ml": 60.0,
        "rate_ml_per_h": 90.0, "duration_min": 40.0, "weight_kg": 80.0, "dosing_weight_kg": 80.0,
        "weight_basis": "actual", "dose_mg_per_kg": 0.5, **fields,
    }  # fmt: skip
    return ev.SessionOpened(**fields)


class Story:
    """A log under construction: `say(event, minutes)` puts one at its end."""

    def __init__(self, first=None) -> None:
        self.events: list[ev.Recorded] = []
        self.say(first or opened(), 0)

    def say(self, event, minutes, *, by=NURSE, device="") -> UUID:
        seq = len(self.events) + 1
        recorded = ev.Recorded(
            event=event, id=uuid5(NURSE, str(seq)), seq=seq, observed_at=at(minutes), entered_at=at(minutes),
            received_at=at(minutes), author_id=None if device else by, device=device,
        )  # fmt: skip
        self.events.append(recorded)
        return recorded.id

    def vitals(self, minutes, **values) -> UUID:
        return self.say(ev.VitalSignsRecorded(**values), minutes, device="MON-1")

    def pressure(self, minutes, systolic, diastolic=75) -> UUID:
        return self.vitals(minutes, systolic_mmhg=systolic, diastolic_mmhg=diastolic)

    def rest(self, *pressures, minutes=(1, 6), **values):
        """Two sets of resting values unless told otherwise; 120/75 by default."""
        shown = {"heart_rate_per_min": 72, "spo2_percent": 98, "respiratory_rate_per_min": 14,
                 "temperature_cel": 36.7, "weight_kg": 80, **values}  # fmt: skip
        for minute, (systolic, diastolic) in zip(minutes, pressures or ((120, 75), (120, 75)), strict=True):
            self.say(ev.BaselineTaken(systolic_mmhg=systolic, diastolic_mmhg=diastolic, **shown), minute)
        return self

    def answers(self, minutes=7, **given):
        for item in ANSWERED_ITEMS:
            answer = given.get(item.replace("-", "_"), ev.Answer.GO)
            self.say(ev.ChecklistItemRecorded(item=item, answer=answer), minutes)
        return self

    def attested(self, minutes=8):
        for person in (NURSE, DOCTOR):
            self.say(ev.IdentityAttested(identifiers=("name", "date of birth")), minutes, by=person)
        return self

    def started(self, minutes=10):
        """At rest, checked and started."""
        self.rest().answers().attested()
        self.say(ev.InfusionStarted(rate_ml_per_h=90), minutes)
        return self

    def stopped(self, minutes=50, **fields):
        self.say(ev.InfusionStopped(**fields), minutes)
        return self

    @property
    def state(self):
        return fold(self.events, LIMITS)

    def alarms(self):
        """Open alarms as (rule, level, stage)."""
        return [(alarm.rule, alarm.level.value, alarm.stage.value) for alarm in self.state.alarms.current()]
