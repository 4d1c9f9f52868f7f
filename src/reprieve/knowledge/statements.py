"""Statements that no rule decides: facts about the drug, definitions, elements of consent, with numbers and sources."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from reprieve.domain.quantities.sources import Source
from reprieve.knowledge.loader import read_toml
from reprieve.knowledge.schema import Sourced, read_source, read_sourced


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One sentence or two in our words. `values` are its numbers by name, each with unit and source."""

    id: str
    text: str
    values: Mapping[str, Sourced]
    source: Source


@cache
def drug_facts() -> Mapping[str, Statement]:
    """FACT-01 to FACT-12."""
    return _statements("drug_facts.toml")


@cache
def definitions() -> Mapping[str, Statement]:
    """What treatment resistance means, step therapy, coverage, the safety net."""
    return _statements("indications/definitions.toml")


@cache
def consent_elements() -> Mapping[str, Statement]:
    """CONS-01 to CONS-15; each is recorded on its own."""
    return _statements("workup/consent.toml")


def _statements(path: str) -> Mapping[str, Statement]:
    return MappingProxyType({table["id"]: _statement(table, path) for table in read_toml(path)["statement"]})


def _statement(table: Mapping[str, Any], path: str) -> Statement:
    """Raises: KnowledgeError naming the place."""
    where = f"{path}#{table['id']}"
    return Statement(
        id=table["id"],
        text=table["text"],
        values={name: read_sourced(entry, f"{where}.{name}") for name, entry in table.get("values", {}).items()},
        source=read_source(table, where),
    )
