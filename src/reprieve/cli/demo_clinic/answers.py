"""What the invented people answer."""

from typing import Any

from reprieve.cli.demo_clinic.people import Person
from reprieve.domain.candidacy.facts import FactKind
from reprieve.domain.quantities.body import body_mass_index
from reprieve.knowledge.candidacy import fact_definitions, fact_words

_YES = frozenset(
    {"treatment_history_complete", "prior_medication_failed", "psychotherapy_tried", "therapist_in_place",
     "medication_list_complete", "contraception_plan", "ecg_12_months",
     "diagnostic_assessment_done",
     "symptom_review_done",
     "baseline_scales_done",
     "extra_baseline_done",
     "prescription_monitoring_checked",
     "physical_exam_done",
     "vital_signs_complete",
     "others_informed",
     "laboratory_panel_done",
     "urine_drug_screen_done",
     "drug_level_done"}
)  # fmt: skip
_NUMBERS = {"alt_u_per_l": 24.0, "ast_u_per_l": 22.0, "spo2_percent": 98.0, "opioid_mme_per_day": 0.0,
    "alp_u_per_l": 70.0,
    "ggt_u_per_l": 25.0,
    "bilirubin_mg_per_dl": 0.7,
    "potassium_mmol_per_l": 4.2,
    "sodium_mmol_per_l": 140.0,
    "glucose_mg_per_dl": 92.0,
    "tsh_miu_per_l": 1.8,
    "infusions_per_year": 6.0,
}  # fmt: skip
_FAILED = {"weeks": 8, "improvement_percent": 20, "adherence_percent": 95, "stopped_for_side_effects": False}
_ADEQUATE = {**_FAILED, "current_episode": True}
_SERTRALINE = {"drug": "sertraline", "daily_dose_mg": 100.0, **_ADEQUATE}
_VENLAFAXINE = {"drug": "venlafaxine", "daily_dose_mg": 225.0, **_ADEQUATE}
_TAKES_SERTRALINE = {"name": "sertraline", "daily_dose_mg": 100.0}
_ITEMS_BEFORE_THE_LAST = 8
_WORST = 3
_BY_STAGE: dict[str, dict[str, Any]] = {
    "benzodiazepine": {"medications": [_TAKES_SERTRALINE, {"name": "alprazolam", "daily_dose_mg": 2.0}]},
    "one_trial": {"trials": [_SERTRALINE, {**_VENLAFAXINE, "daily_dose_mg": 37.5}]},
    "emergency": {"cssrs_q1": True, "cssrs_q2": True, "cssrs_q3": True, "cssrs_q4": True},
    "psychosis_history": {"psychosis_other_ever": True},
}  # fmt: skip


def intake_answers(person: Person) -> dict[str, Any]:
    """Every question answered: no, except what belongs to a treated depression and to this person's stage."""
    answers: dict[str, Any] = {
        name: name in _YES
        for name, definition in fact_definitions().items()
        if definition.kind is FactKind.BOOLEAN and not fact_words()[name].derived
    }
    answers |= _NUMBERS
    answers["could_be_pregnant"] = person.sex == "female"
    answers["sud_history"] = "none"
    if person.sbp is not None:
        answers |= {"systolic_mmhg": person.sbp, "diastolic_mmhg": float(round(person.sbp * 0.62))}
    if person.weight_kg is not None and person.height_cm is not None:
        answers["bmi"] = round(body_mass_index(person.weight_kg, person.height_cm), 1)
    answers["trials"] = [_SERTRALINE, _VENLAFAXINE]
    answers["medications"] = [_TAKES_SERTRALINE]
    return answers | _BY_STAGE.get(person.stage, {})


def phq9_answers(total: int, *, item9: int = 0) -> dict[int, int]:
    """Nine answers that add up to `total`, spread evenly over the first eight items."""
    left = total - item9
    if not 0 <= left <= _WORST * _ITEMS_BEFORE_THE_LAST:
        raise ValueError(f"no PHQ-9 has a total of {total} with item 9 at {item9}")
    share, more = divmod(left, _ITEMS_BEFORE_THE_LAST)
    answers = {item: share + (item <= more) for item in range(1, _ITEMS_BEFORE_THE_LAST + 1)}
    return {**answers, 9: item9}
