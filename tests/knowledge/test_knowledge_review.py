"""The review finds what is planted, and nothing in what we ship."""

from dataclasses import replace
from types import MappingProxyType

import pytest

from reprieve.domain.candidacy.expression import AllOf, AnyOf, Compare, Comparison, Is, Not
from reprieve.domain.candidacy.facts import FactDefinition, FactKind
from reprieve.domain.candidacy.rules import Implication, Limit, Route, Rule, RuleBase
from reprieve.domain.quantities.findings import Severity
from reprieve.domain.quantities.sources import Confidence, Source
from reprieve.knowledge.candidacy import load_rule_base
from reprieve.knowledge.efforts import effort_policies
from reprieve.knowledge.review.rules import rule_problems
from reprieve.knowledge.review.values import value_problems
from reprieve.knowledge.review.whole import review_knowledge

SOURCE = Source(keys=("SEED1",), confidence=Confidence.VERIFIED)
HIGH, LOW = Compare("systolic", Comparison.AT_LEAST, 160.0), Compare("systolic", Comparison.BELOW, 160.0)
LIMIT = Limit(name="stop", value=160.0, unit="mm[Hg]", source=SOURCE)
VALUE = {"value": 1, "unit": "mg", "source": ["SEED1"], "confidence": "verified"}
SOURCES = {"SEED1": {"citation": "a text"}}


def rule(rule_id, when, severity=Severity.ABSOLUTE, **more):
    return Rule(id=rule_id, clause="", severity=severity, when=when, source=SOURCE, **more)


def codes(*rules, implications=()):
    definitions = {
        "systolic": FactDefinition(key="systolic", kind=FactKind.NUMBER, unit="mm[Hg]"),
        "pregnant": FactDefinition(key="pregnant", kind=FactKind.BOOLEAN),
    }
    base = RuleBase(
        definitions=MappingProxyType(definitions),
        rules=(rule("USES-ALL", AnyOf((HIGH, Is("pregnant"))), Severity.INFO, limits=(LIMIT,)), *rules),
        gates=(),
        implications=implications,
        efforts=effort_policies(),
        knowledge_hash="",
    )
    return {problem.code for problem in rule_problems(base)}


def test_what_we_ship_is_sound():
    assert [problem for problem in review_knowledge() if not problem.is_note] == []


def test_sound_rules_are_left_alone():
    assert codes(rule("A", HIGH, limits=(LIMIT,)), rule("B", Is("pregnant"), Severity.RELATIVE)) == set()


def test_a_rule_that_no_facts_can_fire():
    assert codes(rule("A", AllOf((HIGH, LOW)), limits=(LIMIT,))) == {"KN-UNREACHABLE"}


def test_a_rule_that_never_answers_no():
    always = Not(AllOf((Is("pregnant"), Not(Is("pregnant")))))
    assert codes(rule("A", always, Severity.CAUTION)) == {"KN-ALWAYS"}
    assert codes(rule("A", AllOf(()), Severity.CAUTION)) == {"KN-ALWAYS"}


def test_a_number_without_a_source():
    assert codes(rule("A", HIGH, Severity.CAUTION)) == {"KN-LIMIT-UNUSED"}


def test_the_same_id_and_clause_twice():
    assert "KN-TWICE" in codes(rule("A", Is("pregnant")), rule("A", Is("pregnant")))


def test_a_family_whose_bands_leave_a_gap():
    other = replace(LIMIT, value=150.0)
    assert codes(rule("CI-HTN-A", HIGH, limits=(LIMIT,)), rule("CI-HTN-B", HIGH, limits=(other,))) == {
        "KN-LIMITS-DIFFER"
    }
    assert codes(rule("DDI-A", HIGH, limits=(LIMIT,)), rule("DDI-B", HIGH, limits=(other,))) == set()


def test_two_severities_for_one_condition():
    twice = (rule("A", Is("pregnant")), rule("B", Is("pregnant"), Severity.CAUTION))
    assert codes(*twice) == {"KN-CONTRADICTION"}
    assert codes(twice[0], replace(twice[1], severity=Severity.INFO)) == set()
    elsewhere = replace(twice[1], routes=frozenset({Route.IV}))
    assert codes(replace(twice[0], routes=frozenset({Route.IM})), elsewhere) == set()


def test_two_rules_that_exclude_everybody_between_them():
    high, low = rule("A", HIGH, limits=(LIMIT,)), rule("B", LOW, limits=(LIMIT,))
    assert codes(high, low) == {"KN-CONTRADICTION"}
    apart = replace(low, indications=frozenset({"IND-PTSD"}))
    assert codes(replace(high, indications=frozenset({"IND-TRD"})), apart) == set()


def test_implications_that_say_both():
    yes = Implication(fact="pregnant", value=True, when=HIGH)
    assert codes(implications=(yes, replace(yes, value=False))) == {"KN-CONTRADICTION"}
    assert codes(implications=(yes, replace(yes, value=False, when=LOW))) == set()


def test_a_fact_that_no_rule_reads():
    base = load_rule_base()
    extra = FactDefinition(key="shoe_size", kind=FactKind.BOOLEAN)
    wider = replace(base, definitions=MappingProxyType({**base.definitions, "shoe_size": extra}))
    assert [(p.code, p.where) for p in rule_problems(wider) if p.where == "shoe_size"] == [
        ("KN-FACT-UNUSED", "shoe_size")
    ]


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (VALUE, None),
        (VALUE | {"source": "SEED1"}, None),
        (VALUE | {"source": ["NOBODY"]}, "KN-SOURCE"),
        ({"value": 1, "unit": "mg"}, "KN-SOURCE"),
        (VALUE | {"source": 7}, "KN-SOURCE"),
        (VALUE | {"unit": "stone"}, "KN-UNIT"),
        (VALUE | {"confidence": "sure"}, "KN-CONFIDENCE"),
    ],
)
def test_each_value_has_source_unit_and_confidence(value, code):
    documents = {"sources.toml": SOURCES, "doses.toml": {"rows": [{"id": "ATRQ-01", "min": value}, VALUE, "text"]}}
    found = [problem for problem in value_problems(documents) if not problem.is_note]
    assert [problem.code for problem in found] == ([code] if code else [])
    assert all(problem.where == "doses.toml#rows[ATRQ-01].min" for problem in found)


def test_sources_without_citation_or_use():
    found = {(p.code, p.is_note) for p in value_problems({"sources.toml": {"LONELY": {"citation": " "}}})}
    assert found == {("KN-CITATION", False), ("KN-UNUSED-SOURCE", True)}
