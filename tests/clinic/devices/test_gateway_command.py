"""The two commands as processes of their own, on a database of their own: monitor, gateway, log."""

import os
import socket
import subprocess
import sys
from contextlib import contextmanager

import pytest

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def surroundings(settings):
    """The environment of a process that works on the test database."""
    database = settings.DATABASES["default"]
    url = (
        f"postgresql://{database['USER']}@/{database['NAME']}?host={database['OPTIONS'].get('host', database['HOST'])}"
    )
    return os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "reprieve.clinic.config.settings"}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def reprieve(*arguments):
    return [sys.executable, "-m", "reprieve.cli", *arguments]


@contextmanager
def gateway(port, surroundings, *arguments):
    process = subprocess.Popen(
        reprieve("gateway", "--port", port, *arguments), env=surroundings, stderr=subprocess.PIPE, text=True
    )
    try:
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=120)
    assert process.returncode == 0


def simulate(port, surroundings, *arguments):
    command = reprieve("simulate-monitor", "--port", port, "--minutes", "0.02", "--rate-hz", "5", *arguments)
    return subprocess.run(command, env=surroundings, capture_output=True, text=True, timeout=300, check=False)


def test_a_simulated_monitor_fills_the_log_of_a_clinic_that_lets_it_in(surroundings):
    from device_rows import make_running_session
    from django.utils import timezone
    from factories import make_clinic

    from reprieve.clinic.visits.models import SessionEvent

    clinic, port = make_clinic(), free_port()
    session = make_running_session(clinic, opened_at=timezone.now())
    with gateway(port, surroundings, "--simulated", clinic.slug, "--clinic", clinic.slug):
        accepted = simulate(port, surroundings, "--chair", "CHAIR2", "--mrn", "MRN123")
        assert accepted.returncode == 0
        assert accepted.stdout.endswith("Sent 6 messages: 6 accepted, 0 not.\n")  # it waited for the gateway before
        refused = simulate(port, surroundings, "--chair", "CHAIR2", "--mrn", "MRN999")
        assert refused.returncode == 1
        assert "AE UNKNOWN-PATIENT No patient here has the record number MRN999." in refused.stdout
    events = SessionEvent.objects.filter(session=session)
    assert any(event.payload.get("systolic_mmhg") for event in events)
    assert {event.device for event in events} == {"SIM 0012210000000001"}


def test_a_clinic_that_does_not_exist_is_one_sentence(surroundings):
    done = subprocess.run(
        reprieve("gateway", "--clinic", "nowhere"), env=surroundings, capture_output=True, text=True, check=False
    )
    assert done.returncode == 3
    assert "GATEWAY-CLINIC" in done.stderr


def test_a_taken_port_is_one_sentence(surroundings):
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = str(holder.getsockname()[1])
        done = subprocess.run(
            reprieve("gateway", "--port", port), env=surroundings, capture_output=True, text=True, check=False
        )
    assert done.returncode == 3
    assert "GATEWAY-PORT" in done.stderr
