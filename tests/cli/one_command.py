"""A program of one command, as its tests call it."""

from collections.abc import Callable

import typer
from click.testing import Result
from typer.testing import CliRunner


def one_command(register: Callable[[typer.Typer], None], name: str) -> Callable[..., Result]:
    """Runs `reprieve NAME` with what it is given, without starting a process."""
    app = typer.Typer()
    app.callback()(lambda: None)
    register(app)
    return lambda *arguments, **kw: CliRunner().invoke(app, [name, *map(str, arguments)], **kw)
