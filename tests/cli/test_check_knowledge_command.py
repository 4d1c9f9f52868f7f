"""`reprieve check-knowledge` says what is wrong and ends with 1, and is content with what we ship."""

import json

import pytest
import typer

from reprieve.cli import check_knowledge
from reprieve.knowledge.review.problem import Problem


def test_what_we_ship_passes(capsys):
    check_knowledge.check_knowledge()
    assert "0 problems" in capsys.readouterr().out


def test_a_problem_is_shown_and_ends_with_1(capsys):
    planted = Problem(code="KN-UNIT", where="doses.toml#x", sentence="The unit 'stone' is not one that we read.")
    with pytest.raises(typer.Exit) as end:
        check_knowledge.report((planted,), as_json=False)
    assert end.value.exit_code == 1
    assert "'stone'" in capsys.readouterr().out


def test_as_json(capsys):
    check_knowledge.check_knowledge(as_json=True)
    rows = json.loads(capsys.readouterr().out)
    assert all(row["note"] for row in rows)
