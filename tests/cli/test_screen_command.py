"""`reprieve screen`: an answer for people, the same as JSON, one sentence for bad input."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.one_command import one_command

from reprieve.cli import screen
from reprieve.errors import InputError

FACTS = """
indication = "IND-TRD"
[facts]
age_years = 45
systolic_mmhg = 190
diastolic_mmhg = 80
cssrs_q5 = true
"""


@pytest.fixture
def run():
    return one_command(screen.register, "screen")


@pytest.fixture
def facts(tmp_path):
    path = tmp_path / "facts.toml"
    path.write_text(FACTS)
    return path


def test_json_has_the_agreed_keys(run, facts):
    answer = json.loads(run(facts, "--json", "--on", "2026-03-02", "--route", "IN_ESK").stdout)
    assert (answer["decision"], answer["emergency"], answer["temporary"]) == ("INELIGIBLE", True, True)
    assert (answer["on"], answer["route"], answer["gates"]["DEF-TRD"]) == ("2026-03-02", "IN_ESK", "unknown")
    first = next(item for item in answer["findings"] if item["rule"] == "CI-HTN-SEV")
    assert {"rule", "severity", "temporary", "params", "source", "confidence"} <= first.keys()
    assert first["params"]["systolic_mmhg"] == 190
    assert {"rule", "facts"} <= answer["data_needed"][0].keys()
    assert len(answer["knowledge"]) == 64


def test_the_example_of_the_documentation_runs(run, tmp_path):
    page = (Path(__file__).parents[2] / "docs" / "reference" / "facts.md").read_text()
    example = tmp_path / "example.toml"
    example.write_text(page.split("```toml")[1].split("```")[0])
    answer = json.loads(run(example, "--json").stdout)
    assert answer["decision"] == "DEFER"
    documented = page.split("## The answer")[1]
    assert all(
        f"`{key}`" in documented for key in answer if key not in {"version", "on", "route", "indication", "phase"}
    )


def test_people_read_words(run, facts):
    text = run(facts, "--on", "2026-03-02").stdout
    assert "INELIGIBLE (temporary)" in text
    assert "EMERGENCY" in text
    assert "Not known" in text


def test_memory_is_named_and_standard_input_is_read(run):
    text = run("-", "--indication", "IND-PTSD", input="[facts]\ndelirium_current = true\n").stdout
    assert "REVIEW" in text
    assert "written from memory" in text
    assert "IND-PTSD" in text


@pytest.mark.parametrize(
    ("arguments", "code"), [(["--route", "EYE"], "FACTS-WORD"), (["--indication", "X"], "FACTS-IND")]
)
def test_a_wrong_option_is_one_sentence(run, facts, arguments, code):
    assert code in str(run(facts, *arguments).exception)


def test_a_file_that_is_not_there_or_too_large(run, tmp_path):
    assert isinstance(run(tmp_path / "none.toml").exception, InputError)
    large = tmp_path / "large.toml"
    large.write_bytes(b"#" * 1_000_001)
    assert "FACTS-SIZE" in str(run(large).exception)


def test_bad_input_ends_with_status_2(tmp_path):
    bad = tmp_path / "bad.toml"
    bad.write_text("colour = 1")
    done = subprocess.run([sys.executable, "-m", "reprieve.cli", "screen", str(bad)], capture_output=True, check=False)
    assert done.returncode == 2
    assert b"FACTS-KEY" in done.stderr
