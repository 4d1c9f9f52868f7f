"""The response view of one person: scores and doses of one stretch of time, and what the latest score means."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from reprieve.clinic.outcomes.selectors import Dose, ScorePoint, doses_of, scores_of
from reprieve.clinic.patients.models import Patient
from reprieve.domain.outcomes.instrument import Instrument
from reprieve.domain.outcomes.response import Change, baseline_of, compare
from reprieve.domain.outcomes.trend import Placed, place, segments
from reprieve.knowledge.instruments import load_instrument

_BEFORE_FIRST_DOSE = timedelta(days=60)
_WITHOUT_DOSE = timedelta(days=365)
_MARGIN = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """`placed` and `doses` lie between `start_at` and `end_at`; `earlier` scores lie before."""

    instrument: Instrument
    start_at: datetime
    end_at: datetime
    placed: tuple[Placed[ScorePoint], ...]
    doses: tuple[Dose, ...]
    earlier: int
    baseline: ScorePoint | None
    latest: Placed[ScorePoint] | None
    change: Change | None

    @property
    def runs(self) -> tuple[tuple[Placed[ScorePoint], ...], ...]:
        """Points that one line may join."""
        return segments(self.placed)


def trend_of(patient: Patient, *, at: datetime, instrument_id: str = "phq-9", whole: bool = False) -> Trend:
    """The latest series with the weeks before it; `whole` reaches back to the first score on record."""
    instrument = load_instrument(instrument_id)
    scores, doses = scores_of(patient, instrument_id), doses_of(patient)
    placed = place(scores, dosed_at=[dose.at for dose in doses], recall_days=instrument.recall_days)
    first_dose_at = _first_dose_of_latest_course(doses)
    start_at = _start(at, first_dose_at, scores, whole=whole)
    baseline = first_dose_at and baseline_of(instrument.change, scores, first_dose_at=first_dose_at)
    latest = next((one for one in reversed(placed) if one.score.total is not None), None)
    return Trend(
        instrument=instrument,
        start_at=start_at,
        end_at=max([at, *(one.score.at for one in placed), *(dose.at for dose in doses)]),
        placed=tuple(one for one in placed if one.score.at >= start_at),
        doses=tuple(dose for dose in doses if dose.at >= start_at),
        earlier=sum(one.score.at < start_at for one in placed),
        baseline=baseline or None,
        latest=latest,
        change=_change(instrument, baseline or None, latest),
    )


def _first_dose_of_latest_course(doses: list[Dose]) -> datetime | None:
    if not doses:
        return None
    return min(dose.at for dose in doses if dose.course_id == doses[-1].course_id)


def _start(at: datetime, first_dose_at: datetime | None, scores: list[ScorePoint], *, whole: bool) -> datetime:
    if whole and scores:
        return min(scores[0].at, first_dose_at or scores[0].at)
    limit = at - _WITHOUT_DOSE if first_dose_at is None else first_dose_at - _BEFORE_FIRST_DOSE
    shown = [score.at for score in scores if score.at >= limit] + ([first_dose_at] if first_dose_at else [])
    return max(limit, min(shown, default=limit) - _MARGIN)


def _change(instrument: Instrument, baseline: ScorePoint | None, latest: Placed[ScorePoint] | None) -> Change | None:
    """None until something was scored after the baseline."""
    if baseline is None or latest is None or latest.score.at <= baseline.at:
        return None
    if baseline.total is None or latest.score.total is None:
        return None
    return compare(instrument.change, baseline=baseline.total, current=latest.score.total)
