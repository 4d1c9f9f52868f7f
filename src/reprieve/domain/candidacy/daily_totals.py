"""A day's benzodiazepines and opioids as one equivalent, where several people name doses."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from reprieve.domain.candidacy.equivalents import DailyEquivalent, EquivalentTable, daily_equivalent
from reprieve.domain.candidacy.facts import Fact, Teller, state
from reprieve.domain.candidacy.from_chart import Definitions

_DECIMALS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Dose:
    """What one teller says that a person takes of one drug a day; `mg` None: without a dose."""

    drug: str
    mg: float | None
    certain: bool
    said_by: Teller
    said_on: date | None


def total_facts(
    doses: Sequence[Dose], tables: tuple[EquivalentTable, ...], definitions: Definitions, *, low: str, high: str
) -> Iterator[Fact]:
    """The total with every drug at the highest dose that anybody names, and the lower total of who names less.

    Nothing without a drug of the class, with one that may be another drug, without a dose, or in no table.
    """
    by_teller = {teller: _doses_of(teller, doses) for teller in dict.fromkeys(dose.said_by for dose in doses)}
    highest = _highest(by_teller)
    if not doses or highest is None or not all(dose.certain for dose in doses):
        return
    total = daily_equivalent(highest, tables)
    views = {teller: daily_equivalent(highest | _known(named), tables) for teller, named in by_teller.items()}
    totals = {teller: own for teller, own in views.items() if own is not None}
    if total is None:
        return
    days = {dose.said_by: dose.said_on for dose in doses}
    first = max(totals, key=lambda teller: totals[teller].high_mg)
    yield _fact(definitions, low, total.low_mg, total, first, days[first])
    yield _fact(definitions, high, total.high_mg, total, first, days[first])
    for teller, own in totals.items():
        if teller is not first and own.high_mg != total.high_mg:
            yield _fact(definitions, high, own.high_mg, own, teller, days[teller])


def _doses_of(teller: Teller, doses: Sequence[Dose]) -> dict[str, float | None]:
    """What one teller names in all; a drug without a dose in one of the entries is without a dose."""
    found: dict[str, float | None] = {}
    for dose in (dose for dose in doses if dose.said_by is teller):
        held = found.get(dose.drug, 0.0)
        found[dose.drug] = None if held is None or dose.mg is None else held + dose.mg
    return found


def _known(named: dict[str, float | None]) -> dict[str, float]:
    return {drug: mg for drug, mg in named.items() if mg is not None}


def _highest(by_teller: dict[Teller, dict[str, float | None]]) -> dict[str, float] | None:
    """Each drug at the highest dose named; None where nobody names the dose of one."""
    found: dict[str, float] = {}
    for drug in dict.fromkeys(drug for known in by_teller.values() for drug in known):
        named = [mg for known in by_teller.values() if (mg := known.get(drug)) is not None]
        if not named:
            return None
        found[drug] = max(named)
    return found


def _fact(
    definitions: Definitions, key: str, mg: float, total: DailyEquivalent, teller: Teller, told_on: date | None
) -> Fact:
    detail = tuple(f"{table}={size:g}" for table, size in sorted(total.by_table.items()))
    return state(definitions[key], round(mg, _DECIMALS), said_by=teller, said_on=told_on, detail=detail, lasts=True)
