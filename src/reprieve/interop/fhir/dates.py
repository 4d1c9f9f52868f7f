"""FHIR dates as precise as the source knew them. No day is ever invented.

- A year or a month (`2019`, `2019-05`) is not a day: `day_of` says so and the caller keeps the row without a date, or
  leaves it out where the row means nothing without one.
- The day of an instant is the day its author wrote (`2019-05-03T23:30:00-04:00` is 3 May).
- An instant without a zone is refused: it may be a day off. A plain day is kept at noon UTC, which is that same
  calendar day in every zone from UTC-12 to UTC+11.
"""

from datetime import UTC, date, datetime
from enum import Enum, auto

_DAY_LENGTH = len("2019-05-03")
_NOON = 12


class Imprecise(Enum):
    """Why a date could not be kept."""

    PARTIAL = auto()
    INVALID = auto()
    NO_ZONE = auto()


def day_of(text: str) -> date | Imprecise | None:
    """The calendar day, None when nothing is written, `Imprecise` for a year, a month or nonsense."""
    if not text:
        return None
    try:
        return date.fromisoformat(text[:_DAY_LENGTH])
    except ValueError:
        return Imprecise.PARTIAL if _is_year_or_month(text) else Imprecise.INVALID


def instant_of(text: str) -> datetime | Imprecise:
    """The instant in UTC, or why there is none."""
    day = day_of(text)
    if not isinstance(day, date):
        return day or Imprecise.INVALID
    if len(text) == _DAY_LENGTH:
        return datetime(day.year, day.month, day.day, _NOON, tzinfo=UTC)
    try:
        at = datetime.fromisoformat(text)
        return at.astimezone(UTC) if at.tzinfo is not None else Imprecise.NO_ZONE
    except (ValueError, OverflowError):
        return Imprecise.INVALID


def _is_year_or_month(text: str) -> bool:
    parts = text.split("-")
    widths = [len(part) for part in parts]
    return widths in ([4], [4, 2]) and all(part.isdecimal() for part in parts)
