"""Rows as the pages of outcomes show them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from reprieve.clinic.outcomes.drawing import NARROW, WIDE, Picture, draw
from reprieve.clinic.outcomes.models import QuestionnaireResponse
from reprieve.clinic.outcomes.selectors import ScorePoint
from reprieve.clinic.outcomes.trends import Trend
from reprieve.clinic.outcomes.wording import (
    SYNDROMES,
    Verdict,
    Words,
    since,
    summary_line,
    task_cause,
    task_title,
    verdicts,
)
from reprieve.clinic.patients.models import SafetyTask
from reprieve.domain.outcomes.instrument import Instrument, Item
from reprieve.domain.outcomes.syndrome import depressive_syndrome
from reprieve.domain.outcomes.trend import Placed, Window
from reprieve.knowledge.instruments import load_instrument


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRow:
    """One task with its words."""

    task: SafetyTask
    title: Words
    cause: str
    overdue: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreRow:
    """One score of the data table."""

    point: ScorePoint
    band: str
    since_dose: str
    spans_dose: bool
    is_baseline: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseView:
    """The whole response view: one line of words, two sizes of the picture, the table behind them."""

    trend: Trend
    line: str
    verdicts: tuple[Verdict, ...]
    pictures: tuple[Picture, ...]
    rows: tuple[ScoreRow, ...]
    latest: ScoreRow | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRow:
    """One question with the words that were chosen; `words` is empty when it was not answered."""

    item: Item
    words: str
    value: int | None


def task_row(task: SafetyTask, *, at: datetime) -> TaskRow:
    """A task as of now."""
    overdue = task.closed_at is None and task.due_at is not None and task.due_at < at
    return TaskRow(task=task, title=task_title(task.rule), cause=task_cause(task), overdue=overdue)


def response_view(trend: Trend) -> ResponseView:
    """Newest score first in the table, oldest first in the picture."""
    rows = tuple(_score_row(one, trend) for one in reversed(trend.placed))
    return ResponseView(
        trend=trend,
        line=summary_line(trend),
        verdicts=verdicts(trend),
        pictures=(draw(trend, WIDE), draw(trend, NARROW)),
        rows=rows,
        latest=None if trend.latest is None else _score_row(trend.latest, trend),
    )


def answer_rows(response: QuestionnaireResponse) -> tuple[AnswerRow, ...]:
    """All questions in printed order."""
    instrument = load_instrument(response.instrument_id)
    return tuple(_answer_row(item, response.answers[str(item.number)]) for item in instrument.items)


def syndrome_words(response: QuestionnaireResponse, instrument: Instrument) -> Words:
    """The depressive-syndrome pattern of a PHQ-9; empty for other questionnaires."""
    if instrument.syndrome is None:
        return ""
    answers = {int(number): value for number, value in response.answers.items()}
    counted = tuple(item.number for item in instrument.counted_items)
    return SYNDROMES[depressive_syndrome(instrument.syndrome, answers, items=counted)]


def dose_before_words(response: QuestionnaireResponse) -> str:
    """How long after a dose the answers were given."""
    minutes = response.minutes_since_dose
    return since(None if minutes is None else timedelta(minutes=minutes))


def _answer_row(item: Item, value: int | None) -> AnswerRow:
    words = next((option.text for option in item.options if option.value == value), "")
    return AnswerRow(item=item, words=words, value=value)


def _score_row(one: Placed[ScorePoint], trend: Trend) -> ScoreRow:
    total = one.score.total
    return ScoreRow(
        point=one.score,
        band="" if total is None else trend.instrument.band_of(total).label,
        since_dose=since(one.since_dose),
        spans_dose=one.window is Window.SPANS_DOSE,
        is_baseline=one.score is trend.baseline,
    )
