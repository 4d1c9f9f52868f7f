"""The store keeps one version of a person and forgets those who withdraw; the measure equals plain Python."""

import stat
from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import msgspec
import pyarrow.parquet as pq
import pytest
from registry_records import STUDY_ID, make_source_record, make_source_score, make_source_session

from reprieve.errors import InputError
from reprieve.registry import store as store_module
from reprieve.registry.measures import response_after_induction as measure
from reprieve.registry.measures.response_after_induction import RawCounts, Step
from reprieve.registry.store import RegistryStore
from reprieve.registry.submission import prepare
from reprieve.registry.synthetic import Truth, synthetic_packages

NOW = datetime(2026, 2, 3, 12, tzinfo=UTC)


@pytest.fixture
def store(tmp_path):
    return RegistryStore(tmp_path / "registry").create()


def package(**fields):
    return prepare(make_source_record(**fields), study_id=STUDY_ID, as_of_on=date(2025, 6, 1)).package


def rows(store, name):
    with store.reading() as tables:
        return getattr(tables, name).to_pyarrow().to_pylist()


def counts(store, *, synthetic):
    with store.reading() as tables:
        return measure.count(tables, synthetic=synthetic)


def test_rows_come_back_as_they_were_sent(store):
    sent = package()
    assert store.submit(sent) == 1
    (person,) = rows(store, "people")
    assert {name: value for name, value in person.items() if name != "version"} == msgspec.structs.asdict(sent.person)
    assert {row["row_id"] for row in rows(store, "sessions")} == {row.row_id for row in sent.sessions}
    assert len(rows(store, "scores")) == 2


def test_a_resubmission_replaces_the_person(store):
    sent = package()
    store.submit(sent)
    assert store.submit(sent) == 2
    assert len(rows(store, "people")) == 1
    assert len(rows(store, "sessions")) == len({row["row_id"] for row in rows(store, "sessions")}) == 2
    store.submit(replace(sent, sessions=sent.sessions[:1]))
    assert len(rows(store, "sessions")) == 1


def test_an_unfinished_submission_does_not_count(store, monkeypatch):
    store.submit(package())
    write = store_module._write

    def dies_before_people(path, table):
        if path.parent.name == "people":
            raise OSError("disk full")
        write(path, table)

    monkeypatch.setattr(store_module, "_write", dies_before_people)
    with pytest.raises(OSError, match="disk full"):
        store.submit(package(sessions=[make_source_session(0)]))
    assert len(rows(store, "sessions")) == 2


def test_withdrawal_deletes_and_refuses(store):
    store.submit(package())
    store.withdraw(STUDY_ID)
    assert rows(store, "people") == rows(store, "sessions") == rows(store, "scores") == []
    assert [path.name for path in (store.root / "sessions").iterdir()] == ["empty.parquet"]
    with pytest.raises(InputError, match="REG-WITHDRAWN"):
        store.submit(package())


def test_withdrawal_also_cleans_compacted_files(store, monkeypatch):
    monkeypatch.setattr(store_module, "_COMPACT_AT_FILES", 1)
    store.submit(package())
    assert [path.name.startswith(("part-", "empty")) for path in (store.root / "people").iterdir()] == [True, True]
    assert store.submit(package()) == 2
    store.withdraw(STUDY_ID)
    assert all(pq.read_table(path).num_rows == 0 for path in (store.root / "sessions").iterdir())


def test_files_tell_no_time(store):
    store.submit(package())
    stamps = {path.stat().st_mtime for path in store.root.rglob("*.parquet")}
    assert stamps == {315_532_800}


def test_the_store_is_for_its_owner_only(store):
    assert stat.S_IMODE(store.root.stat().st_mode) == 0o700


def test_a_missing_store_is_one_sentence(tmp_path):
    with pytest.raises(InputError, match="REG-STORE: There is no registry store"):
        RegistryStore.existing(tmp_path / "nothing")


def plain_counts(packages) -> RawCounts:
    """The definition again, in loops."""
    numbers = dict.fromkeys([step.value for step in Step], 0)
    bands = {True: [0, 0, 0], False: [0, 0, 0]}
    for each in packages:
        person = each.person
        inside = [
            (score.days_since_first_dose, score.total) for score in each.scores
            if score.total is not None and 1 <= score.days_since_first_dose - person.last_induction_day <= 31
        ]  # fmt: skip
        final = max(inside)[1] if inside else None
        numbers["started"] += 1
        if person.baseline_phq9 is None:
            continue
        numbers["baseline"] += 1
        if person.baseline_phq9 < 10:
            continue
        numbers["moderate"] += 1
        if not person.follow_up_closed:
            continue
        numbers["due"] += 1
        if final is None:
            continue
        numbers["outcome"] += 1
        responded = (person.baseline_phq9 - final) / person.baseline_phq9 >= 0.5
        numbers["response"] += responded
        numbers["remission"] += final < 5
        bands[responded][0 if person.baseline_phq9 < 15 else 1 if person.baseline_phq9 < 20 else 2] += 1
    return RawCounts(**numbers, responders_by_band=tuple(bands[True]), others_by_band=tuple(bands[False]))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_measure_equals_a_plain_recomputation(store, seed):
    packages = list(synthetic_packages(people=600, seed=seed))
    store.submit_many(packages)
    assert counts(store, synthetic=True) == plain_counts(packages)


