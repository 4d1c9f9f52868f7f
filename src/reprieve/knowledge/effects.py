"""What follows from a concentration, from `knowledge/effects/ketamine.toml`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from reprieve.domain.pharmacology.effects.antidepressant import AntidepressantModel, Consolidation
from reprieve.domain.pharmacology.effects.haemodynamics import Anticipation, HaemodynamicModel
from reprieve.domain.pharmacology.effects.intensity import DissociationMap, SigmoidModel
from reprieve.domain.pharmacology.effects.landmarks import Landmark
from reprieve.domain.pharmacology.effects.occupancy import InhibitionSet, Ligand
from reprieve.domain.pharmacology.effects.standing import EffectKind, Standing
from reprieve.domain.pharmacology.substances import molar_mass_g_per_mol
from reprieve.domain.quantities.sources import Confidence, Source
from reprieve.knowledge.loader import read_toml
from reprieve.knowledge.schema import read_source
from reprieve.knowledge.values import number

_FILE = "effects/ketamine.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """Every effect model that is shipped; `occupancy` and `intensity` by their ids."""

    occupancy: Mapping[str, InhibitionSet]
    haemodynamics: HaemodynamicModel
    intensity: Mapping[str, SigmoidModel]
    dissociation: DissociationMap
    antidepressant: AntidepressantModel
    landmarks: tuple[Landmark, ...]
    effect_site_rate_per_min: float


@cache
def load_effects() -> Effects:
    """The shipped effects of ketamine.  Raises: KnowledgeError."""
    document = read_toml(_FILE)
    rate = number(document["effect_site"], "rate", unit="/min", where="effect_site")
    return Effects(
        occupancy={name: _constants(name, table, document) for name, table in document["inhibition"].items()},
        haemodynamics=_haemodynamics(document["haemodynamics"]),
        intensity={name: _sigmoid(name, table, rate) for name, table in document["intensity"].items()},
        dissociation=_dissociation(document["dissociation"]),
        antidepressant=_antidepressant(document["antidepressant"]),
        landmarks=tuple(_landmark(name, table) for name, table in document["landmarks"].items()),
        effect_site_rate_per_min=rate,
    )


def _constants(name: str, table: Mapping[str, Any], document: Mapping[str, Any]) -> InhibitionSet:
    def ligand(analyte: str) -> Ligand:
        return Ligand(
            inhibition_umol_per_l=number(table, analyte, unit="umol/L", where=f"inhibition.{name}"),
            unbound_fraction=number(document["unbound_fraction"], analyte, unit="1", where="unbound_fraction"),
            brain_to_plasma=number(document["brain_to_plasma"], analyte, unit="1", where="brain_to_plasma"),
            molar_mass_g_per_mol=molar_mass_g_per_mol(analyte),
        )

    ligands = {analyte: ligand(analyte) for analyte in table}
    assumed = [{key: document[part][key] for key in table} for part in ("unbound_fraction", "brain_to_plasma")]
    entries = [table, *assumed]
    return InhibitionSet(id=name, ligands=ligands, source=_sources(entries, f"inhibition.{name}"))


def _haemodynamics(table: Mapping[str, Any]) -> HaemodynamicModel:
    value = partial(number, table, where="haemodynamics")
    pressure, share = partial(value, unit="mm[Hg]"), partial(value, unit="1")
    half, seen_at = value("half_effect", unit="mg/L"), value("pulse_rise_at", unit="mg/L")
    sd = pressure("anticipation_sd")
    return HaemodynamicModel(
        half_effect_mg_per_l=half,
        emax={
            EffectKind.SYSTOLIC_RISE: pressure("systolic_emax"),
            EffectKind.DIASTOLIC_RISE: pressure("diastolic_emax"),
            EffectKind.MEAN_PRESSURE_RISE: pressure("mean_pressure_emax"),
            EffectKind.PULSE_RISE: value("pulse_rise", unit="/min") * (half + seen_at) / seen_at,
        },
        pulse_emax_upper_per_min=value("pulse_emax_upper", unit="/min"),
        emax_cv=share("emax_cv"),
        anticipation={
            EffectKind.SYSTOLIC_RISE: Anticipation(mean_mmhg=pressure("anticipation_systolic"), sd_mmhg=sd),
            EffectKind.DIASTOLIC_RISE: Anticipation(mean_mmhg=pressure("anticipation_diastolic"), sd_mmhg=sd),
        },
        older_or_hypertensive=(share("older_or_hypertensive_lower"), share("older_or_hypertensive_upper")),
        source=_sources(table, "haemodynamics"),
    )


def _sigmoid(name: str, table: Mapping[str, Any], rate_per_min: float) -> SigmoidModel:
    value = partial(number, table, where=f"intensity.{name}")
    return SigmoidModel(
        id=name,
        kind=EffectKind(table["kind"]),
        standing=Standing(table["standing"]),
        half_effect_mg_per_l=value("half_effect", unit="mg/L"),
        steepness=value("steepness", unit="1"),
        effect_site_rate_per_min=rate_per_min,
        source=_sources(table, f"intensity.{name}"),
    )


def _dissociation(table: Mapping[str, Any]) -> DissociationMap:
    value = partial(number, table, where="dissociation")
    return DissociationMap(
        points_at_maximum=value("points", unit="{score}"),
        cv=value("cv", unit="1"),
        source=_sources(table, "dissociation"),
    )


def _antidepressant(table: Mapping[str, Any]) -> AntidepressantModel:
    value = partial(number, table, where="antidepressant")
    points = partial(value, unit="{score}")
    return AntidepressantModel(
        half_dose_mg_per_kg=value("half_dose", unit="mg/kg"),
        rise_half_life_h=value("rise_half_life", unit="h"),
        decline_half_life_h=value("decline_half_life", unit="h"),
        points_at_maximum=points("points"),
        points_sd=points("points_sd"),
        expectancy_points=(points("expectancy_lower"), points("expectancy_upper")),
        consolidation=Consolidation(
            gain_per_h=value("consolidation_gain", unit="/h"),
            half_life_h=value("consolidation_half_life", unit="h"),
        ),
        source=_sources(table, "antidepressant"),
    )


def _landmark(name: str, table: Mapping[str, Any]) -> Landmark:
    value = partial(number, table, unit="mg/L", where=f"landmarks.{name}")
    return Landmark(
        id=name,
        analyte=table["analyte"],
        lower_mg_per_l=value("lower"),
        upper_mg_per_l=value("upper") if "upper" in table else None,
        source=_sources(table, f"landmarks.{name}"),
    )


def _sources(tables: Mapping[str, Any] | Sequence[Mapping[str, Any]], where: str) -> Source:
    """Every source of the tables, each once; as sure as the least sure value."""
    rows = [tables] if isinstance(tables, Mapping) else tables
    entries = [(key, entry) for row in rows for key, entry in row.items() if isinstance(entry, Mapping)]
    found = [read_source(entry, f"{where}.{key}") for key, entry in entries]
    keys = tuple(dict.fromkeys(key for source in found for key in source.keys))
    return Source(keys=keys, confidence=max((source.confidence for source in found), key=list(Confidence).index))
