"""An effect site follows plasma; a model says whom it does not fit."""

from dataclasses import replace

import numpy as np
import pytest
from tests.domain.pharmacology.small_models import SOURCE

from reprieve.domain.pharmacology.applicability import (
    applicability_findings,
    unread_covariates,
    variability_findings,
)
from reprieve.domain.pharmacology.covariates import Covariates
from reprieve.domain.pharmacology.linear_model import Drug, ModelError, ModelPopulation, Route, Site
from reprieve.domain.pharmacology.links import with_link
from reprieve.domain.pharmacology.regimen import Dose
from reprieve.domain.pharmacology.simulate import simulate
from reprieve.domain.pharmacology.substances import molar_mass_g_per_mol
from reprieve.knowledge.kinetics import load_model

K2S = load_model("k2s")
IV = (Dose(drug=Drug.RACEMIC_KETAMINE, route=Route.IV, at_min=0.0, amount_mg=35.0, duration_min=40.0),)
ADULT = {"weight_kg": 70.0, "age_y": 40.0}


@pytest.mark.parametrize(("analyte", "site"), [("S-ketamine", Site.ARTERIAL), ("ketamine", Site.VENOUS)])
def test_the_effect_site_obeys_its_equation(analyte, site):
    """d(E)/dt = 0.084 (C - E): integrated by hand (trapezoid at 0.01 min) from the curve of the plasma."""
    t = np.linspace(0.0, 120.0, 12_001)
    linked = with_link(K2S, analyte, site, 0.084, "ke0")
    curves = simulate(linked, IV, t_min=t, covariates=Covariates(weight_kg=70.0))
    plasma, effect = curves.of(analyte, site), curves.of(analyte, Site.EFFECT)
    driven = np.concatenate(([0.0], np.cumsum(0.084 * (plasma - effect)[1:] + 0.084 * (plasma - effect)[:-1]) * 0.005))
    np.testing.assert_allclose(effect, driven, atol=1e-6 * effect.max())
    whole = curves.auc_mg_min_per_l(analyte, Site.EFFECT, until_min=1e6)
    assert whole == pytest.approx(curves.auc_mg_min_per_l(analyte, site, until_min=1e6), rel=1e-6)


def test_a_link_needs_something_to_follow_and_a_free_name():
    with pytest.raises(ModelError, match="PK-MODEL-OUTPUT"):
        with_link(K2S, "aspirin", Site.ARTERIAL, 0.084, "ke0")
    with pytest.raises(ModelError, match="PK-MODEL-STATE"):
        with_link(K2S, "S-ketamine", Site.ARTERIAL, 0.084, "S1", SOURCE)


def limited(**limits):
    return replace(K2S, population=ModelPopulation(source=SOURCE, **limits))


def codes(model, doses=IV, bmi=24.0, **person):
    found = applicability_findings(model, covariates=Covariates(**{**ADULT, **person}), doses=doses, bmi_kg_per_m2=bmi)
    return [finding.code for finding in found]


def test_an_ordinary_adult_is_inside():
    assert codes(K2S) == []


@pytest.mark.parametrize(
    ("person", "code"),
    [
        ({"age_y": 17}, "PK-POP-AGE"),
        ({"age_y": 76}, "PK-POP-AGE"),
        ({"age_y": None}, "PK-POP-AGE-UNKNOWN"),
        ({"bmi": 18.4}, "PK-POP-BMI"),
        ({"bmi": 30.1}, "PK-POP-BMI"),
        ({"bmi": None}, "PK-POP-HEIGHT"),
        ({"weight_kg": 120.1}, "PK-POP-WT"),
    ],
)
def test_outside_the_population_is_said(person, code):
    assert codes(K2S, **person) == [code]


