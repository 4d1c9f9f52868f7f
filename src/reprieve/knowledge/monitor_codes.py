"""What bedside monitors send, from `knowledge/terminology/mdc.toml`."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from reprieve.domain.quantities.sources import Source
from reprieve.knowledge.loader import read_toml
from reprieve.knowledge.schema import KnowledgeError, read_source


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One thing a monitor measures. `charted` is the vital sign it becomes; None is understood and not charted.

    `method` keeps numbers of one measurement together; `rank` 1 wins between two methods at one instant.
    """

    code: str
    name: str
    loinc: tuple[str, ...]
    unit: str
    charted: str | None
    method: str
    rank: int
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitorCodes:
    """The tables together, each keyed as monitors spell it."""

    metrics: Mapping[str, Metric]
    by_loinc: Mapping[str, Metric]
    ucum_of: Mapping[str, str]
    absent_texts: frozenset[str]
    absent_numbers: frozenset[float]
    signal_quality_code: str


@cache
def load_monitor_codes() -> MonitorCodes:
    """The shipped tables.  Raises: KnowledgeError."""
    return monitor_codes(read_toml("terminology/mdc.toml"))


def monitor_codes(document: Mapping[str, Any]) -> MonitorCodes:
    """The tables of a document of this form.  Raises: KnowledgeError."""
    metrics = {code: _metric(code, table) for code, table in document["metrics"].items()}
    absent = document["absent"]
    read_source(absent, "absent")
    return MonitorCodes(
        metrics=MappingProxyType(metrics),
        by_loinc=MappingProxyType({loinc: metric for metric in metrics.values() for loinc in metric.loinc}),
        ucum_of=MappingProxyType(_spellings(document["units"])),
        absent_texts=frozenset(absent["texts"]),
        absent_numbers=frozenset(float(number) for number in absent["numbers"]),
        signal_quality_code=document["signal_quality"]["code"],
    )


def _metric(code: str, table: Mapping[str, Any]) -> Metric:
    return Metric(
        code=code,
        name=table["name"],
        loinc=tuple(table["loinc"]),
        unit=table["unit"],
        charted=table.get("charted"),
        method=table["method"],
        rank=table["rank"],
        source=read_source(table, f"metrics.{code}"),
    )


def _spellings(table: Mapping[str, list[str]]) -> dict[str, str]:
    spellings: dict[str, str] = {}
    for ucum, others in table.items():
        for spelling in (ucum, *others):
            if spellings.setdefault(spelling, ucum) != ucum:
                raise KnowledgeError(f"units.{ucum}", f"{spelling!r} already means {spellings[spelling]}")
    return spellings
