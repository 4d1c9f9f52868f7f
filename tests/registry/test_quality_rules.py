"""Each data-quality rule just inside and just outside its limit; E refuses, W keeps."""

from datetime import timedelta

import pytest
from registry_records import at, make_source_score, make_source_session

from reprieve.registry.quality import (
    Severity,
    baseline_findings,
    neighbour_findings,
    score_findings,
    session_findings,
)


def rules(found) -> list[str]:
    return [f"{finding.rule}{finding.severity}" for finding in found]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, []),
        ({"delivered_mg_per_kg": 0.1}, []),
        ({"delivered_mg_per_kg": 0.09}, ["DQ07W"]),
        ({"delivered_mg_per_kg": 1.6}, ["DQ07W"]),
        ({"route": "IM", "delivered_mg_per_kg": 1.6}, []),
        ({"route": "IM", "delivered_mg_per_kg": 2.1}, ["DQ07W"]),
        ({"route": "SL", "delivered_mg_per_kg": 5.0}, []),
        ({"delivered_mg_per_kg": None, "weight_kg": None}, []),
        ({"weight_kg": 30.0}, []),
        ({"weight_kg": 301.0}, ["DQ08W"]),
        ({"ended_at": None}, []),
        ({"ended_at": at(0) - timedelta(minutes=1)}, ["DQ09E"]),
        ({"ended_at": at(0) + timedelta(hours=4)}, []),
        ({"ended_at": at(0) + timedelta(hours=4, minutes=1)}, ["DQ09E"]),
        ({"baseline_systolic_mmhg": 78.0}, []),
        ({"baseline_systolic_mmhg": 77.0}, ["DQ10E"]),
        ({"baseline_diastolic_mmhg": None, "baseline_systolic_mmhg": 49.0}, ["DQ10E"]),
        ({"peak_systolic_mmhg": 301.0}, ["DQ10E"]),
        ({"lowest_spo2_percent": 50.0}, []),
        ({"lowest_spo2_percent": 49.0}, ["DQ10E"]),
        ({"lowest_spo2_percent": 101.0}, ["DQ10E"]),
    ],
)
def test_rules_of_one_session(fields, expected):
    assert rules(session_findings(make_source_session(**fields))) == expected


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ({}, {}, []),
        ({"weight_kg": 80.0}, {"weight_kg": 93.0}, ["DQ08W"]),
        ({"weight_kg": 80.0}, {"weight_kg": 92.0}, []),
        ({"weight_kg": 176.4}, {"weight_kg": 80.0}, ["DQ08W"]),
        ({"weight_kg": None}, {"weight_kg": 80.0}, []),
        ({"ended_at": at(3) + timedelta(minutes=1)}, {}, ["DQ09E"]),
        ({"ended_at": None}, {}, []),
    ],
)
def test_rules_between_sessions(first, second, expected):
    # given out of order on purpose: the later one carries the finding
    later, earlier = make_source_session(3, **second), make_source_session(0, **first)
    found = neighbour_findings([later, earlier])
    assert rules(found[0]) == expected
    assert found[1] == []


def test_a_slow_change_of_weight_is_no_finding():
    sessions = [make_source_session(0, weight_kg=80.0), make_source_session(60, weight_kg=95.0)]
    assert neighbour_findings(sessions) == [[], []]


@pytest.mark.parametrize(
    ("total", "answers", "expected"),
    [
        (27, None, []),
        (28, None, ["DQ01E"]),
        (None, None, []),
        (9, (1,) * 9, []),
        (10, (1,) * 9, ["DQ01E"]),
        (9, (1, 1, 1, 1, 1, 1, 1, 1, None), []),
        (4, (4, 0, 0, 0, 0, 0, 0, 0, 0), ["DQ01E"]),
    ],
)
def test_range_and_recomputed_total(total, answers, expected):
    score = make_source_score(-1, total, answers=answers)
    assert rules(score_findings(score, days_since_last_dose=None, after_first_dose=False)) == expected


@pytest.mark.parametrize(("days", "expected"), [(0, []), (-1, ["DQ04E"]), (None, ["DQ04E"])])
def test_a_later_score_has_a_session_before_it(days, expected):
    assert rules(score_findings(make_source_score(4, 9), days_since_last_dose=days, after_first_dose=True)) == expected


def test_baseline_is_refused_for_outcome_use_only():
    assert baseline_findings(14) == []
    (finding,) = baseline_findings(None)
    assert (finding.rule, finding.severity) == ("DQ03", Severity.ERROR)
    assert finding.sentence == "There is no PHQ-9 total in the 14 days before the first dose."