@pytest.mark.parametrize("person", [{"age_y": 18}, {"age_y": 75.5}, {"bmi": 30.0}, {"weight_kg": 120.0}])
def test_the_edges_are_inside(person):
    assert codes(K2S, **person) == []


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        ({"healthy_only": True}, "PK-POP-HEALTHY"),
        ({"children_only": True}, "PK-POP-CHILDREN"),
        ({"intensive_care_only": True}, "PK-POP-ICU"),
        ({"lower_weight_kg": 71.0}, "PK-POP-WT-LOW"),
        ({"upper_age_years": 30.0}, "PK-POP-AGE"),
        ({"routes": (Route.PO,)}, "PK-POP-ROUTE"),
        ({"upper_dose_mg": 30.0}, "PK-POP-DOSE"),
        ({"lower_dose_mg": 40.0}, "PK-POP-DOSE"),
    ],
)
def test_every_limit_has_its_code(limits, code):
    assert codes(limited(**limits)) == [code]


@pytest.mark.parametrize("limits", [{}, {"lower_age_years": 18.0}, {"upper_dose_mg": 40.0}, {"routes": (Route.IV,)}])
def test_a_limit_that_is_kept_is_not_mentioned(limits):
    assert codes(limited(**limits)) == []


def test_a_push_makes_the_first_minutes_of_the_vein_unsafe_to_read():
    told = limited(venous_after_push_min=5.0)
    push = (replace(IV[0], duration_min=0.0),)
    assert codes(told, push) == ["PK-VENOUS-EARLY"]
    assert codes(told, IV) == []
    assert K2S.population.venous_after_push_min == 5.0


@pytest.mark.parametrize(("name", "on"), [("kamp2020", ()), ("fanta2015", ("CL",)), ("k2s", None)])
def test_a_source_without_variability_is_said(name, on):
    found = variability_findings(load_model(name))
    assert [(finding.code, finding.params["on"]) for finding in found] == ([] if on is None else [("PK-NO-SPREAD", on)])


def test_a_typical_value_that_stands_in_is_said_where_it_matters():
    held = (Dose(drug=Drug.RACEMIC_KETAMINE, route=Route.SL, at_min=0.0, amount_mg=50.0),)
    assert codes(K2S, doses=held) == ["PK-COV-TYPICAL"]
    assert codes(K2S, doses=held, hold_min=10.0) == []
    found = applicability_findings(K2S, covariates=Covariates(**ADULT), doses=held, bmi_kg_per_m2=24.0)
    assert found[0].params == {"name": "hold_min", "typical": 10}


def test_molar_masses():
    assert molar_mass_g_per_mol("R-hydroxynorketamine") == 239.70
    with pytest.raises(KeyError):
        molar_mass_g_per_mol("S-aspirin")


def test_doses_of_one_session_add_up_and_those_of_the_next_day_do_not():
    """Twelve hours part two sessions."""
    model = limited(upper_dose_mg=50.0)

    def again(after_min):
        return (*IV, replace(IV[0], at_min=after_min))

    assert "PK-POP-DOSE" in codes(model, again(90.0))
    assert "PK-POP-DOSE" not in codes(model, again(24 * 60.0))


def test_what_a_model_does_not_read_is_named():
    model = load_model("k2s")
    told = Covariates(**ADULT, female=True, asian=True, swallowed=False)
    assert unread_covariates(model, covariates=told, doses=IV) == ("asian", "female", "swallowed")
    assert unread_covariates(model, covariates=Covariates(**ADULT), doses=IV) == ()


def test_a_short_dose_inside_a_long_infusion_does_not_end_the_session():
    """10 h infusion, a push at 1 h, and a dose 9 h after its end: one session, whatever the order of ends."""
    long = replace(IV[0], amount_mg=60.0, duration_min=600.0)
    push, late = (replace(IV[0], at_min=at, amount_mg=20.0, duration_min=1.0) for at in (60.0, 1140.0))
    assert codes(limited(upper_dose_mg=99.0), (long, push, late)) == ["PK-POP-DOSE"]
