"""Runs the parts of the program as processes beside each other and stops them together."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType

GRACE_S = 10.0
_POLL_S = 0.2


@dataclass(frozen=True, slots=True)
class Part:
    """One process: its name for people and its command line."""

    name: str
    command: Sequence[str]


@dataclass(slots=True)
class Supervisor:
    """Starts parts, waits until somebody asks to stop or a part dies, and stops all of them cleanly."""

    environment: Mapping[str, str]
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    stopping: bool = False

    def start(self, part: Part) -> None:
        """Start one part in a session of its own, so that Ctrl-C reaches only the supervisor."""
        self.running[part.name] = subprocess.Popen(  # noqa: S603  our own command lines
            list(part.command), env=dict(self.environment), start_new_session=True
        )

    def wait(self) -> str | None:
        """Block until asked to stop (None) or until a part ends by itself (its name)."""
        while not self.stopping:
            for name, process in self.running.items():
                if process.poll() is not None:
                    return name
            time.sleep(_POLL_S)
        return None

    def stop(self) -> None:
        """Ask every part to end, the last started first; end by force what has not gone after the grace time."""
        for process in reversed(self.running.values()):
            if process.poll() is None:
                process.terminate()
        deadline = time.monotonic() + GRACE_S
        for process in self.running.values():
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def request_stop(self, _signal: int, _frame: FrameType | None) -> None:
        self.stopping = True


@contextmanager
def supervised(environment: Mapping[str, str]) -> Iterator[Supervisor]:
    """A supervisor that Ctrl-C and SIGTERM stop, and whose parts never outlive the block."""
    supervisor = Supervisor(environment)
    before = {number: signal.signal(number, supervisor.request_stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield supervisor
    finally:
        supervisor.stop()
        for number, handler in before.items():
            signal.signal(number, handler)


def python_module(name: str, module: str, *arguments: str) -> Part:
    """A part that runs `python -m module ...` with this interpreter."""
    return Part(name, (sys.executable, "-m", module, *arguments))
