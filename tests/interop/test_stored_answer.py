"""A file of stored answers: each is read with its name, and what is none is refused in one sentence."""

import json
from datetime import date

import pytest

from reprieve.domain.candidacy.case import Case
from reprieve.domain.candidacy.facts import Teller, state
from reprieve.domain.candidacy.rules import Route
from reprieve.domain.candidacy.screening import screen
from reprieve.domain.quantities.interval import compared
from reprieve.errors import InputError
from reprieve.interop.stored_answer import checked, read_stored_answers
from reprieve.knowledge.candidacy import load_rule_base
from reprieve.knowledge.chart_map import load_chart_map

BASE = load_rule_base()
ON = date(2026, 3, 2)


@pytest.fixture
def record():
    stated = (
        state(BASE.definitions["age_years"], 45.0, said_by=Teller.FILE, said_on=ON),
        state(BASE.definitions["systolic_mmhg"], compared("<", 120.0), said_by=Teller.FILE, said_on=ON),
    )
    return json.loads(json.dumps(screen(Case(on=ON, statements=stated), BASE, load_chart_map(), route=Route.IV).record))


def test_one_object_is_read_however_it_is_spaced(record):
    assert list(read_stored_answers(json.dumps(record, indent=2).encode())) == [("line 1", record)]


def test_one_a_line_is_read_by_the_name_of_its_file_and_refused_files_are_passed_over(record):
    lines = [{"file": "a.toml", **record}, {"file": "b.toml", "error": {"code": "FACTS-UNIT"}}, {"file": "c", **record}]
    content = b"\n\n".join(json.dumps(line).encode() for line in lines)
    assert list(read_stored_answers(content)) == [("a.toml", record), ("c", record)]


@pytest.mark.parametrize("content", [b"no json", b'{"a": 1}\n{"b": ', b"{'a': 1}", b'{"age": NaN}', b"\xff\xfe"])
def test_what_is_not_json_is_named_with_its_line(content):
    with pytest.raises(InputError, match=r"^REPLAY-(JSON|RECORD): .* \(at line [12]\)$"):
        list(read_stored_answers(content))


@pytest.mark.parametrize("content", [b"[]", b"7", b"{}", b'"text"', b"null"])
def test_json_of_another_kind_is_refused(content):
    with pytest.raises(InputError) as refused:
        list(read_stored_answers(content))
    assert (refused.value.code, refused.value.where) == ("REPLAY-RECORD", "line 1")


def fact(record, key):
    return next(row for row in record["facts"] if row["fact"] == key)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda record: record.pop("facts"),
        lambda record: record.pop("version"),
        lambda record: record.update(route="ORAL"),
        lambda record: record.update(on="yesterday"),
        lambda record: record.update(trials=[]),
        lambda record: record["trials"][0].pop("variant"),
        lambda record: fact(record, "age_years").update(value=[45]),
        lambda record: fact(record, "age_years").update(said_by="nobody"),
        lambda record: fact(record, "systolic_mmhg")["value"].update(lower=130.0),  # above its upper end
    ],
)
def test_a_spoilt_record_is_refused_with_its_name(record, spoil):
    spoil(record)
    with pytest.raises(InputError) as refused:
        checked(record, where="a.toml")
    assert (refused.value.code, refused.value.where) == ("REPLAY-RECORD", "a.toml")


def test_another_version_is_left_to_the_replay_to_refuse():
    assert checked({"version": 1}, where="a.toml") == {"version": 1}
