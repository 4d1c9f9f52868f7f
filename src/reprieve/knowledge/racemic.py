"""Kinetic models, from `knowledge/racemic/*.toml`."""

from collections.abc import Mapping
from functools import cache, partial
from typing import Any

from reprieve.domain.pharmacology.kinetics import VenousLink
from reprieve.domain.pharmacology.racemic_model import Disposition, Population, RacemicModel, Variability
from reprieve.domain.quantities.sources import Confidence, Source
from reprieve.knowledge.loader import read_toml
from reprieve.knowledge.schema import read_source
from reprieve.knowledge.values import number


@cache
def load_k2s() -> RacemicModel:
    """Racemic ketamine by vein, resolved by enantiomer.  Raises: KnowledgeError."""
    return racemic_model(read_toml("racemic/k2s.toml"))


def racemic_model(document: Mapping[str, Any]) -> RacemicModel:
    """The model that a document of this form describes.  Raises: KnowledgeError."""
    scaling = partial(number, document["scaling"], where="scaling")
    link = partial(number, document["venous_link"], where="venous_link")
    return RacemicModel(
        id=document["id"],
        disposition=_disposition(document["disposition"]),
        link=VenousLink(arterial_fraction=link("arterial_fraction", unit="1"), rate_per_min=link("rate", unit="/min")),
        variability=_variability(document["variability"]),
        population=_population(document["population"]),
        standard_weight_kg=scaling("standard_weight", unit="kg"),
        volume_exponent=scaling("volume_exponent", unit="1"),
        flow_exponent=scaling("flow_exponent", unit="1"),
        source=Source(keys=_all_keys(document), confidence=Confidence.POLICY),
    )


def _disposition(table: Mapping[str, Any]) -> Disposition:
    value = partial(number, table, where="disposition")
    return Disposition(
        v1_l=value("v1", unit="L"),
        v2_l=value("v2", unit="L"),
        v3_l=value("v3", unit="L"),
        q2_l_per_h=value("q2", unit="L/h"),
        q3_l_per_h=value("q3", unit="L/h"),
        clearance_s_l_per_h=value("clearance_s", unit="L/h"),
        clearance_r_l_per_h=value("clearance_r", unit="L/h"),
    )


def _variability(table: Mapping[str, Any]) -> Variability:
    value = partial(number, table, unit="1", where="variability")
    return Variability(
        clearance_cv=value("clearance"),
        enantiomer_cv=value("enantiomer"),
        v1_cv=value("v1"),
        clearance_v1_correlation=value("clearance_v1_correlation"),
        v2_cv=value("v2"),
        v3_cv=value("v3"),
        q3_cv=value("q3"),
    )


def _population(table: Mapping[str, Any]) -> Population:
    value = partial(number, table, where="population")
    return Population(
        lower_age_years=int(value("lower_age", unit="a")),
        upper_age_years=int(value("upper_age", unit="a")),
        lower_bmi_kg_per_m2=value("lower_bmi", unit="kg/m2"),
        upper_bmi_kg_per_m2=value("upper_bmi", unit="kg/m2"),
        upper_weight_kg=value("upper_weight", unit="kg"),
        source=read_source(table["lower_age"], "population.lower_age"),
    )


def _all_keys(document: Mapping[str, Any]) -> tuple[str, ...]:
    """Every source of the model, each once, in the order of the file."""
    entries = (entry for table in document.values() if isinstance(table, Mapping) for entry in table.values())
    return tuple(dict.fromkeys(key for entry in entries for key in entry["source"]))
