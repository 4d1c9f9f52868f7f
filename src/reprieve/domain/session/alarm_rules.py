"""The rules ALM-*: what each observation says to each of their limbs. Limits come from the knowledge.

A verdict of None means that the observation does not bear on the rule: a heart rate says nothing about pressure.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from reprieve.domain.session.alarms import Level, Trigger, Verdict
from reprieve.domain.session.events import DistressScored, NauseaScored, SedationScored, VitalSignsRecorded
from reprieve.domain.session.limits import AlarmLimits
from reprieve.domain.session.resting import RestingPressure

_JUST_OVER_S = 0.001
"""`for > 30 s` in the source: 30 s exactly is not yet more than 30 s."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What can trip an alarm, in one shape; None is "not observed now"."""

    systolic_mmhg: float | None = None
    diastolic_mmhg: float | None = None
    heart_rate_per_min: float | None = None
    spo2_percent: float | None = None
    respiratory_rate_per_min: float | None = None
    moaas: int | None = None
    nausea: int | None = None
    vomited: bool = False
    distress: int | None = None


Judge = Callable[[AlarmLimits, RestingPressure | None, Observation], Verdict | None]
Watched = VitalSignsRecorded | SedationScored | NauseaScored | DistressScored


def observation_of(fact: Watched) -> Observation:
    """The part of an event that alarms look at."""
    if isinstance(fact, SedationScored):
        return Observation(moaas=fact.moaas)
    if isinstance(fact, NauseaScored):
        return Observation(nausea=fact.score, vomited=fact.vomited)
    if isinstance(fact, DistressScored):
        return Observation(distress=fact.score)
    return Observation(
        systolic_mmhg=fact.systolic_mmhg,
        diastolic_mmhg=fact.diastolic_mmhg,
        heart_rate_per_min=fact.heart_rate_per_min,
        spo2_percent=fact.spo2_percent,
        respiratory_rate_per_min=fact.respiratory_rate_per_min,
    )


def verdicts(
    limits: AlarmLimits, baseline: RestingPressure | None, seen: Observation
) -> Iterator[tuple[Trigger, Verdict]]:
    """What this observation says to every limb that it bears on."""
    for trigger, judge in triggers(limits):
        verdict = judge(limits, baseline, seen)
        if verdict is not None:
            yield trigger, verdict


def triggers(limits: AlarmLimits) -> tuple[tuple[Trigger, Judge], ...]:
    """Every limb with its judge, in the order of the table."""
    confirm_s = limits.stop_confirmation_s - limits.stop_confirmation_tolerance_s
    spo2_caution_s = limits.spo2_caution_s + _JUST_OVER_S
    spo2_emergency_s = limits.spo2_emergency_s + _JUST_OVER_S
    caution, stop, emergency = Level.CAUTION, Level.STOP, Level.EMERGENCY
    return (
        (Trigger(rule="ALM-BP-1", limb="rise", level=caution, recheck_s=limits.rise_recheck_s), _pressure_rise),
        (Trigger(rule="ALM-BP-2", limb="high", level=stop, confirm_s=confirm_s), _pressure_high),
        (Trigger(rule="ALM-BP-3", limb="crisis", level=emergency), _pressure_crisis),
        (Trigger(rule="ALM-BP-LOW", limb="low", level=stop), _pressure_low),
        (Trigger(rule="ALM-HR-HI", limb="high", level=caution, confirm_s=limits.heart_rate_high_s), _rate_high),
        (Trigger(rule="ALM-HR-HI", limb="very-high", level=stop), _rate_very_high),
        (Trigger(rule="ALM-HR-LO", limb="low", level=caution), _rate_low),
        (Trigger(rule="ALM-HR-LO", limb="very-low", level=stop), _rate_very_low),
        (Trigger(rule="ALM-SPO2-1", limb="low", level=caution, confirm_s=spo2_caution_s), _spo2_low),
        (Trigger(rule="ALM-SPO2-2", limb="low", level=emergency, confirm_s=spo2_emergency_s), _spo2_very_low),
        (Trigger(rule="ALM-SPO2-2", limb="breathing", level=emergency), _breathing_failing),
        (Trigger(rule="ALM-RR", limb="outside", level=caution), _breathing_outside),
        (Trigger(rule="ALM-SED", limb="deep", level=caution), _sedation(limits.moaas_caution)),
        (Trigger(rule="ALM-SED", limb="unresponsive", level=emergency), _sedation(limits.moaas_emergency)),
        (Trigger(rule="ALM-NAUS", limb="nausea", level=caution), _nausea),
        (Trigger(rule="ALM-DIST", limb="distress", level=caution), _distress),
    )  # fmt: skip


def _tripped(is_tripped: bool, /, *, is_within: bool = False) -> Verdict:
    if is_tripped:
        return Verdict.TRIPPED
    return Verdict.WITHIN if is_within else Verdict.CLEAR


