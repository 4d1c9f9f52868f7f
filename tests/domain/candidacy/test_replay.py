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
from reprieve.domain.candidacy.deferral import way_forward
from reprieve.domain.candidacy.facts import Teller, state
from reprieve.domain.candidacy.record import way_record
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


def said(key, value, day=ON):
    return state(BASE.definitions[key], value, said_by=Teller.CLINICIAN, said_on=day)


def test_a_record_tells_who_said_what_on_which_day():
    """Years later the age of an answer is still to be seen; of an undated one that nobody knows it."""
    case = Case(on=ON, statements=(said("aneurysm", False, ON - timedelta(days=3)), said("stroke_ever", False, None)))
    rows = {row["fact"]: row for row in stored(screen(case, BASE, MAP, route=Route.IV).record)["facts"]}
    assert (rows["aneurysm"]["said_by"], rows["aneurysm"]["said_on"]) == ("clinician", "2026-02-27")
    assert rows["stroke_ever"]["said_on"] is None


def test_a_record_tells_which_finding_was_written_from_memory():
    """The hold times of naltrexone (DDI-NTX) are recalled, though its source was read; clozapine (DDI-CLOZ) is read."""
    case = Case(on=ON, statements=(said("taking_naltrexone", True), said("taking_clozapine", True)))
    found = {row["rule"]: row["confidence"] for row in screen(case, BASE, MAP, route=Route.IV).record["findings"]}
    assert (found["DDI-NTX"], found["DDI-CLOZ"]) == ("recalled", "verified")


def test_a_record_tells_the_way_forward():
    open_yet = screen(Case(on=ON), BASE, MAP, route=Route.IV)
    way = way_forward(BASE, open_yet.assessment)
    assert open_yet.record["way_forward"] == {"facts": list(way.facts), "decision": way.decision}
    assert "aneurysm" in way.facts
    assert way_record((), None)["way_forward"] is None  # nothing waits


def test_the_form_of_a_record_has_its_number():
    """Who changes what a record is made of raises the number, which tells stored answers of the old form apart."""
    record = screen(Case(on=ON), BASE, MAP, route=Route.IV).record
    assert record["version"] == 2
    assert set(record) == {
        "version", "on", "route", "indication", "phase", "decision", "emergency", "temporary",
        "needs_confirmation", "findings", "data_needed", "gates", "knowledge", "open_questions", "way_forward",
        "minimal_sets", "deferral_plan", "trials", "reviews", "evaluations", "facts", "conflicts", "settled",
    }  # fmt: skip


def test_whole_numbers_of_a_database_are_the_same_numbers():
    case = Case(on=ON, statements=(state(BASE.definitions["age_years"], 45.0, said_by=Teller.FILE, said_on=ON),))
    record = screen(case, BASE, MAP, route=Route.IV).record
    kept = stored(record)
    row = next(row for row in kept["facts"] if row["fact"] == "age_years")
    row["value"] = 45
    assert record_bytes(replay(kept, BASE, MAP)) == record_bytes(record)


def test_the_bytes_of_a_record_are_of_one_form():
    """In whatever order a database gives the parts back, and however a drug is spelt; what is no number is refused."""
    assert record_bytes({"b": "Phäno", "a": [1.0, None]}) == '{"a":[1.0,null],"b":"Phäno"}'.encode()
    with pytest.raises(ValueError, match="JSON"):
        record_bytes({"a": float("nan")})


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
