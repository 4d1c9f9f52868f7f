"""Every finding of exposure, disagreement and applicability has its sentence."""

import numpy as np
import pytest

from reprieve.clinic.courses.wording import BY_ROUTE, CHANGES, finding_sentence
from reprieve.domain.pharmacology.applicability import applicability_findings
from reprieve.domain.pharmacology.covariates import Covariates
from reprieve.domain.pharmacology.disagreement import compare_models
from reprieve.domain.pharmacology.exposure import ExposureChange, ExposureTargets, apply_factors
from reprieve.domain.pharmacology.exposure_told import age_findings, direction_findings
from reprieve.domain.pharmacology.linear_model import Drug, Route
from reprieve.domain.pharmacology.regimen import Dose, devices
from reprieve.domain.quantities.sources import Confidence, Source
from reprieve.knowledge.exposure_changes import (
    age_bands,
    age_change_by_vein,
    directions_of_ingredients,
    exposure_changes,
    ingredients_with_effect,
    targets_of,
)
from reprieve.knowledge.kinetics import load_model, model_ids

ROUTES = [Route.IV, Route.PO, Route.SL, Route.IN]
SOURCE = Source(keys=("DESIGN",), confidence=Confidence.POLICY)


def said(findings):
    return {finding.code: finding_sentence(finding) for finding in findings}


@pytest.mark.parametrize("model_id", ["k2s", "perez_ruixo2021"])
def test_exposure_findings_are_sentences(model_id):
    strong = ExposureChange(id="x", source=SOURCE, oral_auc=9.0, iv_auc=0.1)
    model, targets = load_model(model_id), targets_of(model_id)
    findings = [
        *apply_factors(model, list(exposure_changes().values()), targets=targets, routes=ROUTES).findings,
        *apply_factors(model, [strong], targets=targets, routes=ROUTES).findings,
        *apply_factors(model, [exposure_changes()["clarithromycin"]], targets=targets, routes=[Route.PO]).findings,
        *apply_factors(model, [strong], targets=ExposureTargets(), routes=ROUTES).findings,
        *apply_factors(model, [age_change_by_vein(80.0)], targets=targets, routes=ROUTES).findings,
        *direction_findings(directions_of_ingredients(["diazepam"])),
        *age_findings(age_bands(), age_y=80.0),
        *age_findings(age_bands(), age_y=None),
    ]
    assert all(sentence.endswith(".") for sentence in said(findings).values())


def test_everything_that_changes_exposure_has_a_name():
    directions = [one.id for one in directions_of_ingredients(ingredients_with_effect())]
    assert set(CHANGES) == {*exposure_changes(), *directions, age_change_by_vein(80.0).id}
    assert set(BY_ROUTE) == set(Route)
    (found,) = direction_findings(directions_of_ingredients(["diazepam"]))
    assert finding_sentence(found).startswith("What Diazepam does to a dose by vein is known")


def test_reasons_of_disagreement_are_sentences():
    dose = Dose(drug=Drug.RACEMIC_KETAMINE, route=Route.IV, at_min=0.0, amount_mg=35.0, duration_min=40.0)
    models = [load_model(model_id) for model_id in model_ids()]
    person = Covariates(weight_kg=70.0, age_y=40.0)
    found = compare_models(models, [dose], t_min=np.arange(0.0, 61.0), covariates=person)
    sentences = said(found.reasons)
    assert sentences["PK-DIFF-CLEARANCE"] == (
        "Clearance: clements_nimmo1981 has 80 L/h, domino1984 has 116 L/h in this person."
    )


def test_a_dose_is_judged_for_each_session_and_not_for_the_course():
    model, person = load_model("perez_ruixo2021"), Covariates(weight_kg=70.0, age_y=40.0)
    session = devices(drug=Drug.ESKETAMINE, count=3, amount_mg=28.0)
    again = devices(drug=Drug.ESKETAMINE, count=3, amount_mg=28.0, at_min=5040.0)
    assert "PK-POP-DOSE" not in said(applicability_findings(model, covariates=person, doses=[*session, *again]))
    five = devices(drug=Drug.ESKETAMINE, count=5, amount_mg=28.0)
    sentences = said(applicability_findings(model, covariates=person, doses=five))
    assert sentences["PK-POP-DOSE"] == "140 mg is outside the doses that were studied (14 to 112 mg)."
