"""May the patient go home: the criteria DIS-*, each met, not met or unknown. All must be met; unknown blocks.

Values count only when taken after the infusion ended. A prescriber may override a criterion with a reason; the
criterion then still shows what it found.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from reprieve.domain.quantities.spans import minutes_between
from reprieve.domain.session.events import RescueKind
from reprieve.domain.session.limits import DischargeLimits
from reprieve.domain.session.state import Decision, Reading, SessionState, Signal

ANSWERED_CRITERIA = ("DIS-ALD", "DIS-SED", "DIS-GAIT", "DIS-SI", "DIS-ESC", "DIS-INST", "DIS-IV")
_ASKED_ANEW = {"DIS-SI": ("ALM-SI", "AE-SI")}
_LENGTHENS = (RescueKind.BENZODIAZEPINE, RescueKind.OPIOID, RescueKind.ANTIHYPERTENSIVE_IV)


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One line of the gate. `met` is None when it is unknown; `ready_at` is when time alone will meet it."""

    id: str
    met: bool | None
    values: tuple[float, ...] = ()
    ready_at: datetime | None = None
    override: Decision | None = None

    @property
    def passes(self) -> bool:
        return self.met is True or self.override is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class DischargeGate:
    criteria: tuple[Criterion, ...]

    @property
    def may_release(self) -> bool:
        return all(criterion.passes for criterion in self.criteria)

    @property
    def blocking(self) -> tuple[str, ...]:
        return tuple(criterion.id for criterion in self.criteria if not criterion.passes)


def discharge_gate(state: SessionState, limits: DischargeLimits, *, now_at: datetime) -> DischargeGate:
    """All criteria at one instant."""
    found = (
        *_time_criteria(state, limits, now_at),
        _answered(state, "DIS-ALD", minimum=limits.aldrete),
        _pressure(state, limits, now_at),
        _breathing(state, limits, now_at),
        _sedation(state, limits, now_at),
        _dissociation(state, limits, now_at),
        _answered(state, "DIS-GAIT"),
        _nausea(state, limits, now_at),
        *(_answered(state, criterion) for criterion in ("DIS-SI", "DIS-ESC", "DIS-INST", "DIS-IV")),
    )
    return DischargeGate(criteria=tuple(_with_override(criterion, state) for criterion in found))


def _with_override(criterion: Criterion, state: SessionState) -> Criterion:
    override = state.overrides.get(criterion.id)
    if override is None:
        return criterion
    return Criterion(
        id=criterion.id, met=criterion.met, values=criterion.values, ready_at=criterion.ready_at, override=override
    )


def _time_criteria(state: SessionState, limits: DischargeLimits, now_at: datetime) -> Iterator[Criterion]:
    yield _waited("DIS-TIME-IV", state, limits.observation_min, now_at)
    extra_min, rescued_at = 0.0, [rescue.at for rescue in state.rescues if rescue.kind in _LENGTHENS]
    lowest = state.extremes.lowest_moaas
    was_deep = lowest is not None and lowest <= limits.moaas_extra
    if was_deep or rescued_at:
        extra_min += limits.observation_extra_min
    if state.opened is not None and state.opened.child_pugh_b:
        extra_min += limits.observation_child_pugh_b_min
    if extra_min:
        wait_min = max(limits.observation_min + extra_min, _after_rescue_min(state, rescued_at, limits))
        yield _waited("DIS-TIME-EXTRA", state, wait_min, now_at)


def _after_rescue_min(state: SessionState, rescued_at: list[datetime], limits: DischargeLimits) -> float:
    """A medicine given late has its own hour too (ALM-DIST): minutes after the end, 0 without one."""
    if state.ended_at is None or not rescued_at:
        return 0.0
    return minutes_between(state.ended_at, max(rescued_at)) + limits.observation_extra_min


def _waited(criterion: str, state: SessionState, wait_min: float, now_at: datetime) -> Criterion:
    if state.ended_at is None:
        return Criterion(id=criterion, met=None)
    waited_min = minutes_between(state.ended_at, now_at)
    return Criterion(
        id=criterion,
        met=waited_min >= wait_min,
        values=(waited_min, wait_min),
        ready_at=state.ended_at + timedelta(minutes=wait_min),
    )


def _answered(state: SessionState, criterion: str, *, minimum: float | None = None) -> Criterion:
    answer = state.criteria.get(criterion)
    if answer is None or state.ended_at is None or answer.at < _valid_from(state, state.ended_at, criterion):
        return Criterion(id=criterion, met=None)
    if minimum is None:
        return Criterion(id=criterion, met=answer.met)
    if answer.number is None:
        return Criterion(id=criterion, met=None)
    return Criterion(id=criterion, met=answer.number >= minimum, values=(answer.number,))


