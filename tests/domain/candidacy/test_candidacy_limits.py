"""A pair just inside and just outside every numeric limit, straight from the rule base."""

import re
import tomllib
from datetime import date
from pathlib import Path

import pytest

from reprieve.domain.candidacy.decision import evaluate
from reprieve.domain.candidacy.expression import AtLeast, Compare, Comparison, Is, Known, Not, OneOf, truth
from reprieve.domain.candidacy.facts import FactSet
from reprieve.domain.candidacy.what_changes import possible_values
from reprieve.domain.quantities.units import convert
from reprieve.knowledge import candidacy
from reprieve.knowledge.candidacy import load_rule_base

BASE = load_rule_base()
ON = date(2026, 3, 2)
FOLDER = Path(__file__).parents[2] / "vignettes" / "limits"
PAIRS = [
    pytest.param(pair, id=f"{pair['rule']}-{pair.get('clause', '')}-{pair['fact']}-{pair['limit']}")
    for path in sorted(FOLDER.glob("*.toml"))
    for pair in tomllib.loads(path.read_text())["pair"]
]


def rule_of(pair):
    wanted = (pair["rule"], pair.get("clause", ""))
    return next(rule for rule in BASE.rules if (rule.id, rule.clause) == wanted)


@pytest.mark.parametrize("pair", PAIRS)
def test_the_limit_decides(pair):
    """Inside fires; outside, one step over the limit, does not."""
    rule, beside = rule_of(pair), pair.get("beside", {})
    for value, fires in ((pair["inside"], True), (pair["outside"], False)):
        known = {key: as_value(given) for key, given in {**beside, pair["fact"]: value}.items()}
        assert (evaluate(rule, FactSet(on=ON).supposing(known)).result is True) is fires


@pytest.mark.parametrize("pair", PAIRS)
def test_the_limit_lies_between_the_pair(pair):
    limit = next(limit for limit in rule_of(pair).limits if limit.name == pair["limit"])
    value = convert(limit.value, limit.unit, BASE.definitions[pair["fact"]].unit)
    low, high = sorted((pair["inside"], pair["outside"]))
    assert low <= value <= high
    assert value in (low, high)


def test_every_limit_that_is_compared_has_a_pair():
    """Read from the text of the rules, so that a limit that somebody adds cannot go without."""
    compared = {
        (table["id"], table.get("clause", ""), fact, limit)
        for _, table in candidacy._rule_tables()
        for fact, limit in re.findall(r"(\w+)\s*(?:<=|>=|<|>)\s*(\w+)", table["when"])
    }
    given = [param.values[0] for param in PAIRS]
    assert compared == {(pair["rule"], pair.get("clause", ""), pair["fact"], pair["limit"]) for pair in given}


def as_value(value):
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


@pytest.mark.parametrize(
    ("comparison", "at_limit", "above"),
    [(Comparison.BELOW, False, False), (Comparison.AT_MOST, True, False), (Comparison.ABOVE, False, True),
     (Comparison.AT_LEAST, True, True)],
)  # fmt: skip
def test_comparison(comparison, at_limit, above):
    node = Compare("madrs", comparison, 20.0)
    assert truth(node, lambda _: 20.0) is at_limit
    assert truth(node, lambda _: 21.0) is above
    assert truth(node, lambda _: None) is None
    assert truth(node, lambda _: "twenty") is None


def test_the_other_nodes():
    two = AtLeast(2, (Is("pregnant"), Is("missed_period"), Is("breastfeeding")))
    assert truth(two, {"pregnant": True, "missed_period": True}.get) is True
    assert truth(two, {"pregnant": True}.get) is None
    assert truth(Is("pregnant"), lambda _: 1.0) is None
    assert truth(Known("pregnant"), lambda _: False) is True
    assert truth(Not(OneOf("sud_history", frozenset({"mild"}))), lambda _: "none") is True
    assert truth(OneOf("sud_history", frozenset({"mild"})), lambda _: None) is None


def test_possible_values_of_a_number_without_limit_and_of_a_choice():
    assert list(possible_values(BASE, "bmi", Is("pregnant"))) == [0.0, 1.0]
    assert list(possible_values(BASE, "sud_history", Is("pregnant"))) == ["none", "mild", "moderate_severe"]
