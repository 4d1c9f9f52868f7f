"""Regimens and the limits of an order, from `knowledge/regimens/*.toml`."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from reprieve.domain.course.plan import FrequencyLimits
from reprieve.domain.course.regimen import Regimen
from reprieve.domain.dosing.doses import DosePerKg
from reprieve.domain.dosing.limits import DoseLimits, Limit, Range
from reprieve.domain.dosing.second_check import CheckTolerance
from reprieve.knowledge.loader import read_toml
from reprieve.knowledge.schema import read_source
from reprieve.knowledge.values import decimal

_LIMITS = "regimens/limits.toml"


@cache
def regimens() -> Mapping[str, Regimen]:
    """Every regimen that a course can be made from, by id, preferred first."""
    entries = read_toml("regimens/mood_iv.toml")["regimen"]
    return {entry["id"]: _regimen(entry) for entry in entries}


@cache
def dose_limits() -> DoseLimits:
    """Limits of one mood infusion by vein."""
    document = read_toml(_LIMITS)
    dose, duration, weight, bag = (_Table(document, name) for name in ("dose", "duration", "weight", "preparation"))
    return DoseLimits(
        usual_mg_per_kg=dose.range("usual_lower", "usual_upper", "mg/kg"),
        studied_mg_per_kg=dose.range("studied_lower", "studied_upper", "mg/kg"),
        soft_upper_mg_per_kg=dose.limit("soft_upper", "mg/kg"),
        hard_upper_mg_per_kg=dose.limit("hard_upper", "mg/kg"),
        hard_upper_mg=dose.limit("hard_upper_amount", "mg"),
        usual_duration_min=duration.range("usual_lower", "usual_upper", "min"),
        possible_duration_min=duration.range("possible_lower", "possible_upper", "min"),
        weight_age_days=weight.limit("age", "d"),
        weight_change_percent=weight.limit("change", "%"),
        ideal_weight_from_bmi_kg_per_m2=weight.limit("ideal_from_bmi", "kg/m2"),
        possible_weight_kg=weight.range("possible_lower", "possible_upper", "kg"),
        possible_height_cm=weight.range("possible_height_lower", "possible_height_upper", "cm"),
        possible_bmi_kg_per_m2=weight.range("possible_bmi_lower", "possible_bmi_upper", "kg/m2"),
        undiluted_upper_mg_per_ml=bag.limit("undiluted_upper", "mg/mL"),
        never_dilute_mg_per_ml=bag.limit("never_dilute", "mg/mL"),
        usual_upper_mg_per_ml=bag.limit("usual_upper", "mg/mL"),
        possible_mg_per_ml=bag.range("possible_lower", "possible_upper", "mg/mL"),
        pump_ml_per_h=bag.range("pump_lower", "pump_upper", "mL/h"),
        draw_rounding_percent=bag.limit("draw_rounding", "%"),
    )


@cache
def check_tolerance() -> CheckTolerance:
    """How far the second person's readings may lie from the order."""
    table = _Table(read_toml(_LIMITS), "second_check")
    return CheckTolerance(
        weight_percent=table.limit("weight_tolerance", "%").value, rate_percent=table.limit("rate_tolerance", "%").value
    )


@cache
def frequency_limits() -> FrequencyLimits:
    """REG-FREQ-MAX for mood infusions."""
    table = _Table(read_toml(_LIMITS), "frequency")
    interval, count = table.limit("min_interval", "h"), table.limit("max_in_7_days", "{#}")
    return FrequencyLimits(
        min_interval_h=interval.value,
        max_in_7_days=int(count.value),
        interval_source=interval.source,
        count_source=count.source,
    )


class _Table:
    """One table of the limits file."""

    def __init__(self, document: Mapping[str, Any], name: str) -> None:
        self.name, self.table = name, document[name]

    def limit(self, key: str, unit: str) -> Limit:
        value = decimal(self.table, key, unit=unit, where=self.name)
        return Limit(value=value, source=read_source(self.table[key], f"{self.name}.{key}"))

    def range(self, lower: str, upper: str, unit: str) -> Range:
        low, high = self.limit(lower, unit), self.limit(upper, unit)
        return Range(lower=low.value, upper=high.value, source=high.source)


def _regimen(entry: Mapping[str, Any]) -> Regimen:
    where = entry["id"]
    own = decimal(entry, "min_interval", unit="h", where=where) if "min_interval" in entry else None
    return Regimen(
        id=entry["id"],
        title=entry["title"],
        route=entry["route"],
        indication_ids=tuple(entry["indications"]),
        dose=DosePerKg(mg_per_kg=decimal(entry, "dose", unit="mg/kg", where=where)),
        duration_min=decimal(entry, "duration", unit="min", where=where),
        day_offsets=tuple(entry["days"]),
        checkpoints=tuple(entry["checkpoints"]),
        then_every_days=entry.get("then_every_days"),
        min_interval_h=own,
        requires=tuple(entry.get("requires", ())),
        evidence=entry["evidence"],
        source=read_source(entry, where),
    )
