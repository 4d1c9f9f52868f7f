"""`reprieve ...`: gathers the commands and turns expected failures into one sentence and an exit status."""

import sys
from importlib import import_module

import typer
from rich.console import Console

from reprieve.errors import InputError, SetupError

COMMAND_MODULES = (
    "serve",
    "demo",
    "doctor",
    "people",
    "import_bundle",
    "screen",
    "replay",
    "explain",
    "check_knowledge",
    "gateway",
    "simulate",
    "simulate_monitor",
    "registry",
    "verify",
)
EXIT_BAD_INPUT = 2
EXIT_BAD_SETUP = 3

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
_errors = Console(stderr=True, highlight=False)


def run() -> None:
    """Entry point. Exit status 0: done; 1: the answer is "no"; 2: bad input; 3: the environment stops us."""
    for name in COMMAND_MODULES:
        import_module(f"reprieve.cli.{name}").register(app)
    try:
        app()
    except InputError as problem:
        _errors.print(str(problem), style="red", markup=False)
        sys.exit(EXIT_BAD_INPUT)
    except SetupError as problem:
        _errors.print(str(problem), style="red", markup=False)
        sys.exit(EXIT_BAD_SETUP)
