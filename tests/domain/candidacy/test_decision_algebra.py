"""ALG-01 to ALG-06 on made-up rules: which finding decides, what is asked for, and what may be called temporary."""

from dataclasses import replace
from datetime import date
from types import MappingProxyType

import pytest

from reprieve.domain.candidacy.assessment import Decision, GateState
from reprieve.domain.candidacy.decision import assess
from reprieve.domain.candidacy.expression import Is, Known, Not
from reprieve.domain.candidacy.facts import Fact, FactDefinition, FactKind, FactSet, Teller
from reprieve.domain.candidacy.rules import Gate, Implication, Limit, Phase, Route, Rule, RuleBase
from reprieve.domain.quantities.findings import Severity
from reprieve.domain.quantities.sources import Confidence, Source

ON = date(2026, 3, 2)
VERIFIED = Source(keys=("ESK-PI",), confidence=Confidence.VERIFIED)
RECALLED = Source(keys=("ESK-PI",), confidence=Confidence.RECALLED)
DEFINITIONS = MappingProxyType(
    {key: FactDefinition(key=key, kind=FactKind.BOOLEAN) for key in (*"abcd", "indication_stated")}
)


def rule(rule_id, severity, fact, **more):
    return Rule(**{"id": rule_id, "clause": "", "severity": severity, "when": Is(fact), "source": VERIFIED, **more})


def answer(*rules, gates=(), **facts):
    base = RuleBase(definitions=DEFINITIONS, rules=rules, gates=gates, implications=(), efforts={}, knowledge_hash="x")
    return assess(base, FactSet(on=ON).supposing(facts), route=Route.IV, indication=None)


@pytest.mark.parametrize(
    ("severity", "decision"),
    [(Severity.ABSOLUTE, Decision.INELIGIBLE), (Severity.RELATIVE, Decision.REVIEW), (Severity.WORKUP, Decision.DEFER),
     (Severity.CAUTION, Decision.CONDITIONAL), (Severity.INFO, Decision.ELIGIBLE),
     (Severity.EMERGENCY, Decision.ELIGIBLE)],
)  # fmt: skip
def test_each_severity_makes_its_decision(severity, decision):
    result = answer(rule("A", severity, "a", temporary=True), a=True)
    assert result.decision is decision
    assert result.emergency is (severity is Severity.EMERGENCY)
    assert result.temporary is (severity not in {Severity.INFO, Severity.EMERGENCY})
    assert answer(rule("A", severity, "a"), a=False).decision is Decision.ELIGIBLE


def test_the_strongest_decides_and_only_if_all_of_them_are_temporary_it_is_temporary():
    weak = rule("W", Severity.CAUTION, "a")
    assert answer(weak, rule("S", Severity.ABSOLUTE, "b", temporary=True), a=True, b=True).temporary
    lasting = rule("L", Severity.ABSOLUTE, "c")
    both = answer(rule("S", Severity.ABSOLUTE, "b", temporary=True), lasting, b=True, c=True)
    assert both.decision is Decision.INELIGIBLE
    assert not both.temporary


@pytest.mark.parametrize("severity", Severity)
def test_an_unknown_asks_where_it_could_exclude_refer_defer_or_be_an_emergency(severity):
    result = answer(rule("A", severity, "a"))
    asks = severity in {Severity.EMERGENCY, Severity.ABSOLUTE, Severity.RELATIVE, Severity.WORKUP}
    assert [(item.rule, item.severity, item.facts) for item in result.data_needed] == (
        [("A", severity, ("a",))] if asks else []
    )
    assert result.decision is (Decision.DEFER if asks else Decision.ELIGIBLE)


def test_a_deferral_is_not_temporary_while_data_are_missing():
    temporary = rule("T", Severity.WORKUP, "a", temporary=True)
    assert answer(temporary, a=True).temporary
    missing = answer(temporary, rule("M", Severity.ABSOLUTE, "b"), a=True)
    assert missing.decision is Decision.DEFER
    assert not missing.temporary


def test_a_stronger_finding_decides_alone_although_data_are_missing():
    result = answer(rule("T", Severity.RELATIVE, "a", temporary=True), rule("M", Severity.ABSOLUTE, "b"), a=True)
    assert (result.decision, result.temporary) == (Decision.REVIEW, True)


def test_a_recalled_exclusion_warns_and_needs_confirmation():
    recalled = rule("R", Severity.ABSOLUTE, "a", source=RECALLED)
    result = answer(recalled, a=True)
    assert (result.decision, result.needs_confirmation) == (Decision.REVIEW, True)
    assert not answer(recalled, rule("V", Severity.RELATIVE, "b"), a=True, b=True).needs_confirmation
    limit = Limit(name="x", value=1.0, unit="d", source=RECALLED)
    assert answer(rule("L", Severity.ABSOLUTE, "a", limits=(limit,)), a=True).decision is Decision.REVIEW


