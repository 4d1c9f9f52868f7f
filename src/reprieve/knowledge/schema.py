"""The shape that every clinical value has in a knowledge file: `{value, unit, source, confidence}`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reprieve.domain.quantities.sources import Confidence, Source
from reprieve.domain.quantities.units import convert, unit
from reprieve.knowledge.loader import sources


class KnowledgeError(ValueError):
    """A knowledge file breaks its schema; `where` is the path inside it. It ships with us, so this is a bug."""

    def __init__(self, where: str, problem: str) -> None:
        self.where = where
        super().__init__(f"{where}: {problem}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sourced:
    """A number with its UCUM unit and where it comes from."""

    value: float
    unit: str
    source: Source

    def in_unit(self, code: str) -> float:
        """The number in another unit of the same dimension.  Raises: UnknownUnit, IncompatibleUnits."""
        return convert(self.value, self.unit, code)


def read_source(table: Mapping[str, Any], where: str) -> Source:
    """`source` (one key or a list) and `confidence` of a table.  Raises: KnowledgeError."""
    named = table.get("source", ())
    keys = (named,) if isinstance(named, str) else tuple(named)
    missing = [key for key in keys if key not in sources()]
    if missing or not keys:
        raise KnowledgeError(where, f"source keys {missing or 'none'} are not in sources.toml")
    try:
        return Source(keys=keys, confidence=Confidence(table["confidence"]))
    except (KeyError, ValueError):
        raise KnowledgeError(where, f"confidence is one of {[str(known) for known in Confidence]}") from None


def read_sourced(table: Mapping[str, Any], where: str) -> Sourced:
    """A `{value, unit, source, confidence}` table.  Raises: KnowledgeError, UnknownUnit."""
    value = table.get("value")
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise KnowledgeError(where, "value must be a number")
    return Sourced(value=float(value), unit=unit(str(table.get("unit"))).code, source=read_source(table, where))
