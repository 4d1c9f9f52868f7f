"""Parts start together, stop together, and one that dies ends the run."""

import os
import signal
import sys
import threading
import time

from reprieve.cli.processes import Part, python_module, supervised


def sleeper(name: str, seconds: float = 60) -> Part:
    return Part(name, (sys.executable, "-c", f"import time; time.sleep({seconds})"))


def test_a_part_that_ends_by_itself_is_named_and_the_rest_is_stopped():
    with supervised(os.environ) as supervisor:
        supervisor.start(sleeper("web"))
        supervisor.start(Part("jobs", (sys.executable, "-c", "raise SystemExit(1)")))
        assert supervisor.wait() == "jobs"
    assert all(process.poll() is not None for process in supervisor.running.values())


def test_ctrl_c_stops_all_parts_cleanly():
    with supervised(os.environ) as supervisor:
        supervisor.start(sleeper("web"))
        threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT)).start()
        started = time.monotonic()
        assert supervisor.wait() is None
    assert time.monotonic() - started < 50  # it would sleep for 60
    assert supervisor.running["web"].returncode == -signal.SIGTERM


def test_the_signal_handlers_are_put_back():
    before = signal.getsignal(signal.SIGTERM)
    with supervised(os.environ):
        assert signal.getsignal(signal.SIGTERM) is not before
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_part_runs_with_this_interpreter():
    assert python_module("web", "uvicorn", "--port", "1").command == (sys.executable, "-m", "uvicorn", "--port", "1")
