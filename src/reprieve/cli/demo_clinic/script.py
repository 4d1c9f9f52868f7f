"""What happens in one infusion, minute by minute, as a list that is played up to any moment."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from reprieve.domain.session import events as ev
from reprieve.domain.session.checklist import ANSWERED_ITEMS
from reprieve.domain.session.discharge import ANSWERED_CRITERIA

IDENTIFIERS = ("name", "date of birth")
DURATION_MIN = 40
RELEASED_MIN = 108
SIGNED_MIN = 120


@dataclass(frozen=True, slots=True)
class Line:
    """At `minute` of the infusion (negative: before it) somebody enters an event."""

    minute: float
    who: str
    event: ev.Event


@dataclass(frozen=True, slots=True)
class Vitals:
    """Resting systolic pressure, from which the course of the others follows, and the weight of the day."""

    systolic_mmhg: float
    weight_kg: float

    def at(self, minute: float) -> dict[str, float]:
        """Means of a real-world series: pressure rises by about 16/11 mmHg, highest at 40 min, back within 90.

        Source: the haemodynamic series of 2,342 infusions named `YALE24` in the sources file.
        """
        rise = math.exp(-(((minute - DURATION_MIN) / 26.0) ** 2))
        wave = math.sin(minute * 1.7)
        systolic = self.systolic_mmhg + 15.0 * rise + 2.0 * wave
        return {
            "systolic_mmhg": round(systolic),
            "diastolic_mmhg": round(0.62 * self.systolic_mmhg + 10.0 * rise + 1.5 * wave),
            "heart_rate_per_min": round(71 + 9.0 * rise + 2.0 * wave),
            "spo2_percent": round(98 - 1.2 * rise),
            "respiratory_rate_per_min": round(14 + wave),
        }


def preparation(vitals: Vitals) -> Iterator[Line]:
    """Resting values twice, the checklist, and two people who match patient and bag."""
    for minute in (-24.0, -18.0):
        values = {**vitals.at(-200.0 + minute), "temperature_cel": 36.7}
        yield Line(minute, "lind", ev.BaselineTaken(**values, weight_kg=vitals.weight_kg))
    for item in ANSWERED_ITEMS:
        yield Line(-12.0, "lind", ev.ChecklistItemRecorded(item=item, answer=ev.Answer.GO))
    yield Line(-4.0, "lind", ev.IdentityAttested(identifiers=IDENTIFIERS))
    yield Line(-3.0, "abara", ev.IdentityAttested(identifiers=IDENTIFIERS))


def infusion(rate_ml_per_h: float) -> Iterator[Line]:
    """Forty minutes with scores every ten, some nausea, and a note."""
    yield Line(0.0, "lind", ev.InfusionStarted(rate_ml_per_h=rate_ml_per_h))
    for minute, dissociation in ((10.0, 2), (20.0, 4), (30.0, 6), (39.0, 5)):
        yield Line(minute, "lind", ev.SedationScored(moaas=5 if minute < 20 else 4))
        yield Line(minute, "lind", ev.DissociationScored(score=dissociation))
        yield Line(minute, "lind", ev.DistressScored(score=1 if dissociation > 4 else 0))
        yield Line(minute, "lind", ev.NauseaScored(score=0 if minute < 20 else 1))
    yield Line(26.0, "lind", ev.NauseaScored(score=2))
    yield Line(31.0, "lind", ev.NoteWritten(text="Calm, eyes closed, says the music is carrying."))
    yield Line(float(DURATION_MIN), "lind", ev.InfusionStopped(residual_ml=0.0))


def recovery() -> Iterator[Line]:
    """An hour of observation, the discharge criteria, home with somebody, signed by the prescriber."""
    for minute, dissociation in ((55.0, 3), (70.0, 1), (85.0, 0), (100.0, 0)):
        yield Line(minute, "lind", ev.SedationScored(moaas=5))
        yield Line(minute, "lind", ev.DissociationScored(score=dissociation))
        yield Line(minute, "lind", ev.NauseaScored(score=0))
        yield Line(minute, "lind", ev.DistressScored(score=0))
    for criterion in ANSWERED_CRITERIA:
        number = 10.0 if criterion == "DIS-ALD" else None
        yield Line(104.0, "lind", ev.DischargeCriterionRecorded(criterion=criterion, met=True, number=number))
    yield Line(float(RELEASED_MIN), "lind", ev.PatientReleased(escort_name="Jordan Vale", escort_relation="friend"))
    yield Line(float(SIGNED_MIN), "okafor", ev.SessionSigned())


def whole(vitals: Vitals, rate_ml_per_h: float) -> tuple[Line, ...]:
    """All lines of one infusion, in order."""
    return (*preparation(vitals), *infusion(rate_ml_per_h), *recovery())
