"""Published models do not agree, and the program says by how much and why."""

import numpy as np
import pytest

from reprieve.domain.pharmacology.covariates import Covariates
from reprieve.domain.pharmacology.disagreement import LeftOut, compare_models
from reprieve.domain.pharmacology.linear_model import Drug, Route, Site
from reprieve.domain.pharmacology.regimen import Dose, devices
from reprieve.knowledge.kinetics import load_model, model_ids

T_MIN = np.arange(0.0, 241.0)
ADULT = Covariates(weight_kg=70.0, age_y=40.0)
RACEMATE = [Dose(drug=Drug.RACEMIC_KETAMINE, route=Route.IV, at_min=0.0, amount_mg=35.0, duration_min=40.0)]
ESKETAMINE = [Dose(drug=Drug.ESKETAMINE, route=Route.IV, at_min=0.0, amount_mg=28.0, duration_min=40.0)]


def everything(doses, covariates=ADULT):
    models = [load_model(model_id) for model_id in model_ids()]
    return compare_models(models, doses, t_min=T_MIN, covariates=covariates)


def codes(found):
    return {finding.code for finding in found.reasons}


def test_the_racemate_by_vein_is_predicted_by_the_adult_models_of_the_racemate():
    found = everything(RACEMATE)
    assert {curve.model_id for curve in found.curves} == {"k2s", "kamp2020", "domino1984", "clements_nimmo1981"}
    assert dict(found.left_out) == {
        "hijazi2003": LeftOut.INTENSIVE_CARE,
        "herd_anderson2007": LeftOut.CHILDREN,
        "hornik2018": LeftOut.CHILDREN,
        **dict.fromkeys(
            ["fanta2015", "flint2017", "noppers2011", "otto2021", "perez_ruixo2021", "simons2022"], LeftOut.DRUG
        ),
    }


def test_the_spread_holds_every_curve_and_is_wide():
    found = everything(RACEMATE)
    for curve in found.curves:
        assert np.all(found.lower_mg_per_l <= curve.mg_per_l)
        assert np.all(curve.mg_per_l <= found.upper_mg_per_l)
    at_40 = 40
    # Arterial 251 (K2S) against venous 165 (K2S) at the end of 0.5 mg/kg over 40 min.
    assert found.upper_mg_per_l[at_40] / found.lower_mg_per_l[at_40] > 1.5


def test_reasons_name_site_clearance_weight_and_people():
    found = everything(RACEMATE)
    assert codes(found) == {"PK-DIFF-SITE", "PK-DIFF-CLEARANCE", "PK-DIFF-WEIGHT", "PK-DIFF-PEOPLE"}
    clearance = next(finding for finding in found.reasons if finding.code == "PK-DIFF-CLEARANCE")
    # Domino 0.063 L/kg x 0.4381 1/min = 116 L/h at 70 kg; Clements & Nimmo 80 L/h.
    assert clearance.params["highest"] == "domino1984"
    assert clearance.params["highest_l_per_h"] == pytest.approx(115.9, abs=0.1)
    assert clearance.params["lowest_l_per_h"] == pytest.approx(80.2, abs=0.1)
    weight = next(finding for finding in found.reasons if finding.code == "PK-DIFF-WEIGHT")
    assert weight.params["least_exponent"] == pytest.approx(0.75)
    assert weight.params["greatest_exponent"] == pytest.approx(1.0)


def test_esketamine_by_vein_compares_s_ketamine_with_total_ketamine_of_pooled_models():
    found = everything(ESKETAMINE)
    analytes = {curve.model_id: curve.analyte for curve in found.curves}
    assert analytes["kamp2020"] == "ketamine"
    assert analytes["otto2021"] == "S-ketamine"
    # K2S shows S plus R, and no R is given.
    k2s = next(curve for curve in found.curves if curve.model_id == "k2s" and curve.site is Site.ARTERIAL)
    assert k2s.clearance_l_per_h == pytest.approx(92.8, rel=1e-6)
    perez = next(curve for curve in found.curves if curve.model_id == "perez_ruixo2021")
    assert perez.weight_exponent == pytest.approx(0.0, abs=1e-9)


def test_one_model_alone_has_no_reasons():
    found = everything(devices(drug=Drug.ESKETAMINE, count=2, amount_mg=28.0))
    assert [curve.model_id for curve in found.curves] == ["perez_ruixo2021"]
    assert found.reasons == ()
    assert dict(found.left_out)["k2s"] is LeftOut.ROUTE
    assert found.lower_mg_per_l is not found.upper_mg_per_l
    np.testing.assert_array_equal(found.lower_mg_per_l, found.upper_mg_per_l)


def test_a_child_is_predicted_by_models_of_children_and_an_unknown_age_is_not():
    child = everything(RACEMATE, Covariates(weight_kg=30.0, age_y=10.0))
    assert {"herd_anderson2007", "hornik2018"} <= {curve.model_id for curve in child.curves}
    unknown = everything(RACEMATE, Covariates(weight_kg=70.0))
    assert dict(unknown.left_out)["hornik2018"] is LeftOut.AGE_UNKNOWN


def test_nothing_to_compare_is_refused():
    doses = [Dose(drug=Drug.ESKETAMINE, route=Route.IM, at_min=0.0, amount_mg=28.0)]
    with pytest.raises(ValueError, match="PK-COMPARE-NONE"):
        compare_models([load_model("otto2021")], doses, t_min=T_MIN, covariates=ADULT)
