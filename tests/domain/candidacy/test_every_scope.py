"""What must hold for every person by every route, for every indication, in every phase, over the rules that we use.

Said without the engine's own words where that is possible: what a fact would do is found by stating it.
"""

import json
import tomllib
from datetime import date, timedelta
from functools import cache
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reprieve.domain.candidacy.assessment import Decision
from reprieve.domain.candidacy.compiled import NO
from reprieve.domain.candidacy.decision import INDICATION_STATED, assess
from reprieve.domain.candidacy.expression import Known, Not, facts_read, leaves
from reprieve.domain.candidacy.facts import FactSet, Teller, state
from reprieve.domain.candidacy.merging import merge
from reprieve.domain.candidacy.plan import plan_for
from reprieve.domain.candidacy.record import decision_record, evidence_record
from reprieve.domain.candidacy.rules import Phase, Route
from reprieve.domain.candidacy.satisfiable import facts_that_satisfy
from reprieve.domain.candidacy.what_changes import possible_values
from reprieve.domain.quantities.findings import Severity
from reprieve.domain.quantities.interval import COMPARATORS, Interval, compared
from reprieve.knowledge.candidacy import indications, load_rule_base

BASE = load_rule_base()
DEFINITIONS = BASE.definitions
ON = date(2026, 3, 2)
VIGNETTES = Path(__file__).parents[2] / "vignettes/candidacy"
SCOPES = [
    {"route": route, "indication": indication, "phase": phase}
    for route, indication, phase in product(Route, [*indications(), None], Phase)
]
IN_SCOPE = st.sampled_from(SCOPES)
CANDIDATE = frozenset({Decision.ELIGIBLE, Decision.CONDITIONAL})
# Counts when it is found or measured, but nobody has to look for it; the rule says `known(...)` and stays silent.
ONLY_IF_FOUND = frozenset({"ecg_exclusion_finding", "hypertensive_crisis", "mmse", "moca", "qtc_ms", "ymrs"})
# By these nobody becomes a candidate: no indication, low back pain, or another complaint alone.
NO_CANDIDATES = frozenset({None, "IND-LBP", "IND-OTHER"})
EXCLUDES = frozenset({Severity.ABSOLUTE, Severity.RELATIVE})


def values_of(key):
    """Every value that any rule tells from another one."""
    return possible_values(BASE, key, *(rule.when for rule in BASE.rules if key in rule.reads))


VALUES = {key: values_of(key) for key in DEFINITIONS}
ROUGHLY = [compared(sign, limit) for sign in sorted(COMPARATORS) for limit in (1.0, 30.0, 90.0, 160.0)]
ANY_VALUE = {key: tuple(filter(DEFINITIONS[key].accepts, (*VALUES[key], *ROUGHLY))) for key in sorted(DEFINITIONS)}
PEOPLE = st.fixed_dictionaries({}, optional={key: st.sampled_from(values) for key, values in ANY_VALUE.items()})
STATEMENTS = st.lists(
    st.sampled_from(sorted(DEFINITIONS)).flatmap(
        lambda key: st.builds(
            lambda value, teller, days: state(
                DEFINITIONS[key], value, said_by=teller, said_on=ON - timedelta(days=days), detail=(teller,) * days
            ),
            st.none() | st.sampled_from(ANY_VALUE[key]),
            st.sampled_from(Teller),
            st.integers(0, 3) | st.just(400),
        )
    ),
    max_size=40,
)
CLEAR = {
    key: float(value) if isinstance(value, int) and not isinstance(value, bool) else value
    for key, value in (
        tomllib.loads((VIGNETTES / "assumptions.toml").read_text())["facts"]
        | {"age_years": 45, "madrs": 30, "treatment_resistant": True}
        | {key: False for key in DEFINITIONS if key.startswith("taking_")}
    ).items()
}


def answer(person, scope):
    return assess(BASE, FactSet(on=ON).supposing(person), **scope)


def in_the_way(plan, known):
    """The decision, and how many rules speak or wait."""
    codes = plan.supposing(known, {})
    spoken = sum(code != NO and asked.opens > 0 for asked, code in zip(plan.rules, codes, strict=True))
    return plan.decision(codes).rank, spoken


@cache
def clear_in(place):
    """A person as well as the rules of this scope let anybody be: each rule in the way is cleared where that helps."""
    scope = SCOPES[place]
    plan = plan_for(BASE, **scope)
    person = {**CLEAR, INDICATION_STATED: scope["indication"] is not None}
    for asked in plan.rules:
        cleared = facts_that_satisfy(Not(asked.rule.when)) or {}
        better = {**person, **{key: value for key, value in cleared.items() if key != INDICATION_STATED}}
        better = {key: value for key, value in better.items() if value is not None}
        person = min(person, better, key=lambda known: in_the_way(plan, known))
    return person


def exclusions(result):
    return {item.finding.code for item in result.findings if item.finding.severity in EXCLUDES}


