"""Tables with few rows: each is read whole, and the numbers are those of the dossier ids named."""

from decimal import Decimal

import pytest

from reprieve.domain.candidacy.chart import RXNORM, Coding
from reprieve.domain.candidacy.rules import Route
from reprieve.knowledge.candidacy import fact_definitions, fact_words
from reprieve.knowledge.explanation import explained_ids, explanation_of
from reprieve.knowledge.exposure_changes import (
    age_bands,
    age_change_by_vein,
    age_change_of,
    changes_of_ingredients,
    directions_of_ingredients,
    exploratory_band_factor,
    exposure_changes,
    ingredients_with_effect,
)
from reprieve.knowledge.ketamine_orders import ketamine_orders
from reprieve.knowledge.loader import read_toml
from reprieve.knowledge.mechanism import load_steps
from reprieve.knowledge.pain_rates import pain_rates
from reprieve.knowledge.regimens import frequency_limits
from reprieve.knowledge.schema import KnowledgeError
from reprieve.knowledge.simulated_monitor import load_simulated_course


def test_mood_infusions_are_a_day_apart_at_least_and_few_a_week():
    """REG-FREQ-MAX."""
    limits = frequency_limits()
    assert limits.min_interval_h >= 24
    assert 1 <= limits.max_in_7_days <= 7


def test_pain_rates_have_a_ceiling_above_the_rate_of_a_small_person():
    for name, rate in pain_rates().items():
        assert rate.id == name and rate.source.keys
        assert rate.highest_mg_per_h > rate.rate_mg_per_kg_per_h * Decimal(40)
        assert list(rate.day_offsets) == sorted(set(rate.day_offsets))


@pytest.mark.parametrize(
    ("text", "codes", "is_racemic", "is_s"),
    [
        ("Ketamine 50 mg/mL injection", (), True, False),
        ("Spravato 28 mg nasal spray (esketamine)", (), False, True),
        ("sedation, no drug named", (Coding(system=RXNORM, code="6130", display=""),), True, False),
        ("sedation, no drug named", (Coding(system="urn:other", code="6130", display=""),), False, False),
    ],
)
def test_a_drug_is_named_by_a_whole_word_or_its_code(text, codes, is_racemic, is_s):
    """ALG-08: `esketamine` is not `ketamine`."""
    orders = ketamine_orders()
    assert orders.racemic_ketamine.is_named(text, codes) is is_racemic
    assert orders.esketamine.is_named(text, codes) is is_s


def test_a_route_code_means_one_route():
    """SNOMED CT: intravenous 47625008, oral 26643006, sublingual 37839007."""
    routes = ketamine_orders().route_of_code
    assert routes["47625008"] is Route.IV
    assert routes["26643006"] is routes["37839007"] is Route.SL_PO


def test_a_simulated_patient_begins_healthy_and_peaks_at_the_end_of_the_infusion():
    """MON-EXPECT: 16 over 11 mmHg at 40 minutes; the hypertensive one passes 180 over 110, the dip 90 %."""
    course = load_simulated_course()
    assert (course.systolic_rise_mmhg, course.diastolic_rise_mmhg, course.peak_min) == (16, 11, 40)
    highest = course.systolic_mmhg + course.systolic_rise_mmhg + course.hypertensive_systolic_mmhg
    assert course.systolic_mmhg < 140 and highest > 180
    assert course.spo2_percent - course.dip_spo2_percent < 90 <= course.spo2_percent


def test_every_id_explains_itself():
    for name in explained_ids():
        found = explanation_of(name.lower())
        assert found, name
    assert explanation_of("no such id") is None
    rule = next(name for name in explained_ids() if name.startswith("CI-"))
    assert explanation_of(f"{rule}.any_limit") == explanation_of(rule)


def test_every_fact_has_a_question_or_is_derived():
    assert fact_words().keys() == fact_definitions().keys()
    assert all(words.question for words in fact_words().values())


def test_medicines_with_an_effect_are_those_of_changes_and_directions():
    """Section 5 of the pharmacology dossier: ticlopidine, rifampicin, clarithromycin."""
    names = ingredients_with_effect()
    assert len(set(names)) == len(names)
    assert {"ticlopidine", "clarithromycin"} <= set(names)
    assert exposure_changes()["ticlopidine"].id == "ticlopidine"


def test_ages_are_compared_with_younger_adults_and_only_models_with_a_liver_know_its_flow():
    """Section 5: the label's age bands; the flow of the liver falls from 60 years on."""
    assert all(band.source.keys for band in age_bands())
    assert age_change_by_vein(60.0) is None
    assert age_change_by_vein(80.0) is not None
    with pytest.raises(KnowledgeError, match="no liver"):
        age_change_of({"model": "domino1984"}, age_y=80.0)


def test_medicines_of_a_person_bring_their_own_changes_only():
    assert [change.id for change in changes_of_ingredients(["ticlopidine", "aspirin"])] == ["ticlopidine"]
    assert changes_of_ingredients([]) == ()
    directions = read_toml("exposure/changes.toml")["direction"]
    known = directions_of_ingredients(directions[0]["ingredients"])
    assert directions[0]["id"] in [direction.id for direction in known]
    assert directions_of_ingredients(["aspirin"]) == ()


def test_each_step_of_the_chain_of_effects_has_its_words():
    """S21."""
    assert load_steps()


def test_an_exploratory_analyte_is_shown_with_a_factor_of_three():
    assert exploratory_band_factor() == 3.0  # dossier, K2S: "Show HNK with a factor-3 band or not at all"
