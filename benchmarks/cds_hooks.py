"""How long a record system waits for its cards: `python benchmarks/cds_hooks.py [--calls 400] [--at-once 8]`.

Real PostgreSQL, one uvicorn process, signed tokens (ES384), the sandbox's patient-view and order-select by turns, about
somebody known to the clinic with 60 answers on file, each on a connection of its own thread. From before the request is
written to the last byte of the answer. Budget: 500 ms.
"""
# ruff: noqa: PLC0415  Django is imported when its settings are known

import argparse
import http.client
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

from floor.ports import free_port

sys.path.append(str(Path(__file__).parent.parent / "tests" / "clinic"))
BUDGET_MS = 500.0


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--calls", type=int, default=400)
    parser.add_argument("--at-once", type=int, default=8)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        port = free_port()
        os.environ |= {"REPRIEVE_HOME": name, "DJANGO_SETTINGS_MODULE": "reprieve.clinic.config.settings"}
        os.environ["REPRIEVE_CDS_CLIENTS"] = str(Path(name, "clients.toml"))
        prepare(Path(name))
        web = subprocess.Popen(
            [sys.executable, "-m", "uvicorn", "reprieve.clinic.config.asgi:application", "--port", str(port),
             "--log-level", "warning", "--lifespan", "off"]
        )  # fmt: skip
        try:
            wait_for(port)
            ask(port, 4)
            measure(port, chosen.calls, chosen.at_once)
        finally:
            web.terminate()
            web.wait()


def prepare(home: Path) -> None:
    """A database with one clinic, a patient with an intake, and the file that admits the record system of the tests."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from cds_calls import clients_file
    from django.utils import timezone
    from intake_answers import NOTHING_FOUND

    from reprieve.clinic.accounts.models import Clinic
    from reprieve.clinic.assessments.services import intake_record
    from reprieve.clinic.audit.services import Actor
    from reprieve.clinic.patients.models import Patient

    clinic = Clinic.objects.create(name="Harbor Clinic", slug="harbor")
    patient = Patient.objects.create(
        clinic=clinic, mrn="1288992", family_name="Adams", given_name="Daniel X.", birth_on=date(1965, 12, 23)
    )
    told = dict.fromkeys(NOTHING_FOUND[:60], False)
    intake_record(Actor.program("benchmark", clinic), patient=patient, answers=told, at=timezone.now())
    clients_file(home, "harbor")


def measure(port: int, calls: int, at_once: int) -> None:
    """p50, p99 and the worst over all calls."""
    began = time.perf_counter()
    with ThreadPoolExecutor(at_once) as threads:
        parts = list(threads.map(ask, [port] * at_once, [calls // at_once] * at_once))
    waited = sorted(milliseconds for part in parts for milliseconds in part)
    each_second = len(waited) / (time.perf_counter() - began)
    p99 = waited[int(len(waited) * 0.99)]
    print(f"{len(waited)} calls, {at_once} at once: p50 {statistics.median(waited):.0f} ms, p99 {p99:.0f} ms", end=", ")
    print(f"worst {waited[-1]:.0f} ms, {each_second:.0f} calls/s", end="; ")
    print(f"budget {BUDGET_MS:.0f} ms, load of the machine {os.getloadavg()[0]:.1f}")


def ask(port: int, calls: int) -> list[float]:
    """Milliseconds of each call on one connection."""
    from cds_calls import ORDER_SELECT, PATIENT_VIEW, ordering, sent, token

    bodies = [(PATIENT_VIEW, json.dumps(sent())), (ORDER_SELECT, json.dumps(ordering("ketamine")))]
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    waited = []
    for number in range(calls):
        path, body = bodies[number % 2]
        headers = {"Authorization": f"Bearer {token(path)}", "Content-Type": "application/json"}
        start = time.perf_counter()
        connection.request("POST", path, body, headers)
        response = connection.getresponse()
        content = response.read()
        waited.append((time.perf_counter() - start) * 1000)
        if response.status != 200 or not json.loads(content)["cards"]:
            raise SystemExit(f"{response.status}: {content[:200]!r}")
    connection.close()
    return waited


def wait_for(port: int) -> None:
    for _ in range(600):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            connection.request("GET", "/health")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the web process does not answer")


if __name__ == "__main__":
    main()