def _valid_from(state: SessionState, ended_at: datetime, criterion: str) -> datetime:
    """The end, or what was seen later and asks for a new answer: suicidal ideation after a calm one (ALM-SI)."""
    terms = _ASKED_ANEW.get(criterion, ())
    return max([ended_at, *(seen.at for seen in state.adverse_events if seen.term in terms)])


def _recent(state: SessionState, signal: Signal, limits: DischargeLimits, now_at: datetime) -> Reading | None:
    """The latest value, if it was taken after the end and is not old."""
    reading = state.latest.get(signal)
    if reading is None or state.ended_at is None or reading.at < state.ended_at:
        return None
    return reading if minutes_between(reading.at, now_at) <= limits.fresh_min else None


def _pressure(state: SessionState, limits: DischargeLimits, now_at: datetime) -> Criterion:
    """Falling or stable, near the resting pressure, and below 160/100 or the resting value where that is higher."""
    recent = _recent(state, Signal.PRESSURE, limits, now_at)
    if recent is None or recent.diastolic_mmhg is None or state.baseline is None or len(state.pressures_after_end) < 2:
        return Criterion(id="DIS-BP", met=None)
    before = state.pressures_after_end[-2]
    base, systolic, diastolic = state.baseline, recent.value, recent.diastolic_mmhg
    met = (
        systolic <= before.systolic_mmhg + limits.pressure_stable_mmhg
        and diastolic <= before.diastolic_mmhg + limits.pressure_stable_mmhg
        and _is_near(systolic, base.systolic_mmhg, limits)
        and _is_near(diastolic, base.diastolic_mmhg, limits)
        and (systolic < limits.systolic_below_mmhg or systolic <= base.systolic_mmhg)
        and (diastolic < limits.diastolic_below_mmhg or diastolic <= base.diastolic_mmhg)
    )
    return Criterion(id="DIS-BP", met=met, values=(systolic, diastolic))


def _is_near(value: float, baseline: float, limits: DischargeLimits) -> bool:
    allowed = max(limits.pressure_near_baseline_mmhg, baseline * limits.pressure_near_baseline_fraction)
    return abs(value - baseline) <= allowed


def _breathing(state: SessionState, limits: DischargeLimits, now_at: datetime) -> Criterion:
    spo2 = _recent(state, Signal.SPO2, limits, now_at)
    rate = _recent(state, Signal.RESPIRATORY_RATE, limits, now_at)
    if spo2 is None or rate is None:
        return Criterion(id="DIS-SPO2", met=None)
    is_breathing = limits.respiratory_rate_lower_per_min <= rate.value <= limits.respiratory_rate_upper_per_min
    return Criterion(
        id="DIS-SPO2", met=spo2.value >= limits.spo2_percent and is_breathing, values=(spo2.value, rate.value)
    )


def _sedation(state: SessionState, limits: DischargeLimits, now_at: datetime) -> Criterion:
    """MOAA/S is scored; that the patient is oriented to person, place and time is answered by a person."""
    score = _recent(state, Signal.SEDATION, limits, now_at)
    oriented = _answered(state, "DIS-SED")
    if score is not None and score.value < limits.moaas:
        return Criterion(id="DIS-SED", met=False, values=(score.value,))
    if score is None or oriented.met is None:
        return Criterion(id="DIS-SED", met=None)
    return Criterion(id="DIS-SED", met=oriented.met, values=(score.value,))


def _dissociation(state: SessionState, limits: DischargeLimits, now_at: datetime) -> Criterion:
    score = _recent(state, Signal.DISSOCIATION, limits, now_at)
    if score is None:
        return Criterion(id="DIS-DISS", met=None)
    first = state.first.get(Signal.DISSOCIATION)
    is_baseline = first is not None and state.started_at is not None and first.at <= state.started_at
    allowed = first.value + limits.dissociation_above_baseline if first is not None and is_baseline else 0.0
    return Criterion(id="DIS-DISS", met=score.value <= max(limits.dissociation, allowed), values=(score.value,))


def _nausea(state: SessionState, limits: DischargeLimits, now_at: datetime) -> Criterion:
    score = _recent(state, Signal.NAUSEA, limits, now_at)
    if score is None:
        return Criterion(id="DIS-NAUS", met=None)
    vomited = state.last_vomited_at
    is_calm = vomited is None or minutes_between(vomited, now_at) >= limits.no_vomiting_min
    return Criterion(id="DIS-NAUS", met=score.value <= limits.nausea and is_calm, values=(score.value,))
