"""`reprieve replay`: decides stored candidacy answers again from their own facts and says whether they are the same."""

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

_console = Console(highlight=False, soft_wrap=True)
_SAME, _CHANGED = "SAME", "CHANGED"
_WORDS = {
    _SAME: "byte for byte the same",
    _CHANGED: "different",
    "REPLAY-KNOWLEDGE": "decided from other knowledge files, so not decided again",
    "REPLAY-VERSION": "written in an older form of the record, so not decided again",
}
Answers = Annotated[
    Path | None,
    typer.Argument(
        help="What `reprieve screen --json` wrote (`-`: standard input); without it, the clinic's decisions"
    ),
]


def register(app: typer.Typer) -> None:
    app.command("replay")(replay)


def replay(path: Answers = None) -> None:
    """Decide again. Exit status 1 when an answer comes out differently, or when none could be decided again."""
    outcomes = Counter(_outcome(name, record) for name, record in (_in_database() if path is None else _in_file(path)))
    _console.print(_summary(outcomes))
    if outcomes[_CHANGED] or (outcomes and not outcomes[_SAME]):
        raise typer.Exit(1)


def _outcome(name: str, record: Mapping[str, Any]) -> str:
    from reprieve.domain.candidacy.replay import ReplayRefused, changed_parts
    from reprieve.knowledge.candidacy import load_rule_base
    from reprieve.knowledge.chart_map import load_chart_map

    try:
        changed = changed_parts(record, load_rule_base(), load_chart_map())
    except ReplayRefused as refused:
        return refused.problem
    if not changed:
        return _SAME
    _console.print(f"DIFFERENT {name}: {', '.join(changed)}", style="red", markup=False)
    return _CHANGED


def _summary(outcomes: Counter[str]) -> str:
    total = outcomes.total()
    told = [f"{outcomes[key]} {words}" for key, words in _WORDS.items() if outcomes[key]]
    return f"{total} {'answer' if total == 1 else 'answers'}" + (f": {'; '.join(told)}." if told else ".")


def _in_file(path: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    from reprieve.errors import InputError
    from reprieve.interop.stored_answer import read_stored_answers

    try:
        content = typer.get_binary_stream("stdin").read() if str(path) == "-" else path.read_bytes()
    except OSError as problem:
        raise InputError("REPLAY-FILE", f"Cannot read {path}: {problem.strerror}.") from None
    return read_stored_answers(content)


def _in_database() -> Iterator[tuple[str, Mapping[str, Any]]]:
    from reprieve.cli import django_shell

    django_shell.load()
    from reprieve.clinic.assessments.stored import stored_answers
    from reprieve.interop.stored_answer import checked

    return ((name, checked(record, where=name)) for name, record in stored_answers())
