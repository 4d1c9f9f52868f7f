"""`reprieve verify`: proves that no entry of any session's log was changed, moved or taken out."""

from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console

_console = Console(highlight=False)
SessionId = Annotated[UUID | None, typer.Argument(help="One session; all of them without it")]


def register(app: typer.Typer) -> None:
    app.command("verify")(verify)


def verify(session: SessionId = None) -> None:
    """Recompute every hash. Exit status 1 and the first broken entry of each chain when one does not hold."""
    from reprieve.cli import django_shell

    django_shell.load()
    from reprieve.clinic.visits.proof import broken_chains

    count, broken = broken_chains(session)
    for session_id, found in broken:
        place = f"entry {found.seq}" + (f" ({found.id})" if found.id else "")
        _console.print(f"BROKEN session {session_id}: {place}: {found.problem}", style="red")
    if broken:
        raise typer.Exit(1)
    _console.print(f"{count} {'session' if count == 1 else 'sessions'}: every entry is as it was written.")
