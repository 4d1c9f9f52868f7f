"""The day of treatment (pathway section 4.4) is decided by the same engine in its own phase."""

from datetime import date

import pytest

from reprieve.domain.candidacy.assessment import Decision
from reprieve.domain.candidacy.decision import assess
from reprieve.domain.candidacy.facts import FactSet
from reprieve.domain.candidacy.rules import Phase, Route
from reprieve.knowledge.candidacy import load_rule_base

BASE = load_rule_base()
ON = date(2026, 3, 2)
READY = {
    "hours_since_solids": 8.0, "hours_since_clear_liquids": 3.0, "escort_confirmed": True,
    "drive_or_danger_planned": False, "prescriber_qualified": True, "staff_in_room": True,
    "within_site_credentials": True, "patients_per_nurse": 2.0, "deep_sedation_expected": False,
    "equipment_ready": True, "ecg_monitor_ready": True, "drugs_on_hand": True, "checks_recorded": True,
    "consent_current": True, "calm_setting_prepared": True, "could_be_pregnant": False, "glp1_escalation": False,
    "hours_since_alcohol": 48.0, "breath_alcohol_positive": False, "hours_since_cannabis": 200.0,
    "hours_since_psychedelic": 200.0, "mixed_with_barbiturate_or_diazepam": False, "cssrs_q1": False,
    "cssrs_q2": False, "cssrs_behaviour_ever": False, "rems_certified_setting": True, "rems_enrolled": True,
    "esketamine_staff_present": True, "home_use_planned": False, "hours_since_nasal_spray": 24.0,
    # What excluded at screening and can begin at any time is asked again on the day.
    "systolic_mmhg": 128.0, "diastolic_mmhg": 80.0, "stroke_ever": False, "heart_attack_6_weeks": False,
    "mania_current": False, "delirium_current": False, "substance_use_disorder_active": False, "sud_history": "none",
    "lacks_capacity": False, "taking_xanthine": False,
}  # fmt: skip


def on_the_day(route=Route.IV, **changes):
    known = {key: value for key, value in {**READY, **changes}.items() if value is not None}
    facts = FactSet(on=ON).supposing(known)
    return assess(BASE, facts, route=route, indication="IND-TRD", phase=Phase.PRESESSION)


@pytest.mark.parametrize("route", [Route.IV, Route.IM, Route.IN_ESK, Route.SL_PO])
def test_a_prepared_day_may_begin(route):
    answer = on_the_day(route)
    assert (answer.decision, answer.findings, answer.data_needed) == (Decision.ELIGIBLE, (), ())


@pytest.mark.parametrize(
    ("route", "changes", "rule", "decision", "temporary"),
    [
        (Route.IV, {"hours_since_solids": 5.0}, "FAST-IV", Decision.DEFER, True),
        (Route.IM, {"hours_since_clear_liquids": 1.0}, "FAST-IV", Decision.DEFER, True),
        (Route.IN_ESK, {"hours_since_solids": 1.0}, "FAST-ESK", Decision.DEFER, True),
        (Route.SL_PO, {"hours_since_solids": 1.0}, "FAST-SL", Decision.CONDITIONAL, False),
        (Route.IV, {"glp1_escalation": True}, "FAST-GLP1", Decision.DEFER, True),
        (Route.IV, {"escort_confirmed": False}, "ESC-01", Decision.DEFER, True),
        (Route.IV, {"drive_or_danger_planned": True}, "ESC-02", Decision.CONDITIONAL, False),
        (Route.IV, {"prescriber_qualified": False}, "STAFF-01", Decision.INELIGIBLE, True),
        (Route.IV, {"staff_in_room": False}, "STAFF-02", Decision.INELIGIBLE, True),
        (Route.IV, {"patients_per_nurse": 3.0}, "STAFF-04", Decision.CONDITIONAL, False),
        (Route.IN_ESK, {"esketamine_staff_present": False}, "STAFF-05", Decision.INELIGIBLE, True),
        (Route.IV, {"deep_sedation_expected": True, "anaesthesia_standards_met": False}, "STAFF-06",
         Decision.CONDITIONAL, False),
        (Route.IN_ESK, {"rems_certified_setting": False}, "REMS-CERT", Decision.INELIGIBLE, False),
        (Route.IN_ESK, {"rems_enrolled": False}, "REMS-ENROL", Decision.DEFER, False),
        (Route.IN_ESK, {"home_use_planned": True}, "REMS-HOME", Decision.INELIGIBLE, False),
        (Route.IV, {"equipment_ready": False}, "EQ-01", Decision.INELIGIBLE, True),
        (Route.IV, {"ecg_monitor_ready": False}, "EQ-01", Decision.CONDITIONAL, False),
        (Route.IV, {"drugs_on_hand": False}, "EQ-02", Decision.CONDITIONAL, False),
        (Route.IV, {"checks_recorded": False}, "EQ-03", Decision.DEFER, True),
        (Route.IV, {"consent_current": False}, "CONS-14", Decision.DEFER, False),
        (Route.IV, {"breath_alcohol_positive": True}, "DDI-ALC", Decision.DEFER, True),
        (Route.IV, {"mixed_with_barbiturate_or_diazepam": True}, "DDI-BARB-MIX", Decision.INELIGIBLE, True),
        (Route.IV, {"systolic_mmhg": 190.0}, "CI-HTN-SEV", Decision.INELIGIBLE, True),
        (Route.IN_ESK, {"mania_current": True}, "CI-MANIA-ACT", Decision.INELIGIBLE, True),
        (Route.IM, {"delirium_current": True}, "CI-DELIR", Decision.REVIEW, True),  # recalled: no decision alone
        (Route.IV, {"calm_setting_prepared": False}, "SET-01", Decision.ELIGIBLE, False),
    ],
)  # fmt: skip
def test_what_is_missing_on_the_day(route, changes, rule, decision, temporary):
    answer = on_the_day(route, **changes)
    assert [item.finding.code for item in answer.findings] == [rule]
    assert (answer.decision, answer.temporary) == (decision, temporary)


@pytest.mark.parametrize("fact", ["escort_confirmed", "staff_in_room", "equipment_ready", "hours_since_solids"])
def test_what_nobody_asked_on_the_day_holds_the_start(fact):
    answer = on_the_day(**{fact: None})
    assert answer.decision is Decision.DEFER
    assert fact in {key for item in answer.data_needed for key in item.facts}


def test_the_day_changes_no_screening():
    screened = assess(BASE, FactSet(on=ON), route=Route.IV, indication="IND-TRD")
    asked = {key for item in screened.data_needed for key in item.facts}
    assert asked.isdisjoint({"escort_confirmed", "hours_since_solids", "equipment_ready", "hours_since_alcohol"})
