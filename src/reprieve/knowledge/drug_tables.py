"""The rows of the drug tables under their ids: minimum antidepressant doses, equivalents, and published lists."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from reprieve.domain.candidacy.chart_map import Ingredient
from reprieve.domain.quantities.sources import Source
from reprieve.knowledge.chart_map import drug_lists
from reprieve.knowledge.loader import read_toml
from reprieve.knowledge.schema import read_source

_TRIALS = "indications/adequate_trials.toml"
_INGREDIENTS = "interactions/ingredients.toml"
_EQUIVALENTS = ("interactions/benzodiazepine_equivalents.toml", "interactions/opioid_equivalents.toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRow:
    """One row in a sentence, or a list of drugs."""

    id: str
    statement: str
    source: Source
    drugs: tuple[Ingredient, ...] = ()


@cache
def drug_table_rows() -> Mapping[str, TableRow]:
    """Every row by its id."""
    rows = (*_minimum_doses(), *(row for path in _EQUIVALENTS for row in _equivalents(path)), *_published())
    return MappingProxyType({row.id: row for row in rows})


def _minimum_doses() -> Iterator[TableRow]:
    table = read_toml(_TRIALS)["minimum_daily_dose"]
    for row in table["row"]:
        lower, upper = row["usual"]
        usual = f"{lower:g}" if lower == upper else f"{lower:g} to {upper:g}"
        others = "".join(f" (others: {other:g})" for other in row.get("others", ()))
        yield TableRow(
            id=row["id"],
            statement=f"{row['drug']} ({row['class']}): a trial is adequate from {row['minimum']:g} {table['unit']} "
            f"a day{others}; usual are {usual}.",
            source=read_source(table, f"{_TRIALS}#{row['id']}"),
        )


def _equivalents(path: str) -> Iterator[TableRow]:
    table = read_toml(path)
    source = read_source(table, f"{path}#{table['id']}")
    names = " and ".join(table["tables"])
    yield TableRow(id=table["id"], statement=f"Daily doses as {table['reference']}, by {names}.", source=source)
    for row in (row for row in table["row"] if "id" in row):
        said = ", ".join(_by_table(row, name, table["unit"]) for name in table["tables"])
        reference = table["reference_dose"]
        statement = f"{row['drug']}: {said} equal {reference['value']:g} {reference['unit']} of {table['reference']}."
        yield TableRow(id=row["id"], statement=statement, source=source)


def _by_table(row: Mapping[str, Any], name: str, unit: str) -> str:
    if name not in row:
        return f"not listed by {name}"
    given = row[name]
    size = " to ".join(f"{end:g}" for end in given) if isinstance(given, list) else f"{given:g}"
    return f"{size} {unit} by {name}"


def _published() -> Iterator[TableRow]:
    for name, entry in read_toml(_INGREDIENTS)["lists"].items():
        source = read_source(entry, f"{_INGREDIENTS}#{name}")
        yield TableRow(id=name, statement="A list as it was published.", source=source, drugs=drug_lists()[name])
