"""A table of people, one row each: who could be a candidate, and what is missing?"""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
from rich.console import Console

from reprieve.cli.screen.export import Exports
from reprieve.cli.screen.summary import counted
from reprieve.cli.screen.work import Wanted
from reprieve.domain.candidacy.assessment import Decision
from reprieve.domain.candidacy.cohort import Cohort, CohortAnswer, Marks
from reprieve.domain.candidacy.columns import Table
from reprieve.domain.candidacy.rules import Phase, Route
from reprieve.errors import InputError
from reprieve.interop.facts_table import AS_OF, read_facts_table
from reprieve.knowledge.candidacy import load_rule_base

_AT_ONCE = 8192
_DECISIONS = np.array([str(decision) for decision in Decision])
_console = Console(highlight=False)


def screen_table(path: Path, wanted: Wanted, *, as_json: bool, exports: Exports) -> None:
    """Screen everybody in a table.  Raises: InputError; then nothing is written."""
    if as_json:
        raise InputError("SCREEN-JSON", "A table has no whole record for each person: use --csv or --parquet.")
    on = wanted.on or wanted.today
    read = read_facts_table(path, on=on)
    cohort = Cohort(
        base=load_rule_base(),
        route=wanted.route or Route.IV,
        indication=wanted.indication,
        phase=wanted.phase or Phase.SCREEN,
    )
    answers = pa.concat_tables([_rows(answer) for answer in _answers(cohort, read.table)])
    answers = answers.add_column(0, "id", pa.array(read.ids, pa.string()))
    for name, value in _scope(cohort, on).items():
        answers = answers.append_column(name, pa.repeat(value, answers.num_rows))
    exports.write_table(answers)
    _print(answers, cohort, on)


def _answers(cohort: Cohort, table: Table) -> Iterator[CohortAnswer]:
    """So many people at once that their columns stay in the processor's cache."""
    for start in range(0, table.people, _AT_ONCE):
        yield cohort.answer(table.part(slice(start, start + _AT_ONCE)))


def _rows(answer: CohortAnswer) -> pa.Table:
    return pa.table(
        {
            "decision": pa.array(_DECISIONS[answer.decisions], pa.string()),
            "emergency": pa.array(answer.emergency),
            "temporary": pa.array(answer.temporary),
            "needs_confirmation": pa.array(answer.needs_confirmation),
            "rules_fired": _lists(answer.fired),
            "rules_waiting": _lists(answer.waiting),
            "facts_missing": _lists(answer.missing),
        }
    )


def _lists(marks: Marks) -> pa.ListArray:
    """For each person the names that are marked."""
    ends = np.concatenate([[0], np.cumsum(marks.marked.sum(axis=0))])
    _, names = np.nonzero(marks.marked.T)
    return pa.ListArray.from_arrays(pa.array(ends, pa.int32()), pa.array(marks.names, pa.string()).take(names))


def _scope(cohort: Cohort, on: date) -> dict[str, pa.Scalar]:
    return {
        "on": pa.scalar(on, pa.date32()),
        "route": pa.scalar(str(cohort.route)),
        "indication": pa.scalar(cohort.indication, pa.string()),
        "phase": pa.scalar(str(cohort.phase)),
        "knowledge": pa.scalar(cohort.base.knowledge_hash),
    }


def _print(answers: pa.Table, cohort: Cohort, on: date) -> None:
    decisions, emergency = answers.column("decision").to_pylist(), answers.column("emergency").to_pylist()
    everybody = Counter(decisions)
    emergencies = Counter(decision for decision, is_one in zip(decisions, emergency, strict=True) if is_one)
    counts = [(decision, everybody[decision], emergencies[decision]) for decision in Decision]
    missing = Counter(fact for facts in answers.column("facts_missing").to_pylist() for fact in facts)
    _console.print(f"{cohort.route}  {cohort.indication or 'no indication stated'}  {cohort.phase}  on {on}")
    _console.print(f"Values count as stated on that day, or on the day in the column {AS_OF}.")
    if emergency.count(True):
        _console.print("[bold red]EMERGENCY: suicide-safety workflow first. In the US call or text 988.[/]")
    _console.print(counted(counts, missing, of="people"))
