"""How the live record is drawn before its script runs, and without it."""

from datetime import datetime
from typing import Any

from django import template
from django.utils.translation import gettext_lazy as _

from reprieve.domain.session.observation_events import RescueKind

register = template.Library()

_LEVEL_WORDS = {"CAUTION": _("Caution"), "STOP": _("Stop"), "EMERGENCY": _("Emergency")}
_LEVEL_STARS = {"CAUTION": "*", "STOP": "**", "EMERGENCY": "***"}
_LEVEL_ICONS = {"CAUTION": "alert-circle", "STOP": "alert-triangle", "EMERGENCY": "alert-octagon"}
_MISSING = "–"
_RESCUE_WORDS = {
    RescueKind.BENZODIAZEPINE: _("Benzodiazepine"),
    RescueKind.OPIOID: _("Opioid"),
    RescueKind.ANTIHYPERTENSIVE_IV: _("Blood pressure, IV"),
    RescueKind.ANTIEMETIC: _("Antiemetic"),
    RescueKind.OTHER: _("Other"),
}


@register.filter
def instant(text: str | datetime | None) -> datetime | None:
    """An ISO instant of `live.json` as the clock filters want it."""
    return datetime.fromisoformat(text) if isinstance(text, str) else text


@register.filter
def age_words(seconds: float | None) -> str:
    """`45 s`, `6 min`, `1 h 05`: how old a value is."""
    if seconds is None:
        return _MISSING
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole} s"
    minutes = whole // 60
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02d}"


@register.filter
def is_stale(latest: dict[str, Any] | None) -> bool:
    """Older than the server lets a value of its kind pass as current."""
    if not latest or latest.get("stale_after_s") is None:
        return False
    return bool(latest["age_s"] > latest["stale_after_s"])


@register.filter
def figure(latest: dict[str, Any] | None) -> str:
    """`142/88` or `97`; a dash where nothing was ever measured."""
    if not latest:
        return _MISSING
    if "sbp" in latest:
        return f"{_number(latest['sbp'])}/{_number(latest['dbp'])}"
    return _number(latest.get("v"))


@register.filter
def level_word(level: str) -> str:
    return str(_LEVEL_WORDS[level])


@register.filter
def level_stars(level: str) -> str:
    """Priority as monitors print it: one, two or three asterisks (IEC 60601-1-8 practice)."""
    return _LEVEL_STARS[level]


@register.filter
def level_icon(level: str) -> str:
    """A shape of its own for each level, so that colour is never alone."""
    return _LEVEL_ICONS[level]


@register.simple_tag
def rescue_kinds() -> list[tuple[str, str]]:
    """Kinds of rescue medicine; the first three lengthen observation (DIS-TIME-EXTRA)."""
    return [(kind.value, str(_RESCUE_WORDS[kind])) for kind in RescueKind]


@register.filter
def from_zero(highest: int) -> range:
    """The steps of a numeric rating scale, 0 to the highest."""
    return range(highest + 1)


def _number(value: float | None) -> str:
    return _MISSING if value is None else f"{value:g}"
