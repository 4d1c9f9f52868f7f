"""`reprieve gateway`: takes the messages of bedside monitors."""

import asyncio
import logging
from typing import TYPE_CHECKING, Annotated

import typer

from reprieve.errors import SetupError

if TYPE_CHECKING:
    from reprieve.clinic.accounts.models import Clinic

Host = Annotated[str, typer.Option(help="Address to listen on")]
Port = Annotated[int, typer.Option(help="Port to listen on")]
ClinicSlug = Annotated[str, typer.Option("--clinic", help="Clinic of messages that name none in MSH-6")]
Simulated = Annotated[
    str,
    typer.Option(
        "--simulated",
        help="Clinics (slugs, by comma) whose charts take training messages, MSH-11 T or D; never a treating clinic",
    ),
]
Verbose = Annotated[bool, typer.Option("--verbose", help="Log connections too, not only what was not filed")]


def register(app: typer.Typer) -> None:
    app.command("gateway")(gateway)


def gateway(
    host: Host = "127.0.0.1",
    port: Port = 2575,
    clinic: ClinicSlug = "",
    simulated: Simulated = "",
    verbose: Verbose = False,
) -> None:
    """Take vital signs from monitors (HL7 v2 ORU^R01 over MLLP) until Ctrl-C."""
    from reprieve.cli import django_shell

    django_shell.load()
    from reprieve.clinic.config import environment
    from reprieve.clinic.devices.gateway import GatewaySettings, run_gateway

    _configure_log(verbose=verbose)
    simulated = simulated or environment.text("REPRIEVE_SIMULATED_MONITORS")
    slugs = frozenset(slug.strip() for slug in simulated.split(",") if slug.strip())
    home = _clinic(clinic or environment.text("REPRIEVE_GATEWAY_CLINIC"))
    settings = GatewaySettings(host=host, port=port, home=home, simulated_allowed=slugs)
    try:
        asyncio.run(run_gateway(settings))
    except OSError as problem:
        raise SetupError(
            "GATEWAY-PORT",
            f"The gateway cannot listen on {host}:{port} ({problem.strerror}).",
            remedy="Choose another.",
        ) from None


def _clinic(slug: str) -> "Clinic | None":
    from reprieve.clinic.accounts.models import Clinic

    if not slug:
        return None
    found = Clinic.objects.filter(slug=slug).first()
    if found is None:
        raise SetupError("GATEWAY-CLINIC", f"There is no clinic {slug!r}.", remedy="Give the slug of a clinic.")
    return found


def _configure_log(*, verbose: bool) -> None:
    """One JSON object a line on standard error: codes and ids, never a name or a value."""
    import sys

    import structlog

    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO if verbose else logging.WARNING),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
