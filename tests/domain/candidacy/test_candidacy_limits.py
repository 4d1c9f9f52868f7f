"""A pair just inside and just outside every numeric limit, straight from the rule base."""

from datetime import date

import pytest

from reprieve.domain.candidacy.decision import evaluate
from reprieve.domain.candidacy.expression import AtLeast, Compare, Comparison, Is, Known, Not, OneOf, leaves, truth
from reprieve.domain.candidacy.facts import FactSet
from reprieve.domain.candidacy.what_changes import possible_values
from reprieve.knowledge.candidacy import load_rule_base

BASE = load_rule_base()
ON = date(2026, 3, 2)
CASES = [
    # rule, clause, facts beside it, fact, largest or smallest value that does not fire, first value that does
    ("AGE-01", "", {}, "age_years", 18, 17),
    ("AGE-02", "", {}, "age_years", 18, 17),
    ("AGE-03", "", {}, "age_years", 25, 24),
    ("AGE-03", "", {}, "age_years", 17, 18),
    ("AGE-04", "", {}, "age_years", 64, 65),
    ("AGE-05", "", {}, "age_years", 75, 76),
    ("IND-TRD", "", {"phq9": 14.0, "qids": 10.0}, "madrs", 20, 19),
    ("IND-TRD", "", {"madrs": 19.0, "qids": 10.0}, "phq9", 15, 14),
    ("IND-TRD", "", {"madrs": 19.0, "phq9": 14.0}, "qids", 11, 10),
    ("STEP-05", "", {"treatment_resistant": False, "cssrs_q3": False, "cssrs_q4": False, "cssrs_q5": False},
     "madrs_item10", 3, 4),
    ("DEF-TRD", "", {"treatment_resistant": False, "cssrs_q3": False, "cssrs_q4": False, "cssrs_q5": False},
     "madrs_item10", 4, 3),
    ("IND-PTSD", "", {"psychotherapy_tried": True, "serotonergic_trials": 1.0, "calming_plan": True,
                      "therapist_in_place": True}, "pcl5", 33, 32),
    ("IND-PTSD", "", {"psychotherapy_tried": True, "pcl5": 40.0, "calming_plan": True, "therapist_in_place": True},
     "serotonergic_trials", 1, 0),
    ("IND-OCD", "", {"psychotherapy_tried": True, "serotonergic_trials": 2.0}, "ybocs", 16, 15),
    ("IND-OCD", "", {"psychotherapy_tried": True, "ybocs": 20.0}, "serotonergic_trials", 2, 1),
    ("IND-ANX", "", {"psychotherapy_tried": True, "medication_trials": 2.0, "lsas": 0.0}, "gad7", 15, 14),
    ("IND-ANX", "", {"psychotherapy_tried": True, "medication_trials": 2.0, "gad7": 0.0}, "lsas", 60, 59),
    ("IND-ANX", "", {"psychotherapy_tried": True, "gad7": 20.0}, "medication_trials", 2, 1),
    ("IND-CRPS", "", {"budapest_criteria": True, "physical_therapy_tried": True, "analgesic_classes_tried": 2.0},
     "pain_nrs", 5, 4),
    ("IND-CRPS", "", {"budapest_criteria": True, "physical_therapy_tried": True, "pain_nrs": 8.0},
     "analgesic_classes_tried", 2, 1),
    ("IND-NEUP", "", {"analgesic_classes_tried": 2.0}, "pain_nrs", 5, 4),
    ("IND-NEUP", "", {"pain_nrs": 8.0}, "analgesic_classes_tried", 2, 1),
    ("IND-FM", "", {"physical_therapy_tried": True, "analgesic_classes_tried": 2.0}, "pain_nrs", 5, 4),
    ("IND-FM", "", {"physical_therapy_tried": True, "pain_nrs": 8.0}, "analgesic_classes_tried", 2, 1),
    ("CI-MANIA-ACT", "ymrs", {}, "ymrs", 12, 13),
    ("CI-MANIA-SUB", "", {}, "ymrs", 5, 6),
    ("CI-MANIA-SUB", "", {}, "ymrs", 13, 12),
    ("CI-SUD-ACT", "recent", {"sud_history": "mild"}, "months_since_nonprescribed_use", 2, 1.9),
    ("CI-SUD-ACT", "recent", {"sud_history": "moderate_severe"}, "months_since_nonprescribed_use", 6, 5.9),
    ("CI-SUD-REM", "", {"sud_history": "mild"}, "months_since_nonprescribed_use", 1.9, 2),
    ("CI-SUD-REM", "", {"sud_history": "moderate_severe"}, "months_since_nonprescribed_use", 5.9, 6),
    ("CI-SUD-REM", "", {"sud_history": "mild"}, "months_since_nonprescribed_use", 12, 11.9),
    ("CI-SUD-REM", "long", {"sud_history": "mild"}, "months_since_nonprescribed_use", 11.9, 12),
    ("CI-HTN-SEV", "", {"diastolic_mmhg": 80.0}, "systolic_mmhg", 179, 180),
    ("CI-HTN-SEV", "", {"systolic_mmhg": 120.0}, "diastolic_mmhg", 109, 110),
    ("CI-HTN-UNC", "", {"diastolic_mmhg": 80.0}, "systolic_mmhg", 159, 160),
    ("CI-HTN-UNC", "", {"diastolic_mmhg": 80.0}, "systolic_mmhg", 180, 179),
    ("CI-HTN-UNC", "", {"systolic_mmhg": 120.0}, "diastolic_mmhg", 99, 100),
    ("CI-HTN-UNC", "", {"systolic_mmhg": 120.0}, "diastolic_mmhg", 110, 109),
    ("CI-HTN-140", "", {"diastolic_mmhg": 80.0}, "systolic_mmhg", 140, 141),
    ("CI-HTN-140", "", {"diastolic_mmhg": 80.0}, "systolic_mmhg", 160, 159),
    ("CI-HTN-140", "", {"systolic_mmhg": 120.0}, "diastolic_mmhg", 90, 91),
    ("CI-HTN-140", "", {"systolic_mmhg": 120.0}, "diastolic_mmhg", 100, 99),
    ("CI-ICH", "recent", {"intracerebral_haemorrhage_ever": True}, "months_since_haemorrhage", 6, 5.9),
    ("CI-STROKE", "recent", {"stroke_ever": True}, "months_since_stroke", 3.1, 3),
    ("CI-LFT", "", {"ast_u_per_l": 20.0}, "alt_u_per_l", 120, 121),
    ("CI-LFT", "", {"alt_u_per_l": 20.0}, "ast_u_per_l", 120, 121),
    ("CI-RESP", "", {"lung_disease_severe": False}, "spo2_percent", 92, 91),
    ("CI-OSA", "", {"sleep_apnoea_untreated": False}, "bmi", 39.9, 40),
    ("SR-05", "screener done", {}, "phq9_item9", 0, 1),
    ("SR-05", "screener done", {}, "madrs_item10", 1, 2),
    ("SR-05", "screener done", {}, "qids_item12", 0, 1),
    ("SR-05", "screener due", {}, "phq9_item9", 0, 1),
    ("SR-05", "screener due", {}, "madrs_item10", 1, 2),
    ("SR-05", "screener due", {}, "qids_item12", 0, 1),
    ("DDI-BZD-8", "", {"taking_benzodiazepine": True}, "benzodiazepine_high_mg", 8, 8.1),
    ("DDI-OPI-HI", "", {"taking_opioid": True, "taking_benzodiazepine": False, "taking_gabapentinoid": False},
     "opioid_mme_per_day", 89, 90),
]  # fmt: skip


