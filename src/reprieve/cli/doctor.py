"""`reprieve doctor`: what is wrong with this machine and what to do about it."""

import shutil
import stat
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import typer
from rich.console import Console

from reprieve.errors import SetupError

MINIMUM_FREE_BYTES = 1024**3
_console = Console(highlight=False)


@dataclass(frozen=True, slots=True)
class Check:
    """The answer of one look: `remedy` is empty when all is well."""

    name: str
    says: str
    remedy: str = ""
    required: bool = True


def register(app: typer.Typer) -> None:
    app.command("doctor")(doctor)


def doctor() -> None:
    """Look at Python, front-end files, home folder, database and browser; exit 1 when something needs a remedy."""
    checks = [look() for look in LOOKS]
    for check in checks:
        word, colour = (
            ("ok", "green") if not check.remedy else ("wrong", "red") if check.required else ("note", "yellow")
        )
        _console.print(f"[{colour}]{word:>7}[/]  {check.name}: {check.says}")
        if check.remedy:
            _console.print(f"{'':>7}  → {check.remedy}")
    if any(check.remedy and check.required for check in checks):
        raise typer.Exit(1)


def python_version() -> Check:
    found = ".".join(map(str, sys.version_info[:3]))
    old = sys.version_info < (3, 11)
    return Check("Python", found, "Install Python 3.11 or newer." if old else "")


def front_end_files() -> Check:
    import reprieve.clinic

    vendor = Path(reprieve.clinic.__file__).parent / "static" / "vendor"
    there = (vendor / "tabler" / "tabler.min.css").exists()
    return Check("Front-end files", "in place" if there else "missing", "" if there else "Run `make install`.")


def home_folder() -> Check:
    from reprieve.clinic.config import environment

    home = environment.home()
    free = shutil.disk_usage(next(path for path in (home, *home.parents) if path.exists())).free
    if free < MINIMUM_FREE_BYTES:
        return Check("Disk", f"{free / 1e9:.1f} GB free at {home}", "Free at least 1 GB, or set REPRIEVE_HOME.")
    return Check("Disk", f"{free / 1e9:.0f} GB free")


def secret_key_file() -> Check:
    from reprieve.clinic.config import environment

    path = environment.home() / "secret-key"
    if path.exists() and path.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH):
        return Check("Signing key", "others can read it", f"chmod 600 {path.name} in the home folder.")
    return Check("Signing key", "private")


def database() -> Check:
    from reprieve.cli import django_shell

    try:
        django_shell.load()
        from django.db import connection
        from django.db.utils import OperationalError

        try:
            connection.ensure_connection()
        except OperationalError as problem:
            return Check("Database", str(problem).splitlines()[0], "Check DATABASE_URL and that PostgreSQL runs.")
    except SetupError as problem:
        return Check("Database", problem.sentence, problem.remedy)
    return _database_version()


def _database_version() -> Check:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    server = f"PostgreSQL {connection.cursor().connection.info.server_version // 10000}"
    if waiting:
        remedy = "`reprieve up` and `reprieve demo` apply them."
        return Check("Database", f"{server}, {waiting} migrations wait", remedy, required=False)
    return Check("Database", f"{server}, tables up to date")


def browser() -> Check:
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    remedy = "" if found else "Only for browser tests: apt-get install chromium"
    return Check("Browser for tests", "Chromium found" if found else "none", remedy, required=False)


LOOKS: tuple[Callable[[], Check], ...] = (
    python_version, front_end_files, home_folder, secret_key_file, database, browser,
)  # fmt: skip
