"""Each of the 18 identifiers has its rule, and nothing of the input text reaches the rows."""

import string
from dataclasses import fields
from datetime import date, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from registry_records import STUDY_ID, make_source_person, make_source_record, make_source_score, make_source_session

from reprieve.errors import InputError
from reprieve.registry.deidentify import RULES, UNLISTED, Action, Index, Table, deidentify, top_coded_age
from reprieve.registry.reference import deidentification_table
from reprieve.registry.rows import age_label
from reprieve.registry.sources import SourcePerson, SourceScore, SourceSession
from reprieve.registry.submission import prepare

INDEX = Index(first_dose_on=date(2024, 3, 17))
REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "registry-deidentification.md"


@pytest.mark.parametrize("letter", [letter for letter in "ABCDEFGHIJKLMNOPQR" if letter != "C"])
@pytest.mark.parametrize("table", list(Table))
def test_identifier_is_dropped_from_every_table(table, letter):
    named = [rule.field for rule in RULES[table] if rule.identifier == letter]
    assert named
    assert deidentify(table, dict.fromkeys(named, "Jonah Reed"), index=INDEX) == {}


def test_identifier_c_leaves_a_year_an_age_and_intervals_only():
    # registry dossier 13, "Safe Harbor": 2024-03-17 -> year 2024 only, days since index kept as an integer
    person = {"birth_on": date(1980, 5, 17), "first_dose_on": INDEX.first_dose_on, "died_on": date(2025, 1, 1)}
    assert deidentify(Table.PERSON, person, index=INDEX) == {"age_at_index": 43, "index_year": 2024}
    session = {"started_on": date(2024, 3, 20), "started_at": datetime(2024, 3, 20, 9)}  # noqa: DTZ001
    assert deidentify(Table.SESSION, session, index=INDEX) == {"days_since_first_dose": 3}
    assert deidentify(Table.SCORE, {"answered_on": date(2024, 3, 10)}, index=INDEX) == {"days_since_first_dose": -7}


@pytest.mark.parametrize(("years", "label"), [(89, "89"), (90, "90+"), (103, "90+")])
def test_ages_from_ninety_are_one_group(years, label):
    # registry dossier 13, "age": 89; 90; 103 -> 89; 90+; 90+
    birth_on = date(INDEX.first_dose_on.year - years, 3, 17)
    assert age_label(top_coded_age(birth_on, on=INDEX.first_dose_on)) == label


def test_birthday_after_the_first_dose_is_not_yet_counted():
    assert top_coded_age(date(1934, 3, 18), on=INDEX.first_dose_on) == 89
    assert deidentify(Table.PERSON, {"birth_on": None}, index=INDEX) == {"age_at_index": None}
    assert age_label(None) == "unknown"


def test_a_field_without_a_rule_is_refused():
    with pytest.raises(InputError, match=r"REG-FIELD-UNKNOWN.*nickname"):
        deidentify(Table.PERSON, {"nickname": "Joe"}, index=INDEX)


@pytest.mark.parametrize(
    ("table", "record"),
    [
        (Table.SESSION, {"delivered_mg": "40 mg given by Ada"}),
        (Table.SESSION, {"started_on": "2024-03-20"}),
        (Table.SESSION, {"started_on": datetime(2024, 3, 20)}),  # noqa: DTZ001
    ],
)
def test_text_in_a_number_or_a_date_is_refused(table, record):
    with pytest.raises(InputError, match="REG-FIELD-VALUE"):
        deidentify(table, record, index=INDEX)


def test_a_code_outside_its_list_leaves_only_the_fact_that_there_was_one():
    record = {"adverse_event_codes": ("AE-NAUS", "felt like Mrs Reed"), "route": "through Jonah", "drug": None}
    assert deidentify(Table.SESSION, record, index=INDEX) == {
        "adverse_event_codes": ["AE-NAUS", UNLISTED], "route": UNLISTED, "drug": None,
    }  # fmt: skip


def test_each_field_has_one_rule_and_each_source_field_has_one():
    for table, source in ((Table.PERSON, SourcePerson), (Table.SESSION, SourceSession), (Table.SCORE, SourceScore)):
        named = [rule.field for rule in RULES[table]]
        assert len(named) == len(set(named))
        assert {field.name for field in fields(source)} <= set(named)


def test_the_published_table_is_the_one_in_force():
    assert REFERENCE.read_text(encoding="utf-8") == deidentification_table()


identifying = st.text(string.ascii_letters + " '-é", min_size=4, max_size=30).filter(lambda text: len(text.strip()) > 3)


@given(
    name=identifying,
    note=identifying,
    mrn=st.from_regex(r"MRN[0-9]{6}", fullmatch=True),
    birth_on=st.dates(date(1900, 1, 1), date(2006, 1, 1)),
    start=st.datetimes(datetime(2023, 1, 1), datetime(2026, 1, 1)),  # noqa: DTZ001
)
def test_no_name_number_date_or_free_text_appears_in_the_rows(name, note, mrn, birth_on, start):
    index = Index(first_dose_on=start.date())
    session = make_source_session(0)
    rows = [
        deidentify(
            Table.PERSON,
            {"family_name": name, "given_name": name, "mrn": mrn, "birth_on": birth_on, "sex": note, "note": note,
             "first_dose_on": start.date(), "indication": name, "regimen": note, "phone": mrn},
            index=index,
        ),
        deidentify(
            Table.SESSION,
            {"clinician": name, "note": note, "started_at": start, "started_on": start.date(), "route": note,
             "phase": name, "adverse_event_codes": (note, name), "intervention_codes": (note,),
             "row_id": session.row_id},
            index=index,
        ),
        deidentify(Table.SCORE, {"note": note, "answered_on": start.date(), "instrument": name}, index=index),
    ]  # fmt: skip
    leaving = " ".join(str(value) for row in rows for value in row.values() if str(value) != str(session.row_id))
    for secret in (name, note):
        assert secret not in leaving or secret in str([UNLISTED])
    for secret in (mrn, birth_on.isoformat(), start.date().isoformat(), start.isoformat()):
        assert secret not in leaving
    assert all(rule.action is not Action.DROP or rule.becomes == "" for rules in RULES.values() for rule in rules)


@given(
    birth_on=st.dates(date(1900, 1, 1), date(2006, 1, 1)), shift=st.integers(min_value=0, max_value=700),
)  # fmt: skip
def test_the_package_bytes_hold_no_date_of_the_record(birth_on, shift):
    moved = make_source_session(0)
    moved = make_source_session(
        started_on=moved.started_on + timedelta(days=shift),
        started_at=moved.started_at + timedelta(days=shift),
        ended_at=None,
    )
    record = make_source_record(
        person=make_source_person(birth_on=birth_on), sessions=[moved], scores=[make_source_score(shift, 12)]
    )
    package = prepare(record, study_id=STUDY_ID, as_of_on=date(2027, 6, 1)).package
    content = msgspec.json.encode([package.person, *package.sessions, *package.scores])
    for day in (birth_on, moved.started_on, date(2027, 6, 1)):
        for form in ("%Y-%m-%d", "%Y%m%d", "%m/%d/%Y", "%d.%m.%Y"):
            assert day.strftime(form).encode() not in content
