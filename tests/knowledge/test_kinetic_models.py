"""Every kinetic model file: it loads, cites, has the units of its parameters, and says whom it describes."""

import importlib.util
import math
import re
from pathlib import Path

import numpy as np
import pytest

from reprieve.domain.pharmacology.covariates import Covariates
from reprieve.domain.pharmacology.linear_model import Drug, Route, Site, Spread
from reprieve.domain.pharmacology.regimen import Dose
from reprieve.domain.pharmacology.simulate import simulate
from reprieve.domain.quantities.sources import Confidence
from reprieve.knowledge.exposure_changes import age_change_of, exposure_targets
from reprieve.knowledge.kinetics import load_model, model_ids
from reprieve.knowledge.loader import read_toml, sources
from reprieve.knowledge.schema import KnowledgeError

EXPECTED = {
    "k2s", "perez_ruixo2021", "simons2022", "otto2021", "fanta2015", "noppers2011", "kamp2020", "domino1984",
    "clements_nimmo1981", "hijazi2003", "herd_anderson2007", "hornik2018", "flint2017",
}  # fmt: skip
MODELS = [pytest.param(load_model(model_id), id=model_id) for model_id in model_ids()]
ADULT = Covariates(weight_kg=70.0, age_y=45.0)
UNIT_OF = {"V": "L", "Q": "L/min", "C": "L/min", "k": "/min", "D": "min", "M": "min", "F": "1"}


def test_every_wanted_model_has_a_file():
    assert set(model_ids()) >= EXPECTED


@pytest.mark.parametrize("model", MODELS)
def test_every_source_is_listed_and_has_a_link(model):
    for key in model.source.keys:
        assert key in sources()
    assert any(sources()[key].link for key in model.source.keys)


@pytest.mark.parametrize("model", MODELS)
def test_every_value_is_a_positive_number_in_the_unit_of_its_name(model):
    for name, parameter in model.parameters.items():
        assert math.isfinite(parameter.value), name
        assert parameter.value > 0.0, name
        # MW is a ratio's ingredient; multipliers, changes with age and shares name themselves otherwise.
        if parameter.unit in {"1", "L/kg", "L/min/a"} or name.startswith("MW"):
            continue
        assert parameter.unit == UNIT_OF.get(name[0], parameter.unit), name


@pytest.mark.parametrize("model", MODELS)
def test_every_model_says_whom_and_which_routes_it_describes(model):
    population = model.population
    assert population.lower_age_years is not None
    assert population.upper_age_years > population.lower_age_years
    given = {entry.route for entry in model.inputs}
    assert set(population.routes) <= given
    assert model.notes.strip()
    assert len(model.title) > 20


@pytest.mark.parametrize("model", MODELS)
def test_weight_is_scaled_only_where_a_standard_weight_is_given(model):
    has_exponent = any(parameter.weight_exponent is not None for parameter in model.parameters.values())
    assert not has_exponent or model.standard_weight_kg == 70.0


@pytest.mark.parametrize("model", MODELS)
def test_every_route_gives_a_finite_curve_that_is_never_negative(model):
    t_min = np.linspace(0.0, 480.0, 49)
    for drug, route in dict.fromkeys((entry.drug, entry.route) for entry in model.inputs):
        dose = Dose(drug=drug, route=route, at_min=0.0, amount_mg=28.0)
        values = simulate(model, [dose], t_min=t_min, covariates=ADULT).values_mg_per_l
        assert np.all(np.isfinite(values))
        assert np.all(values >= -1e-9 * values.max())
        assert values.max() > 0.0


@pytest.mark.parametrize("model", MODELS)
def test_every_drug_can_be_given_and_the_default_site_is_seen(model):
    for drug in model.drugs:
        assert Route.IV in model.routes_of(drug)
    assert model.default_site in {output.key.site for output in model.outputs}
    assert model.default_site in {Site.ARTERIAL, Site.VENOUS}


@pytest.mark.parametrize("model", MODELS)
def test_hydroxynorketamine_is_always_marked(model):
    for output in model.outputs:
        assert output.is_exploratory == ("hydroxynorketamine" in output.key.analyte)


def test_what_a_paper_does_not_print_is_said():
    assert "variance of kmet is not printed" in " ".join(load_model("perez_ruixo2021").notes.split())
    kmet = next(eta for eta in load_model("perez_ruixo2021").etas if eta.name == "kmet")
    assert kmet.source.confidence is Confidence.POLICY
    assert kmet.sd == pytest.approx(math.sqrt(math.log(1.09)))
    assert "28 to 36 % below" in " ".join(load_model("perez_ruixo2021").notes.split())
    assert "not measured; not used" in " ".join(load_model("kamp2020").notes.split())


def test_logit_effects_are_where_a_fraction_varies():
    logit = {
        (model_id, eta.name)
        for model_id in model_ids()
        for eta in load_model(model_id).etas
        if eta.spread is Spread.LOGIT
    }
    assert ("perez_ruixo2021", "FRn") in logit
    for model_id, name in logit:
        eta = next(entry for entry in load_model(model_id).etas if entry.name == name)
        assert all(0.0 < load_model(model_id).parameters[target].value < 1.0 for target in eta.on)


def test_the_rise_of_norketamine_clearance_with_time_is_held_at_one_moment():
    # Flint 2017: 0.87 % for each hour; 48 h after the first dose 1 + 0.0087 * 48.
    model = load_model("flint2017")
    assert model.covariates["infusion_min"] == 0.0
    dose = Dose(drug=Drug.ESKETAMINE, route=Route.IV, at_min=0.0, amount_mg=7.0)

    def norketamine_area(extra):
        child = Covariates(weight_kg=7.0, age_y=0.5, extra=extra)
        curves = simulate(model, [dose], t_min=np.array([0.0, 1.0]), covariates=child)
        return float(curves.auc_mg_min_per_l("S-norketamine", Site.VENOUS, until_min=1e7))

    assert norketamine_area({}) / norketamine_area({"infusion_min": 48 * 60.0}) == pytest.approx(1.4176)


def test_a_target_of_exposure_must_be_a_parameter():
    document = {"id": "x", "parameters": {"CL": {}}, "exposure": {"clearance": ["CLX"]}}
    with pytest.raises(KnowledgeError, match="CLX is not a parameter"):
        exposure_targets(document)
    assert exposure_targets({"id": "x", "parameters": {}}).clearance == ()


def test_age_needs_a_model_with_a_liver():
    with pytest.raises(KnowledgeError, match="has no liver"):
        age_change_of({"model": "k2s"}, age_y=70.0)


def test_ingredients_of_exposure_changes_are_on_the_ingredient_list():
    known = set(read_toml("interactions/ingredients.toml")["ingredients"])
    document = read_toml("exposure/changes.toml")
    named = {name for row in (*document["change"], *document["direction"]) for name in row.get("ingredients", ())}
    assert named <= known


def test_no_note_has_a_stray_word_of_ours():
    for model_id in model_ids():
        assert not re.search(r"TODO|dossier|FIXME", load_model(model_id).notes)


def test_the_page_of_models_is_fresh():
    path = Path(__file__).parents[2] / "scripts" / "kinetic_models_page.py"
    spec = importlib.util.spec_from_file_location("kinetic_models_page", path)
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    assert script.main(["--check"]) == 0
