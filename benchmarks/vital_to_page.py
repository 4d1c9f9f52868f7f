"""From a monitor's socket to the open page: `python benchmarks/vital_to_page.py [--chairs 20] [--seconds 30]`.

Real processes over real sockets: PostgreSQL, web and gateway as `reprieve up` starts them, monitors in one process,
signed-in pages in another. Each reading is timed from just before its bytes are written to the socket until the event
that carries it has arrived in the page's stream. At the end each chair's pressure jumps to 210/125 and the time until
the page's state lists the alarm is taken. Exit status 1 when a reading was lost or came twice.
"""

import argparse
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from floor.load import describe, load
from floor.ports import free_port

from reprieve.cli.processes import Supervisor, supervised
from reprieve.cli.serve import parts, prepare_database

HERE = Path(__file__).parent / "floor"
SETTLE_S = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """Milliseconds of each reading and alarm, sorted; and what went wrong."""

    readings_ms: list[float]
    answers_ms: list[float]
    alarms_ms: list[float]
    lost: int
    doubled: int
    refused: int


def start(supervisor: Supervisor, port: int, gateway_port: int) -> dict[str, int]:
    """Web and gateway; their process ids, once both take connections."""
    wanted = [part for part in parts("127.0.0.1", port, gateway_port) if part.name != "jobs"]
    for part in wanted:
        supervisor.start(part)
    for number in (port, gateway_port):
        _wait_for(number)
    return {part.name: supervisor.running[part.name].pid for part in wanted}


def _wait_for(port: int) -> None:
    deadline_s = time.monotonic() + 60
    while time.monotonic() < deadline_s:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise SystemExit(f"nothing listens on port {port}")


def measure(folder: Path, plan: dict[str, Any], running: dict[str, int]) -> tuple[Result, str]:
    """Open the pages, send, and compare what was sent with what arrived."""
    written, sent, came = folder / "plan.json", folder / "sent.json", folder / "came.json"
    written.write_text(json.dumps(plan))
    pages = subprocess.Popen(
        [sys.executable, HERE / "pages.py", written, came], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert pages.stdin is not None
    assert pages.stdout is not None
    if pages.stdout.readline() != b"ready\n":
        raise SystemExit("the pages did not open")
    before = load(running)
    subprocess.run([sys.executable, HERE / "chairs.py", written, sent], check=True)
    work = describe(before, load(running))
    time.sleep(SETTLE_S)
    pages.stdin.close()
    pages.wait(30)
    return compare(json.loads(sent.read_text()), json.loads(came.read_text())), work


def compare(sent: Sequence[dict[str, Any]], pages: Sequence[dict[str, Any]]) -> Result:
    """Each reading by session, instant and pulse: arrived once, more than once, or never."""
    by_session = {page["session"]: page for page in pages}
    arrivals: dict[tuple[str, float, float], list[float]] = defaultdict(list)
    for page in pages:
        for _, minute, pulse, arrived_s in page["marks"]:
            arrivals[(page["session"], minute, pulse)].append(arrived_s)
    taken = [(one, arrivals[_key(one, by_session[one["session"]]["origin_at"])]) for one in sent]
    crises = [(one, by_session[one["session"]]["alarms"].get(one["at"])) for one in sent if one["is_crisis"]]
    return Result(
        readings_ms=sorted(1000 * (times[0] - one["written_s"]) for one, times in taken if times),
        answers_ms=sorted(1000 * (one["answered_s"] - one["written_s"]) for one in sent),
        alarms_ms=sorted(1000 * (at_s - one["written_s"]) for one, at_s in crises if at_s is not None),
        lost=sum(not times for _, times in taken) + sum(at_s is None for _, at_s in crises),
        doubled=sum(len(times) > 1 for _, times in taken),
        refused=sum(one["answer"] != "AA" for one in sent),
    )


def _key(one: dict[str, Any], origin_at: str) -> tuple[str, float, float]:
    minutes = (datetime.fromisoformat(one["at"]) - datetime.fromisoformat(origin_at)) / timedelta(minutes=1)
    return one["session"], round(minutes, 3), float(one["pulse"])


def show(result: Result) -> None:
    for name, values in (
        ("socket to page", result.readings_ms),
        ("socket to answer", result.answers_ms),
        ("alarm to page", result.alarms_ms),
    ):
        if len(values) > 1:
            cuts = statistics.quantiles(values, n=100, method="inclusive")
            print(
                f"{name:<18}{len(values):>6} of them   p50 {cuts[49]:6.1f}   p95 {cuts[94]:6.1f}   "
                f"p99 {cuts[98]:6.1f}   max {values[-1]:6.1f} ms"
            )
    print(f"lost {result.lost}, doubled {result.doubled}, refused {result.refused}")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--chairs", type=int, default=20)
    arguments.add_argument("--seconds", type=int, default=30)
    arguments.add_argument("--rounds", type=int, default=1, help="measure so often on the same floor")
    chosen = arguments.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ.pop("DATABASE_URL", None)
        os.environ |= {"REPRIEVE_HOME": str(folder / "home"), "REPRIEVE_SIMULATED_MONITORS": "harbor"}
        environment = prepare_database()
        results = run(environment, folder, chosen)
    if any(result.lost or result.doubled or result.refused for result in results):
        raise SystemExit(1)


def run(environment: dict[str, str], folder: Path, chosen: argparse.Namespace) -> list[Result]:
    from floor.seats import FACILITY, NURSES, seat_people  # noqa: PLC0415  needs Django

    from reprieve.cli.demo_clinic.cast import PASSWORD  # noqa: PLC0415

    port, gateway_port = free_port(), free_port()
    seats = seat_people(chosen.chairs)
    plan = {
        "port": port, "gateway_port": gateway_port, "facility": FACILITY, "nurses": NURSES, "password": PASSWORD,
        "seconds": chosen.seconds, "seats": [asdict(seat) for seat in seats],
    }  # fmt: skip
    results = []
    with supervised(environment) as supervisor:
        running = start(supervisor, port, gateway_port)
        for _ in range(chosen.rounds):
            print(f"{chosen.chairs} chairs x 1 Hz for {chosen.seconds} s, load average {os.getloadavg()[0]:.2f}")
            result, work = measure(folder, plan, running)
            show(result)
            print(work)
            results.append(result)
    return results


if __name__ == "__main__":
    main()
