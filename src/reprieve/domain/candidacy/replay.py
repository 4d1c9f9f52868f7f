"""A stored answer, decided again from what it rests on: the same knowledge gives the same bytes (ALG-11)."""

import json
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from reprieve.domain.candidacy.case import CaseReading
from reprieve.domain.candidacy.chart_map import ChartMap
from reprieve.domain.candidacy.decision import assess
from reprieve.domain.candidacy.facts import Conflict, Fact, FactSet, FactValue, Teller
from reprieve.domain.candidacy.from_chart import ReviewItem, ReviewReason
from reprieve.domain.candidacy.record import RECORD_VERSION, Json
from reprieve.domain.candidacy.rules import Phase, Route, RuleBase
from reprieve.domain.candidacy.screening import whole_record
from reprieve.domain.candidacy.settlement import Settlement
from reprieve.domain.candidacy.trials import Trial, count_trials
from reprieve.domain.quantities.interval import Interval

Record = Mapping[str, Any]


class ReplayProblem(StrEnum):
    """Why a stored answer cannot be decided again here; each is a code that the shell puts into words."""

    KNOWLEDGE = "REPLAY-KNOWLEDGE"
    VERSION = "REPLAY-VERSION"


class ReplayRefused(ValueError):
    """`problem`: it was decided from other knowledge files, or it is written in another form of the record."""

    def __init__(self, problem: ReplayProblem) -> None:
        self.problem = problem
        super().__init__(problem)


def replay(record: Record, base: RuleBase, chart_map: ChartMap) -> dict[str, Json]:
    """The record that the same facts give now.  Raises: ReplayRefused."""
    if record["version"] != RECORD_VERSION:
        raise ReplayRefused(ReplayProblem.VERSION)
    if record["knowledge"] != base.knowledge_hash:
        raise ReplayRefused(ReplayProblem.KNOWLEDGE)
    reading = _reading(record, chart_map)
    assessment = assess(
        base,
        reading.facts,
        route=Route(record["route"]),
        indication=record["indication"],
        phase=Phase(record["phase"]),
    )
    return whole_record(base, assessment, reading)


def record_bytes(record: Mapping[str, Json]) -> bytes:
    """A record in its one canonical form: keys sorted, no spaces, UTF-8."""
    return json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def changed_parts(record: Record, base: RuleBase, chart_map: ChartMap) -> tuple[str, ...]:
    """The parts of a stored record that come out otherwise today; none: the same bytes.  Raises: ReplayRefused."""
    again = replay(record, base, chart_map)
    return tuple(part for part in sorted({*record, *again}) if _part(record, part) != _part(again, part))


def _part(record: Record, name: str) -> bytes:
    return record_bytes({name: record[name]} if name in record else {})


def _reading(record: Record, chart_map: ChartMap) -> CaseReading:
    facts = FactSet(
        on=date.fromisoformat(record["on"]),
        by_key={row["fact"]: _fact(row) for row in record["facts"]},
        conflicts=tuple(
            Conflict(believed=_fact(row["believed"]), other=_fact(row["other"])) for row in record["conflicts"]
        ),
    )
    trials = tuple(_trial(row) for row in record["trials"][0]["trials"])
    variants = [row["variant"] for row in record["trials"]]
    by_id = {criteria.id: criteria for criteria in chart_map.trial_criteria}
    return CaseReading(
        facts=facts,
        reviews=tuple(
            ReviewItem(reason=ReviewReason(row["reason"]), what=row["what"], fact=row["fact"])
            for row in record["reviews"]
        ),
        trial_counts=tuple(count_trials(trials, by_id[variant]) for variant in variants if variant in by_id),
        settled=tuple(
            Settlement(stated=_fact(row["stated"]), believed=_fact(row["believed"]), other=_fact(row["other"]))
            for row in record["settled"]
        ),
    )


def _fact(row: Record) -> Fact:
    return Fact(
        key=row["fact"],
        value=_value(row["value"]),
        said_by=Teller(row["said_by"]),
        said_on=_day(row["said_on"]),
        fresh_until=_day(row["fresh_until"]),
        detail=tuple(row["detail"]),
    )


def _value(value: Any) -> FactValue | None:
    """A database may hand back 5 where 5.0 was stored."""
    if isinstance(value, Mapping):
        return Interval.of_ends(value)
    known: FactValue | None = float(value) if isinstance(value, int) and not isinstance(value, bool) else value
    return known


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _trial(row: Record) -> Trial:
    told: dict[str, Any] = {name: row.get(name) for name in Trial.__slots__}
    return Trial(**told)
