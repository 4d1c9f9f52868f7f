"""`reprieve check-knowledge`: does every rule have its source, can each be reached, does none contradict another?"""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from reprieve.knowledge.review.problem import Problem

_console = Console(highlight=False)
AsJson = Annotated[bool, typer.Option("--json", help="One list of problems as JSON")]


def register(app: typer.Typer) -> None:
    app.command("check-knowledge")(check_knowledge)


def check_knowledge(as_json: AsJson = False) -> None:
    """Look over the knowledge files. Exit status 1 when something is wrong; a source that nothing cites is a note."""
    from reprieve.knowledge.review.whole import review_knowledge

    report(review_knowledge(), as_json=as_json)


def report(found: "Sequence[Problem]", *, as_json: bool) -> None:
    """Show what was found.  Raises: typer.Exit with 1 when it is more than notes."""
    if as_json:
        typer.echo(json.dumps([{**asdict(problem), "note": problem.is_note} for problem in found], indent=2))
    else:
        _print(found)
    if not all(problem.is_note for problem in found):
        raise typer.Exit(1)


def _print(found: "Sequence[Problem]") -> None:
    from reprieve.knowledge.candidacy import load_rule_base

    table = Table("code", "where", "what", box=None, pad_edge=False)
    for problem in found:
        table.add_row(problem.code, problem.where, problem.sentence)
    if found:
        _console.print(table)
    base, notes = load_rule_base(), sum(problem.is_note for problem in found)
    counted = f"{len(base.rules)} rules, {len(found) - notes} problems, {notes} notes."
    _console.print(f"{counted} Knowledge {base.knowledge_hash[:12]}.")
