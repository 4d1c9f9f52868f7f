"""Every vignette of tests/vignettes/candidacy: synthetic patients with the answer that the algebra must give."""

import tomllib
from pathlib import Path

import pytest

from reprieve.domain.candidacy.rules import Route
from reprieve.domain.candidacy.screening import screen
from reprieve.interop import facts_file
from reprieve.knowledge.candidacy import load_rule_base
from reprieve.knowledge.chart_map import load_chart_map

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
    for rule, params in expected.get("params", {}).items():
        assert params.items() <= fired[rule]["params"].items()
