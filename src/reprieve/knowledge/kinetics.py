"""Published kinetic models, from `knowledge/kinetics/*.toml`: adding one is adding a file.

A file names its parameters, states, flows, inputs, outputs, random effects and population; see `k2s.toml`.
"""

from collections.abc import Mapping
from functools import cache
from math import log1p, sqrt
from typing import Any

from reprieve.domain.pharmacology.covariates import STANDARD_COVARIATES
from reprieve.domain.pharmacology.formula import Formula
from reprieve.domain.pharmacology.linear_model import (
    Correlation,
    Drive,
    Drug,
    Eta,
    Flow,
    Input,
    LinearModel,
    ModelError,
    ModelPopulation,
    Output,
    OutputKey,
    Parameter,
    Residual,
    ResidualContext,
    Route,
    Site,
    Spread,
    Term,
)
from reprieve.domain.pharmacology.substances import molar_mass_g_per_mol
from reprieve.domain.quantities.sources import Confidence, Source
from reprieve.domain.quantities.units import unit
from reprieve.knowledge.formulas import read_formula
from reprieve.knowledge.loader import read_toml, toml_paths
from reprieve.knowledge.schema import KnowledgeError, Sourced, read_source, read_sourced

_FOLDER = "kinetics/"
_BASE_UNITS = {
    "volume": "L",
    "volume_rate": "L/min",
    "frequency": "/min",
    "time": "min",
    "fraction": "1",
    "mass": "kg",
    "mass_concentration": "mg/L",
    "specific_volume": "L/kg",
    "volume_rate_per_mass": "L/min/kg",
    "volume_rate_per_time": "L/min/a",
    "frequency_per_time": "/min/a",
    "amount_concentration": "mmol/L",
}


def model_ids() -> tuple[str, ...]:
    """Every model that there is a file of, sorted."""
    names = (path.removeprefix(_FOLDER) for path in toml_paths() if path.startswith(_FOLDER))
    return tuple(sorted(name.removesuffix(".toml") for name in names))


@cache
def load_model(model_id: str) -> LinearModel:
    """The model of this id.  Raises: KnowledgeError (an unknown id, or a file that breaks the schema)."""
    if model_id not in model_ids():
        raise KnowledgeError(_FOLDER, f"there is no model {model_id!r}")
    return linear_model(read_toml(f"{_FOLDER}{model_id}.toml"))


def linear_model(document: Mapping[str, Any]) -> LinearModel:
    """The model that a document of this form describes.  Raises: KnowledgeError, UnknownUnit, IncompatibleUnits."""
    try:
        return _Reader(document).model()
    except ModelError as problem:
        raise KnowledgeError(str(document.get("id", "?")), str(problem)) from problem
    except KeyError as missing:
        raise KnowledgeError(str(document.get("id", "?")), f"{missing} is missing") from missing


