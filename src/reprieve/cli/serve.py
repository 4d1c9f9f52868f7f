"""`reprieve up`: database, web, jobs and monitor gateway together."""

import os
import socket
from typing import Annotated

import typer
from rich.console import Console

from reprieve.cli.processes import Part, Supervisor, python_module, supervised
from reprieve.errors import SetupError

_console = Console(highlight=False)
Host = Annotated[str, typer.Option(help="Address to listen on")]
Port = Annotated[int, typer.Option(help="Port of the web pages")]
GatewayPort = Annotated[int, typer.Option(help="Port of the monitor gateway (HL7 v2 over MLLP)")]


def register(app: typer.Typer) -> None:
    app.command("up")(up)


def up(host: Host = "127.0.0.1", port: Port = 8000, gateway_port: GatewayPort = 2575) -> None:
    """Run web, jobs and monitor gateway until Ctrl-C."""
    require_free(host, port, gateway_port)
    environment = prepare_database()
    with supervised(environment) as supervisor:
        start_parts(supervisor, host, port, gateway_port)
        _console.print(f"Reprieve is on http://{host}:{port}   (Ctrl-C stops it)")
        report_end(supervisor.wait())


def require_free(host: str, *ports: int) -> None:
    """Raises: SetupError naming the port that somebody else holds."""
    for port in ports:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                raise SetupError(
                    "PORT-TAKEN",
                    f"Port {port} on {host} is in use.",
                    remedy="Stop that program or choose another port.",
                ) from None


def prepare_database(database: str = "reprieve") -> dict[str, str]:
    """Start the embedded server when needed and bring the tables up to date; the environment for every part."""
    from reprieve.clinic.config import environment
    from reprieve.clinic.config.database import start_embedded

    if not environment.text("DATABASE_URL"):
        os.environ["DATABASE_URL"] = start_embedded(environment.home(), database=database)
    from reprieve.cli import django_shell

    django_shell.load()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    return dict(os.environ)


def start_parts(supervisor: Supervisor, host: str, port: int, gateway_port: int) -> None:
    """Web, jobs and gateway, in the order in which they are missed."""
    for part in parts(host, port, gateway_port):
        supervisor.start(part)


def parts(host: str, port: int, gateway_port: int) -> tuple[Part, ...]:
    """The processes that make up a running clinic."""
    web = ("reprieve.clinic.config.asgi:application", "--host", host, "--port", str(port))
    quiet = ("--log-level", "warning", "--timeout-graceful-shutdown", "3", "--lifespan", "off")
    return (
        python_module("web", "uvicorn", *web, *quiet),
        python_module("jobs", "django", "procrastinate", "worker", "--concurrency", "2"),
        python_module("gateway", "reprieve.cli", "gateway", "--host", host, "--port", str(gateway_port)),
    )


def report_end(ended: str | None) -> None:
    """Say how the run ended.  Raises: SetupError when a part ended by itself."""
    if ended is not None:
        raise SetupError("PART-ENDED", f"The {ended} process ended by itself.", remedy="Its own message stands above.")
    _console.print("\nReprieve has stopped; everything is saved.")
