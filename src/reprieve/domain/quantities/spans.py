"""Minutes, days and years between aware instants. The clock is always an argument."""

from datetime import date, datetime


class NaiveInstant(ValueError):
    """An instant without a time zone is not an instant."""


def require_aware(at: datetime) -> datetime:
    """`at` itself.  Raises: NaiveInstant."""
    if at.tzinfo is None or at.utcoffset() is None:
        raise NaiveInstant(f"{at.isoformat()} has no time zone")
    return at


def minutes_between(start_at: datetime, end_at: datetime) -> float:
    """Minutes from `start_at` to `end_at`, negative when the end is earlier.  Raises: NaiveInstant."""
    return (require_aware(end_at) - require_aware(start_at)).total_seconds() / 60.0


def age_years(born_on: date, *, on: date) -> int:
    """Completed years of age on a day; somebody born on 29 February has a birthday on 1 March in other years.

    Raises: ValueError when `on` is before birth.
    """
    if on < born_on:
        raise ValueError(f"{on} is before birth on {born_on}")
    return on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))
