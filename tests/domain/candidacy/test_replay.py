"""A stored answer is decided again from its own record and comes out the same, byte for byte (ALG-11)."""

import json
import tomllib
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reprieve.domain.candidacy.case import Case
from reprieve.domain.candidacy.facts import Teller, state
from reprieve.domain.candidacy.replay import ReplayProblem, ReplayRefused, changed_parts, record_bytes, replay
from reprieve.domain.candidacy.rules import Phase, Route
from reprieve.domain.candidacy.screening import screen
from reprieve.domain.candidacy.settlement import Settlement
from reprieve.domain.quantities.interval import compared
from reprieve.interop.facts_file import case_of
from reprieve.knowledge.candidacy import indications, load_rule_base
from reprieve.knowledge.chart_map import load_chart_map

FOLDER = Path(__file__).parents[2] / "vignettes" / "candidacy"
ASSUMED = tomllib.loads((FOLDER / "assumptions.toml").read_text())["facts"]
BASE, MAP = load_rule_base(), load_chart_map()
ON = date(2026, 3, 2)
VIGNETTES = [pytest.param(path, id=path.stem) for path in sorted(FOLDER.glob("V-*.toml"))]


def stored(record):
    """As a database gives it back."""
    return json.loads(record_bytes(record))


@pytest.mark.parametrize("route", Route)
@pytest.mark.parametrize("path", VIGNETTES)
def test_every_vignette_replays(path, route):
    given = tomllib.loads(path.read_text())["input"]
    facts = case_of({**given, "facts": {**ASSUMED, **given["facts"]}}, on=given["on"])
    record = screen(facts.case, BASE, MAP, route=route, indication=facts.indication).record
    assert record_bytes(replay(stored(record), BASE, MAP)) == record_bytes(record)


NUMBERS = [0.0, 20.0, 40.0, 220.0, compared("<", 70.0), compared(">=", 20.0), compared(">=", 220.0)]


def values_of(definition):
    return {
        "boolean": [False, True, None],
        "number": [*filter(definition.accepts, NUMBERS), None],
        "choice": [*definition.choices, None],
    }[definition.kind]


STATEMENTS = st.lists(
    st.sampled_from(sorted(BASE.definitions)).flatmap(
        lambda key: st.builds(
            lambda value, teller, days: state(
                BASE.definitions[key], value, said_by=teller, said_on=ON - timedelta(days=days)
            ),
            st.sampled_from(values_of(BASE.definitions[key])),
            st.sampled_from([Teller.PATIENT, Teller.CLINICIAN, Teller.FILE]),
            st.integers(0, 400),
        )
    ),
    max_size=25,
)


@settings(max_examples=settings.default.max_examples // 5)  # each is screened twice
@given(
    STATEMENTS, st.sampled_from(Route), st.sampled_from([*indications(), None]),
    st.sampled_from([Phase.SCREEN, Phase.PRESESSION]),
)  # fmt: skip
def test_any_answer_replays(statements, route, indication, phase):
    case = Case(on=ON, statements=tuple(statements))
    record = screen(case, BASE, MAP, route=route, indication=indication, phase=phase).record
    assert record_bytes(replay(stored(record), BASE, MAP)) == record_bytes(record)


def test_a_settled_disagreement_and_a_reviewed_entry_replay():
    yes, no = (
        state(BASE.definitions["aneurysm"], value, said_by=teller, said_on=ON)
        for value, teller in ((True, Teller.PATIENT), (False, Teller.FILE))
    )
    stated = replace(no, said_by=Teller.CLINICIAN)
    case = Case(on=ON, statements=(yes, no), settlements=(Settlement(stated=stated, believed=yes, other=no),))
    record = screen(case, BASE, MAP, route=Route.IV).record
    assert len(record["settled"]) == 1
    assert record_bytes(replay(stored(record), BASE, MAP)) == record_bytes(record)


def test_whole_numbers_of_a_database_are_the_same_numbers():
    case = Case(on=ON, statements=(state(BASE.definitions["age_years"], 45.0, said_by=Teller.FILE, said_on=ON),))
    record = screen(case, BASE, MAP, route=Route.IV).record
    kept = stored(record)
    row = next(row for row in kept["facts"] if row["fact"] == "age_years")
    row["value"] = 45
    assert record_bytes(replay(kept, BASE, MAP)) == record_bytes(record)


def test_what_comes_out_otherwise_is_named():
    record = screen(Case(on=ON), BASE, MAP, route=Route.IV).record
    assert changed_parts(stored(record), BASE, MAP) == ()
    spoilt = {key: value for key, value in record.items() if key != "gates"} | {"decision": "ELIGIBLE", "score": 1}
    assert changed_parts(spoilt, BASE, MAP) == ("decision", "gates", "score")


@pytest.mark.parametrize(
    ("changed", "problem"),
    [({"knowledge": "0" * 64}, ReplayProblem.KNOWLEDGE), ({"version": 1}, ReplayProblem.VERSION)],
)
def test_what_cannot_be_replayed_here_says_why(changed, problem):
    record = screen(Case(on=ON), BASE, MAP, route=Route.IV).record
    with pytest.raises(ReplayRefused) as refused:
        replay({**record, **changed}, BASE, MAP)
    assert refused.value.problem is problem
    assert str(refused.value) == problem.value
