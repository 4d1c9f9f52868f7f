"""What changes exposure to ketamine, from `knowledge/exposure/changes.toml`, and where each model takes it."""

from collections.abc import Iterable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from reprieve.domain.pharmacology.exposure import ExposureChange, ExposureTargets, age_change
from reprieve.domain.pharmacology.exposure_told import AgeBand, KnownDirection
from reprieve.domain.pharmacology.linear_model import Route
from reprieve.domain.pharmacology.well_stirred import Liver
from reprieve.domain.quantities.findings import Severity
from reprieve.domain.quantities.sources import Confidence, Source
from reprieve.knowledge.kinetics import load_model
from reprieve.knowledge.loader import read_toml
from reprieve.knowledge.schema import KnowledgeError, Sourced, read_source, read_sourced
from reprieve.knowledge.values import number

_FILE = "exposure/changes.toml"
_FACTORS = ("oral_auc", "iv_auc", "nasal_auc", "norketamine_auc")


@cache
def exposure_changes() -> Mapping[str, ExposureChange]:
    """Every change by id.  Raises: KnowledgeError."""
    return MappingProxyType({row["id"]: exposure_change(row) for row in read_toml(_FILE)["change"]})


def changes_of_ingredients(ingredients: Iterable[str]) -> tuple[ExposureChange, ...]:
    """The changes of the medicines that a person takes, by ingredient name, in the order of the file."""
    taken = frozenset(ingredients)
    rows = read_toml(_FILE)["change"]
    return tuple(exposure_changes()[row["id"]] for row in rows if taken & frozenset(row.get("ingredients", ())))


def directions_of_ingredients(ingredients: Iterable[str]) -> tuple[KnownDirection, ...]:
    """What is known by direction only of the medicines that a person takes.  Raises: KnowledgeError."""
    taken = frozenset(ingredients)
    return tuple(
        KnownDirection(id=row["id"], route=Route(row["route"]), text=row["text"], source=read_source(row, row["id"]))
        for row in read_toml(_FILE)["direction"]
        if taken & frozenset(row["ingredients"])
    )


@cache
def ingredients_with_effect() -> tuple[str, ...]:
    """Every medicine of which a change or a direction is known, in the order of the file."""
    table = read_toml(_FILE)
    rows = (*table["change"], *table["direction"])
    return tuple(dict.fromkeys(name for row in rows for name in row.get("ingredients", ())))


@cache
def age_bands() -> tuple[AgeBand, ...]:
    """Older over younger adults in the label.  Raises: KnowledgeError."""
    return tuple(
        AgeBand(
            id=row["id"],
            from_age_y=number(row, "from_age", unit="a", where=row["id"]),
            cmax=number(row, "cmax", unit="1", where=row["id"]),
            auc=number(row, "auc", unit="1", where=row["id"]),
            source=read_source(row["auc"], row["id"]),
        )
        for row in read_toml(_FILE)["band"]
    )


@cache
def targets_of(model_id: str) -> ExposureTargets:
    """Which parameters of a model carry exposure; its `[exposure]` table.  Raises: KnowledgeError."""
    return exposure_targets(read_toml(f"kinetics/{model_id}.toml"))


def exposure_targets(document: Mapping[str, Any]) -> ExposureTargets:
    """The table of one model file; empty where it has none.  Raises: KnowledgeError for a name that is no parameter."""
    table = document.get("exposure", {})
    liver = table.get("liver")
    targets = ExposureTargets(
        clearance=tuple(table.get("clearance", ())),
        oral_fraction=tuple(table.get("oral_fraction", ())),
        norketamine_clearance=tuple(table.get("norketamine_clearance", ())),
        liver=None if liver is None else _liver(liver),
    )
    stray = sorted(_names(targets) - set(document["parameters"]))
    if stray:
        raise KnowledgeError(f"{document['id']}.exposure", f"{stray[0]} is not a parameter")
    return targets


def _liver(table: Mapping[str, Any]) -> Liver:
    return Liver(
        intrinsic=tuple(table["intrinsic"]),
        flow=table["flow"],
        volume=table["volume"],
        gut=table["gut"],
        nasal=table.get("nasal"),
    )


@cache
def exploratory_band_factor() -> float:
    """An exploratory analyte is shown with a band that reaches so many times below and above at least."""
    return number(read_toml("exposure/exploratory.toml"), "band_factor", unit="1", where="exploratory")


def age_change_by_vein(age_y: float) -> ExposureChange | None:
    """The fall of liver flow with age, for models that know no age; None at 60 and below.  Raises: KnowledgeError."""
    return age_change_of(read_toml(_FILE)["age"], age_y=age_y)


def age_change_of(table: Mapping[str, Any], *, age_y: float) -> ExposureChange | None:
    """The same from an `[age]` table.  Raises: KnowledgeError for a model without a liver."""
    targets = targets_of(table["model"])
    if targets.liver is None:
        raise KnowledgeError("age", f"{table['model']} has no liver")
    return age_change(
        load_model(table["model"]),
        targets.liver,
        age_y=age_y,
        from_age_y=number(table, "from_age", unit="a", where="age"),
        flow_per_year=table["flow_per_year"],
        source=Source(keys=read_source(table["from_age"], "age").keys, confidence=Confidence.POLICY),
    )


def exposure_change(row: Mapping[str, Any]) -> ExposureChange:
    """One `[[change]]`; as sure as the least sure of its factors, where the nasal one has a source of its own.

    Raises: KnowledgeError.
    """
    given = {key: read_sourced(row[key], f"{row['id']}.{key}") for key in _FACTORS if key in row}
    applied = [sourced for key, sourced in given.items() if key != "nasal_auc"]
    return ExposureChange(
        id=row["id"],
        source=_weakest(applied) if applied else read_source(row, row["id"]),
        nasal_source=given["nasal_auc"].source if "nasal_auc" in given else None,
        severity=Severity(row.get("severity", Severity.CAUTION)),
        note=row.get("note", ""),
        **{key: sourced.in_unit("1") for key, sourced in given.items()},
    )


def _weakest(given: Iterable[Sourced]) -> Source:
    sources = [sourced.source for sourced in given]
    keys = tuple(dict.fromkeys(key for source in sources for key in source.keys))
    return Source(keys=keys, confidence=max((source.confidence for source in sources), key=list(Confidence).index))


def _names(targets: ExposureTargets) -> set[str]:
    plain = {*targets.clearance, *targets.oral_fraction, *targets.norketamine_clearance}
    liver = targets.liver
    if liver is None:
        return plain
    return plain | {*liver.intrinsic, liver.flow, liver.volume, liver.gut, *([liver.nasal] if liver.nasal else [])}
