"""`reprieve registry ...` as typed."""

import json

import pytest
import typer
from typer.testing import CliRunner

from reprieve.cli import registry
from reprieve.errors import InputError

runner = CliRunner()


@pytest.fixture
def command(tmp_path):
    app = typer.Typer()
    registry.register(app)

    def run(*args, store=True):
        where = ["--store", str(tmp_path / "store")] if store else []
        return runner.invoke(app, ["registry", *args, *where])

    return run


def test_list_and_rules(command):
    assert "response-after-induction" in command("list", store=False).output
    assert "The 18 identifiers" in command("rules", store=False).output


def test_invent_and_measure(command):
    assert "300 invented people" in command("synthesize", "--people", "300", "--seed", "2").output
    text = command("measure", "response-after-induction", "--synthetic").output
    assert "invented people, not patients" in text
    assert "started           300" in text
    answer = json.loads(command("measure", "response-after-induction", "--synthetic", "--json").output)
    assert answer["steps"]["started"]["people"] == 300
    assert answer["definition_version"] == "1"
    assert answer["response"]["lower"] < answer["response"]["estimate"] < answer["response"]["upper"]


def test_patients_are_not_mixed_with_invented_people(command):
    command("synthesize", "--people", "50")
    text = command("measure", "response-after-induction").output
    assert "not shown (a group of fewer than 11 people)" in text
    assert "started           <11" in text


def test_bad_input_is_one_sentence(command):
    unknown = command("measure", "survival")
    assert isinstance(unknown.exception, InputError)
    assert unknown.exception.code == "REG-MEASURE"
    missing = command("measure", "response-after-induction")
    assert missing.exception.code == "REG-STORE"
    assert command("synthesize", "--people", "0").exit_code == 2


def test_without_a_store_the_one_of_this_installation_is_meant(command, monkeypatch, tmp_path):
    monkeypatch.setenv("REPRIEVE_HOME", str(tmp_path / "home"))
    command("synthesize", "--people", "12", store=False)
    assert (tmp_path / "home" / "registry" / "people").is_dir()
