"""From the clinic's record of one person to the rows that leave, with what the quality rules found."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from uuid import UUID

import msgspec

from reprieve.registry.deidentify import Index, Table, deidentify
from reprieve.registry.quality import (
    BASELINE_WINDOW_DAYS,
    DataFinding,
    Severity,
    baseline_findings,
    neighbour_findings,
    score_findings,
    session_findings,
)
from reprieve.registry.rows import Package, PersonRow, ScoreRow, SessionRow
from reprieve.registry.sources import SourceRecord, SourceScore, SourceSession

FOLLOW_UP_DAYS = 31
"""The outcome window after the last session of an induction course."""
BASELINE_INSTRUMENT = "phq-9"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """The package, and per session row (and for scores and baseline) what was found.

    `package` is None when no session may leave: a person without a session has no place in the registry.
    """

    package: Package | None
    sessions: Mapping[UUID, tuple[DataFinding, ...]]
    outcomes: tuple[DataFinding, ...]

    def rejected(self, row_id: UUID) -> bool:
        return any(finding.severity is Severity.ERROR for finding in self.sessions[row_id])


@dataclass(frozen=True, slots=True)
class _Timeline:
    """Sessions in the order of their start; all of them count for time zero, also refused ones."""

    sessions: tuple[SourceSession, ...]

    @property
    def first(self) -> SourceSession:
        return self.sessions[0]

    @property
    def induction(self) -> tuple[SourceSession, ...]:
        """The sessions of the first course, if it is an induction."""
        if self.first.phase != "induction":
            return ()
        return tuple(each for each in self.sessions if each.course_number == self.first.course_number)

    def is_before_first(self, score: SourceScore) -> bool:
        return score.answered_at < self.first.started_at

    def days_since_last_dose(self, score: SourceScore) -> int | None:
        earlier = [session for session in self.sessions if session.started_at <= score.answered_at]
        return (score.answered_on - earlier[-1].started_on).days if earlier else None


def prepare(record: SourceRecord, *, study_id: UUID, as_of_on: date, synthetic: bool = False) -> Prepared:
    """Check and de-identify one person's record as it stands on `as_of_on`.

    Raises: ValueError when there is no session; InputError when a field has no de-identification rule.
    """
    if not record.sessions:
        raise ValueError("a person enters the registry with the first session")
    timeline = _Timeline(tuple(sorted(record.sessions, key=lambda session: session.started_at)))
    found = _found_in_sessions(timeline.sessions)
    scores, score_problems = _usable_scores(record.scores, timeline)
    baseline = _baseline(scores, timeline)
    stamp = {"study_id": str(study_id), "synthetic": synthetic}
    index = Index(first_dose_on=timeline.first.started_on)
    prepared = Prepared(package=None, sessions=found, outcomes=(*score_problems, *baseline_findings(baseline[1])))
    kept = [session for session in timeline.sessions if not prepared.rejected(session.row_id)]
    if not kept:
        return prepared
    package = Package(
        person=_person_row(record, timeline, baseline, as_of_on=as_of_on, stamp=stamp, index=index),
        sessions=tuple(_session_row(session, scores, baseline[0], stamp=stamp, index=index) for session in kept),
        scores=tuple(_score_row(score, timeline, stamp=stamp, index=index) for score in scores),
    )
    return Prepared(package=package, sessions=found, outcomes=prepared.outcomes)


def _found_in_sessions(sessions: Sequence[SourceSession]) -> dict[UUID, tuple[DataFinding, ...]]:
    between = neighbour_findings(sessions)
    return {
        session.row_id: (*session_findings(session), *neighbours)
        for session, neighbours in zip(sessions, between, strict=True)
    }


def _usable_scores(
    scores: Sequence[SourceScore], timeline: _Timeline
) -> tuple[list[SourceScore], tuple[DataFinding, ...]]:
    usable: list[SourceScore] = []
    problems: list[DataFinding] = []
    for score in sorted(scores, key=lambda each: each.answered_at):
        found = score_findings(
            score,
            days_since_last_dose=timeline.days_since_last_dose(score),
            after_first_dose=not timeline.is_before_first(score),
        )
        problems.extend(found)
        if not found:
            usable.append(score)
    return usable, tuple(problems)


def _baseline(scores: Sequence[SourceScore], timeline: _Timeline) -> tuple[int | None, int | None]:
    """The last total before the first dose and its age in days, or two Nones."""
    for score in reversed(scores):
        days_before = (timeline.first.started_on - score.answered_on).days
        if score.total is not None and timeline.is_before_first(score) and days_before <= BASELINE_WINDOW_DAYS:
            return score.total, days_before
    return None, None


def _person_row(
    record: SourceRecord,
    timeline: _Timeline,
    baseline: tuple[int | None, int | None],
    *,
    as_of_on: date,
    stamp: Mapping[str, object],
    index: Index,
) -> PersonRow:
    last_on = timeline.induction[-1].started_on if timeline.induction else None
    fields = asdict(record.person) | {
        "first_dose_on": index.first_dose_on,
        "baseline_phq9": baseline[0],
        "baseline_days_before": baseline[1],
        "induction_sessions": len(timeline.induction),
        "last_induction_day": (last_on - index.first_dose_on).days if last_on else None,
        "follow_up_closed": last_on is not None and (as_of_on - last_on).days > FOLLOW_UP_DAYS,
    }
    return msgspec.convert({**deidentify(Table.PERSON, fields, index=index), **stamp}, PersonRow)


def _session_row(
    session: SourceSession,
    scores: Sequence[SourceScore],
    baseline: int | None,
    *,
    stamp: Mapping[str, object],
    index: Index,
) -> SessionRow:
    earlier = [score.total for score in scores if score.total is not None and score.answered_at < session.started_at]
    fields = asdict(session) | {"baseline_phq9": baseline, "last_phq9_before": earlier[-1] if earlier else None}
    return msgspec.convert({**deidentify(Table.SESSION, fields, index=index), **stamp}, SessionRow)


def _score_row(score: SourceScore, timeline: _Timeline, *, stamp: Mapping[str, object], index: Index) -> ScoreRow:
    fields = asdict(score) | {"days_since_last_dose": timeline.days_since_last_dose(score)}
    return msgspec.convert({**deidentify(Table.SCORE, fields, index=index), **stamp}, ScoreRow)
