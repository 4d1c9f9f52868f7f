"""The machine's own limit, measured in the same run by a small C program, and what NumPy gets out of it."""

import ctypes
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np

from kinetics_parts.people import POINTS


def rounds(work, count: int = 7) -> list[float]:
    """Seconds of each round, after one that does not count."""
    work()
    found = []
    for _ in range(count):
        start = time.perf_counter()
        work()
        found.append(time.perf_counter() - start)
    return found


def exponentials_per_second() -> float:
    """NumPy's exp on one core, from and to the nearest cache."""
    x, out = np.linspace(-5.0, 0.0, 4096), np.empty(4096)
    return 4096 * 1000 / min(rounds(lambda: [np.exp(x, out) for _ in range(1000)]))


class Limit:
    """Microseconds per person that no program can beat by much; `None` where no C compiler is."""

    def __init__(self, people: int) -> None:
        self.people, self.library = people, _compiled()
        self.room = np.empty(people * 2 * POINTS + 4096)
        self.start = self.room.ctypes.data + (-self.room.ctypes.data % 4096)

    def _per_person(self, work) -> list[float]:
        return [1e6 * one / self.people for one in rounds(work)]

    def writing(self, curves: int) -> list[float]:
        """Only writing the curves past the caches."""
        count = self.people * curves * POINTS
        return self._per_person(lambda: self.library.fill(self._at(), ctypes.c_long(count), ctypes.c_double(1.0)))

    def recurrence(self, curves: int, modes: int, *, keep: bool) -> list[float]:
        """Tables, multiply-adds and writing (`keep`: into the cache); `modes` is the mean per curve."""
        count = self.people * curves
        return self._per_person(
            lambda: self.library.recurrence(self._at(), ctypes.c_long(count), ctypes.c_int(modes), ctypes.c_int(keep))
        )

    def _at(self) -> ctypes.c_void_p:
        return ctypes.c_void_p(self.start)


def _compiled() -> ctypes.CDLL | None:
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        return None
    target = Path(tempfile.mkdtemp()) / "limit.so"
    source = Path(__file__).with_name("limit.c")
    command = [compiler, "-O3", "-march=native", "-fopenmp", "-shared", "-fPIC", str(source), "-o", str(target)]
    return ctypes.CDLL(str(target)) if subprocess.run(command, check=False).returncode == 0 else None
