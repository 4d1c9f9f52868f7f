"""`reprieve screen FOLDER`: a line each, a summary, CSV and Parquet whole or not at all; a bad file stops nothing."""

import csv
import gzip
import json
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from tests.cli.one_command import one_command

from reprieve.cli import screen
from reprieve.cli.screen import folder as folder_command
from reprieve.cli.screen.folder import answers, files_in
from reprieve.cli.screen.work import Wanted
from reprieve.errors import InputError

DATA = Path(__file__).parents[1] / "data" / "fhir"
ON = ("--on", "2024-03-02")
DECISIONS = ["DEFER", "DEFER", "DEFER"]
"""Nothing in the three records answers the suicide-risk questions (SR-01)."""


@pytest.fixture
def run():
    return one_command(screen.register, "screen")


@pytest.fixture
def folder(tmp_path):
    """Two bundles of three in a folder below, a facts file, and two files that cannot be used."""
    place = tmp_path / "charts"
    (place / "north").mkdir(parents=True)
    (place / ".hidden").mkdir()
    for source in sorted(DATA.glob("*.json.gz")):
        (place / "north" / source.name).write_bytes(source.read_bytes())
    (place / "a.json").write_text('{"resourceType": "Bundle", "entry": [')
    (place / "b.toml").write_text("[facts]\ncssrs_q5 = true\nsystolic_mmhg = 190\n")
    (place / "z.json.gz").write_bytes(b"\x1f\x8bnot gzip")
    (place / ".hidden" / "c.json").write_text("{}")
    (place / "notes.txt").write_text("not a chart")
    return place


def test_each_file_is_one_line_and_the_summary_counts_them(run, folder):
    done = run(folder, *ON)
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert [line.split()[1] for line in lines[:6]] == ["REFUSED", "INELIGIBLE", *DECISIONS, "REFUSED"]
    assert "FHIR-JSON" in lines[0] and "EMERGENCY" in lines[1] and "FHIR-GZIP" in lines[5]
    assert "6 files" in done.stdout and "Missing most" in done.stdout


def test_json_is_one_record_a_line_and_refusals_are_records(run, folder):
    done = run(folder, *ON, "--json")
    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert [record.get("decision") for record in records] == [None, "INELIGIBLE", *DECISIONS, None]
    assert records[0]["error"]["code"] == "FHIR-JSON" and records[0]["file"] == "a.json"
    assert records[2]["file"] == str(Path("north", "Diana_Lemus_13ef060e.json.gz"))
    assert records[2]["open_questions"] and records[2]["on"] == "2024-03-02"


def test_one_file_of_a_folder_gives_the_same_record_as_alone(run, folder):
    of_folder = json.loads(run(folder, *ON, "--json").stdout.splitlines()[3])
    alone = json.loads(run(folder / "north" / "Rosalina_Fahey_7a372ab0.json.gz", *ON, "--json").stdout)
    assert of_folder == {"file": of_folder["file"], **alone}


