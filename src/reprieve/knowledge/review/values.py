"""Every value in every file: does its source exist, is its unit one that we read, is its confidence stated?"""

from collections.abc import Iterator, Mapping
from typing import Any

from reprieve.domain.quantities.sources import Confidence
from reprieve.domain.quantities.units import UNITS
from reprieve.knowledge.review.problem import Problem

Documents = Mapping[str, Mapping[str, Any]]
SOURCES = "sources.toml"
_CONFIDENCES = {str(confidence) for confidence in Confidence}


def value_problems(documents: Documents) -> Iterator[Problem]:
    """KN-SOURCE, KN-UNIT, KN-CONFIDENCE, KN-CITATION and KN-UNUSED-SOURCE over all documents by path."""
    known, used = set(documents.get(SOURCES, {})), set[str]()
    for path, document in documents.items():
        if path == SOURCES:
            continue
        for where, table in _tables(document, path):
            used |= set(_keys(table))
            yield from _of_table(where, table, known)
    for key, entry in documents.get(SOURCES, {}).items():
        if not str(entry.get("citation", "")).strip():
            yield Problem(code="KN-CITATION", where=f"{SOURCES}#{key}", sentence="The source has no citation.")
    for key in sorted(known - used):
        yield Problem(code="KN-UNUSED-SOURCE", where=f"{SOURCES}#{key}", sentence="No value names this source.")


def _of_table(where: str, table: Mapping[str, Any], known: set[str]) -> Iterator[Problem]:
    for key in _keys(table):
        if key not in known:
            yield Problem(code="KN-SOURCE", where=where, sentence=f"The source {key!r} is not in {SOURCES}.")
    if "value" in table and "unit" in table and table["unit"] not in UNITS:
        yield Problem(code="KN-UNIT", where=where, sentence=f"The unit {table['unit']!r} is not one that we read.")
    if "value" in table and "unit" in table and not _keys(table):
        yield Problem(code="KN-SOURCE", where=where, sentence="The value names no source.")
    if _keys(table) and str(table.get("confidence")) not in _CONFIDENCES:
        yield Problem(code="KN-CONFIDENCE", where=where, sentence="The confidence is missing or not one of ours.")


def _keys(table: Mapping[str, Any]) -> tuple[str, ...]:
    named = table.get("source", ())
    if isinstance(named, str):
        return (named,)
    return tuple(named) if isinstance(named, list | tuple) else ()


def _tables(node: Any, where: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every table of a document with its place; a row with an `id` is named by it."""
    if isinstance(node, Mapping):
        yield where, node
        for key, child in node.items():
            yield from _tables(child, f"{where}#{key}" if "#" not in where else f"{where}.{key}")
    elif isinstance(node, list):
        for index, child in enumerate(node):
            name = child.get("id", index) if isinstance(child, Mapping) else index
            yield from _tables(child, f"{where}[{name}]")
