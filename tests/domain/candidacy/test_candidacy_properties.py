"""What must hold for every person: unknown never opens a door, and neither order nor noise changes an answer."""

import tomllib
from datetime import date
from math import ceil
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from reprieve.domain.candidacy.assessment import Decision, GateState
from reprieve.domain.candidacy.decision import assess
from reprieve.domain.candidacy.deferral import way_forward
from reprieve.domain.candidacy.facts import FactKind, Teller, state
from reprieve.domain.candidacy.kleene import at_least, conjunction, disjunction, negation
from reprieve.domain.candidacy.merging import merge
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
INDICATIONS = st.sampled_from(["IND-TRD", "IND-BP2", "IND-PTSD", "IND-CRPS", None])


def decide(statements, *, route=Route.IV, indication="IND-TRD"):
    return assess(BASE, merge(statements, DEFINITIONS, on=ON), route=route, indication=indication)


def clear_but(**changes):
    return [said(key, value) for key, value in {**CLEAR, **changes}.items() if value is not None]


def test_the_clear_person_is_a_candidate():
    answer = decide(clear_but())
    assert answer.decision is Decision.ELIGIBLE
    assert answer.gates["DEF-TRD"] is GateState.SATISFIED
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


@settings(max_examples=settings.default.max_examples // 3)  # each is a search
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
