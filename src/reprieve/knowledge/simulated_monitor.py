"""How a simulated patient behaves on a simulated monitor, from `knowledge/monitoring/simulated_monitor.toml`."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from reprieve.knowledge.loader import read_toml
from reprieve.knowledge.schema import read_sourced


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedCourse:
    """Baseline values, the usual rise under ketamine (MON-EXPECT), and what two scenarios add to it."""

    systolic_mmhg: float
    diastolic_mmhg: float
    pulse_per_min: float
    spo2_percent: float
    respiratory_rate_per_min: float
    systolic_rise_mmhg: float
    diastolic_rise_mmhg: float
    pulse_rise_per_min: float
    peak_min: float
    hypertensive_systolic_mmhg: float
    hypertensive_diastolic_mmhg: float
    dip_start_min: float
    dip_duration_min: float
    dip_spo2_percent: float
    dip_respiratory_rate_per_min: float


@cache
def load_simulated_course() -> SimulatedCourse:
    """The shipped course.  Raises: KnowledgeError."""
    document = read_toml("monitoring/simulated_monitor.toml")
    base, course = (partial(_number, document, table) for table in ("baseline", "course"))
    high, dip = (partial(_number, document, table) for table in ("hypertensive", "desaturation"))
    return SimulatedCourse(
        systolic_mmhg=base("systolic", "mm[Hg]"),
        diastolic_mmhg=base("diastolic", "mm[Hg]"),
        pulse_per_min=base("pulse", "/min"),
        spo2_percent=base("spo2", "%"),
        respiratory_rate_per_min=base("respiratory_rate", "/min"),
        systolic_rise_mmhg=course("systolic_rise", "mm[Hg]"),
        diastolic_rise_mmhg=course("diastolic_rise", "mm[Hg]"),
        pulse_rise_per_min=course("pulse_rise", "/min"),
        peak_min=course("peak", "min"),
        hypertensive_systolic_mmhg=high("systolic_rise", "mm[Hg]"),
        hypertensive_diastolic_mmhg=high("diastolic_rise", "mm[Hg]"),
        dip_start_min=dip("start", "min"),
        dip_duration_min=dip("duration", "min"),
        dip_spo2_percent=dip("spo2_fall", "%"),
        dip_respiratory_rate_per_min=dip("respiratory_rate_fall", "/min"),
    )


def _number(document: Mapping[str, Any], table: str, key: str, unit: str) -> float:
    return read_sourced(document[table][key], f"{table}.{key}").in_unit(unit)