@pytest.mark.parametrize("phase", Phase)
def test_in_every_scope_somebody_is_a_candidate_and_not_while_one_fact_that_could_exclude_is_unknown(phase):
    """Each fact of a candidate is forgotten; where one of its values would exclude, the forgetting alone defers."""
    silent = set()
    for place, scope in enumerate(SCOPES):
        if scope["phase"] is not phase:
            continue
        person, plan = clear_in(place), plan_for(BASE, **scope)
        expected = phase is not Phase.SCREEN or scope["indication"] not in NO_CANDIDATES
        assert (answer(person, scope).decision in CANDIDATE) is expected
        for key in sorted({key for ways in plan.ways for key in ways} & person.keys()):
            forgotten = {one: value for one, value in person.items() if one != key}
            if key in plan.implied(forgotten) or not any(
                exclusions(answer({**forgotten, key: value}, scope)) for value in VALUES[key]
            ):
                continue
            result = answer(forgotten, scope)
            if result.decision in CANDIDATE:
                silent.add(key)
            elif expected:
                assert result.decision is Decision.DEFER
                assert key in {fact for item in result.data_needed for fact in item.facts}
    assert silent <= ONLY_IF_FOUND


@given(st.integers(0, len(SCOPES) - 1), st.data())
def test_nobody_is_a_candidate_while_several_facts_are_unknown_and_one_of_them_could_exclude(place, data):
    scope, person = SCOPES[place], clear_in(place)
    forgotten = data.draw(st.sets(st.sampled_from(sorted(person)), min_size=1, max_size=8))
    known = {key: value for key, value in person.items() if key not in forgotten}
    result = answer(known, scope)
    for key in sorted(forgotten - ONLY_IF_FOUND - set(result.facts.values)):
        if any(exclusions(answer({**known, key: value}, scope)) - exclusions(result) for value in VALUES[key]):
            assert result.decision not in CANDIDATE


@given(PEOPLE, IN_SCOPE)
def test_an_unanswered_exclusion_is_asked_and_nobody_is_a_candidate(person, scope):
    result = answer(person, scope)
    unanswered = [item for item in result.evaluations if item.result is None and item.rule.severity in EXCLUDES]
    assert not unanswered or result.decision not in CANDIDATE
    assert {item.rule.id for item in unanswered} <= {item.rule for item in result.data_needed}
    assert all(item.unknown for item in unanswered)


def learned_about(key, now, value):
    """More knowledge only: a first value, or a number within what was known roughly."""
    if now is None:
        return value
    inside = [one for one in (value, *VALUES[key]) if isinstance(one, float) and one in now]
    return inside[0] if inside else now


@given(PEOPLE, PEOPLE, IN_SCOPE)
def test_more_knowledge_never_turns_a_contraindication_off(person, learned, scope):
    """An answer once given stays. Only a rule that complained of not knowing is content once it is told."""
    before = answer(person, scope)
    known = dict(before.facts.values)
    more = {
        key: learned_about(key, known.get(key), value)
        for key, value in learned.items()
        if key not in known or isinstance(known[key], Interval)
    }
    after = answer({**known, **more}, scope)
    for old, new in zip(before.evaluations, after.evaluations, strict=True):
        complains = any(isinstance(leaf, Known) for leaf in leaves(old.rule.when))
        if old.result is not None and not complains:
            assert new.result is old.result
        elif old.result is True and new.result is not True:
            assert set(old.unknown) & set(more)
    lasting = {item.rule.id for item in before.evaluations if item.result is True and not item.unknown}
    assert exclusions(before) & lasting <= exclusions(after)


@given(STATEMENTS, IN_SCOPE, st.randoms(use_true_random=False))
def test_the_order_of_statements_and_of_facts_changes_nothing(statements, scope, random):
    shuffled = list(statements)
    random.shuffle(shuffled)
    facts, others = (merge(given, DEFINITIONS, on=ON) for given in (statements, shuffled))
    rows = list(others.by_key.items())
    random.shuffle(rows)
    turned = FactSet(on=ON, by_key=dict(rows), conflicts=others.conflicts)
    texts = [
        [json.dumps(record(assess(BASE, one, **scope))) for record in (decision_record, evidence_record)]
        for one in (facts, others, turned)
    ]
    assert texts[0] == texts[1] == texts[2]


@given(PEOPLE, PEOPLE, IN_SCOPE)
def test_a_fact_that_no_rule_of_the_scope_needs_changes_nothing(person, noise, scope):
    before = answer(person, scope)
    needed = {key for item in before.evaluations for key in (*item.rule.reads, *item.rule.shows)}
    needed |= {key for gate in BASE.gates if scope["indication"] in gate.indications for key in facts_read(gate.when)}
    for _ in BASE.implications:  # what it follows from, and what that follows from
        needed |= {key for one in BASE.implications if one.fact in needed for key in facts_read(one.when)}
    after = answer({**person, **{key: value for key, value in noise.items() if key not in needed}}, scope)
    assert decision_record(after) == decision_record(before)
    assert [item.result for item in after.evaluations] == [item.result for item in before.evaluations]


def test_the_people_know_roughly_too():
    assert any(isinstance(value, Interval) for values in ANY_VALUE.values() for value in values)
