"""How numbers and instants are shown, everywhere the same."""

from datetime import date, datetime
from decimal import Decimal

from django import template
from django.utils import timezone

register = template.Library()
_MISSING = "–"


@register.filter
def clock(at: datetime | None) -> str:
    """`14:05` in the clinic's zone."""
    return _MISSING if at is None else timezone.localtime(at).strftime("%H:%M")


@register.filter
def day(on: date | datetime | None) -> str:
    """`3 Mar 2026`."""
    if on is None:
        return _MISSING
    local = timezone.localtime(on) if isinstance(on, datetime) else on
    return f"{local.day} {local.strftime('%b %Y')}"


@register.filter
def moment(at: datetime | None) -> str:
    """`3 Mar 2026, 14:05`."""
    return _MISSING if at is None else f"{day(at)}, {clock(at)}"


@register.filter
def plain(value: object) -> str:
    """A number without needless zeros, since 36.0 mg is misread as 360 mg; a dash where nothing is known.

    Source: the Joint Commission's "Do Not Use" list forbids a trailing zero in orders of medicine.
    """
    if value is None or value == "":
        return _MISSING
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return f"{value:g}" if isinstance(value, float) else str(value)