class _Reader:
    """One document; `known` grows as names are declared, so that a formula can only look back."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = document
        self.id = str(document["id"])
        self.covariates = {name: float(value) for name, value in document.get("covariates", {}).items()}
        self.known = frozenset(document["parameters"]) | frozenset(self.covariates) | STANDARD_COVARIATES

    def model(self) -> LinearModel:
        document = self.document
        derived = self._derived()
        scaling = document.get("scaling")
        return LinearModel(
            id=self.id,
            title=document["title"],
            drugs=tuple(Drug(drug) for drug in document["drugs"]),
            basis=document.get("basis", "ketamine base"),
            default_site=Site(document["default_site"]),
            notes=document.get("notes", ""),
            parameters={name: self._parameter(name, table) for name, table in document["parameters"].items()},
            standard_weight_kg=None
            if scaling is None
            else self._number(scaling["standard_weight"], "scaling.standard_weight", "kg"),
            covariates=self.covariates,
            derived=derived,
            states=tuple(row["name"] for row in document["states"]),
            flows=tuple(self._flow(row) for row in document["flows"]),
            drives=tuple(
                Drive(from_=row["from"], to=row["to"], rate=self._formula(row["rate"], "drives.rate"))
                for row in document.get("drives", ())
            ),
            inputs=tuple(self._input(row) for row in document["inputs"]),
            outputs=tuple(self._output(row) for row in document["outputs"]),
            etas=tuple(self._eta(row) for row in document.get("etas", ())),
            correlations=tuple(self._correlation(row) for row in document.get("correlations", ())),
            residuals=tuple(self._residual(row) for row in document.get("residual", ())),
            population=self._population(document["population"]),
            source=_all_sources(document, self.id),
        )

    def _derived(self) -> dict[str, Formula]:
        found = {}
        for name, text in self.document.get("derived", {}).items():
            found[name] = self._formula(text, f"derived.{name}")
            self.known |= {name}
        return found

    def _formula(self, text: str | float, place: str) -> Formula:
        return read_formula(str(text), self.known, f"{self.id}.{place}")

    def _optional(self, row: Mapping[str, Any], key: str) -> Formula | None:
        return self._formula(row[key], key) if key in row else None

    def _number(self, table: Mapping[str, Any], place: str, unit_code: str) -> float:
        return _sourced(table, f"{self.id}.{place}").in_unit(unit_code)

    def _parameter(self, name: str, table: Mapping[str, Any]) -> Parameter:
        sourced = _sourced(table, f"{self.id}.parameters.{name}")
        base = _base_unit(sourced, f"{self.id}.parameters.{name}")
        exponent = table.get("weight_exponent")
        return Parameter(
            value=sourced.in_unit(base),
            unit=base,
            source=sourced.source,
            weight_exponent=None if exponent is None else float(exponent),
            note=table.get("note", ""),
        )

    def _flow(self, row: Mapping[str, Any]) -> Flow:
        rate, yield_ = self._formula(row["rate"], "flows.rate"), self._optional(row, "yield")
        return Flow(from_=row["from"], to=row.get("to"), rate=rate, yield_=yield_)

    def _input(self, row: Mapping[str, Any]) -> Input:
        return Input(
            route=Route(row["route"]),
            drug=Drug(row["drug"]),
            state=row["state"],
            fraction=self._formula(row["fraction"], "inputs.fraction"),
            fraction_later=self._optional(row, "fraction_later"),
            zero_order_min=self._optional(row, "zero_order_min"),
            lag_min=self._optional(row, "lag_min"),
        )

    def _output(self, row: Mapping[str, Any]) -> Output:
        terms = (
            Term(state=term["state"], per=self._optional(term, "per"), times=self._optional(term, "times"))
            for term in row["of"]
        )
        key = OutputKey(analyte=row["analyte"], site=Site(row["site"]))
        return Output(key=key, terms=tuple(terms), is_exploratory=row.get("tag") == "exploratory")

    def _eta(self, row: Mapping[str, Any]) -> Eta:
        name = row["name"]
        sd, source = self._spread(row, f"etas.{name}")
        return Eta(
            name=name,
            on=tuple(row["on"]),
            sd=sd,
            spread=Spread(row.get("scale", Spread.LOG)),
            is_between_occasions=bool(row.get("occasion", False)),
            source=source,
        )

    def _spread(self, row: Mapping[str, Any], place: str) -> tuple[float, Source]:
        """Standard deviation on the scale of the effect, from a CV, a variance or itself."""
        where = f"{self.id}.{place}"
        key = next((key for key in ("cv", "omega2", "sd") if key in row), None)
        if key is None:
            raise KnowledgeError(where, "needs cv, omega2 or sd")
        sourced = _sourced(row[key], where)
        value = sourced.in_unit("1")
        if value < 0.0:
            raise KnowledgeError(where, "a spread cannot be negative")
        return {"cv": sqrt(log1p(value**2)), "omega2": sqrt(value), "sd": value}[key], sourced.source

    def _correlation(self, row: Mapping[str, Any]) -> Correlation:
        first, second = row["of"]
        sourced = _sourced(row["value"], f"{self.id}.correlations.{first}.{second}")
        return Correlation(first=first, second=second, value=sourced.in_unit("1"), source=sourced.source)

    def _residual(self, row: Mapping[str, Any]) -> Residual:
        analyte = row["analyte"]
        place = f"residual.{analyte}"
        parts = {key: row[key] for key in ("proportional", "additive_mg_per_l", "log_sd") if key in row}
        if not parts:
            raise KnowledgeError(f"{self.id}.{place}", "needs proportional, additive_mg_per_l or log_sd")
        return Residual(
            analyte=analyte,
            context=ResidualContext(row.get("context", ResidualContext.RESEARCH)),
            proportional=self._number(parts["proportional"], place, "1") if "proportional" in parts else 0.0,
            additive_mg_per_l=self._additive(parts["additive_mg_per_l"], analyte, place)
            if "additive_mg_per_l" in parts
            else 0.0,
            log_sd=self._number(parts["log_sd"], place, "1") if "log_sd" in parts else None,
            source=read_source(next(iter(parts.values())), f"{self.id}.{place}"),
        )

    def _additive(self, table: Mapping[str, Any], analyte: str, place: str) -> float:
        """mg/L; a molar concentration is converted with the molar mass of the analyte."""
        sourced = _sourced(table, f"{self.id}.{place}")
        if unit(sourced.unit).dimension == "amount_concentration":
            return sourced.in_unit("mmol/L") * molar_mass_g_per_mol(analyte)
        return sourced.in_unit("mg/L")

    def _population(self, table: Mapping[str, Any]) -> ModelPopulation:
        limits = {
            "lower_age_years": ("lower_age", "a"),
            "upper_age_years": ("upper_age", "a"),
            "lower_bmi_kg_per_m2": ("lower_bmi", "kg/m2"),
            "upper_bmi_kg_per_m2": ("upper_bmi", "kg/m2"),
            "lower_weight_kg": ("lower_weight", "kg"),
            "upper_weight_kg": ("upper_weight", "kg"),
            "lower_dose_mg": ("lower_dose", "mg"),
            "venous_after_push_min": ("venous_after_push", "min"),
            "upper_dose_mg": ("upper_dose", "mg"),
        }
        numbers = {
            field: self._number(table[key], f"population.{key}", code)
            for field, (key, code) in limits.items()
            if key in table
        }
        return ModelPopulation(
            **numbers,
            source=_population_source(table, self.document, self.id),
            routes=tuple(Route(route) for route in table.get("routes", ())),
            healthy_only=bool(table.get("healthy_only", False)),
            children_only=bool(table.get("children_only", False)),
            intensive_care_only=bool(table.get("intensive_care_only", False)),
            text=table.get("text", ""),
        )


def _base_unit(sourced: Sourced, where: str) -> str:
    dimension = unit(sourced.unit).dimension
    if dimension not in _BASE_UNITS:
        raise KnowledgeError(where, f"a {dimension} in {sourced.unit} cannot be a parameter")
    return _BASE_UNITS[dimension]


def _population_source(table: Mapping[str, Any], document: Mapping[str, Any], where: str) -> Source:
    """Of the first limit that names one, else the model's own."""
    sourced = next((entry for entry in table.values() if isinstance(entry, Mapping)), None)
    return _all_sources(document, where) if sourced is None else read_source(sourced, f"{where}.population")


def _all_sources(document: Mapping[str, Any], where: str) -> Source:
    """Every source of the model, each once, in the order of the file; as sure as its least sure parameter."""
    sourced = [read_source(table, f"{where}.parameters") for table in document["parameters"].values()]
    keys = tuple(dict.fromkeys((*document.get("sources", ()), *(key for source in sourced for key in source.keys))))
    weakest = max((source.confidence for source in sourced), key=list(Confidence).index)
    return Source(keys=keys, confidence=weakest)


def _sourced(table: object, where: str) -> Sourced:
    if not isinstance(table, Mapping):
        raise KnowledgeError(where, "needs a number as {value, unit, source, confidence}")
    return read_sourced(table, where)
