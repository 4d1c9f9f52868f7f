"""Kinetics of populations: `python benchmarks/kinetics.py --all --markdown`.

Two tasks (see `kinetics_parts/people.py`), 1 to a million people, ours and other programs, accuracy beside time,
and the machine's own limit measured in the same run. What is not installed is skipped by name. Without `--all`: small
numbers. Ratios are of best rounds: noise only ever adds.
"""

import argparse
import importlib.metadata
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from kinetics_parts import closed_form
from kinetics_parts.limits import Limit, exponentials_per_second, rounds
from kinetics_parts.people import GRID, INFUSION, POINTS, people, worst_error
from kinetics_parts.rivals import RIVALS

from reprieve.domain.pharmacology.compiled.populations import (
    DelayedMetabolite,
    ThreeCompartments,
    chain_of_curves,
    chunks,
    drug_curves,
)
from reprieve.domain.pharmacology.compiled.threads import empty_curves

CURVES = {"A": 1, "B": 2}
MODES = {"A": 3, "B": 5}  # B: 3 of the drug and 7 of the metabolite, on average 5 a curve
PIECE = 4096


@dataclass(frozen=True)
class Row:
    task: str
    what: str
    people: int
    microseconds: list[float]
    error: float | None
    note: str = ""

    @property
    def middle(self) -> float:
        return statistics.median(self.microseconds)

    @property
    def best(self) -> float:
        return min(self.microseconds)


def ours(task: str, values: np.ndarray, out: list[np.ndarray]) -> list[np.ndarray]:
    drug = ThreeCompartments(**dict(zip(ThreeCompartments.__slots__, values[:6], strict=True)))
    if task == "A":
        return [drug_curves(drug, INFUSION, GRID, out=out[0])]
    formed = DelayedMetabolite(**dict(zip(DelayedMetabolite.__slots__, values[6:], strict=True)))
    return list(chain_of_curves(drug, formed, INFUSION, GRID, out=(out[0], out[1])))


def timed(task: str, what: str, values: np.ndarray, solve: Callable, *, note: str = "", times: int = 5) -> Row:
    """One warm-up (compilation), then `times` rounds."""
    curves = solve(values)
    taken = rounds(lambda: solve(values), times)
    count = values.shape[1]
    return Row(task, what, count, [1e6 * one / count for one in taken], worst_error(curves, values), note)


def our_rows(task: str, sizes: list[int]) -> list[Row]:
    rows = []
    for size in sizes:
        values = people(size)
        out = [empty_curves(size, POINTS, np.float64) for _ in range(CURVES[task])]
        rows.append(timed(task, "Reprieve, kernels", values, lambda v, out=out: ours(task, v, out),
                          times=200 if size == 1 else 7))  # fmt: skip
    values = people(sizes[-1])
    short = [empty_curves(sizes[-1], POINTS, np.float32) for _ in range(CURVES[task])]
    rows.append(timed(task, "Reprieve, kernels, float32 curves", values, lambda v: ours(task, v, short)))
    values = people(1000)
    rows.append(timed(task, "closed form in NumPy", values, lambda v: list(closed_form.curves(v, task, np))))
    return rows


def engine_rows(sizes: list[int]) -> list[Row]:
    """The engine that reads any model file, on the default model: S-ketamine, then with S-norketamine."""
    from reprieve.domain.pharmacology.covariates import Covariates  # noqa: PLC0415
    from reprieve.domain.pharmacology.linear_model import Drug, OutputKey, Route, Site  # noqa: PLC0415
    from reprieve.domain.pharmacology.population import sample_etas  # noqa: PLC0415
    from reprieve.domain.pharmacology.regimen import Dose  # noqa: PLC0415
    from reprieve.domain.pharmacology.simulate import simulate  # noqa: PLC0415
    from reprieve.knowledge.kinetics import load_model  # noqa: PLC0415

    model = load_model("k2s")
    dose = Dose(drug=Drug.ESKETAMINE, route=Route.IV, at_min=0.0, amount_mg=35.0, duration_min=40.0)
    keys = [OutputKey(analyte=name, site=Site.ARTERIAL) for name in ("S-ketamine", "S-norketamine")]
    rows = []
    for task, count in CURVES.items():
        for size in sizes:
            etas = sample_etas(model, subjects=size, seed=1)

            def work(etas=etas, count=count):
                return simulate(model, [dose], t_min=GRID.t_min, covariates=Covariates(weight_kg=70.0), etas=etas,
                                outputs=keys[:count])  # fmt: skip

            taken = [1e6 * one / size for one in rounds(work, 20 if size == 1 else 3)]
            rows.append(Row(task, "Reprieve, `simulate` of a model file", size, taken, None, "its own variability"))
    return rows


def jax_rows(task: str, size: int) -> list[Row]:
    import jax  # noqa: PLC0415

    jax.config.update("jax_enable_x64", True)
    compiled = jax.jit(lambda v: closed_form.curves(v, task, jax.numpy))
    given = jax.numpy.asarray(people(size))
    return [timed(task, "closed form in JAX", people(size),
                  lambda _: [np.asarray(one) for one in jax.block_until_ready(compiled(given))])]  # fmt: skip


def rival_rows(task: str) -> list[Row]:
    rows = []
    for name, (make, size) in RIVALS.items():
        try:
            rows.append(timed(task, name, people(size), make(task), times=3))
        except (ImportError, NotImplementedError) as reason:
            print(f"skipped: {name}, task {task}: {reason}")
    return rows