def _pressure_rise(limits: AlarmLimits, baseline: RestingPressure | None, seen: Observation) -> Verdict | None:
    """Without a resting pressure a rise cannot be known; above 180/110 the stronger rules speak instead."""
    if seen.systolic_mmhg is None or seen.diastolic_mmhg is None or baseline is None:
        return None
    if seen.systolic_mmhg > limits.systolic_stop_mmhg or seen.diastolic_mmhg > limits.diastolic_stop_mmhg:
        return Verdict.CLEAR
    systolic_rise = seen.systolic_mmhg - baseline.systolic_mmhg
    return _tripped(
        systolic_rise >= baseline.systolic_mmhg * limits.systolic_rise_fraction
        or systolic_rise >= limits.systolic_rise_mmhg
        or seen.diastolic_mmhg - baseline.diastolic_mmhg >= limits.diastolic_rise_mmhg
    )


def _pressure_high(limits: AlarmLimits, _: RestingPressure | None, seen: Observation) -> Verdict | None:
    """Paused until below 180/110: exactly 180 does not trip and does not end it."""
    if seen.systolic_mmhg is None or seen.diastolic_mmhg is None:
        return None
    is_above = seen.systolic_mmhg > limits.systolic_stop_mmhg or seen.diastolic_mmhg > limits.diastolic_stop_mmhg
    return _tripped(is_above, is_within=not _is_below_stop(limits, seen.systolic_mmhg, seen.diastolic_mmhg))


def _pressure_crisis(limits: AlarmLimits, _: RestingPressure | None, seen: Observation) -> Verdict | None:
    """One reading is enough; it is over only when the pressure is below 180/110 again."""
    if seen.systolic_mmhg is None or seen.diastolic_mmhg is None:
        return None
    is_above = (
        seen.systolic_mmhg > limits.systolic_emergency_mmhg or seen.diastolic_mmhg > limits.diastolic_emergency_mmhg
    )
    return _tripped(is_above, is_within=not _is_below_stop(limits, seen.systolic_mmhg, seen.diastolic_mmhg))


def _is_below_stop(limits: AlarmLimits, systolic_mmhg: float, diastolic_mmhg: float) -> bool:
    return systolic_mmhg < limits.systolic_stop_mmhg and diastolic_mmhg < limits.diastolic_stop_mmhg


def _pressure_low(limits: AlarmLimits, baseline: RestingPressure | None, seen: Observation) -> Verdict | None:
    if seen.systolic_mmhg is None:
        return None
    has_dropped = baseline is not None and (
        baseline.systolic_mmhg - seen.systolic_mmhg >= baseline.systolic_mmhg * limits.systolic_drop_fraction
    )
    return _tripped(seen.systolic_mmhg < limits.systolic_low_mmhg or has_dropped)


def _rate_high(limits: AlarmLimits, _: RestingPressure | None, seen: Observation) -> Verdict | None:
    rate = seen.heart_rate_per_min
    return None if rate is None else _tripped(rate > limits.heart_rate_high_per_min)


def _rate_very_high(limits: AlarmLimits, _: RestingPressure | None, seen: Observation) -> Verdict | None:
    rate = seen.heart_rate_per_min
    if rate is None:
        return None
    return _tripped(rate > limits.heart_rate_stop_per_min, is_within=rate > limits.heart_rate_high_per_min)


def _rate_low(limits: AlarmLimits, _: RestingPressure | None, seen: Observation) -> Verdict | None:
    rate = seen.heart_rate_per_min
    return None if rate is None else _tripped(rate < limits.heart_rate_low_per_min)


def _rate_very_low(limits: AlarmLimits, _: RestingPressure | None, seen: Observation) -> Verdict | None:
    rate = seen.heart_rate_per_min
    if rate is None:
        return None
    return _tripped(rate < limits.heart_rate_low_stop_per_min, is_within=rate < limits.heart_rate_low_per_min)


def _spo2_low(limits: AlarmLimits, _: RestingPressure | None, seen: Observation) -> Verdict | None:
    return None if seen.spo2_percent is None else _tripped(seen.spo2_percent < limits.spo2_caution_percent)


def _spo2_very_low(limits: AlarmLimits, _: RestingPressure | None, seen: Observation) -> Verdict | None:
    return None if seen.spo2_percent is None else _tripped(seen.spo2_percent < limits.spo2_emergency_percent)


def _breathing_failing(limits: AlarmLimits, _: RestingPressure | None, seen: Observation) -> Verdict | None:
    rate = seen.respiratory_rate_per_min
    return None if rate is None else _tripped(rate < limits.respiratory_rate_emergency_per_min)


def _breathing_outside(limits: AlarmLimits, _: RestingPressure | None, seen: Observation) -> Verdict | None:
    rate = seen.respiratory_rate_per_min
    if rate is None:
        return None
    return _tripped(not limits.respiratory_rate_low_per_min <= rate <= limits.respiratory_rate_high_per_min)


def _sedation(moaas_limit: float) -> Judge:
    def judge(_limits: AlarmLimits, _: RestingPressure | None, seen: Observation) -> Verdict | None:
        return None if seen.moaas is None else _tripped(seen.moaas <= moaas_limit)

    return judge


def _nausea(limits: AlarmLimits, _: RestingPressure | None, seen: Observation) -> Verdict | None:
    return None if seen.nausea is None else _tripped(seen.vomited or seen.nausea >= limits.nausea_caution)


def _distress(limits: AlarmLimits, _: RestingPressure | None, seen: Observation) -> Verdict | None:
    return None if seen.distress is None else _tripped(seen.distress >= limits.distress_caution)
