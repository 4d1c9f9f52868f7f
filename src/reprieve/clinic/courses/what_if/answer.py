"""Curves, their band, how far models disagree, and what follows for the body, at this person's weight."""

from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from reprieve.clinic.courses.what_if.exposure import exposed
from reprieve.clinic.courses.what_if.scenario import Scenario, Way
from reprieve.domain.pharmacology.applicability import applicability_findings
from reprieve.domain.pharmacology.disagreement import Disagreement, ModelCurve, compare_models, ketamine_outputs
from reprieve.domain.pharmacology.effects.haemodynamics import IndividualPeak, individual_peak, mean_rise
from reprieve.domain.pharmacology.effects.occupancy import occupancy_index
from reprieve.domain.pharmacology.effects.standing import EffectKind
from reprieve.domain.pharmacology.linear_model import LinearModel, OutputKey, Site
from reprieve.domain.pharmacology.population import sample_etas
from reprieve.domain.pharmacology.simulate import Curves, simulate
from reprieve.domain.quantities.findings import Finding
from reprieve.knowledge.bioavailability import span_findings
from reprieve.knowledge.effects import load_effects
from reprieve.knowledge.kinetics import load_model, model_ids

Array = npt.NDArray[np.float64]

NG_PER_ML = 1000.0
_MIN_PER_H = 60.0
_AFTER_MIN = MappingProxyType(
    {Way.INFUSION: 140.0, Way.INTO_MUSCLE: 180.0, Way.NASAL_SPRAY: 240.0, Way.LOZENGE: 300.0, Way.SWALLOWED: 360.0}
)
_MODEL = MappingProxyType({way: "perez_ruixo2021" if way is Way.NASAL_SPRAY else "k2s" for way in Way})
"""The default of each way: the model made for that device, else the one with both enantiomers and all routes."""
_POINTS, _SUBJECTS, _SEED = 181, 400, 1
_TAILS = (0.05, 0.95)
_S = "S-ketamine"


@dataclass(frozen=True, slots=True, kw_only=True)
class BandedCurve:
    """Total ketamine at one site in ng/mL: a typical person, and the middle 90 % of people."""

    site: Site
    typical: Array
    lower: Array
    upper: Array
    peak: float
    peak_min: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """One site without and with the other medicines and the liver: the curve without, peaks, areas (ng·h/mL)."""

    site: Site
    without: Array
    peak_without: float
    peak_with: float
    area_without: float
    area_with: float

    @property
    def times(self) -> float:
        """Area with, over area without, to the end of the drawing."""
        return self.area_with / self.area_without


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """Everything that the page shows. `second` is another model at a site of the first, where there is one.

    All curves take the scenario's changes of exposure into account; `moved` compares with none of them.
    """

    scenario: Scenario
    model: LinearModel
    t_min: Array
    curves: tuple[BandedCurve, ...]
    second: ModelCurve | None
    moved: tuple[Moved, ...]
    exposure: tuple[Finding, ...]
    disagreement: Disagreement
    misfits: tuple[Finding, ...]
    pressure: tuple[tuple[EffectKind, float, IndividualPeak], ...]
    occupancy: tuple[tuple[str, float], ...]


def what_if(scenario: Scenario) -> WhatIf:
    """Raises: RegimenError, CovariateError."""
    published, doses = load_model(_MODEL[scenario.way]), scenario.doses
    routes = {dose.route for dose in doses}
    adjusted = exposed(published, scenario.changes, routes)
    model = adjusted.model
    t_min = np.linspace(0.0, scenario.ends_min + _AFTER_MIN[scenario.way], _POINTS)
    every = [exposed(load_model(name), scenario.changes, routes).model for name in model_ids()]
    disagreement = compare_models(every, doses, t_min=t_min, covariates=scenario.covariates)
    whole = simulate(model, doses, t_min=t_min, covariates=scenario.covariates)
    return WhatIf(
        scenario=scenario,
        model=model,
        t_min=t_min,
        curves=_banded(model, scenario, t_min),
        second=_second(model, disagreement),
        moved=_moved(published, model, scenario, t_min) if scenario.changes else (),
        exposure=adjusted.findings,
        disagreement=disagreement,
        misfits=(
            *applicability_findings(
                model, covariates=scenario.covariates, doses=doses, bmi_kg_per_m2=scenario.bmi_kg_per_m2
            ),
            *span_findings(doses, swallowed=True),
        ),
        pressure=_pressure(whole),
        occupancy=_occupancy(whole),
    )


