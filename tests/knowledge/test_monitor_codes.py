"""What monitors send is data: every metric has a source, a unit we know and a vital sign the log knows."""

import copy

import pytest

from reprieve.domain.quantities.units import unit
from reprieve.domain.session.plausible import BOUNDS
from reprieve.knowledge.loader import read_toml
from reprieve.knowledge.monitor_codes import load_monitor_codes, monitor_codes
from reprieve.knowledge.schema import KnowledgeError

CODES = load_monitor_codes()


def test_every_metric_becomes_a_vital_sign_of_the_log_or_none():
    assert {metric.charted for metric in CODES.metrics.values()} - {None} == set(BOUNDS) & {
        "systolic_mmhg", "diastolic_mmhg", "mean_mmhg", "heart_rate_per_min", "spo2_percent",
        "respiratory_rate_per_min", "temperature_cel",
    }  # fmt: skip


def test_every_unit_is_one_that_the_program_converts():
    assert all(unit(ucum).code == ucum for ucum in CODES.ucum_of.values())
    assert all(unit(metric.unit) for metric in CODES.metrics.values())


def test_codes_follow_the_arithmetic_of_the_nomenclature():
    # context-free code = partition * 65536 + term; 131072 + 18949 = 150021, units 262144 + 3872 = 266016
    assert CODES.metrics["150021"].name == "MDC_PRESS_BLD_NONINV_SYS"
    assert all(int(code) // 65536 == 2 for code in CODES.metrics)
    assert all(int(name) // 65536 == 4 for name in CODES.ucum_of if name.isdecimal())


def test_loinc_leads_to_the_same_metric():
    assert CODES.by_loinc["2708-6"] is CODES.metrics["150456"]


def test_a_spelling_cannot_mean_two_units():
    document = copy.deepcopy(read_toml("terminology/mdc.toml"))
    document["units"]["kPa"].append("mmHg")
    with pytest.raises(KnowledgeError, match="already means"):
        monitor_codes(document)


def test_a_metric_without_a_source_is_refused():
    document = copy.deepcopy(read_toml("terminology/mdc.toml"))
    document["metrics"]["150021"]["source"] = "NOBODY"
    with pytest.raises(KnowledgeError):
        monitor_codes(document)
