"""Where sources disagree: both values, what the program uses and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from reprieve.knowledge.loader import read_toml, sources
from reprieve.knowledge.schema import KnowledgeError

_FILE = "conflicts.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the two values, in words, with the keys of its sources."""

    value: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceConflict:
    """A disagreement between sources. `default` is what the program uses; `why` is the reason of the choice."""

    id: str
    topic: str
    a: Side
    b: Side
    default: str
    why: str


@cache
def conflicts() -> Mapping[str, SourceConflict]:
    """Every conflict by id, in the order of the file.  Raises: KnowledgeError."""
    return MappingProxyType({table["id"]: _conflict(table) for table in read_toml(_FILE)["conflict"]})


def _conflict(table: Mapping[str, Any]) -> SourceConflict:
    where = f"{_FILE}#{table['id']}"
    return SourceConflict(
        id=table["id"],
        topic=table["topic"],
        a=_side(table, "a", where),
        b=_side(table, "b", where),
        default=table["default"],
        why=table["why"],
    )


def _side(table: Mapping[str, Any], letter: str, where: str) -> Side:
    keys = tuple(table[f"source_{letter}"])
    missing = [key for key in keys if key not in sources()]
    if missing or not keys:
        raise KnowledgeError(where, f"source keys {missing or 'none'} are not in sources.toml")
    return Side(value=table[f"value_{letter}"], sources=keys)
