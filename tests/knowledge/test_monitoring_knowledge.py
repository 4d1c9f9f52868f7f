"""The numbers of the treatment room are read strictly."""

import pytest

from reprieve.domain.session.limits import Intervals
from reprieve.knowledge.loader import read_toml
from reprieve.knowledge.monitoring import (
    limits_from,
    load_adverse_terms,
    load_limits,
    load_observed_alarms,
    terms_from,
    unit_of,
)
from reprieve.knowledge.schema import KnowledgeError


def test_limits_as_the_dossier_of_sources_says():
    """ALM-BP-2 180/110, ALM-SPO2-1 92 %, GO-BP 140/90, DIS-TIME-IV 60 min."""
    limits = load_limits()
    assert (limits.alarms.systolic_stop_mmhg, limits.alarms.diastolic_stop_mmhg) == (180, 110)
    assert (limits.alarms.spo2_caution_percent, limits.discharge.observation_min) == (92, 60)
    assert (limits.checklist.systolic_go_upper_mmhg, limits.checklist.diastolic_go_upper_mmhg) == (140, 90)


def test_terms_and_observed_alarms():
    assert load_adverse_terms()["AE-HEAD"].term == "Headache"
    assert load_observed_alarms()["ALM-SEIZ"].level == "EMERGENCY"
    assert load_limits().observed_alarms["ALM-IV"] == "CAUTION"


def test_a_limit_that_nobody_knows_is_refused():
    table = read_toml("monitoring/intervals.toml") | {"typo_min": 3}
    with pytest.raises(KnowledgeError, match="typo_min"):
        limits_from(Intervals, table, "intervals")


def test_a_missing_limit_and_a_missing_source_are_refused():
    table = read_toml("monitoring/intervals.toml")
    del table["sedation_min"]
    with pytest.raises(KnowledgeError, match="sedation_min"):
        limits_from(Intervals, table, "intervals")
    with pytest.raises(KnowledgeError, match="AE-X"):
        terms_from({"AE-X": {"term": "x", "quick": False, "confidence": "verified"}})


@pytest.mark.parametrize(
    ("name", "code"),
    [("a_mmhg", "mm[Hg]"), ("a_per_min", "/min"), ("a_min", "min"), ("a_s", "s"),
     ("a_fraction", "1"), ("moaas", "{score}")],
)  # fmt: skip
def test_the_unit_is_in_the_name(name, code):
    assert unit_of(name) == code