def limit_rows(task: str, size: int) -> list[Row]:
    limit = Limit(size)
    if limit.library is None:
        print("skipped: the machine's limit: no C compiler")
        return []
    curves, modes = CURVES[task], MODES[task]
    return [
        Row(task, "limit: writing the curves past the cache (C)", size, limit.writing(curves), None),
        Row(task, "limit: multiply-adds alone (C)", size, limit.recurrence(curves, modes, keep=True), None),
        Row(task, "limit: multiply-adds, written out (C)", size, limit.recurrence(curves, modes, keep=False), None),
    ]


def stream(task: str, total: int) -> None:
    """A million people in pieces into the same room; prints microseconds per person and peak memory in MiB."""
    room = [empty_curves(PIECE, POINTS, np.float64) for _ in range(CURVES[task])]
    ours(task, people(PIECE), room)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    highest, spent = 0.0, 0.0
    for first, stop in chunks(total, PIECE):
        values = people(stop - first, seed=first)
        start = time.perf_counter()
        found = ours(task, values, [one[: stop - first] for one in room])
        spent += time.perf_counter() - start
        highest = max(highest, float(np.max(found[-1])))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{1e6 * spent / total} {peak} {before} {highest}")


def stream_row(task: str, total: int) -> Row:
    command = [sys.executable, __file__, "--stream", task, "--people", str(total)]
    told = [subprocess.run(command, check=True, capture_output=True, text=True).stdout.split() for _ in range(3)]
    peak, before = (statistics.median(float(one[place]) for one in told) for place in (1, 2))
    note = f"in pieces of {PIECE}; process peak {peak:.0f} MiB, {before:.0f} MiB of it after the first piece"
    return Row(task, "Reprieve, kernels, streamed", total, [float(one[0]) for one in told], None, note)


HEAD = ("Task", "Program", "People", "us/person: median (min to max)", "Error / Cmax", "Times the limit", "Note")


def table(rows: list[Row], *, markdown: bool) -> None:
    limits = {r.task: r.best for r in rows if r.what.startswith("limit: multiply-adds, written")}
    lines = [HEAD, ("---",) * len(HEAD)] if markdown else [HEAD]
    for row in rows:
        error = "" if row.error is None else f"{row.error:.0e}"
        times = f"{row.best / limits[row.task]:.1f}" if row.task in limits else ""
        spread = f"{row.middle:.3g} ({min(row.microseconds):.3g} to {max(row.microseconds):.3g})"
        lines.append((row.task, row.what, f"{row.people:,}", spread, error, times, row.note))
    for line in lines:
        print(f"| {' | '.join(line)} |" if markdown else " | ".join(line))


def verdict(rows: list[Row]) -> None:
    """The goals, said as met or missed."""
    for task in CURVES:
        mine = [r for r in rows if r.task == task and r.what == "Reprieve, kernels"]
        big = max((r for r in mine if r.people <= 100_000), key=lambda r: r.people)
        goals = [("N = 1 under 100 us", next(r for r in mine if r.people == 1).middle < 100.0),
                 ("error under 1e-8 of Cmax", max(r.error for r in mine) < 1e-8)]  # fmt: skip
        limits = [r for r in rows if r.task == task and r.what.startswith("limit: multiply-adds, written")]
        goals += [(f"within 3 times the limit at N = {big.people:,}: {big.best / r.best:.1f}",
                   big.best <= 3.0 * r.best) for r in limits]  # fmt: skip
        tsit5 = [r for r in rows if r.task == task and r.what == "diffrax Tsit5, 1e-6"]
        goals += [(f"500 times diffrax: {r.best / big.best:.0f}", r.best >= 500.0 * big.best) for r in tsit5]
        for what, is_met in goals:
            print(f"- task {task}: {what}: {'met' if is_met else 'MISSED'}")


def installed() -> str:
    found = []
    for name in ("numpy", "numba", "scipy", "jax", "diffrax", "libroadrunner", "opentiva", "PyTCI"):
        try:
            found.append(f"{name} {importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            found.append(f"{name} not installed")
    return ", ".join(found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", action="store_true", help="up to a million people")
    parser.add_argument("--markdown", action="store_true")
    parser.add_argument("--stream", choices=CURVES, help=argparse.SUPPRESS)
    parser.add_argument("--people", type=int, default=1_000_000, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.stream:
        stream(chosen.stream, chosen.people)
        return
    sizes = [1, 1000, 100_000] if chosen.all else [1, 1000, 10_000]
    load = os.getloadavg()[0]
    rows = []
    for task in CURVES:
        rows += limit_rows(task, sizes[-1]) + our_rows(task, sizes) + [stream_row(task, 10 * sizes[-1])]
        try:
            rows += jax_rows(task, sizes[-1] // 10)
        except ImportError as reason:
            print(f"skipped: closed form in JAX: {reason}")
        rows += rival_rows(task)
    rows += engine_rows([1, 1000])
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {installed()}.")
    print(f"Load average before {load:.2f}, after {os.getloadavg()[0]:.2f}; NumPy's exp on one core in cache: "
          f"{exponentials_per_second() / 1e6:.0f} million a second.\n")  # fmt: skip
    table(rows, markdown=chosen.markdown)
    print()
    verdict(rows)


if __name__ == "__main__":
    main()