def test_of_several_clauses_the_strongest_is_told_and_of_equal_ones_the_first():
    clauses = [
        rule("A", Severity.CAUTION, "a", clause="weak"),
        rule("A", Severity.RELATIVE, "a", clause="first"),
        rule("A", Severity.RELATIVE, "a", clause="second"),
    ]
    (finding,) = answer(*clauses, a=True).findings
    assert finding.clause == "first"
    (finding,) = answer(*reversed(clauses), a=True).findings
    assert finding.clause == "second"


def test_findings_and_missing_data_stand_in_order_of_severity():
    rules = [rule("Z", Severity.ABSOLUTE, "a"), rule("B", Severity.CAUTION, "a"), rule("A", Severity.CAUTION, "a")]
    assert [item.finding.code for item in answer(*rules, a=True).findings] == ["Z", "A", "B"]
    waiting = [rule("Y", Severity.WORKUP, "b"), rule("X", Severity.ABSOLUTE, "c"), rule("W", Severity.WORKUP, "d")]
    assert [item.rule for item in answer(*waiting).data_needed] == ["X", "W", "Y"]


def test_missing_facts_of_several_clauses_are_asked_once_at_the_strongest_severity():
    clauses = [rule("A", Severity.WORKUP, "b", clause="1"), rule("A", Severity.ABSOLUTE, "a", clause="2"),
               rule("A", Severity.RELATIVE, "b", clause="3")]  # fmt: skip
    (needed,) = answer(*clauses).data_needed
    assert (needed.severity, needed.facts) == (Severity.ABSOLUTE, ("b", "a"))


def test_what_a_rule_could_not_read_is_told_where_it_matters():
    unknown = {
        item.rule.id: item.unknown
        for item in answer(
            rule("WAITS", Severity.INFO, "a"),
            rule("SILENT", Severity.INFO, "b", when=Known("a")),
            rule("MISSES", Severity.WORKUP, "a", when=Not(Known("a"))),
        ).evaluations
    }
    assert unknown == {"WAITS": ("a",), "SILENT": (), "MISSES": ("a",)}


def test_scope_and_gates():
    nasal = rule("N", Severity.ABSOLUTE, "a", routes=frozenset({Route.IN_ESK}))
    later = rule("P", Severity.ABSOLUTE, "a", phases=frozenset({Phase.PRESESSION}))
    other = rule("I", Severity.ABSOLUTE, "a", indications=frozenset({"IND-BP2"}))
    gate = Gate(id="G", when=Is("a"), indications=frozenset({None}))
    result = answer(
        nasal, later, other, gates=(gate, replace(gate, id="H", indications=frozenset({"IND-BP2"}))), a=True
    )
    assert (result.decision, len(result.evaluations), result.gates) == (
        Decision.ELIGIBLE, 0, {"G": GateState.SATISFIED}
    )  # fmt: skip


def test_a_finding_carries_what_was_read_with_its_codes_and_the_limits():
    limit = Limit(name="stop", value=180.0, unit="mm[Hg]", source=VERIFIED)
    base = RuleBase(
        definitions=DEFINITIONS, rules=(rule("A", Severity.CAUTION, "a", limits=(limit,), shows=("b", "c")),),
        gates=(), implications=(), efforts={}, knowledge_hash="x",
    )  # fmt: skip
    told = [Fact(key="a", value=True, said_by=Teller.CHART, detail=("I71.4",)),
            Fact(key="b", value=False, said_by=Teller.CHART)]  # fmt: skip
    (finding,) = assess(base, FactSet(on=ON).adding(told), route=Route.IV, indication=None).findings
    assert finding.finding.params == {"a": True, "a.detail": ("I71.4",), "b": False, "limit.stop": 180.0}


def test_whether_an_indication_was_stated_is_itself_a_fact():
    unstated = rule("U", Severity.WORKUP, "a", when=Not(Is("indication_stated")))
    stated = rule("S", Severity.CAUTION, "a", when=Is("indication_stated"))
    base = RuleBase(
        definitions=DEFINITIONS, rules=(unstated, stated), gates=(), efforts={}, knowledge_hash="x",
        implications=(Implication(fact="a", value=True, when=Is("indication_stated")),),
    )  # fmt: skip
    for indication, code in ((None, "U"), ("IND-TRD", "S")):
        result = assess(base, FactSet(on=ON), route=Route.IV, indication=indication)
        assert [item.finding.code for item in result.findings] == [code]
        assert result.facts.value("a") is (None if indication is None else True)