def test_csv_and_parquet_hold_the_same_typed_rows(run, folder, tmp_path):
    assert run(folder, *ON, "--csv", tmp_path / "o.csv", "--parquet", tmp_path / "o.parquet").exit_code == 0
    with (tmp_path / "o.csv").open(newline="") as stream:
        in_csv = list(csv.DictReader(stream))
    in_parquet = pq.read_table(tmp_path / "o.parquet").to_pylist()
    assert [row["decision"] or None for row in in_csv] == [row["decision"] for row in in_parquet]
    emergency, refused = in_parquet[1], in_parquet[0]
    assert emergency["emergency"] is True and emergency["on"] == date(2024, 3, 2)
    assert "CI-HTN-SEV" in emergency["rules_fired"] and in_csv[1]["emergency"] == "true"
    assert refused["error_code"] == "FHIR-JSON" and refused["decision"] is None and refused["emergency"] is None
    assert in_csv[2]["facts_missing"].split(";") == in_parquet[2]["facts_missing"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["charts", "o.csv", "o.parquet"]


def test_a_table_is_written_whole_or_not_at_all(run, folder, tmp_path, monkeypatch):
    kept = tmp_path / "o.csv"
    kept.write_text("yesterday")

    def full(self, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    assert "SCREEN-OUT" in str(run(folder, *ON, "--csv", kept).exception)
    assert kept.read_text() == "yesterday"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["charts", "o.csv"]


def test_a_table_that_cannot_be_written_is_said_before_the_work(run, folder, tmp_path, monkeypatch):
    monkeypatch.setattr(folder_command, "screen_folder", lambda *_, **__: pytest.fail("the work began"))
    for bad in (tmp_path / "none" / "o.csv", tmp_path):
        assert "SCREEN-OUT" in str(run(folder, "--csv", bad).exception)


def test_a_folder_of_which_every_file_was_refused_ends_with_status_2(run, tmp_path):
    (tmp_path / "one.json").write_text("{}")
    done = run(tmp_path)
    assert done.exit_code == 2
    assert "FHIR-NOT-BUNDLE" in done.stdout


def test_a_folder_without_files_is_bad_input(run, tmp_path):
    (tmp_path / "notes.txt").write_text("x")
    assert "SCREEN-EMPTY" in str(run(tmp_path).exception)


def test_several_processes_give_the_same_answers_in_the_same_order(folder):
    wanted = Wanted(today=date(2024, 3, 2), on=date(2024, 3, 2))
    files = files_in(folder) * 6
    alone = [answer.row for answer in answers(folder, files, wanted)]
    assert [answer.row for answer in answers(folder, files, wanted, jobs=2)] == alone


def test_a_bundle_needs_no_name_and_no_record_number(run, tmp_path):
    nobody = {"resourceType": "Patient", "id": "x", "gender": "male", "birthDate": "1980"}
    content = json.dumps({"resourceType": "Bundle", "entry": [{"resource": nobody}]}).encode()
    plain, packed = tmp_path / "p.json", tmp_path / "p.gz"
    plain.write_bytes(content)
    packed.write_bytes(gzip.compress(content))
    for path in (plain, packed):
        answer = json.loads(run(path, "--json").stdout)
        assert answer["decision"] == "DEFER"
        facts = {fact["fact"]: fact["value"] for fact in answer["facts"]}
        assert facts["could_be_pregnant"] is False and "age_years" not in facts
    assert json.loads(run("-", "--json", input=content).stdout)["decision"] == "DEFER"


def test_one_person_a_line_of_ndjson_is_read(run, tmp_path):
    path = tmp_path / "p.ndjson"
    condition = {"resourceType": "Condition", "id": "c", "subject": {"reference": "Patient/x"}}
    path.write_text('{"resourceType": "Patient", "id": "x"}\n' + json.dumps(condition))
    assert json.loads(run(path, "--json").stdout)["decision"] == "DEFER"


def test_the_phase_comes_from_the_option_or_the_file(run, tmp_path):
    path = tmp_path / "p.toml"
    path.write_text('phase = "PRESESSION"\n')
    assert json.loads(run(path, "--json").stdout)["phase"] == "PRESESSION"
    assert json.loads(run(path, "--json", "--phase", "SCREEN").stdout)["phase"] == "SCREEN"
    assert "FACTS-WORD" in str(run(path, "--phase", "NOON").exception)


def test_a_file_that_is_gone_or_too_large(run, tmp_path, monkeypatch):
    assert isinstance(run(tmp_path / "none.json").exception, InputError)
    monkeypatch.setattr("reprieve.cli.screen.work.DEFAULT_LIMIT_BYTES", 10)
    large = tmp_path / "large.json"
    large.write_bytes(b"{" * 11)
    assert "FHIR-TOO-LARGE" in str(run(large).exception)


def test_one_file_writes_one_row(run, folder, tmp_path):
    run(folder / "b.toml", "--parquet", tmp_path / "o.parquet")
    assert [row["file"] for row in pq.read_table(tmp_path / "o.parquet").to_pylist()] == ["b.toml"]
