"""`reprieve simulate-monitor`: a bedside monitor that is not there, in a process of its own."""

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

if TYPE_CHECKING:
    from reprieve.clinic.devices.mllp_client import Answered
    from reprieve.clinic.devices.simulator import Scenario, SimulatedMonitor

_console = Console(highlight=False, markup=False, soft_wrap=True)
Host = Annotated[str, typer.Option(help="Address of the gateway")]
Port = Annotated[int, typer.Option(help="Port of the gateway")]
Chair = Annotated[str, typer.Option(help="Code of the chair, sent in PV1-3")]
Mrn = Annotated[str, typer.Option(help="Record number of the patient, sent in PID-3; empty: the chair decides")]
Facility = Annotated[str, typer.Option(help="Short name of the clinic, sent in MSH-6; needed where there are several")]
Speed = Annotated[float, typer.Option(min=0.1, max=100, help="Minutes of the course a minute; times stay real")]
Minutes = Annotated[float, typer.Option(min=0.01, help="How many minutes of the course to send")]
AtMinute = Annotated[float, typer.Option(help="Minute of the course to begin with")]
Seed = Annotated[int, typer.Option(help="The same seed gives the same patient")]
ScenarioName = Annotated[str, typer.Option("--scenario", help="calm, hypertensive or desaturation")]
Rate = Annotated[float, typer.Option("--rate-hz", min=0.01, max=50, help="Messages a second")]
CuffEvery = Annotated[float, typer.Option("--cuff-min", min=0.5, help="Minutes between two cuff pressures")]
Real = Annotated[bool, typer.Option("--as-real", help="Send as a treating monitor (MSH-11 P), for a test of your own")]


def register(app: typer.Typer) -> None:
    app.command("simulate-monitor")(simulate_monitor)


def simulate_monitor(
    *,
    chair: Chair,
    mrn: Mrn = "",
    host: Host = "127.0.0.1",
    port: Port = 2575,
    facility: Facility = "",
    speed: Speed = 1.0,
    minutes: Minutes = 100.0,
    at_minute: AtMinute = 0.0,
    seed: Seed = 1,
    scenario: ScenarioName = "calm",
    rate_hz: Rate = 1.0,
    cuff_min: CuffEvery = 5.0,
    as_real: Real = False,
) -> None:
    """Send vital signs of a made-up patient to a gateway until the course is over.

    With --speed 10 the course runs ten times as fast, while every value carries the real instant at which it is sent:
    the gateway refuses values from the future, and a page must show a true age.
    """
    from random import Random

    from reprieve.clinic.devices.simulator import MonitorIdentity, SimulatedMonitor, SimulatedPatient

    identity = MonitorIdentity(chair=chair, mrn=mrn, facility=facility, processing="P" if as_real else "T")
    patient = SimulatedPatient(rng=Random(seed), scenario=_scenario(scenario))  # noqa: S311  a simulation, no secret
    monitor = SimulatedMonitor(identity=identity, patient=patient, cuff_every_min=cuff_min)
    run = _send(monitor, host, port, speed=speed, minutes=minutes, at_minute=at_minute, rate_hz=rate_hz)
    try:
        accepted, refused = asyncio.run(run)
    except KeyboardInterrupt:
        _console.print("Stopped.")
        return
    _console.print(f"Sent {accepted + refused} messages: {accepted} accepted, {refused} not.")
    if not accepted:
        raise typer.Exit(1)


def _scenario(name: str) -> "Scenario":
    from reprieve.clinic.devices.simulator import Scenario
    from reprieve.errors import InputError

    try:
        return Scenario(name)
    except ValueError:
        raise InputError("SIM-SCENARIO", f"{name!r} is none of {', '.join(Scenario)}.", where="--scenario") from None


async def _send(
    monitor: "SimulatedMonitor", host: str, port: int, *, speed: float, minutes: float, at_minute: float, rate_hz: float
) -> tuple[int, int]:
    """Messages at an even pace; after a pause of the line the next ones follow at once, none is left out."""
    from reprieve.clinic.devices.mllp_client import MonitorClient

    client = MonitorClient(host=host, port=port, on_break=_say_break)
    loop, counts, last_code = asyncio.get_running_loop(), [0, 0], ""
    begun_s, run_id = loop.time(), datetime.now(UTC).strftime("%y%m%d%H%M%S%f")
    for number in range(max(1, round(minutes * 60 * rate_hz / speed))):
        due_s = number / rate_hz
        await asyncio.sleep(max(0.0, begun_s + due_s - loop.time()))
        message = monitor.message(
            control_id=f"{run_id}-{number}",
            session_minute=at_minute + due_s * speed / 60,
            at=datetime.now(UTC),
        )
        answered = await client.deliver(message)
        counts[0 if answered.answer == "AA" else 1] += 1
        last_code = _say_change(answered, last_code)
    await client.close()
    return counts[0], counts[1]


def _say_change(answered: "Answered", last_code: str) -> str:
    """One line when the answer changes, not one a second."""
    if answered.code != last_code:
        _console.print(f"{answered.answer} {answered.code} {answered.sentence}".strip())
    return answered.code


def _say_break(reason: str) -> None:
    _console.print(f"The gateway does not answer ({reason}); trying again with the same message.")
