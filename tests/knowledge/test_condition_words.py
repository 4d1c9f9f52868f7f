"""A reviewer reads the same condition that the engine asks."""

import pytest

from reprieve.domain.candidacy.rules import Limit
from reprieve.domain.quantities.sources import Confidence, Source
from reprieve.knowledge.candidacy import fact_definitions, load_rule_base
from reprieve.knowledge.condition_words import condition_in_words
from reprieve.knowledge.expressions import ExpressionReader

SOURCE = Source(keys=("SEED1",), confidence=Confidence.VERIFIED)
LIMITS = {
    "stop": Limit(name="stop", value=180.0, unit="mm[Hg]", source=SOURCE),
    "floor": Limit(name="floor", value=20.0, unit="{score}", source=SOURCE),
}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("pregnant", "pregnant"),
        ("not pregnant", "not pregnant"),
        ("not known(cssrs_q1)", "cssrs_q1 is not known"),
        ("known(madrs)", "madrs is known"),
        ("systolic_mmhg >= stop", "systolic_mmhg >= 180 mm[Hg]"),
        ("not (madrs >= floor or pregnant) and aneurysm", "not (madrs >= 20 or pregnant) and aneurysm"),
        ("at_least(2, taking_opioid, taking_gabapentinoid)", "at least 2 of (taking_opioid, taking_gabapentinoid)"),
        ('sud_history in ("none",)', "sud_history is none"),
    ],
)
def test_each_kind_of_condition(text, words):
    definitions = fact_definitions()
    expression = ExpressionReader(definitions, LIMITS, "here").read(text)
    assert condition_in_words(expression, definitions) == words


def test_every_rule_can_be_said():
    base = load_rule_base()
    assert all(condition_in_words(rule.when, base.definitions) for rule in base.rules)
