"""The LOINC codes that we read from other records (`terminology/observations.toml`)."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from reprieve.domain.quantities.measurements import MeasurementCode, MeasurementKind
from reprieve.knowledge.loader import read_toml
from reprieve.knowledge.schema import KnowledgeError, read_source
from reprieve.knowledge.values import number

FILE = "terminology/observations.toml"


@cache
def measurement_codes() -> Mapping[str, MeasurementCode]:
    """Every code by its LOINC number, in the order of the file.  Raises: KnowledgeError."""
    codes = [read_code(entry, f"{FILE}:{name}") for name, entry in read_toml(FILE).items()]
    return MappingProxyType({code.loinc: code for code in codes})


def read_code(entry: Mapping[str, Any], where: str) -> MeasurementCode:
    """One entry of the file.  Raises: KnowledgeError naming the entry."""
    read_source(entry, where)
    try:
        return MeasurementCode(
            loinc=entry["loinc"],
            title=entry["title"],
            kind=MeasurementKind(entry["kind"]),
            unit=entry.get("unit", ""),
            lowest=entry.get("lowest"),
            highest=entry.get("highest"),
            whole=entry.get("whole", False),
            also_written=entry.get("also_written", {}),
            molar_mass_g_per_mol=_molar_mass(entry, where),
        )
    except (KeyError, ValueError) as problem:
        raise KnowledgeError(where, str(problem)) from problem


def _molar_mass(entry: Mapping[str, Any], where: str) -> float | None:
    return number(entry, "molar_mass", unit="g/mol", where=where) if "molar_mass" in entry else None