def _banded(model: LinearModel, scenario: Scenario, t_min: Array) -> tuple[BandedCurve, ...]:
    keys = ketamine_outputs(model, scenario.doses)
    typical = simulate(model, scenario.doses, t_min=t_min, covariates=scenario.covariates, outputs=keys)
    people = simulate(
        model,
        scenario.doses,
        t_min=t_min,
        covariates=scenario.covariates,
        etas=sample_etas(model, subjects=_SUBJECTS, seed=_SEED),
        outputs=keys,
    )
    return tuple(_one_site(typical, people, key) for key in keys)


def _one_site(typical: Curves, people: Curves, key: OutputKey) -> BandedCurve:
    lower, upper = np.quantile(np.asarray(people.of(key.analyte, key.site)), _TAILS, axis=0) * NG_PER_ML
    peak, peak_min = typical.peak(key.analyte, key.site)
    return BandedCurve(
        site=key.site,
        typical=np.asarray(typical.of(key.analyte, key.site)) * NG_PER_ML,
        lower=lower,
        upper=upper,
        peak=float(peak) * NG_PER_ML,
        peak_min=float(peak_min),
    )


def _moved(published: LinearModel, model: LinearModel, scenario: Scenario, t_min: Array) -> tuple[Moved, ...]:
    keys = ketamine_outputs(model, scenario.doses)
    without, with_ = (
        simulate(one, scenario.doses, t_min=t_min, covariates=scenario.covariates, outputs=keys)
        for one in (published, model)
    )
    return tuple(
        Moved(
            site=key.site,
            without=np.asarray(without.of(key.analyte, key.site)) * NG_PER_ML,
            peak_without=float(without.peak(key.analyte, key.site)[0]) * NG_PER_ML,
            peak_with=float(with_.peak(key.analyte, key.site)[0]) * NG_PER_ML,
            area_without=float(without.auc_mg_min_per_l(key.analyte, key.site)) * NG_PER_ML / _MIN_PER_H,
            area_with=float(with_.auc_mg_min_per_l(key.analyte, key.site)) * NG_PER_ML / _MIN_PER_H,
        )
        for key in keys
    )


def _second(model: LinearModel, disagreement: Disagreement) -> ModelCurve | None:
    """The other model that lies farthest away, so that the second line shows what the first one hides."""
    mine = {curve.site: curve for curve in disagreement.curves if curve.model_id == model.id}
    others = [curve for curve in disagreement.curves if curve.model_id != model.id and curve.site in mine]
    return max(others, key=lambda one: abs(one.cmax_mg_per_l - mine[one.site].cmax_mg_per_l), default=None)


def _pressure(whole: Curves) -> tuple[tuple[EffectKind, float, IndividualPeak], ...]:
    """Highest mean rise, and the spread of people's own peaks; from venous S-ketamine, which the model was made on."""
    key = OutputKey(analyte=_S, site=Site.VENOUS)
    if key not in whole.outputs:
        return ()
    model, plasma = load_effects().haemodynamics, np.asarray(whole.of(key.analyte, key.site))
    rises = [mean_rise(model, kind, plasma) for kind in (EffectKind.SYSTOLIC_RISE, EffectKind.DIASTOLIC_RISE)]
    return tuple((rise.kind, float(rise.values.max()), individual_peak(model, rise)) for rise in rises)


def _occupancy(whole: Curves) -> tuple[tuple[str, float], ...]:
    """Highest index by each set of constants; sets differ widely, and none was measured in people."""
    found = []
    for name, constants in load_effects().occupancy.items():
        for site in (Site.ARTERIAL, Site.VENOUS):
            plasma = {
                analyte: np.asarray(whole.of(analyte, site))
                for analyte in constants.ligands
                if OutputKey(analyte=analyte, site=site) in whole.outputs
            }
            if plasma:
                found.append((f"{name} {site}", float(occupancy_index(constants, plasma).values.max())))
    return tuple(found)
