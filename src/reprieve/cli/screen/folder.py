"""A folder of files: one line each as it is answered, a summary at the end, and the run goes on past a bad file."""

import os
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from functools import partial
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from reprieve.cli.screen.export import Exports
from reprieve.cli.screen.row import Row
from reprieve.cli.screen.summary import line_of, summary_of
from reprieve.cli.screen.work import Answer, Wanted, answer_for
from reprieve.errors import InputError
from reprieve.interop.screening_file import ENDINGS

EXIT_BAD_INPUT = 2
_FILES_THAT_PAY_A_PROCESS = 100
_BATCH = 16
_BATCHES_AHEAD = 4
_out = Console(highlight=False, soft_wrap=True)
_errors = Console(stderr=True, highlight=False)


def screen_folder(folder: Path, wanted: Wanted, *, as_json: bool, exports: Exports, jobs: int) -> None:
    """Screen every file below a folder, in the order of their names.

    Raises: InputError SCREEN-EMPTY; typer.Exit with status 2 when every file was refused.
    """
    files = files_in(folder)
    if not files:
        raise InputError("SCREEN-EMPTY", f"{folder} holds no file that ends in {', '.join(ENDINGS)}.")
    rows = _answer_all(folder, files, wanted, as_json=as_json, jobs=jobs)
    exports.write(rows)
    (_errors if as_json else _out).print(summary_of(rows))
    if all(row.decision is None for row in rows):
        raise typer.Exit(EXIT_BAD_INPUT)


def files_in(folder: Path) -> list[Path]:
    """Every file below the folder that can be screened, sorted; hidden ones and links to folders are not followed."""
    found = []
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [Path(place, name) for name in names if name.lower().endswith(ENDINGS) and not name.startswith(".")]
    return sorted(found)


def answers(
    folder: Path, files: Sequence[Path], wanted: Wanted, *, as_json: bool = False, jobs: int = 1
) -> Iterator[Answer]:
    """The answers in the order of the files, from this process or from several."""
    work = partial(_batch, folder, wanted, as_json)
    batches = [list(files[start : start + _BATCH]) for start in range(0, len(files), _BATCH)]
    if jobs == 1:
        for batch in batches:
            yield from work(batch)
        return
    with ProcessPoolExecutor(max_workers=jobs, mp_context=get_context("spawn")) as pool:
        yield from _in_order(pool, work, batches, ahead=jobs * _BATCHES_AHEAD)


def _in_order(
    pool: ProcessPoolExecutor, work: Callable[[list[Path]], list[Answer]], batches: list[list[Path]], *, ahead: int
) -> Iterator[Answer]:
    """Only so many batches ahead, so that answers nobody has taken yet do not fill the memory."""
    waiting = iter(batches)
    running: deque[Future[list[Answer]]] = deque(pool.submit(work, batch) for batch in islice(waiting, ahead))
    while running:
        yield from running.popleft().result()
        running.extend(pool.submit(work, batch) for batch in islice(waiting, 1))


def _batch(folder: Path, wanted: Wanted, as_json: bool, files: list[Path]) -> list[Answer]:
    return [answer_for(str(path.relative_to(folder)), path, wanted, as_json=as_json) for path in files]


def _answer_all(folder: Path, files: list[Path], wanted: Wanted, *, as_json: bool, jobs: int) -> list[Row]:
    rows, width = [], max(len(str(path.relative_to(folder))) for path in files)
    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("files"), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=_errors, transient=True, disable=not sys.stderr.isatty()) as progress:
        task = progress.add_task("", total=len(files))
        say = progress.console.print if sys.stdout.isatty() and sys.stderr.isatty() else _out.print
        for answer in answers(folder, files, wanted, as_json=as_json, jobs=jobs or _jobs_that_pay(len(files))):
            if as_json:
                typer.echo(answer.line)
            else:
                say(line_of(answer.row, width), markup=False, soft_wrap=True)
            rows.append(answer.row)
            progress.advance(task)
    return rows


def _jobs_that_pay(files: int) -> int:
    """Starting a process costs as much as some dozens of files."""
    return max(1, min(os.cpu_count() or 1, files // _FILES_THAT_PAY_A_PROCESS))
