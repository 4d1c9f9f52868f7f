"""More knowledge, older knowledge, other units: what may change an answer about a person, and what may not."""

from datetime import date, timedelta

import pytest

from reprieve.domain.candidacy.decision import assess
from reprieve.domain.candidacy.facts import FactKind, FactSet, Teller, state
from reprieve.domain.candidacy.merging import merge
from reprieve.domain.candidacy.rules import Route
from reprieve.domain.candidacy.what_changes import possible_values
from reprieve.domain.quantities.units import convert
from reprieve.interop.facts_file import case_of
from reprieve.knowledge.candidacy import load_rule_base

BASE = load_rule_base()
DEFINITIONS = BASE.definitions
ON = date(2026, 3, 2)
READERS = {key: [rule.when for rule in BASE.rules if key in rule.reads] for key in DEFINITIONS}
READ = sorted(key for key, readers in READERS.items() if readers)


def answer(person, route=Route.IV, indication="IND-TRD"):
    return assess(BASE, FactSet(on=ON).supposing(person), route=route, indication=indication)


@pytest.mark.parametrize(
    ("fact", "unit", "value"),
    [("months_since_stroke", "d", 2.0), ("months_since_stroke", "wk", 2.99), ("months_since_stroke", "a", 3.5),
     ("months_since_haemorrhage", "d", 5.9), ("age_years", "mo", 17.5)],
)  # fmt: skip
def test_the_unit_in_which_a_value_is_given_changes_nothing(fact, unit, value):
    own = DEFINITIONS[fact].unit
    both = [
        case_of({"facts": {fact: {"value": number, "unit": code}}}, on=ON).case.statements[0]
        for number, code in ((value, own), (convert(value, own, unit), unit))
    ]
    assert both[0].value == pytest.approx(both[1].value)
    findings = [
        [item.finding.code for item in answer({"stroke_ever": True, fact: statement.value}).findings]
        for statement in both
    ]
    assert findings[0] == findings[1]


FRESH = sorted(key for key in READ if DEFINITIONS[key].fresh_for_days is not None)


@pytest.mark.parametrize("key", FRESH)
def test_an_answer_that_is_too_old_is_unknown_not_normal(key):
    definition = DEFINITIONS[key]
    window = timedelta(days=definition.fresh_for_days)
    value = possible_values(BASE, key, *READERS[key])[0]

    def known(age):
        statement = state(definition, value, said_by=Teller.FILE, said_on=ON - age)
        return merge([statement], DEFINITIONS, on=ON).value(key)

    assert known(window) == value
    assert known(window + timedelta(days=1)) is None


def test_a_liver_test_of_100_days_ago_asks_for_a_new_one():
    old = state(DEFINITIONS["alt_u_per_l"], 20.0, said_by=Teller.CHART, said_on=ON - timedelta(days=100))
    result = assess(BASE, merge([old], DEFINITIONS, on=ON), route=Route.IV, indication="IND-TRD")
    assert "alt_u_per_l" in {key for item in result.data_needed for key in item.facts}


def test_every_kind_of_fact_is_among_the_people():
    assert {DEFINITIONS[key].kind for key in READ} == set(FactKind)