def test_the_measure_finds_the_truth_it_was_given(store):
    truth = Truth(responds=0.7, answers_afterwards=1.0, follow_up_closed=1.0, has_baseline=1.0)
    store.submit_many(list(synthetic_packages(people=3000, seed=5, truth=truth)))
    result = measure.release(counts(store, synthetic=True), generated_at=NOW, synthetic=True)
    assert result.response.lower < 0.7 < result.response.upper


def test_real_and_synthetic_people_are_never_counted_together(store):
    store.submit(package())
    store.submit_many(list(synthetic_packages(people=50, seed=1)))
    assert counts(store, synthetic=False).started == 1
    assert counts(store, synthetic=True).started == 50


def one_person(store, *, sessions=None, scores):
    store.submit(package(sessions=sessions or [make_source_session(0)], scores=scores))
    raw = counts(store, synthetic=False)
    return raw.outcome, raw.response, raw.remission


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ([(-1, 18), (0, 2)], (0, 0, 0)),  # the day of the last session is not yet inside
        ([(-1, 18), (1, 9)], (1, 1, 0)),  # exactly half
        ([(-1, 19), (1, 10)], (1, 0, 0)),  # just short of half
        ([(-1, 18), (31, 4)], (1, 1, 1)),
        ([(-1, 18), (32, 4)], (0, 0, 0)),
        ([(-1, 18), (2, 3), (20, 17)], (1, 0, 0)),  # the last one counts, also when it is worse
        ([(-1, 18), (2, None)], (0, 0, 0)),  # an incomplete form is no outcome
        ([(-1, 9), (2, 1)], (0, 0, 0)),  # baseline below 10
        ([(2, 1)], (0, 0, 0)),  # no baseline
    ],
)
def test_the_window_and_the_limits(store, scores, expected):
    listed = [make_source_score(day, total, hour=20) for day, total in scores]
    assert one_person(store, scores=listed) == expected


def test_of_two_scores_in_one_day_the_higher_counts(store):
    scores = [make_source_score(-1, 18), make_source_score(5, 4, hour=9), make_source_score(5, 12, hour=11)]
    assert one_person(store, scores=scores) == (1, 0, 0)


def test_a_course_broken_off_after_one_session_stays_in_the_denominator(store):
    store.submit(package(sessions=[make_source_session(0)], scores=[make_source_score(-1, 18)]))
    raw = counts(store, synthetic=False)
    assert (raw.due, raw.outcome) == (1, 0)


def raw_counts(*chain, responders=(15, 15, 30), others=(15, 15, 30)) -> RawCounts:
    return RawCounts(
        **dict(zip([step.value for step in Step], chain, strict=True)),
        responders_by_band=responders,
        others_by_band=others,
    )


def test_release_shows_shares_with_denominators_and_the_missing():
    result = measure.release(raw_counts(260, 230, 210, 180, 120, 60, 30), generated_at=NOW)
    assert (result.response.count, result.response.of) == (60, 120)
    assert (result.response_of_due.count, result.response_of_due.of) == (60, 180)
    assert (result.remission.count, result.remission.of) == (30, 120)
    assert result.missing.people == 60
    assert result.follow_up_sufficient is False  # 60 of 180 is more than 30 %
    assert [band.share.of for band in result.bands] == [30, 30, 60]
    assert (result.definition_id, result.definition_version, result.generated_at) == (
        "response-after-induction", "1", NOW,
    )  # fmt: skip


def test_enough_follow_up():
    assert measure.release(raw_counts(260, 230, 210, 150, 120, 60, 30), generated_at=NOW).follow_up_sufficient is True


def test_release_hides_a_share_whose_rest_is_small():
    result = measure.release(raw_counts(200, 180, 160, 140, 60, 55, 30), generated_at=NOW)
    assert result.steps[Step.RESPONSE].label == "not shown"
    assert result.response is None
    assert result.response_of_due is None
    assert result.bands == ()


def test_release_of_a_young_registry_shows_nothing():
    result = measure.release(raw_counts(7, 6, 5, 4, 3, 2, 1), generated_at=NOW)
    assert {count.label for count in result.steps.values()} == {"<11"}
    assert result.missing is None
    assert result.follow_up_sufficient is None


def test_release_protects_the_bands_against_subtraction():
    raw = raw_counts(260, 230, 210, 180, 120, 60, 30, responders=(4, 20, 36), others=(12, 20, 28))
    bands = measure.release(raw, generated_at=NOW).bands
    assert [band.response.label for band in bands] == ["<11", "not shown", "36"]
    assert [band.no_response.label for band in bands] == ["12", "20", "28"]
    assert [band.share is None for band in bands] == [True, True, False]


def test_synthetic_people_are_reproducible_and_marked():
    one, other = (list(synthetic_packages(people=20, seed=4)) for _ in range(2))
    assert one == other
    assert all(each.person.synthetic and UUID(each.person.study_id) for each in one)
    with pytest.raises(ValueError, match="at least one"):
        next(synthetic_packages(people=0, seed=1))
