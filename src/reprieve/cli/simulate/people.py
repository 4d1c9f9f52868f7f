"""Runs a virtual trial part by part in this process, with a bar on standard error."""

from collections.abc import Iterator

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from reprieve.domain.pharmacology.spread import Tally, merge
from reprieve.domain.pharmacology.virtual_trial import VirtualTrial


def run_here(trial: VirtualTrial) -> Tally:
    """The whole population; memory stays bounded because parts are merged as they come."""
    return merge(_watched(trial))


def _watched(trial: VirtualTrial) -> Iterator[Tally]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("virtual people", total=trial.subjects)
        for number in range(trial.parts):
            yield trial.part(number)
            progress.advance(task, min(trial.part_size, trial.subjects - number * trial.part_size))
