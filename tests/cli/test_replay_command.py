"""`reprieve replay`: the same answer, a changed one, one of other knowledge, and what is no answer."""

import json
from datetime import UTC, datetime

import pytest
import typer
from factories import make_clinic, make_patient, make_user
from intake_answers import CLEAR
from typer.testing import CliRunner

from reprieve.cli import replay, screen
from reprieve.clinic.assessments import services
from reprieve.clinic.audit.services import Actor
from reprieve.errors import InputError

FACTS = 'indication = "IND-TRD"\n[facts]\nage_years = 45\nsystolic_mmhg = 190\ndiastolic_mmhg = 80\n'


@pytest.fixture(scope="module")
def run():
    app = typer.Typer()
    screen.register(app)
    replay.register(app)
    return lambda *arguments, **kw: CliRunner().invoke(app, [*map(str, arguments)], **kw)


@pytest.fixture(scope="module")
def printed(run, tmp_path_factory):
    facts = tmp_path_factory.mktemp("replay") / "facts.toml"
    facts.write_text(FACTS)
    return run("screen", facts, "--json", "--on", "2026-03-02").stdout


@pytest.fixture
def answer(printed):
    """What `screen --json` printed for one person."""
    return json.loads(printed)


def test_an_answer_comes_out_the_same(run, answer):
    done = run("replay", "-", input=json.dumps(answer, indent=2))
    assert (done.exit_code, done.stdout) == (0, "1 answer: 1 byte for byte the same.\n")


def test_the_answers_of_a_folder_come_out_the_same(run, tmp_path):
    folder = tmp_path / "people"
    folder.mkdir()
    (folder / "a.toml").write_text(FACTS)
    (folder / "b.toml").write_text("[facts]\nage_years = 17\n")
    (folder / "c.toml").write_text("[facts]\nage_of_nobody = 17\n")
    lines = tmp_path / "answers.ndjson"
    lines.write_text(run("screen", folder, "--json", "--on", "2026-03-02").stdout)
    done = run("replay", lines)
    assert (done.exit_code, done.stdout) == (0, "2 answers: 2 byte for byte the same.\n")


def test_a_changed_answer_is_named_with_what_differs(run, answer):
    answer["decision"] = "ELIGIBLE"
    done = run("replay", "-", input=json.dumps({"file": "a.toml", **answer}))
    assert done.exit_code == 1
    assert done.stdout == "DIFFERENT a.toml: decision\n1 answer: 1 different.\n"


def test_a_changed_fact_changes_what_follows_from_it(run, answer):
    next(row for row in answer["facts"] if row["fact"] == "systolic_mmhg")["value"] = 120
    done = run("replay", "-", input=json.dumps(answer))
    assert done.exit_code == 1
    assert "decision" in done.stdout
    assert "findings" in done.stdout


def test_a_part_that_is_missing_or_too_much_is_a_difference(run, answer):
    del answer["gates"]
    done = run("replay", "-", input=json.dumps({**answer, "score": 1}))
    assert (done.exit_code, done.stdout.splitlines()[0]) == (1, "DIFFERENT line 1: gates, score")


@pytest.mark.parametrize(
    ("changed", "said"),
    [({"knowledge": "0" * 64}, "1 decided from other knowledge files"), ({"version": 1}, "1 written in an older form")],
)
def test_an_answer_that_cannot_be_decided_again_proves_nothing(run, answer, changed, said):
    done = run("replay", "-", input=json.dumps(answer | changed))
    assert done.exit_code == 1
    assert said in done.stdout
    both = run("replay", "-", input=json.dumps(answer | changed) + "\n" + json.dumps(answer))
    assert both.exit_code == 0
    assert both.stdout.startswith("2 answers: 1 byte for byte the same; " + said)


def test_a_fact_that_no_rule_knows_is_kept_as_it_stands(run, answer):
    """Not decided by, and not a traceback."""
    answer["facts"] = sorted([*answer["facts"], {**answer["facts"][0], "fact": "zzz"}], key=lambda row: row["fact"])
    done = run("replay", "-", input=json.dumps(answer))
    assert (done.exit_code, done.exception) == (0, None)


@pytest.mark.parametrize(
    "spoil",
    [lambda count: count.update(variant="of nobody"), lambda count: count["trials"][0].pop("added_to")],
)
def test_a_spoilt_list_of_trials_is_a_difference(run, tmp_path, spoil):
    (tmp_path / "facts.toml").write_text('[[trials]]\ndrug = "sertraline"\nweeks = 8\n')
    answer = json.loads(run("screen", tmp_path / "facts.toml", "--json", "--on", "2026-03-02").stdout)
    spoil(answer["trials"][0])
    done = run("replay", "-", input=json.dumps(answer))
    assert (done.exit_code, done.stdout.splitlines()[0]) == (1, "DIFFERENT line 1: trials")


def test_a_file_that_cannot_be_used_is_one_sentence(run, tmp_path):
    with pytest.raises(InputError, match="REPLAY-FILE"):
        run("replay", tmp_path / "nothing.json", catch_exceptions=False, standalone_mode=False)
    with pytest.raises(InputError, match="REPLAY-RECORD"):
        run("replay", "-", input="{}", catch_exceptions=False)


@pytest.mark.django_db
def test_the_decisions_of_the_clinic_come_out_the_same(run):
    assert run("replay").stdout == "0 answers.\n"
    clinic, at = make_clinic(), datetime(2026, 3, 2, 12, tzinfo=UTC)
    actor, patient = Actor.person(make_user(clinic)), make_patient(clinic)
    services.intake_record(actor, patient=patient, answers=CLEAR, at=at)
    services.assessment_make(actor, patient=patient, route="IV", indication_id="IND-TRD", at=at)
    done = run("replay")
    assert (done.exit_code, done.stdout) == (0, "1 answer: 1 byte for byte the same.\n")
