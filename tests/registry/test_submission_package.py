"""What one person's record becomes on its way out."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from registry_records import STUDY_ID, at, make_source_record, make_source_score, make_source_session

from reprieve.registry.submission import prepare

LATER = date(2025, 6, 1)


def prepared(as_of_on=LATER, **fields):
    return prepare(make_source_record(**fields), study_id=STUDY_ID, as_of_on=as_of_on)


def test_a_whole_record():
    package = prepared().package
    assert package.person.study_id == str(STUDY_ID)
    assert (package.person.age_at_index, package.person.index_year) == (44, 2025)
    assert (package.person.baseline_phq9, package.person.baseline_days_before) == (18, 2)
    assert (package.person.induction_sessions, package.person.last_induction_day) == (2, 3)
    assert [row.days_since_first_dose for row in package.sessions] == [0, 3]
    assert [row.last_phq9_before for row in package.sessions] == [18, 18]
    assert [(row.days_since_first_dose, row.days_since_last_dose, row.total) for row in package.scores] == [
        (-2, None, 18),
        (10, 7, 8),
    ]
    assert not package.person.synthetic


def test_rows_hold_neither_the_session_id_nor_the_event_hash():
    assert {"session_id", "event_hash", "started_at"}.isdisjoint(prepared().package.sessions[0].__struct_fields__)


@pytest.mark.parametrize(("as_of_on", "closed"), [(date(2025, 4, 6), False), (date(2025, 4, 7), True)])
def test_follow_up_closes_after_the_31st_day(as_of_on, closed):
    # last session 6 March 2025; day 31 is 6 April
    assert prepared(as_of_on=as_of_on).package.person.follow_up_closed is closed


@pytest.mark.parametrize(
    ("scores", "baseline"),
    [
        ([(-14, 16)], 16),
        ([(-15, 16)], None),
        ([(-9, 20), (-3, 16)], 16),
        ([(-9, 20), (-3, None)], 20),
        ([], None),
    ],
)
def test_baseline_is_the_last_total_in_14_days(scores, baseline):
    package = prepared(scores=[make_source_score(day, total) for day, total in scores]).package
    assert package.person.baseline_phq9 == baseline


def test_a_score_on_the_day_of_the_first_dose_counts_as_baseline_only_before_it():
    assert prepared(scores=[make_source_score(0, 17, hour=9)]).package.person.baseline_phq9 == 17
    assert prepared(scores=[make_source_score(0, 17, hour=18)]).package.person.baseline_phq9 is None


def test_an_impossible_session_stays_behind_but_still_is_a_dose():
    bad = make_source_session(0, lowest_spo2_percent=12.0)
    result = prepared(sessions=[bad, make_source_session(3)])
    assert result.rejected(bad.row_id)
    assert [row.days_since_first_dose for row in result.package.sessions] == [3]
    assert (result.package.person.induction_sessions, result.package.person.last_induction_day) == (2, 3)


def test_when_no_session_may_leave_nothing_does():
    assert prepared(sessions=[make_source_session(0, ended_at=at(-1))]).package is None


def test_an_impossible_score_stays_behind():
    result = prepared(scores=[make_source_score(-1, 40), make_source_score(9, 8)])
    assert [row.total for row in result.package.scores] == [8]
    assert [finding.rule for finding in result.outcomes] == ["DQ01", "DQ03"]


def test_a_second_course_does_not_move_the_end_of_the_first():
    second = make_source_session(90, course_number=2, phase="induction")
    person = prepared(sessions=[make_source_session(0), second]).package.person
    assert (person.induction_sessions, person.last_induction_day) == (1, 0)


def test_a_first_course_of_maintenance_is_no_induction():
    person = prepared(sessions=[make_source_session(0, phase="maintenance")]).package.person
    assert (person.induction_sessions, person.last_induction_day, person.follow_up_closed) == (0, None, False)


def test_same_record_same_package_whatever_the_order():
    record = make_source_record()
    turned = replace(record, sessions=record.sessions[::-1], scores=record.scores[::-1])
    assert prepare(record, study_id=STUDY_ID, as_of_on=LATER) == prepare(turned, study_id=STUDY_ID, as_of_on=LATER)


def test_a_person_without_a_session_is_no_record():
    with pytest.raises(ValueError, match="first session"):
        prepared(sessions=[])


def test_moving_the_whole_record_in_time_changes_only_the_year():
    shift = timedelta(days=364)
    moved = make_source_record(
        sessions=[
            replace(each, started_on=each.started_on + shift, started_at=each.started_at + shift,
                    ended_at=each.ended_at + shift)
            for each in make_source_record().sessions
        ],
        scores=[
            replace(each, answered_on=each.answered_on + shift, answered_at=each.answered_at + shift)
            for each in make_source_record().scores
        ],
    )  # fmt: skip
    one = prepared().package
    other = prepare(moved, study_id=STUDY_ID, as_of_on=LATER + shift).package
    assert [row.days_since_first_dose for row in one.sessions] == [row.days_since_first_dose for row in other.sessions]
    assert one.scores == other.scores
    assert (one.person.index_year, other.person.index_year) == (2025, 2026)
