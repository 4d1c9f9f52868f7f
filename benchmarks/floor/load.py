"""What a machine and our processes do meanwhile, from /proc: a measurement without its load says little."""

import os
import time
from dataclasses import dataclass
from pathlib import Path

_TICKS_PER_S = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Load:
    """Processor seconds so far: the whole machine's, and each named process's."""

    clock_s: float
    machine_s: float
    parts_s: dict[str, float]


def load(parts: dict[str, int]) -> Load:
    """Now; `parts` are process ids by name."""
    busy = Path("/proc/stat").read_text().split("\n", 1)[0].split()
    working = sum(int(busy[column]) for column in (1, 2, 3, 6, 7))
    return Load(time.time(), working / _TICKS_PER_S, {name: _used_s(pid) for name, pid in parts.items()})


def _used_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS_PER_S


def describe(before: Load, after: Load) -> str:
    """One line: part of a core each process took, and cores the machine was busy with in all."""
    span_s = after.clock_s - before.clock_s
    shares = [f"{name} {100 * (after.parts_s[name] - used) / span_s:.0f} %" for name, used in before.parts_s.items()]
    cores = (after.machine_s - before.machine_s) / span_s
    return f"of a core: {', '.join(shares)}; machine busy {cores:.2f} of {os.cpu_count()} cores"
