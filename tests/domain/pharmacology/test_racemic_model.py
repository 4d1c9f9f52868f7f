"""The model's values refuse nonsense, and say for whom they were not made."""

from dataclasses import replace

import pytest

from reprieve.domain.pharmacology.kinetics import VenousLink
from reprieve.domain.pharmacology.racemic_model import population_findings
from reprieve.knowledge.racemic import load_k2s

MODEL = load_k2s()


def codes(**person):
    person = {"age_years": 40, "weight_kg": 70.0, "bmi_kg_per_m2": 24.0, **person}
    return [finding.code for finding in population_findings(MODEL.population, **person)]


def test_an_ordinary_adult_is_inside():
    assert codes() == []


@pytest.mark.parametrize(
    ("person", "code"),
    [
        ({"age_years": 17}, "PK-POP-AGE"),
        ({"age_years": 76}, "PK-POP-AGE"),
        ({"bmi_kg_per_m2": 18.4}, "PK-POP-BMI"),
        ({"bmi_kg_per_m2": 30.1}, "PK-POP-BMI"),
        ({"weight_kg": 120.1}, "PK-POP-WT"),
        ({"bmi_kg_per_m2": None}, "PK-POP-HEIGHT"),
    ],
)
def test_outside_the_population_is_said(person, code):
    assert codes(**person) == [code]


@pytest.mark.parametrize(
    "person", [{"age_years": 18}, {"age_years": 75}, {"bmi_kg_per_m2": 30.0}, {"weight_kg": 120.0}]
)
def test_the_edges_are_inside(person):
    assert codes(**person) == []


def test_values_without_meaning_are_refused():
    with pytest.raises(ValueError, match="must be positive"):
        replace(MODEL.disposition, v1_l=0.0)
    with pytest.raises(ValueError, match="cannot be negative"):
        replace(MODEL.variability, v1_cv=-0.1)
    with pytest.raises(ValueError, match="between -1 and 1"):
        replace(MODEL.variability, clearance_v1_correlation=1.5)
    with pytest.raises(ValueError, match="venous link"):
        VenousLink(arterial_fraction=1.2, rate_per_min=0.1)
