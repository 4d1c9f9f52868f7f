"""HL7 timestamps: `YYYYMMDDHHMM[SS[.SSSS]][+ZZZZ]`."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache

_STAMP = re.compile(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?(?:\.(\d{1,6})|(\d{3}))?([+-]\d{4})?")


class BadTime(ValueError):
    """The text is no instant to the minute."""


def has_offset(text: str) -> bool:
    """True when the stamp says its own distance from UTC."""
    return text[-5:-4] in {"+", "-"}


@lru_cache(maxsize=4096)
def read_time(text: str, zone: tzinfo) -> datetime:
    """The instant in UTC; `zone` is the site's and is used only where the stamp has no offset.

    Milliseconds are read after a point and, as some monitors write them, without one. Remembered, because all rows of
    a message carry the same few stamps.  Raises: BadTime.
    """
    match = _STAMP.fullmatch(text)
    if match is None:
        raise BadTime(text)
    *calendar, seconds, fraction, millis, offset = match.groups()
    year, month, day, hour, minute = (int(part) for part in calendar)
    micros = int((fraction or millis or "0").ljust(6, "0"))
    try:
        stamp_zone = _offset_zone(offset) if offset else zone
        local = datetime(year, month, day, hour, minute, int(seconds or "0"), micros, tzinfo=stamp_zone)
    except ValueError:
        raise BadTime(text) from None
    return local.astimezone(UTC)


def write_time(at: datetime) -> str:
    """An aware instant with its offset, to the second."""
    return at.strftime("%Y%m%d%H%M%S%z")


def _offset_zone(text: str) -> timezone:
    hours, minutes = int(text[1:3]), int(text[3:5])
    sign = -1 if text[0] == "-" else 1
    return timezone(sign * timedelta(hours=hours, minutes=minutes))
