"""Vital signs over real sockets into PostgreSQL: socket to answer, socket to NOTIFY, and the most a gateway takes.

    python benchmarks/gateway.py [--chairs 20] [--seconds 30] [--flood 10]

Starts a gateway of its own in a process of its own, on a database of its own; prints one line a measurement.
"""

# ruff: noqa: PLC0415  Django is loaded only after the database of this run is named

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import quantiles

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "clinic"))


def main() -> None:
    options = read_options()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"REPRIEVE_HOME": folder, "DJANGO_SETTINGS_MODULE": "reprieve.clinic.config.settings"}
        os.environ["REPRIEVE_SECRET_KEY"] = "benchmark"
        slug, chairs = seed(max(options.chairs, options.flood_chairs))
        gateway = start_gateway(options.port, slug)
        try:
            asyncio.run(measure(options, chairs))
        finally:
            gateway.terminate()
            gateway.wait()


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chairs", type=int, default=20, help="monitors, each sending every second")
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--flood", type=int, default=10, help="seconds of sending as fast as answers come; 0: none")
    parser.add_argument("--flood-chairs", type=int, default=200)
    parser.add_argument("--port", type=int, default=8175)
    return parser.parse_args()


def seed(chairs: int) -> tuple[str, list[str]]:
    """A clinic with a running session at every chair."""
    from reprieve.cli.serve import prepare_database

    prepare_database()
    from device_rows import make_running_session
    from factories import make_clinic

    clinic = make_clinic()
    codes = [f"CHAIR{number}" for number in range(chairs)]
    for code in codes:
        make_running_session(clinic, mrn=f"MRN-{code}", chair=code, opened_at=datetime.now(UTC) - timedelta(minutes=5))
    return clinic.slug, codes


def start_gateway(port: int, slug: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "reprieve.cli", "gateway", "--port", str(port), "--simulated", slug]
    return subprocess.Popen(command)


async def measure(options: argparse.Namespace, chairs: list[str]) -> None:
    await paced(options.port, chairs[:1], 1)  # the gateway is up, its code tables are read
    answered, notified = await paced(options.port, chairs[: options.chairs], options.seconds)
    show("socket to answer", answered, f"{options.chairs} chairs x 1 Hz, {options.seconds} s")
    show("socket to NOTIFY", notified, f"{options.chairs} chairs x 1 Hz, {options.seconds} s")
    if options.flood:
        started = time.perf_counter()
        spans = await flooded(options.port, chairs[: options.flood_chairs], options.flood)
        rate = len(spans) / (time.perf_counter() - started)
        show("socket to answer", spans, f"{options.flood_chairs} chairs without pause: {rate:.0f} messages/s")


async def paced(port: int, chairs: list[str], seconds: int) -> tuple[list[float], list[float]]:
    """Every chair once a second, spread over the second."""
    sent: dict[str, list[float]] = defaultdict(list)
    notified: list[float] = []
    listening = asyncio.create_task(listen(sent, notified))
    await asyncio.sleep(0.2)
    spans = await asyncio.gather(
        *(one_chair(port, code, seconds, number / len(chairs), sent) for number, code in enumerate(chairs))
    )
    await asyncio.sleep(0.3)
    listening.cancel()
    return [span for chair in spans for span in chair], notified


async def one_chair(port: int, code: str, seconds: int, offset_s: float, sent: dict[str, list[float]]) -> list[float]:
    client, monitor, spans = new_client(port), new_monitor(code), []
    await asyncio.sleep(offset_s)
    begun = time.perf_counter()
    for second in range(seconds):
        await asyncio.sleep(max(0.0, begun + second - time.perf_counter()))
        spans.append(await send(client, monitor, f"{code}-{begun}-{second}", second / 60, sent[code]))
    await client.close()
    return spans


async def flooded(port: int, chairs: list[str], seconds: int) -> list[float]:
    """Every chair as fast as its answers come."""

    async def one(code: str) -> list[float]:
        client, monitor, spans, number = new_client(port), new_monitor(code), [], 0
        until = time.perf_counter() + seconds
        while time.perf_counter() < until:
            spans.append(await send(client, monitor, f"{code}-{until}-{number}", number / 3600, []))
            number += 1
        await client.close()
        return spans

    return [span for chair in await asyncio.gather(*(one(code) for code in chairs)) for span in chair]


async def send(client, monitor, control_id: str, minute: float, sent: list[float]) -> float:
    message = monitor.message(control_id=control_id, session_minute=minute, at=datetime.now(UTC))
    started = time.perf_counter()
    sent.append(started)
    answered = await client.deliver(message)
    if answered.answer != "AA":
        sys.exit(f"{answered.answer} {answered.code}: {answered.sentence}")
    return time.perf_counter() - started


async def listen(sent: dict[str, list[float]], notified: list[float]) -> None:
    """From the last send of a chair to the NOTIFY that its page waits for."""
    import psycopg

    from reprieve.clinic.visits.services import CHANNEL

    connection = await psycopg.AsyncConnection.connect(os.environ["DATABASE_URL"], autocommit=True)
    codes = await session_codes(connection)
    await connection.execute(f"listen {CHANNEL}")
    async for notice in connection.notifies():
        times = sent[codes[json.loads(notice.payload)["session"]]]
        if times:
            notified.append(time.perf_counter() - times[-1])


async def session_codes(connection) -> dict[str, str]:
    query = "select s.id::text, c.code from visits_dosingsession s join visits_chair c on c.id = s.chair_id"
    return dict(await (await connection.execute(query)).fetchall())


def new_client(port: int):
    from reprieve.clinic.devices.mllp_client import MonitorClient

    return MonitorClient(host="127.0.0.1", port=port)


def new_monitor(code: str):
    from reprieve.clinic.devices.simulator import MonitorIdentity, SimulatedMonitor, SimulatedPatient

    identity = MonitorIdentity(chair=code, mrn=f"MRN-{code}")
    return SimulatedMonitor(identity=identity, patient=SimulatedPatient(rng=Random(code)))


def show(what: str, spans: list[float], how: str) -> None:
    cuts = quantiles(spans, n=100)
    print(f"{what:18} p50 {cuts[49] * 1e3:7.1f} ms   p99 {cuts[98] * 1e3:7.1f} ms   n {len(spans):6}   {how}")


if __name__ == "__main__":
    main()
