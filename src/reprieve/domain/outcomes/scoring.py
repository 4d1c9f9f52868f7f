"""From answers to a score that says how complete it is.

A missing answer is never zero. One or two missing items are replaced by the mean of those answered, with more there is
no total. The answer to a safety item is never filled in: it stays "not answered" and says so by its own flag.
Source: the PHQ and GAD-7 instruction manual; the limits come with the instrument.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from reprieve.domain.outcomes.instrument import Band, Combination, Instrument, Item

Answers = Mapping[int, int | None]


class AnswerNotAllowed(ValueError):
    """An answer is not one of the printed choices, or belongs to no item."""

    def __init__(self, item: int, value: int | None) -> None:
        self.item = item
        self.value = value
        super().__init__(f"item {item} has no answer {value}")


class ScoreStatus(StrEnum):
    """How the total came about."""

    COMPLETE = "complete"
    PRORATED = "prorated"
    NOT_SCORABLE = "not_scorable"


class FlagKind(StrEnum):
    """Why a safety item asks for a person."""

    POSITIVE = "positive"
    NOT_ANSWERED = "not_answered"


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFlag:
    """A safety item that needs a person; `value` is None when it was not answered."""

    item: int
    kind: FlagKind
    value: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Result of one questionnaire. `total` and `band` are None exactly when it is not scorable."""

    instrument_id: str
    status: ScoreStatus
    total: int | None
    band: Band | None
    missing: tuple[int, ...]
    flags: tuple[ItemFlag, ...]


def score(instrument: Instrument, answers: Answers) -> Score:
    """Score one questionnaire; an item that is absent from `answers` was not answered.  Raises: AnswerNotAllowed."""
    _check(instrument, answers)
    missing = tuple(item.number for item in instrument.counted_items if answers.get(item.number) is None)
    total = _total(instrument, answers) if len(missing) <= instrument.scoring.max_missing else None
    return Score(
        instrument_id=instrument.id,
        status=_status(missing, total),
        total=total,
        band=None if total is None else instrument.band_of(total),
        missing=missing,
        flags=tuple(flag for item in instrument.items if (flag := _flag(item, answers.get(item.number)))),
    )


def rounded_half_up(numerator: int, denominator: int) -> int:
    """Nearest whole number of a non-negative fraction; a half goes up, towards the more severe total."""
    return (2 * numerator + denominator) // (2 * denominator)


def _total(instrument: Instrument, answers: Answers) -> int:
    values = [value for item in instrument.counted_items if (value := answers.get(item.number)) is not None]
    match instrument.scoring.combination:
        case Combination.SUM:
            return rounded_half_up(sum(values) * len(instrument.counted_items), len(values))
        case _:
            assert_never(instrument.scoring.combination)


def _status(missing: tuple[int, ...], total: int | None) -> ScoreStatus:
    if total is None:
        return ScoreStatus.NOT_SCORABLE
    return ScoreStatus.PRORATED if missing else ScoreStatus.COMPLETE


def _flag(item: Item, value: int | None) -> ItemFlag | None:
    if item.flag_from is None:
        return None
    if value is None:
        return ItemFlag(item=item.number, kind=FlagKind.NOT_ANSWERED, value=None)
    if value >= item.flag_from:
        return ItemFlag(item=item.number, kind=FlagKind.POSITIVE, value=value)
    return None


def _check(instrument: Instrument, answers: Answers) -> None:
    allowed = {item.number: item.allowed for item in instrument.items}
    for number, value in answers.items():
        if number not in allowed or (value is not None and value not in allowed[number]):
            raise AnswerNotAllowed(number, value)
