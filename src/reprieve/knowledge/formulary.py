"""Products, diluents and bags, from `knowledge/formulary/*.toml`."""

from collections.abc import Mapping
from decimal import Decimal
from functools import cache

from reprieve.domain.dosing.preparation import Vial
from reprieve.knowledge.loader import read_toml
from reprieve.knowledge.schema import read_source
from reprieve.knowledge.values import decimal


@cache
def vials() -> Mapping[str, Vial]:
    """Vials of racemic ketamine by id (PREP-VIAL)."""
    return {
        entry["id"]: Vial(
            id=entry["id"],
            mg_per_ml=decimal(entry, "strength", unit="mg/mL", where=entry["id"]),
            volume_ml=decimal(entry, "volume", unit="mL", where=entry["id"]),
        )
        for entry in read_toml("formulary/ketamine.toml")["vial"]
    }


@cache
def diluents() -> Mapping[str, str]:
    """Names of the diluents by id, first choice first (PREP-BAG)."""
    entries = read_toml("formulary/diluents.toml")["diluent"]
    for entry in entries:
        read_source(entry, entry["id"])
    return {entry["id"]: entry["title"] for entry in entries}


@cache
def bag_volumes_ml() -> tuple[Decimal, ...]:
    """Bag sizes a dose can be put in (PREP-BAG, PREP-CONC)."""
    bags = read_toml("formulary/diluents.toml")["bag"]
    return tuple(decimal(bag, "volume", unit="mL", where="bag") for bag in bags)
