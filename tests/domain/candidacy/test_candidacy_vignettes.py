"""Every vignette of tests/vignettes/candidacy: synthetic patients with the answer that the algebra must give."""

import tomllib
from decimal import Decimal
from pathlib import Path

import pytest

from reprieve.domain.candidacy.rules import Route
from reprieve.domain.candidacy.screening import screen
from reprieve.domain.dosing.pain_rates import pain_dose
from reprieve.interop import facts_file
from reprieve.knowledge.candidacy import load_rule_base
from reprieve.knowledge.chart_map import load_chart_map
from reprieve.knowledge.pain_rates import pain_rates

FOLDER = Path(__file__).parents[2] / "vignettes" / "candidacy"
ASSUMED = tomllib.loads((FOLDER / "assumptions.toml").read_text())["facts"]
CASES = [
    pytest.param(table["input"], expected, id=f"{path.stem}-{expected['route']}")
    for path in sorted(FOLDER.glob("V-*.toml"))
    for table in [tomllib.loads(path.read_text())]
    for expected in table["expect"]
]


@pytest.mark.parametrize(("given", "expected"), CASES)
def test_vignette(given, expected):
    table = {**given, "facts": {**ASSUMED, **given["facts"]}}
    facts = facts_file.case_of(table, on=given["on"])
    answer = screen(
        facts.case, load_rule_base(), load_chart_map(), route=Route(expected["route"]), indication=facts.indication
    )
    record = answer.record
    fired = {item["rule"]: item for item in record["findings"]}
    assert record["decision"] == expected["decision"], (list(fired), record["data_needed"])
    assert record["temporary"] == expected.get("temporary", record["temporary"])
    assert record["emergency"] == expected.get("emergency", False)
    assert {rule: fired[rule]["severity"] for rule in expected["fire"]} == expected["fire"]
    assert not set(expected["not"]) & set(fired)
    for gate, state in expected.get("gates", {}).items():
        assert record["gates"][gate] == state
    for rule, clause in expected.get("clauses", {}).items():
        assert fired[rule]["clause"] == clause
    for fact, value in expected.get("facts", {}).items():
        assert answer.assessment.facts.value(fact) == value
    for rule, params in expected.get("params", {}).items():
        assert params.items() <= fired[rule]["params"].items()


def test_the_planned_rate_of_v_07():
    """The regimen is given by rate: the weight would give more than was ever studied."""
    vignette = tomllib.loads((FOLDER / "V-07.toml").read_text())
    facts, expected = vignette["input"]["facts"], vignette["expect"][0]["rate"]
    dose = pain_dose(pain_rates()[facts["planned_regimen"]], Decimal(facts["weight_kg"]))
    assert dose.by_weight_mg_per_h == expected["uncapped_mg_per_h"]
    assert dose.rate_mg_per_h == expected["rate_mg_per_h"]
    assert dose.amount_mg_per_day == expected["amount_mg_per_day"]
