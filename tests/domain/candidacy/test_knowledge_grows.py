"""More knowledge, older knowledge, other units: what may change an answer about a person, and what may not."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reprieve.domain.candidacy.assessment import Decision
from reprieve.domain.candidacy.decision import assess
from reprieve.domain.candidacy.expression import Known, facts_read, leaves
from reprieve.domain.candidacy.facts import FactKind, FactSet, Teller, state
from reprieve.domain.candidacy.merging import merge
from reprieve.domain.candidacy.rules import Route
from reprieve.domain.candidacy.what_changes import possible_values
from reprieve.domain.quantities.findings import Severity
from reprieve.domain.quantities.units import convert
from reprieve.interop.facts_file import case_of
from reprieve.knowledge.candidacy import indications, load_rule_base

BASE = load_rule_base()
DEFINITIONS = BASE.definitions
ON = date(2026, 3, 2)
READERS = {key: [rule.when for rule in BASE.rules if key in rule.reads] for key in DEFINITIONS}
READ = sorted(key for key, readers in READERS.items() if readers)
PEOPLE = st.fixed_dictionaries(
    {}, optional={key: st.sampled_from(possible_values(BASE, key, *READERS[key])) for key in READ}
)
ROUTES, INDICATIONS = st.sampled_from(Route), st.sampled_from([*indications(), None])
# A rule that complains that something is not known is answered by learning it.
COMPLAINS = {rule.id for rule in BASE.rules for leaf in leaves(rule.when) if isinstance(leaf, Known)}


def answer(person, route=Route.IV, indication="IND-TRD"):
    return assess(BASE, FactSet(on=ON).supposing(person), route=route, indication=indication)


def exclusions(result):
    return {item.finding.code for item in result.findings if item.finding.severity is Severity.ABSOLUTE} - COMPLAINS


@settings(deadline=None)
@given(PEOPLE, PEOPLE, ROUTES, INDICATIONS)
def test_more_knowledge_never_turns_a_contraindication_off(person, learned, route, indication):
    before = answer(person, route, indication)
    more = {key: value for key, value in learned.items() if key not in before.facts.values}
    after = answer({**before.facts.values, **more}, route, indication)
    assert exclusions(before) <= exclusions(after)


@settings(deadline=None)
@given(PEOPLE, ROUTES, INDICATIONS)
def test_nobody_is_a_candidate_while_an_exclusion_is_unanswered(person, route, indication):
    result = answer(person, route, indication)
    unanswered = [
        item
        for item in result.evaluations
        if item.result is None and item.rule.severity in {Severity.ABSOLUTE, Severity.RELATIVE}
    ]
    if unanswered:
        assert result.decision not in {Decision.ELIGIBLE, Decision.CONDITIONAL}
        assert {item.rule.id for item in unanswered} <= {item.rule for item in result.data_needed}
        assert all(item.unknown for item in unanswered)


@settings(deadline=None)
@given(PEOPLE, st.data())
def test_a_fact_that_no_rule_in_scope_reads_changes_nothing(person, data):
    before = answer(person)
    ways = {key for asked in before.evaluations.asked for key in asked.told}
    ways |= {one.fact for one in BASE.implications}
    ways |= {key for one in (*BASE.implications, *BASE.gates) for key in facts_read(one.when)}
    key = data.draw(st.sampled_from(sorted(set(DEFINITIONS) - ways)))
    value = data.draw(st.sampled_from(possible_values(BASE, key)))
    after = answer({**person, key: value})
    assert (after.decision, after.findings, after.data_needed, after.gates) == (
        before.decision, before.findings, before.data_needed, before.gates
    )  # fmt: skip


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
