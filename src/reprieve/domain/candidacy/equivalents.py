"""Daily doses as mg of a reference drug by each published table: diazepam (BEQ-RULE), oral morphine (DDI-OPI-HI)."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class EquivalentDose:
    """The dose of one drug that equals 10 mg of the reference drug; some tables give a range."""

    lower_mg: float
    upper_mg: float

    def __post_init__(self) -> None:
        if not 0 < self.lower_mg <= self.upper_mg:
            raise ValueError("an equivalent dose is positive and its range is ordered")


@dataclass(frozen=True, slots=True, kw_only=True)
class EquivalentTable:
    """One published table under its own name, by ingredient."""

    name: str
    doses: Mapping[str, EquivalentDose]


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyEquivalent:
    """Totals in mg of the reference drug a day: smallest and largest, and the highest of each table that lists all."""

    low_mg: float
    high_mg: float
    by_table: Mapping[str, float]


def daily_equivalent(
    daily_doses_mg: Mapping[str, float], tables: tuple[EquivalentTable, ...]
) -> DailyEquivalent | None:
    """Totals for a day's doses by ingredient; None when a drug is in no table.

    A drug that one table does not list is counted there by the other table's value, and the total is then not called
    by the name of a table that does not know the drug.
    """
    if any(not _listed(drug, tables) for drug in daily_doses_mg):
        return None
    lows, highs = [], {}
    for table in tables:
        doses = {drug: table.doses.get(drug) or _listed(drug, tables)[0] for drug in daily_doses_mg}
        lows.append(sum(mg * 10 / doses[drug].upper_mg for drug, mg in daily_doses_mg.items()))
        highs[table.name] = sum(mg * 10 / doses[drug].lower_mg for drug, mg in daily_doses_mg.items())
    own = {table.name: highs[table.name] for table in tables if daily_doses_mg.keys() <= table.doses.keys()}
    return DailyEquivalent(low_mg=min(lows), high_mg=max(highs.values()), by_table=MappingProxyType(own))


def _listed(drug: str, tables: tuple[EquivalentTable, ...]) -> list[EquivalentDose]:
    return [table.doses[drug] for table in tables if drug in table.doses]
