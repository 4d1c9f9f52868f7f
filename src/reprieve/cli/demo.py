"""`reprieve demo`: a clinic of invented people, one of them at the pump right now."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import track

from reprieve.cli.processes import Supervisor, python_module, supervised
from reprieve.cli.serve import GatewayPort, Host, Port, prepare_database, report_end, require_free, start_parts
from reprieve.errors import SetupError

if TYPE_CHECKING:
    from reprieve.cli.demo_clinic.seed import LiveMonitor, Season

_console = Console(highlight=False)
Monitors = Annotated[bool, typer.Option(help="Start the simulated bedside monitors")]


def register(app: typer.Typer) -> None:
    app.command("demo")(demo)


def demo(
    host: Host = "127.0.0.1", port: Port = 8000, gateway_port: GatewayPort = 2575, monitors: Monitors = True
) -> None:
    """Run a demonstration clinic; each start makes it afresh, your own clinic is never touched."""
    if os.environ.get("DATABASE_URL"):
        raise SetupError(
            "DEMO-DATABASE", "DATABASE_URL is set, and the demo never writes into a clinic's own database.",
            remedy="Unset DATABASE_URL, or use `reprieve up`.",
        )  # fmt: skip
    require_free(host, port, gateway_port)
    environment = prepare_demo()
    from reprieve.cli.demo_clinic.seed import fill_chairs, open_clinic

    with supervised(environment) as supervisor:
        start_parts(supervisor, host, port, gateway_port)
        season = open_clinic(datetime.now(UTC))
        introduce(host, port, environment["DATABASE_URL"])
        seated = fill_chairs(season)
        if monitors:
            start_monitors(supervisor, seated, host, gateway_port)
        seed_rest(season)
        report_end(supervisor.wait())


def prepare_demo() -> dict[str, str]:
    """An empty database of its own under `REPRIEVE_HOME/demo`, and settings that let simulated monitors in."""
    from reprieve.clinic.config import environment
    from reprieve.clinic.config.database import drop_embedded

    home = environment.home() / "demo" if "REPRIEVE_HOME" not in os.environ else environment.home()
    os.environ["REPRIEVE_HOME"] = str(home)
    os.environ["REPRIEVE_SIMULATED_MONITORS"] = "harbor"
    drop_embedded(home)
    _empty(home / "registry")
    return prepare_database()


def _empty(folder: Path) -> None:
    import shutil

    shutil.rmtree(folder, ignore_errors=True)


def introduce(host: str, port: int, database_url: str) -> None:
    """Where it is and who can sign in."""
    from reprieve.cli.demo_clinic.cast import PASSWORD

    _console.print(f"\n[bold]Harbor Ketamine Clinic[/] is open on [bold]http://{host}:{port}[/]   (Ctrl-C closes it)\n")
    _console.print("  prescriber  okafor     nurse  lind, abara     front desk  romero     patient  hart")
    _console.print(f"  password    {PASSWORD}")
    _console.print(f"  database    {database_url}\n", soft_wrap=True)


def start_monitors(supervisor: Supervisor, monitors: "tuple[LiveMonitor, ...]", host: str, gateway_port: int) -> None:
    """One simulator process for each session that is running."""
    for monitor in monitors:
        arguments = ("--host", host, "--port", str(gateway_port), "--chair", monitor.chair, "--mrn", monitor.mrn)
        timing = ("--minutes", "120", "--at-minute", f"{monitor.minutes_in:.0f}", "--facility", "harbor")
        supervisor.start(
            python_module(f"monitor at {monitor.chair}", "reprieve.cli", "simulate-monitor", *arguments, *timing)
        )


def seed_rest(season: "Season") -> None:
    """Everybody who is not in a chair, with their past, while the pages are open already."""
    from reprieve.cli.demo_clinic.seed import rest

    for step in track(rest(season), description="Writing the clinic's past", console=_console, transient=True):
        step()
    _console.print("  Everybody is in; two sessions are running.\n")
