"""Values of facts, and what stands behind them, for people."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext, ngettext

from reprieve.domain.quantities.interval import Interval
from reprieve.knowledge.candidacy import fact_definitions
from reprieve.knowledge.loader import sources

_UNITS = {"mm[Hg]": "mmHg", "{score}": "", "{#}": "", "a": "years", "mo": "months", "kg/m2": "kg/m²", "wk": "weeks"}


def shown_detail(parts: Iterable[str]) -> str:
    """Codes, drugs, tables (`ASHTON=40`) and the number of readings (`n=2`) behind a fact."""
    return ", ".join(_part(part) for part in parts)


def _part(part: str) -> str:
    name, mark, number = part.partition("=")
    if not mark:
        return part
    if name == "n":
        return ngettext("%(n)s reading", "%(n)s readings", int(number)) % {"n": number}
    return f"{_table(name)}: {number} mg"


def _table(name: str) -> str:
    """A table of equivalents by what it is called, else by its source, else by its key."""
    if name.startswith("CDC") and name[3:].isdigit():
        return gettext("CDC factors of 20%(year)s") % {"year": name[3:]}
    source = sources().get(name)
    return source.citation.split(":")[0] if source else name


def shown_unit(key: str) -> str:
    """The unit of a number as people write it; empty for scores, counts and anything else."""
    unit = fact_definitions()[key].unit if key in fact_definitions() else ""
    return _UNITS.get(unit, unit)


def show_value(key: str, value: object) -> str:
    """A fact's value for people: Yes, No, 146 mmHg, < 70 mg/dL, Not known; an interval also as a record keeps it."""
    if value is None:
        return "Not known"
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, Mapping):
        value = Interval.of_ends(value)
    if isinstance(value, Interval):
        return f"{value} {shown_unit(key)}".strip()
    if isinstance(value, int | float):
        return f"{value:g} {shown_unit(key)}".strip()
    return str(value).replace("_", " ").capitalize()
