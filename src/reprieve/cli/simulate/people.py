"""Runs a virtual trial part by part in this process, on every core, with a bar on standard error."""

import os
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from reprieve.domain.pharmacology.spread import Tally, merge
from reprieve.domain.pharmacology.virtual_trial import VirtualTrial

_MOST_AT_ONCE = 4
"""Each part at work takes about 60 MB."""


def run_here(trial: VirtualTrial) -> Tally:
    """The whole population; memory stays bounded because parts are merged as they come, in their order."""
    return merge(_watched(trial))


def _watched(trial: VirtualTrial) -> Iterator[Tally]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("virtual people", total=trial.subjects)
        for number, part in enumerate(_parts(trial)):
            yield part
            progress.advance(task, min(trial.part_size, trial.subjects - number * trial.part_size))


def _parts(trial: VirtualTrial) -> Iterator[Tally]:
    """All parts in their order; arrays are computed without the interpreter's lock, so threads share the work."""
    workers = _workers(trial)
    waiting: deque[Future[Tally]] = deque()
    with ThreadPoolExecutor(workers) as pool:
        for number in range(trial.parts):
            waiting.append(pool.submit(trial.part, number))
            if len(waiting) > workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _workers(trial: VirtualTrial) -> int:
    """Fewer where many numbers a person make tallies large: all that wait to be merged stay near the trial's memory."""
    plan = trial.quantile_plan
    fitting = trial.parts if plan.is_exact else max(1, trial.memory_bytes // plan.tally_bytes)
    return min(os.cpu_count() or 1, _MOST_AT_ONCE, trial.parts, fitting)
