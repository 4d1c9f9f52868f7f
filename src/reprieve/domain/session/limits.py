"""The numbers of a dosing session, handed in by the knowledge. The unit is in each name; `_s` is seconds."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmLimits:
    """Limits of ALM-*. A value on a limit does not alarm where the source says above or below."""

    systolic_rise_fraction: float
    systolic_rise_mmhg: float
    diastolic_rise_mmhg: float
    rise_recheck_s: float
    systolic_stop_mmhg: float
    diastolic_stop_mmhg: float
    stop_confirmation_s: float
    stop_confirmation_tolerance_s: float
    systolic_emergency_mmhg: float
    diastolic_emergency_mmhg: float
    systolic_low_mmhg: float
    systolic_drop_fraction: float
    heart_rate_high_per_min: float
    heart_rate_high_s: float
    heart_rate_stop_per_min: float
    heart_rate_low_per_min: float
    heart_rate_low_stop_per_min: float
    spo2_caution_percent: float
    spo2_caution_s: float
    spo2_emergency_percent: float
    spo2_emergency_s: float
    respiratory_rate_low_per_min: float
    respiratory_rate_high_per_min: float
    respiratory_rate_emergency_per_min: float
    moaas_caution: float
    moaas_emergency: float
    nausea_caution: float
    distress_caution: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecklistLimits:
    """Limits of GO-*: `go` bands are closed, `no_go` limits are inclusive where named so in the file."""

    systolic_go_lower_mmhg: float
    systolic_go_upper_mmhg: float
    systolic_recheck_mmhg: float
    systolic_no_go_mmhg: float
    diastolic_go_lower_mmhg: float
    diastolic_go_upper_mmhg: float
    diastolic_recheck_mmhg: float
    diastolic_no_go_mmhg: float
    diastolic_no_go_below_mmhg: float
    pressure_interval_min: float
    pressure_interval_tolerance_min: float
    pressure_set_gap_min: float
    heart_rate_go_lower_per_min: float
    heart_rate_go_upper_per_min: float
    heart_rate_no_go_above_per_min: float
    spo2_go_percent: float
    spo2_hold_percent: float
    respiratory_rate_go_lower_per_min: float
    respiratory_rate_go_upper_per_min: float
    respiratory_rate_no_go_above_per_min: float
    temperature_go_below_cel: float
    temperature_no_go_cel: float
    weight_change_fraction: float
    fresh_min: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Intervals:
    """How often a value is taken (MON-*), and when one from a continuous monitor has grown old."""

    pressure_during_min: float
    pressure_during_close_min: float
    pressure_after_min: float
    heart_rate_min: float
    spo2_min: float
    respiratory_rate_during_min: float
    respiratory_rate_after_min: float
    sedation_min: float
    dissociation_during_min: float
    dissociation_after_min: float
    distress_min: float
    nausea_min: float
    continuous_stale_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DischargeLimits:
    """Numbers of DIS-*."""

    observation_min: float
    observation_extra_min: float
    observation_child_pugh_b_min: float
    moaas_extra: float
    aldrete: float
    pressure_near_baseline_mmhg: float
    pressure_near_baseline_fraction: float
    systolic_below_mmhg: float
    diastolic_below_mmhg: float
    pressure_stable_mmhg: float
    spo2_percent: float
    respiratory_rate_lower_per_min: float
    respiratory_rate_upper_per_min: float
    moaas: float
    dissociation: float
    dissociation_above_baseline: float
    nausea: float
    no_vomiting_min: float
    fresh_min: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionLimits:
    """All of them, as one argument."""

    alarms: AlarmLimits
    checklist: ChecklistLimits
    intervals: Intervals
    discharge: DischargeLimits
    observed_alarms: dict[str, str]
    """ALM-* ids that a person sees, with their level."""
