"""What must hold for every person: unknown never opens a door, and neither order nor noise changes an answer."""

import json
import tomllib
from datetime import date
from math import ceil
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from reprieve.domain.candidacy.assessment import Decision, GateState
from reprieve.domain.candidacy.decision import assess
from reprieve.domain.candidacy.deferral import way_forward
from reprieve.domain.candidacy.facts import FactKind, Teller, state
from reprieve.domain.candidacy.kleene import at_least, conjunction, disjunction, negation
from reprieve.domain.candidacy.merging import merge
from reprieve.domain.candidacy.record import decision_record, evidence_record
from reprieve.domain.candidacy.rules import Route
from reprieve.domain.candidacy.what_changes import open_questions
from reprieve.domain.quantities.findings import Severity
from reprieve.knowledge.candidacy import load_rule_base

ON = date(2026, 3, 2)
BASE = load_rule_base()
DEFINITIONS = BASE.definitions
CLEAR = tomllib.loads((Path(__file__).parents[2] / "vignettes/candidacy/assumptions.toml").read_text())["facts"] | {
    "age_years": 45, "madrs": 30, "treatment_resistant": True,
    **{key: False for key in DEFINITIONS if key.startswith("taking_")},
}  # fmt: skip
TRUTHS = st.sampled_from((True, False, None))


def value_of(definition):
    if definition.kind is FactKind.BOOLEAN:
        return st.booleans()
    if definition.kind is FactKind.CHOICE:
        return st.sampled_from(definition.choices)
    lowest = ceil(definition.lowest or 0)
    return st.integers(lowest, int(min(definition.highest or 220, lowest + 220))).map(float)


def said(key, value, *, by=Teller.PATIENT, on=ON):
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return state(DEFINITIONS[key], float(value) if number else value, said_by=by, said_on=on)


STATEMENTS = st.lists(
    st.sampled_from(sorted(DEFINITIONS)).flatmap(
        lambda key: st.tuples(st.just(key), st.none() | value_of(DEFINITIONS[key]), st.sampled_from(Teller))
    ),
    max_size=40,
)
ROUTES = st.sampled_from(Route)
INDICATIONS = st.sampled_from(["IND-TRD", "IND-BP2", "IND-PTSD", "IND-CRPS", None])


def decide(statements, *, route=Route.IV, indication="IND-TRD"):
    return assess(BASE, merge(statements, DEFINITIONS, on=ON), route=route, indication=indication)


def clear_but(**changes):
    return [said(key, value) for key, value in {**CLEAR, **changes}.items() if value is not None]


def test_the_clear_person_is_a_candidate():
    answer = decide(clear_but())
    assert answer.decision is Decision.ELIGIBLE
    assert answer.gates == {"DEF-TRD": GateState.SATISFIED}
    assert way_forward(BASE, answer) is None
    assert open_questions(BASE, answer) == ()


@given(st.sampled_from(sorted(CLEAR)))
def test_an_unknown_that_an_exclusion_needs_never_gives_eligible(key):
    answer = decide(clear_but(**{key: None}))
    reads = [rule for rule in BASE.rules if key in rule.reads and rule.applies_to(
        route=Route.IV, indication="IND-TRD", phase=answer.phase)]  # fmt: skip
    waiting = [item for item in answer.evaluations if item.result is None and item.rule in reads]
    if any(item.rule.severity in {Severity.ABSOLUTE, Severity.RELATIVE} for item in waiting):
        assert answer.decision is Decision.DEFER
        assert key in {fact for item in answer.data_needed for fact in item.facts}


@given(STATEMENTS, ROUTES, INDICATIONS, st.randoms(use_true_random=False))
def test_the_order_of_statements_changes_nothing(rows, route, indication, random):
    statements = [said(key, value, by=by) for key, value, by in rows]
    shuffled = list(statements)
    random.shuffle(shuffled)
    first, second = (decide(given, route=route, indication=indication) for given in (statements, shuffled))
    assert json.dumps(decision_record(first)) == json.dumps(decision_record(second))
    assert json.dumps(evidence_record(first)) == json.dumps(evidence_record(second))


@given(STATEMENTS, ROUTES, INDICATIONS)
def test_a_fact_that_no_rule_in_scope_reads_changes_nothing(rows, route, indication):
    statements = [said(key, value, by=by) for key, value, by in rows]
    before = decide(statements, route=route, indication=indication)
    read = {key for item in before.evaluations for key in (*item.rule.reads, *item.rule.shows)}
    read |= {leaf for implication in BASE.implications for leaf in [implication.fact]}
    sources = {"could_be_pregnant", "hcg_positive", "aneurysm", "cssrs_q2", "cssrs_behaviour_ever",
               "cssrs_behaviour_3_months"}  # fmt: skip
    for key in sorted(set(DEFINITIONS) - read - sources):
        value = {"boolean": True, "number": 7.0, "choice": DEFINITIONS[key].choices[:1]}[DEFINITIONS[key].kind]
        value = value[0] if isinstance(value, tuple) else value
        after = decide([*statements, said(key, value)], route=route, indication=indication)
        assert decision_record(after) == decision_record(before)


@given(STATEMENTS, ROUTES, INDICATIONS)
def test_a_fired_exclusion_survives_more_knowledge(rows, route, indication):
    """What is true stays true when unknown facts become known: Kleene logic never takes an answer back."""
    before = decide([said(key, value, by=by) for key, value, by in rows], route=route, indication=indication)
    open_facts = {key for item in before.evaluations for key in item.unknown}
    supposed = {key: False for key in open_facts if DEFINITIONS[key].kind is FactKind.BOOLEAN}
    after = assess(BASE, before.facts.supposing(supposed), route=route, indication=indication)
    fired = {item.finding.code for item in before.findings if item.finding.severity is Severity.ABSOLUTE}
    assert fired <= {item.finding.code for item in after.findings}


@given(STATEMENTS, INDICATIONS)
def test_the_way_forward_is_never_worse_than_the_answer(rows, indication):
    answer = decide([said(key, value, by=by) for key, value, by in rows], indication=indication)
    way = way_forward(BASE, answer)
    if way is not None:
        assert way.decision.rank <= max(answer.decision.rank, Decision.REVIEW.rank)
        assert set(way.facts) <= {key for item in answer.evaluations for key in item.rule.reads}


def test_from_nothing_the_way_leads_to_a_candidate_with_precautions():
    answer = decide([said("age_years", 45)])
    way = way_forward(BASE, answer)
    assert way.decision in {Decision.ELIGIBLE, Decision.CONDITIONAL}
    questions = open_questions(BASE, answer)
    assert [item.strongest.rank for item in questions] == sorted(item.strongest.rank for item in questions)
    worst = {item.fact: item for item in questions}["raised_icp"]
    assert worst.could_exclude
    assert worst.worst is Decision.INELIGIBLE


@given(st.lists(TRUTHS, max_size=5), st.integers(0, 5))
def test_kleene_agrees_with_every_way_of_filling_the_unknown(values, needed):
    """Second implementation: try each unknown as true and as false; one common answer, or unknown."""

    def fill(rest):
        if None not in rest:
            return [rest]
        at = rest.index(None)
        return [full for value in (True, False) for full in fill([*rest[:at], value, *rest[at + 1 :]])]

    for ours, theirs in (
        (conjunction(values), {all(full) for full in fill(values)}),
        (disjunction(values), {any(full) for full in fill(values)}),
        (at_least(needed, values), {sum(full) >= needed for full in fill(values)}),
    ):
        assert ours == (theirs.pop() if len(theirs) == 1 else None)
    assert negation(None) is None
