"""A simulated bedside monitor: the same seed gives the same patient, number by number. No socket, no clock.

It behaves as monitors do: a quiet cuff every few minutes, its last pressure repeated in every message with its own
time, a probe that falls off now and then.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from math import exp
from random import Random

from reprieve.interop.hl7v2.er7 import escape
from reprieve.interop.hl7v2.times import write_time
from reprieve.knowledge.simulated_monitor import SimulatedCourse, load_simulated_course

CUFF_EVERY_MIN = 5.0
_STEEPNESS = 5.0
_WANDER = 0.97
_PROBE_FALLS_OFF = 0.002
_PROBE_STAYS_OFF = 0.75
_MMHG, _PERCENT = "266016^MDC_DIM_MMHG^MDC", "262688^MDC_DIM_PERCENT^MDC"
_BEATS, _BREATHS = "264864^MDC_DIM_BEAT_PER_MIN^MDC", "264928^MDC_DIM_RESP_PER_MIN^MDC"


class Scenario(StrEnum):
    """How the simulated patient does."""

    CALM = "calm"
    HYPERTENSIVE = "hypertensive"
    DESATURATION = "desaturation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cuff:
    """One inflation of the cuff, mmHg."""

    systolic: int
    diastolic: int
    mean: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """What finger and chest give every second; `spo2` and `pulse` are None while the probe is off."""

    spo2: int | None
    pulse: int | None
    respiratory_rate: int


@dataclass(slots=True)
class SimulatedPatient:
    """A person under an infusion that began at minute 0; noise wanders, it does not jump."""

    rng: Random
    scenario: Scenario = Scenario.CALM
    course: SimulatedCourse = field(default_factory=load_simulated_course)
    _noise: dict[str, float] = field(default_factory=dict)
    _probe_off: bool = False

    def cuff(self, minute: float, at: datetime) -> Cuff:
        """Inflate the cuff at this minute of the session."""
        course, effect = self.course, _effect(minute, self.course.peak_min)
        high = self.scenario is Scenario.HYPERTENSIVE
        rise = course.systolic_rise_mmhg + (course.hypertensive_systolic_mmhg if high else 0.0)
        diastolic_rise = course.diastolic_rise_mmhg + (course.hypertensive_diastolic_mmhg if high else 0.0)
        systolic = round(course.systolic_mmhg + rise * effect + self.rng.gauss(0, 2.5))
        diastolic = round(course.diastolic_mmhg + diastolic_rise * effect + self.rng.gauss(0, 2.0))
        return Cuff(systolic=systolic, diastolic=diastolic, mean=round((systolic + 2 * diastolic) / 3), at=at)

    def numbers(self, minute: float) -> Numbers:
        """Saturation, pulse and breathing at this minute of the session."""
        course, effect, dip = self.course, _effect(minute, self.course.peak_min), self._dip(minute)
        self._probe_off = self.rng.random() < (_PROBE_STAYS_OFF if self._probe_off else _PROBE_FALLS_OFF)
        spo2 = round(course.spo2_percent - course.dip_spo2_percent * dip + self._wander("spo2", 0.5))
        pulse = round(course.pulse_per_min + course.pulse_rise_per_min * effect + self._wander("pulse", 2.0))
        breaths = course.respiratory_rate_per_min - course.dip_respiratory_rate_per_min * dip
        return Numbers(
            spo2=None if self._probe_off else min(spo2, 100),
            pulse=None if self._probe_off else pulse,
            respiratory_rate=round(breaths + self._wander("breaths", 0.8)),
        )

    def _dip(self, minute: float) -> float:
        if self.scenario is not Scenario.DESATURATION:
            return 0.0
        through = (minute - self.course.dip_start_min) / self.course.dip_duration_min
        return min(1.0, 4 * through * (1 - through)) if 0 < through < 1 else 0.0

    def _wander(self, name: str, spread: float) -> float:
        """First-order autoregressive noise with this standard deviation in the long run."""
        step = self.rng.gauss(0, spread * (1 - _WANDER**2) ** 0.5)
        self._noise[name] = _WANDER * self._noise.get(name, 0.0) + step
        return self._noise[name]


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitorIdentity:
    """What a monitor says about itself and its patient. `processing` T marks training messages (MSH-11)."""

    chair: str
    mrn: str = ""
    facility: str = ""
    device: str = "0012210000000001"
    processing: str = "T"


@dataclass(slots=True)
class SimulatedMonitor:
    """Makes one message after another; `session_minute` never goes back."""

    identity: MonitorIdentity
    patient: SimulatedPatient
    cuff_every_min: float = CUFF_EVERY_MIN
    _cuff: Cuff | None = None
    _next_cuff_min: float = float("-inf")

    def message(self, *, control_id: str, session_minute: float, at: datetime) -> bytes:
        """One ORU^R01 in the layout of IHE PCD-01; `at` is the real instant of measuring and sending."""
        if session_minute >= self._next_cuff_min:
            self._cuff = self.patient.cuff(session_minute, at)
            self._next_cuff_min = session_minute + self.cuff_every_min
        rows = [*self._head(control_id, at), *self._cuff_rows(), *self._number_rows(session_minute, at)]
        return ("\r".join(rows) + "\r").encode()

    def _head(self, control_id: str, at: datetime) -> list[str]:
        who, stamp = self.identity, write_time(at)
        return [
            f"MSH|^~\\&|SIMULATOR^{who.device}^EUI-64|SIM|REPRIEVE|{escape(who.facility)}|{stamp}||ORU^R01^ORU_R01|"
            f"{control_id}|{who.processing}|2.6|||NE|AL||UNICODE UTF-8|||"
            "PCD_DEC_001^IHE PCD^1.3.6.1.4.1.19376.1.6.1.1.1^ISO",
            f"PID|||{escape(who.mrn)}^^^^MR" if who.mrn else "PID|||",
            f"PV1||O|INF^{escape(who.chair)}",
            f"OBR|1||{control_id}^SIM|182777000^monitoring of patient^SCT|||{stamp}",
            "OBX|1||69965^MDC_DEV_MON_PHYSIO_MULTI_PARAM_MDS^MDC|1.0.0.0|||||||X",
        ]

    def _cuff_rows(self) -> list[str]:
        cuff = self._cuff
        if cuff is None:
            return []
        return [
            _obx(2, "150021^MDC_PRESS_BLD_NONINV_SYS^MDC", "1.1.1.1", cuff.systolic, _MMHG, cuff.at),
            _obx(3, "150022^MDC_PRESS_BLD_NONINV_DIA^MDC", "1.1.1.2", cuff.diastolic, _MMHG, cuff.at),
            _obx(4, "150023^MDC_PRESS_BLD_NONINV_MEAN^MDC", "1.1.1.3", cuff.mean, _MMHG, cuff.at),
        ]

    def _number_rows(self, minute: float, at: datetime) -> list[str]:
        numbers = self.patient.numbers(minute)
        return [
            _obx(5, "150456^MDC_PULS_OXIM_SAT_O2^MDC", "1.2.1.1", numbers.spo2, _PERCENT, at),
            _obx(6, "149530^MDC_PULS_OXIM_PULS_RATE^MDC", "1.2.1.2", numbers.pulse, _BEATS, at),
            _obx(7, "151562^MDC_RESP_RATE^MDC", "1.3.1.1", numbers.respiratory_rate, _BREATHS, at),
        ]


def _obx(row: int, code: str, place: str, value: int | None, unit: str, at: datetime) -> str:
    """A missing value is sent as monitors send it: -1."""
    return f"OBX|{row}|NM|{code}|{place}|{-1 if value is None else value}|{unit}|||||R|||{write_time(at)}"


def _effect(minute: float, peak_min: float) -> float:
    """0 before the start, 1 at the peak, near 0 again at a little over twice its time (MON-EXPECT)."""
    if minute <= 0:
        return 0.0
    through = minute / peak_min
    return float(through**_STEEPNESS * exp(_STEEPNESS * (1 - through)))
