"""A file of stored candidacy answers, as `reprieve screen --json` writes them: one object, or one a line."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import msgspec

from reprieve.domain.candidacy.facts import Teller
from reprieve.domain.candidacy.from_chart import ReviewReason
from reprieve.domain.candidacy.record import RECORD_VERSION
from reprieve.domain.candidacy.rules import Phase, Route
from reprieve.domain.quantities.interval import Interval
from reprieve.errors import InputError


class _Ends(msgspec.Struct):
    lower: float | None
    upper: float | None
    lower_open: bool
    upper_open: bool

    def __post_init__(self) -> None:
        # An impossible interval is a ValueError, which is told with its place.
        Interval.of_ends(msgspec.structs.asdict(self))


class _Fact(msgspec.Struct):
    fact: str
    value: bool | float | str | _Ends | None
    said_by: Teller
    said_on: date | None
    fresh_until: date | None
    detail: tuple[str, ...]


class _Conflict(msgspec.Struct):
    believed: _Fact
    other: _Fact


class _Settled(_Conflict):
    stated: _Fact


class _Trial(msgspec.Struct):
    drug: str
    daily_dose_mg: float | None
    weeks: float | None
    improvement_percent: float | None
    adherence_percent: float | None
    stopped_for_side_effects: bool | None
    current_episode: bool | None
    added_to: str | None = None
    said_by: Teller | None = None


class _Count(msgspec.Struct):
    variant: str
    trials: tuple[_Trial, ...]


class _Review(msgspec.Struct):
    reason: ReviewReason
    what: str
    fact: str | None


class _Answer(msgspec.Struct):
    """What a replay reads; the other parts are only compared."""

    version: int
    knowledge: str
    on: date
    route: Route
    indication: str | None
    phase: Phase
    facts: tuple[_Fact, ...]
    conflicts: tuple[_Conflict, ...]
    settled: tuple[_Settled, ...]
    trials: tuple[_Count, ...]
    reviews: tuple[_Review, ...]

    def __post_init__(self) -> None:
        if not self.trials:
            raise ValueError("Expected the trials by at least one definition")


def read_stored_answers(content: bytes) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Each answer with its name: that of the file that was screened, else its line.

    A line about a file that had been refused is no answer and is passed over.
    Raises: InputError REPLAY-JSON, REPLAY-RECORD.
    """
    for line, found in _objects(content):
        record = dict(found) if isinstance(found, Mapping) else {}
        name = str(record.pop("file", line))
        if "error" not in record:
            yield name, checked(record, where=name)


def checked(record: Mapping[str, Any], *, where: str) -> Mapping[str, Any]:
    """The record, when a replay can read it or has to refuse its version.  Raises: InputError REPLAY-RECORD."""
    if record.get("version", RECORD_VERSION) == RECORD_VERSION:
        try:
            msgspec.convert(record, _Answer)
        except msgspec.ValidationError as problem:
            raise InputError(
                "REPLAY-RECORD", f"This is not a stored candidacy answer: {problem}.", where=where
            ) from None
    return record


def _objects(content: bytes) -> Iterator[tuple[str, Any]]:
    lines = [content] if _is_one(content) else content.splitlines()
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield f"line {number}", _decoded(line, where=f"line {number}")


def _is_one(content: bytes) -> bool:
    try:
        msgspec.json.decode(content, type=msgspec.Raw)
    except msgspec.DecodeError:
        return False
    return True


def _decoded(line: bytes, *, where: str) -> Any:
    try:
        return msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError) as problem:
        raise InputError("REPLAY-JSON", f"This is not JSON: {problem}.", where=where) from None
