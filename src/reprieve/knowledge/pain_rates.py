"""Pain regimens that are given by rate, from `knowledge/regimens/pain_iv.toml`."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from reprieve.domain.dosing.pain_rates import PainRate
from reprieve.knowledge.loader import read_toml
from reprieve.knowledge.schema import read_source
from reprieve.knowledge.values import decimal


@cache
def pain_rates() -> Mapping[str, PainRate]:
    """Every such regimen by id.  Raises: KnowledgeError."""
    return {entry["id"]: _rate(entry) for entry in read_toml("regimens/pain_iv.toml")["regimen"]}


def _rate(entry: Mapping[str, Any]) -> PainRate:
    where = entry["id"]
    return PainRate(
        id=entry["id"],
        rate_mg_per_kg_per_h=decimal(entry, "rate", unit="mg/kg/h", where=where),
        highest_mg_per_h=decimal(entry, "highest_rate", unit="mg/h", where=where),
        duration_h=decimal(entry, "duration", unit="h", where=where),
        day_offsets=tuple(entry["days"]),
        source=read_source(entry, where),
    )
