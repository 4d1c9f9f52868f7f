"""From `reprieve demo` to the sign-in page: `python benchmarks/first_page.py [--runs 3]`.

Each run starts on an empty folder, so that it includes making the database, its tables and the clinic; the time ends
when the logins have been printed and the sign-in page answers 200. Budget: 10 s.
"""

import argparse
import http.client
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from floor.ports import free_port

SIGN_IN = "/accounts/login/"
PATIENCE_S = 120.0
BUDGET_S = 10.0


def first_page_s(home: Path) -> float:
    """Seconds until the page is there; the demonstration is stopped again afterwards."""
    port, gateway_port = free_port(), free_port()
    command = [sys.executable, "-m", "reprieve.cli", "demo", "--port", str(port), "--gateway-port", str(gateway_port)]
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    began_s = time.monotonic()
    demo = subprocess.Popen(
        command, env={**environment, "REPRIEVE_HOME": str(home)}, stdout=subprocess.PIPE, start_new_session=True
    )
    try:
        _read_logins(demo)
        return _until_there_s(demo, port, began_s)
    finally:
        demo.send_signal(signal.SIGINT)
        demo.communicate(timeout=60)


def _read_logins(demo: subprocess.Popen[bytes]) -> None:
    assert demo.stdout is not None
    for line in demo.stdout:
        if b"password" in line:
            return
    raise SystemExit("reprieve demo ended before it printed its logins")


def _until_there_s(demo: subprocess.Popen[bytes], port: int, began_s: float) -> float:
    while (passed_s := time.monotonic() - began_s) < PATIENCE_S:
        if demo.poll() is not None:
            raise SystemExit(f"reprieve demo ended with status {demo.returncode}")
        if _answers(port):
            return time.monotonic() - began_s
        time.sleep(0.02)
    raise SystemExit(f"no page after {passed_s:.0f} s")


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", SIGN_IN)
        return connection.getresponse().status == http.client.OK
    except OSError:
        return False
    finally:
        connection.close()


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--runs", type=int, default=3)
    taken: list[float] = []
    for number in range(1, arguments.parse_args().runs + 1):
        load = os.getloadavg()[0]
        with tempfile.TemporaryDirectory() as folder:
            taken.append(first_page_s(Path(folder)))
        print(f"run {number}: {taken[-1]:5.2f} s to the first page, load average {load:.2f}", flush=True)
    print(f"median {statistics.median(taken):.2f} s, {min(taken):.2f} to {max(taken):.2f} s; budget {BUDGET_S:.0f} s")


if __name__ == "__main__":
    main()