def rule_of(rule_id, clause):
    return next(rule for rule in BASE.rules if (rule.id, rule.clause) == (rule_id, clause))


@pytest.mark.parametrize(("rule_id", "clause", "beside", "fact", "outside", "inside"), CASES)
def test_limit(rule_id, clause, beside, fact, outside, inside):
    rule = rule_of(rule_id, clause)
    for value, fires in ((outside, False), (inside, True)):
        facts = FactSet(on=ON).supposing({**beside, fact: float(value)})
        assert (evaluate(rule, facts).result is True) is fires


def test_every_limit_that_is_compared_has_a_pair():
    compared = {
        (rule.id, rule.clause, leaf.fact)
        for rule in BASE.rules
        for leaf in leaves(rule.when)
        if isinstance(leaf, Compare)
    }
    assert compared == {(rule_id, clause, fact) for rule_id, clause, _, fact, _, _ in CASES}


@pytest.mark.parametrize(
    ("comparison", "at_limit", "above"),
    [(Comparison.BELOW, False, False), (Comparison.AT_MOST, True, False), (Comparison.ABOVE, False, True),
     (Comparison.AT_LEAST, True, True)],
)  # fmt: skip
def test_comparison(comparison, at_limit, above):
    node = Compare("madrs", comparison, 20.0)
    assert truth(node, lambda _: 20.0) is at_limit
    assert truth(node, lambda _: 21.0) is above
    assert truth(node, lambda _: None) is None
    assert truth(node, lambda _: "twenty") is None


def test_the_other_nodes():
    two = AtLeast(2, (Is("pregnant"), Is("missed_period"), Is("breastfeeding")))
    assert truth(two, {"pregnant": True, "missed_period": True}.get) is True
    assert truth(two, {"pregnant": True}.get) is None
    assert truth(Is("pregnant"), lambda _: 1.0) is None
    assert truth(Known("pregnant"), lambda _: False) is True
    assert truth(Not(OneOf("sud_history", frozenset({"mild"}))), lambda _: "none") is True
    assert truth(OneOf("sud_history", frozenset({"mild"})), lambda _: None) is None


def test_possible_values_of_a_number_without_limit_and_of_a_choice():
    assert list(possible_values(BASE, "bmi", Is("pregnant"))) == [-1.0, 0.0, 1.0]
    assert list(possible_values(BASE, "sud_history", Is("pregnant"))) == ["none", "mild", "moderate_severe"]
