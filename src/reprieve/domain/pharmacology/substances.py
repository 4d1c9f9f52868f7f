"""Ketamine and its metabolites: molar masses of the free base."""

from collections.abc import Mapping

_MOLAR_MASSES: Mapping[str, float] = {
    "ketamine": 237.73,
    "norketamine": 223.70,
    "dehydronorketamine": 221.68,
    "hydroxynorketamine": 239.70,
}


def molar_mass_g_per_mol(analyte: str) -> float:
    """Of `ketamine`, `S-norketamine`, ...  Raises: KeyError for a substance that is none of the four."""
    return _MOLAR_MASSES[analyte.removeprefix("S-").removeprefix("R-")]
