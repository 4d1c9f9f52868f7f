"""Single rows of the pathway in a person in whom nothing else speaks against treatment."""

import tomllib
from datetime import date, timedelta
from pathlib import Path

import pytest

from reprieve.domain.candidacy.rules import Route
from reprieve.domain.candidacy.screening import screen
from reprieve.interop import facts_file
from reprieve.knowledge.candidacy import load_rule_base
from reprieve.knowledge.chart_map import load_chart_map

ON = date(2026, 3, 2)
ASSUMED = tomllib.loads(
    (Path(__file__).parents[2] / "vignettes" / "candidacy" / "assumptions.toml").read_text()
)["facts"] | {"age_years": 45, "treatment_resistant": True, "madrs": 30}  # fmt: skip


def answer(*, route=Route.IV, indication="IND-TRD", drop=(), conditions=(), medications=(), **facts):
    table = {
        "on": ON,
        "facts": {key: value for key, value in {**ASSUMED, **facts}.items() if key not in drop},
        "conditions": list(conditions),
        "medications": list(medications),
    }
    case = facts_file.case_of(table, on=ON).case
    return screen(case, load_rule_base(), load_chart_map(), route=route, indication=indication).record


def fired(record):
    return {(item["rule"], item["clause"]): item["severity"] for item in record["findings"]}


def test_nothing_speaks_against_this_person():
    assert answer()["decision"] == "ELIGIBLE"


def test_low_back_pain_is_not_offered_by_default():
    """IND-LBP (ASRA18) is information; that it is not on the list is for two signatures, as for IND-OTHER."""
    record = answer(indication="IND-LBP", multimodal_plan=True, pain_nrs=7)
    assert record["decision"] == "REVIEW"
    assert fired(record)[("IND-LBP", "")] == "INFO"
    assert fired(record)[("IND-OTHER", "not offered by default")] == "RELATIVE"


@pytest.mark.parametrize("fact", ["extra_baseline_done", "others_informed", "psychotherapy_tried"])
@pytest.mark.parametrize("said", [False, None])
def test_work_up_that_nobody_speaks_of_is_missing(fact, said):
    """WU-EXTRA, WU-PCP and STEP-01 caution when it is missing; silence is no yes."""
    record = answer(drop=(fact,)) if said is None else answer(**{fact: said})
    assert record["decision"] == "CONDITIONAL"
    assert fired(record) and set(fired(record).values()) == {"CAUTION"}


def test_no_word_about_a_therapist_is_a_caution_in_anxiety():
    beside = {"gad7": 18, "medication_trials": 2, "psychotherapy_tried": True}
    assert ("STEP-04", "") not in fired(answer(indication="IND-ANX", **beside))
    assert ("STEP-04", "") in fired(answer(indication="IND-ANX", drop=("therapist_in_place",), **beside))


@pytest.mark.parametrize("route", list(Route))
def test_a_dose_at_home_is_never_waved_through(route):
    """STEP-08: any unsupervised dose, by whatever route; esketamine is excluded outright (REMS-HOME)."""
    record = answer(route=route, home_use_planned=True)
    assert record["decision"] == ("INELIGIBLE" if route is Route.IN_ESK else "REVIEW")
    assert ("REMS-HOME" if route is Route.IN_ESK else "STEP-08", "") in fired(record)


CODED = [
    ({"icd10": "I16.0"}, "CI-HTN-SEV", "INELIGIBLE"),
    ({"icd10": "S06.5X0A"}, "CI-ICP", "INELIGIBLE"),
    ({"icd10": "E66.813"}, "CI-OSA", "CONDITIONAL"),
    ({"icd10": "I35.0"}, "CI-CARD-UNST", "INELIGIBLE"),
    ({"icd10": "I34.2"}, "CI-CARD-UNST", "INELIGIBLE"),
    ({"icd10": "I35.1"}, "CI-CARD-STAB", "DEFER"),
    ({"snomed": "42343007"}, "CI-CARD-UNST", "INELIGIBLE"),
    ({"snomed": "13746004"}, "CI-BP1", "REVIEW"),
    ({"snomed": "19943007"}, "CI-LIV-SEV", "INELIGIBLE"),
    ({"icd10": "K74.60", "snomed": "19943007"}, "CI-LIV-MOD", "CONDITIONAL"),
]


@pytest.mark.parametrize(("code", "rule", "decision"), CODED)
def test_a_code_of_the_dossier_reaches_its_rule(code, rule, decision):
    """Nobody contradicts the record here: only what the code itself says decides."""
    asked = ("raised_icp", "heart_disease_unstable", "heart_disease_stable", "mania_ever", "liver_severe",
             "liver_moderate", "brain_injury_symptomatic", "bmi")  # fmt: skip
    record = answer(conditions=[code], drop=asked, cardiology_clearance=False)
    assert rule in {item["rule"] for item in record["findings"]}
    assert answer(conditions=[code], cardiology_clearance=False)["decision"] == decision


@pytest.mark.parametrize(("code", "days", "rule"), [("S06.5X0A", 90, "CI-ICP"), ("I16.9", 30, "CI-HTN-SEV")])
def test_an_old_entry_that_nobody_closed_lapses(code, days, rule):
    for age, counts in ((days, True), (days + 1, False)):
        record = answer(conditions=[{"icd10": code, "onset_on": ON - timedelta(days=age)}])
        assert (rule in {item["rule"] for item in record["findings"]}) is counts


def test_bipolar_two_is_no_bipolar_one():
    """The general code beside the exact one says nothing more than the exact one (CI-BP1 reads F31.81 as no mania)."""
    record = answer(conditions=[{"icd10": "F31.81", "snomed": "13746004"}])
    assert "CI-BP1" not in {item["rule"] for item in record["findings"]}


def test_high_blood_pressure_on_the_problem_list_asks_for_an_ecg_from_fifty():
    record = answer(conditions=[{"icd10": "I10"}], age_years=50, drop=("cardiovascular_risk_factor",))
    assert "ECG-01" in {item["rule"] for item in record["data_needed"]} | {item["rule"] for item in record["findings"]}
