"""Tellers who disagree are shown side by side, whatever the kind of fact, and who counts until then is fixed."""

from datetime import date, timedelta

import pytest

from reprieve.domain.candidacy.facts import FactDefinition, FactKind, Teller, state
from reprieve.domain.candidacy.merging import merge
from reprieve.domain.quantities.interval import Interval
from reprieve.knowledge.candidacy import fact_definitions

ON = date(2026, 3, 2)
DEFINITIONS = fact_definitions()
PATIENT, CLINICIAN, CHART, FILE = Teller.PATIENT, Teller.CLINICIAN, Teller.CHART, Teller.FILE


def said(key, value, by, days_ago=0):
    return state(DEFINITIONS[key], value, said_by=by, said_on=ON - timedelta(days=days_ago))


@pytest.mark.parametrize(
    ("key", "first", "second", "believed"),
    [
        ("sud_history", ("moderate_severe", CLINICIAN, 7), ("none", PATIENT, 0), "moderate_severe"),
        ("sud_history", ("none", CLINICIAN, 0), ("mild", PATIENT, 7), "mild"),  # the more severe word, whoever said it
        ("planned_regimen", ("REG-IV-STD6-3W", CLINICIAN, 9), ("REG-IM-EQ", PATIENT, 0), "REG-IV-STD6-3W"),
        ("planned_regimen", ("REG-IV-STD6-3W", FILE, 9), ("REG-IM-EQ", PATIENT, 0), "REG-IM-EQ"),  # the newest
        ("psychotherapy_tried", (False, CLINICIAN, 9), (True, PATIENT, 0), False),
        ("psychotherapy_tried", (False, CHART, 9), (True, PATIENT, 0), True),
        ("months_since_stroke", (3.0, CLINICIAN, 7), (20.0, PATIENT, 0), 3.0),
        ("months_since_stroke", (20.0, CLINICIAN, 7), (3.0, PATIENT, 0), 20.0),
        ("serotonergic_trials", (2.0, CHART, 7), (0.0, PATIENT, 0), 0.0),
        ("medication_trials", (Interval(lower=2.0), CLINICIAN, 7), (1.0, PATIENT, 0), Interval(lower=2.0)),
        ("medication_trials", (1.0, CLINICIAN, 7), (Interval(lower=2.0), PATIENT, 0), 1.0),
    ],
)
def test_both_sides_of_a_disagreement_are_kept(key, first, second, believed):
    statements = [said(key, *first), said(key, *second)]
    for order in (statements, statements[::-1]):
        facts = merge(order, DEFINITIONS, on=ON)
        (conflict,) = facts.conflicts
        assert facts.value(key) == conflict.believed.value == believed
        assert {conflict.believed.value, conflict.other.value} == {first[0], second[0]}


@pytest.mark.parametrize(
    ("key", "first", "second"),
    [
        ("systolic_mmhg", (150.0, CLINICIAN, 7), (120.0, PATIENT, 0)),  # two readings of two days are both right
        ("madrs", (34.0, CLINICIAN, 3), (20.0, PATIENT, 0)),
        ("months_since_stroke", (3.0, CLINICIAN, 20), (4.0, PATIENT, 0)),  # time went by
        ("age_years", (34.0, CLINICIAN, 300), (35.0, CHART, 0)),
        ("serotonergic_trials", (2.0, CHART, 7), (2.0, PATIENT, 0)),
        ("medication_trials", (Interval(lower=2.0), CLINICIAN, 7), (3.0, PATIENT, 0)),
        ("medication_trials", (2.0, CLINICIAN, 7), (Interval(lower=2.0), PATIENT, 0)),
        ("sud_history", ("moderate_severe", CLINICIAN, 400), ("none", PATIENT, 0)),  # no longer fresh
    ],
)
def test_what_can_both_be_true_is_no_disagreement_and_the_newest_counts(key, first, second):
    facts = merge([said(key, *first), said(key, *second)], DEFINITIONS, on=ON)
    assert (facts.conflicts, facts.value(key)) == ((), second[0])


def test_time_does_not_make_a_number_smaller():
    facts = merge(
        [said("months_since_stroke", 4.0, CLINICIAN, 20), said("months_since_stroke", 3.0, PATIENT)],
        DEFINITIONS,
        on=ON,
    )
    assert len(facts.conflicts) == 1 and facts.value("months_since_stroke") == 4


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": FactKind.CHOICE, "choices": ("a", "b", "c"), "safer": "b"},
        {"kind": FactKind.NUMBER, "unit": "mg", "safer": True},
        {"kind": FactKind.BOOLEAN, "lowest": 0.0},
    ],
)
def test_a_definition_says_only_what_its_kind_can(wrong):
    with pytest.raises(ValueError, match="x: "):
        FactDefinition(key="x", **wrong)


@pytest.mark.parametrize(
    ("key", "value", "possible"),
    [
        ("madrs", 60.0, True),  # MADRS: 10 items of 0-6
        ("madrs", 900.0, False),
        ("age_years", 900.0, False),
        ("spo2_percent", 150.0, False),
        ("systolic_mmhg", 29.0, False),
        ("systolic_mmhg", 300.0, True),
        ("spo2_percent", Interval(lower=90.0), True),
        ("spo2_percent", Interval(upper=150.0), False),
        ("hours_since_alcohol", 90000.0, True),
    ],
)
def test_a_number_lies_in_the_range_of_its_scale_or_of_a_body(key, value, possible):
    assert DEFINITIONS[key].accepts(value) is possible
