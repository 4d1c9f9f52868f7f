"""Model files are read strictly: a missing number, a wrong unit, an unknown name or no source stops the program."""

from copy import deepcopy
from decimal import Decimal
from math import log1p, sqrt

import numpy as np
import pytest

from reprieve.domain.pharmacology.formula import evaluate, names
from reprieve.domain.pharmacology.linear_model import ResidualContext, Route, Spread
from reprieve.domain.quantities.units import UnknownUnit
from reprieve.knowledge.formulas import read_formula
from reprieve.knowledge.kinetics import linear_model, load_model, model_ids
from reprieve.knowledge.loader import read_toml
from reprieve.knowledge.schema import KnowledgeError
from reprieve.knowledge.values import decimal

K2S = read_toml("kinetics/k2s.toml")
KNOWN = frozenset({"a", "b"})


def broken(change):
    document = deepcopy(dict(K2S))
    change(document)
    return document


@pytest.mark.parametrize("model_id", model_ids())
def test_every_file_is_a_model_with_sources(model_id):
    model = load_model(model_id)
    assert model.id == model_id
    assert model.source.keys
    assert len(model.source.keys) == len(set(model.source.keys))
    assert model.drugs
    assert model.outputs


def test_an_unknown_model_is_named():
    with pytest.raises(KnowledgeError, match="no model 'nobody1999'"):
        load_model("nobody1999")


def test_units_are_converted_once():
    model = load_model("k2s")
    assert model.parameters["CL_S"].value == pytest.approx(92.8 / 60)
    assert model.parameters["CL_S"].unit == "L/min"
    assert model.parameters["CL_S"].weight_exponent == 0.75
    assert model.standard_weight_kg == 70.0


def test_spreads_come_as_cv_variance_or_deviation():
    model = load_model("k2s")
    by_name = {eta.name: eta for eta in model.etas}
    assert by_name["CL"].sd == pytest.approx(sqrt(log1p(0.25**2)))
    assert by_name["F_im"].spread is Spread.LOGIT
    assert by_name["F_sl_occasion"].is_between_occasions
    assert {entry.context for entry in model.residuals} == set(ResidualContext)
    document = broken(lambda d: d["etas"].append({"name": "V2b", "on": ["V2"], "omega2": number(0.09)}))
    assert linear_model(document).etas[-1].sd == pytest.approx(0.3)


def number(value, unit="1"):
    return {"value": value, "unit": unit, "source": ["KAMP20"], "confidence": "policy"}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda d: d["parameters"].update(V1=None), "needs a number"),
        (lambda d: d["parameters"].update(V1=number("25", "L")), "must be a number"),
        (lambda d: d["parameters"].update(V1=number(25, "Cel")), "cannot be a parameter"),
        (lambda d: d["parameters"].update(V1={"value": 25, "unit": "L", "confidence": "policy"}), "source keys"),
        (lambda d: d["flows"].append({"from": "S1", "rate": "Q9 / V1"}), "'Q9' is no parameter"),
        (lambda d: d["flows"].append({"from": "S9", "rate": "Q2 / V1"}), "PK-MODEL-STATE"),
        (lambda d: d["states"].append({"name": "S1"}), "PK-MODEL-STATE"),
        (lambda d: d["etas"].append({"name": "X", "on": ["X"], "cv": number(0.1)}), "PK-MODEL-ETA"),
        (lambda d: d["etas"].append({"name": "X", "on": ["V1"]}), "needs cv, omega2 or sd"),
        (lambda d: d["etas"].append({"name": "X", "on": ["V1"], "cv": number(-0.1)}), "cannot be negative"),
        (lambda d: d["residual"].append({"analyte": "ketamine"}), "needs proportional"),
        (lambda d: d.pop("title"), "'title' is missing"),
    ],
)
def test_a_file_that_breaks_the_schema_stops_the_program(change, words):
    with pytest.raises(KnowledgeError, match=words):
        linear_model(broken(change))


def test_an_unknown_unit_stops_the_program():
    with pytest.raises(UnknownUnit):
        linear_model(broken(lambda d: d["parameters"].update(V1=number(25, "gallons"))))


def test_a_molar_residual_becomes_mg_per_l():
    row = {"analyte": "S-norketamine", "additive_mg_per_l": number(0.058, "nmol/mL"), "context": "research"}
    model = linear_model(broken(lambda d: d["residual"].append(row)))
    assert model.residuals[-1].additive_mg_per_l == pytest.approx(0.058e-3 * 223.70)
    row = {"analyte": "S-ketamine", "additive_mg_per_l": number(3, "ng/mL"), "log_sd": number(0.2)}
    model = linear_model(broken(lambda d: d["residual"].append(row)))
    assert model.residuals[-1].additive_mg_per_l == pytest.approx(0.003)
    assert model.residuals[-1].log_sd == pytest.approx(0.2)


def test_a_population_without_numbers_has_the_sources_of_the_model():
    model = linear_model(broken(lambda d: d.update(population={"routes": ["iv"], "text": "nobody said"})))
    assert model.population.source == model.source
    assert model.population.routes == (Route.IV,)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a + 2 * b", 8.0),
        ("(a - b) / 4", -0.25),
        ("-a", -2.0),
        ("min(a, b) + max(a, b)", 5.0),
        ("exp(a - 2)", 1.0),
        ("where(a - 2, 10, b)", 3.0),
        ("where(a, 10, b)", 10.0),
    ],
)
def test_formulas_mean_what_they_say(text, value):
    formula = read_formula(text, KNOWN, "here")
    assert evaluate(formula, {"a": 2.0, "b": 3.0}, np) == pytest.approx(value)
    arrays = evaluate(formula, {"a": np.full(4, 2.0), "b": 3.0}, np)
    np.testing.assert_allclose(arrays, np.full(4, value))
    assert names(formula) <= KNOWN


@pytest.mark.parametrize(
    "text", ["a +", "c", "a ** b", "open('x')", "min(a)", "a if b else a", "True", "a.b", "f(a)(b)"]
)
def test_formulas_hold_arithmetic_only(text):
    with pytest.raises(KnowledgeError):
        read_formula(text, KNOWN, "here")


def test_amounts_are_read_as_the_decimal_in_the_file():
    table = {"limit": {"value": 0.75, "unit": "mg/kg", "source": ["FAVA18"], "confidence": "policy"}}
    assert decimal(table, "limit", unit="mg/kg", where="limits") == Decimal("0.75")
