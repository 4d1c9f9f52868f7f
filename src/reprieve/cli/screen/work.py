"""One file to one answer; runs in this process or, for a folder, in several."""

import json
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

import typer

from reprieve.cli.screen.row import Row, refused_row, row_of
from reprieve.domain.candidacy import screening
from reprieve.domain.candidacy.assessment import Assessment
from reprieve.domain.candidacy.rules import Phase, Route
from reprieve.errors import InputError
from reprieve.interop.facts_file import FactsFile, read_indication
from reprieve.interop.facts_values import read_day, read_word
from reprieve.interop.fhir.document import DEFAULT_LIMIT_BYTES
from reprieve.interop.screening_file import read_screening_file
from reprieve.knowledge.candidacy import load_rule_base
from reprieve.knowledge.chart_map import load_chart_map

if TYPE_CHECKING:
    from reprieve.domain.candidacy.case import CaseReading

STANDARD_INPUT = "-"
_LARGEST_FACTS_FILE = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the command line asks of every file. None: what the file says, else the usual."""

    today: date
    on: date | None = None
    route: Route | None = None
    indication: str | None = None
    phase: Phase | None = None


class _Scope(TypedDict):
    route: Route
    indication: str | None
    phase: Phase


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The row of one file, with its whole record as one line of JSON where that was asked for."""

    row: Row
    line: str = ""


def wanted_of(*, route: str | None, on: date | None, indication: str | None, phase: str | None) -> Wanted:
    """The options, read.  Raises: InputError FACTS-WORD, FACTS-DATE, FACTS-INDICATION."""
    return Wanted(
        today=datetime.now().astimezone().date(),
        on=None if on is None else read_day(on, "--on"),
        route=read_word(Route, route, "--route") if route else None,
        indication=read_indication(indication),
        phase=read_word(Phase, phase, "--phase") if phase else None,
    )


def case_in(path: Path, wanted: Wanted) -> FactsFile:
    """The case in a file, on the day that is asked for.  Raises: InputError."""
    content = _content(path)
    found = read_screening_file(content, name=path.name, on=wanted.on or wanted.today)
    return found if wanted.on is None else replace(found, case=replace(found.case, on=wanted.on))


def screened(found: FactsFile, wanted: Wanted) -> screening.Screening:
    """The answer with its whole record."""
    return screening.screen(found.case, load_rule_base(), load_chart_map(), **_scope(found, wanted))


def decided(found: FactsFile, wanted: Wanted) -> "tuple[CaseReading, Assessment]":
    """The answer alone, which costs a third of the record."""
    return screening.decide(found.case, load_rule_base(), load_chart_map(), **_scope(found, wanted))


def answer_for(name: str, path: Path, wanted: Wanted, *, as_json: bool) -> Answer:
    """The answer for one file of a folder; a file that cannot be used is an answer too."""
    try:
        found = case_in(path, wanted)
    except InputError as problem:
        return Answer(row=refused_row(name, problem), line=_refusal(name, problem) if as_json else "")
    if not as_json:
        reading, assessment = decided(found, wanted)
        return Answer(row=row_of(name, assessment, reading))
    result = screened(found, wanted)
    line = json.dumps({"file": name, **result.record}, ensure_ascii=False)
    return Answer(row=row_of(name, result.assessment, result.reading), line=line)


def _scope(found: FactsFile, wanted: Wanted) -> _Scope:
    return {
        "route": wanted.route or found.route or Route.IV,
        "indication": wanted.indication or found.indication,
        "phase": wanted.phase or found.phase or Phase.SCREEN,
    }


def _refusal(name: str, problem: InputError) -> str:
    said = {"code": problem.code, "sentence": problem.sentence, "where": problem.where}
    return json.dumps({"file": name, "error": said}, ensure_ascii=False)


def _content(path: Path) -> bytes:
    if str(path) == STANDARD_INPUT:
        return typer.get_binary_stream("stdin").read(DEFAULT_LIMIT_BYTES + 1)
    facts = path.name.endswith(".toml")
    try:
        if path.stat().st_size > (_LARGEST_FACTS_FILE if facts else DEFAULT_LIMIT_BYTES):
            size = "1 MB; a facts file is a few kB" if facts else f"{DEFAULT_LIMIT_BYTES // 1024**2} MB"
            raise InputError("FACTS-SIZE" if facts else "FHIR-TOO-LARGE", f"{path.name} is larger than {size}.")
        return path.read_bytes()
    except OSError as problem:
        raise InputError("FACTS-FILE", f"Cannot read {path}: {problem.strerror}.") from None
