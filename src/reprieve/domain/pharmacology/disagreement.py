"""How far published models disagree about one regimen, and why: sampling site, clearance, weight, people studied.

No model is right; a curve shown alone hides that. Compared is total ketamine (S plus R, or S alone after esketamine).
Concentrations mg/L, times min.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from reprieve.domain.pharmacology.arrays import Array
from reprieve.domain.pharmacology.covariates import Covariates
from reprieve.domain.pharmacology.linear_model import Drug, LinearModel, OutputKey, Route, Site
from reprieve.domain.pharmacology.outputs import all_outputs
from reprieve.domain.pharmacology.regimen import Dose
from reprieve.domain.pharmacology.simulate import simulate
from reprieve.domain.quantities.findings import Finding, Param, Severity

_FOREVER_MIN = 1e8
_UNIT_MG = 1.0
_WEIGHT_STEP = 2.0
_MIN_PER_H = 60.0
_ANALYTES = ("ketamine", "S-ketamine")


class LeftOut(StrEnum):
    """Why a model does not take part."""

    DRUG = "drug"
    ROUTE = "route"
    CHILDREN = "children"
    AGE_UNKNOWN = "age_unknown"
    INTENSIVE_CARE = "intensive_care"


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCurve:
    """One model at one sampling site; `clearance_l_per_h` and `weight_exponent` are those at this person's weight."""

    model_id: str
    site: Site
    analyte: str
    mg_per_l: Array
    cmax_mg_per_l: float
    auc_mg_min_per_l: float
    clearance_l_per_h: float
    weight_exponent: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """`lower` and `upper` are the extremes over all curves at each time; `left_out` says why a model is missing."""

    t_min: Array
    curves: tuple[ModelCurve, ...]
    lower_mg_per_l: Array
    upper_mg_per_l: Array
    reasons: tuple[Finding, ...]
    left_out: tuple[tuple[str, LeftOut], ...]


def compare_models(
    models: Sequence[LinearModel], doses: Sequence[Dose], *, t_min: Array, covariates: Covariates
) -> Disagreement:
    """Every applicable model's typical curves for this regimen, their extremes, and why they differ.

    Raises: ValueError PK-COMPARE-NONE when no model applies; RegimenError, CovariateError.
    """
    reasons_out = [(model, why_left_out(model, doses, age_y=_age(covariates))) for model in models]
    applicable = [model for model, reason in reasons_out if reason is None]
    if not applicable:
        raise ValueError("PK-COMPARE-NONE: no model has this drug by this route in this person")
    curves = tuple(curve for model in applicable for curve in _curves(model, doses, t_min=t_min, covariates=covariates))
    stacked = np.stack([curve.mg_per_l for curve in curves])
    return Disagreement(
        t_min=t_min,
        curves=curves,
        lower_mg_per_l=stacked.min(axis=0),
        upper_mg_per_l=stacked.max(axis=0),
        reasons=_reasons(applicable, curves),
        left_out=tuple((model.id, reason) for model, reason in reasons_out if reason is not None),
    )


def why_left_out(model: LinearModel, doses: Sequence[Dose], *, age_y: float | None) -> LeftOut | None:
    """None: the model takes part. Limits of age or weight of an adult model do not leave it out; findings name them."""
    if any(dose.drug not in model.drugs for dose in doses):
        return LeftOut.DRUG
    if any(dose.route not in model.routes_of(dose.drug) for dose in doses):
        return LeftOut.ROUTE
    if model.population.children_only:
        if age_y is None:
            return LeftOut.AGE_UNKNOWN
        if age_y > (model.population.upper_age_years or 0.0):
            return LeftOut.CHILDREN
    return LeftOut.INTENSIVE_CARE if model.population.intensive_care_only else None


def _age(covariates: Covariates) -> float | None:
    return None if covariates.age_y is None else float(covariates.age_y)


def _curves(
    model: LinearModel, doses: Sequence[Dose], *, t_min: Array, covariates: Covariates
) -> tuple[ModelCurve, ...]:
    keys = ketamine_outputs(model, doses)
    found = simulate(model, doses, t_min=t_min, covariates=covariates, outputs=keys)
    clearance = {key: clearance_l_per_h(model, doses[0].drug, key, covariates=covariates) for key in keys}
    exponent = {key: _weight_exponent(model, doses[0].drug, key, covariates=covariates) for key in keys}
    return tuple(
        ModelCurve(
            model_id=model.id,
            site=key.site,
            analyte=key.analyte,
            mg_per_l=(mg_per_l := found.of(key.analyte, key.site)),
            cmax_mg_per_l=float(mg_per_l.max()),
            auc_mg_min_per_l=float(found.auc_mg_min_per_l(key.analyte, key.site)),
            clearance_l_per_h=clearance[key],
            weight_exponent=exponent[key],
        )
        for key in keys
    )


def ketamine_outputs(model: LinearModel, doses: Sequence[Dose]) -> tuple[OutputKey, ...]:
    """Total ketamine at each site that the model has; S-ketamine is the total where only esketamine is given."""
    keys = {output.key for output in all_outputs(model)}
    is_only_s = all(dose.drug is Drug.ESKETAMINE for dose in doses)
    wanted = _ANALYTES if is_only_s else _ANALYTES[:1]
    found = []
    for site in (Site.ARTERIAL, Site.VENOUS):
        key = next((key for analyte in wanted if (key := OutputKey(analyte=analyte, site=site)) in keys), None)
        if key is not None:
            found.append(key)
    return tuple(found)


def clearance_l_per_h(model: LinearModel, drug: Drug, key: OutputKey, *, covariates: Covariates) -> float:
    """Dose over area of a push by vein; of the racemate this is between those of its enantiomers."""
    dose = Dose(drug=drug, route=Route.IV, at_min=0.0, amount_mg=_UNIT_MG)
    curves = simulate(model, [dose], t_min=np.array([0.0, 1.0]), covariates=covariates, outputs=[key])
    area = float(curves.auc_mg_min_per_l(key.analyte, key.site, until_min=_FOREVER_MIN))
    return _UNIT_MG / area * _MIN_PER_H


def _weight_exponent(model: LinearModel, drug: Drug, key: OutputKey, *, covariates: Covariates) -> float:
    """By which power of weight clearance grows, from this weight to twice of it."""
    weight_kg = float(covariates.weight_kg)
    low, high = (
        clearance_l_per_h(model, drug, key, covariates=Covariates(weight_kg=weight_kg * step, age_y=covariates.age_y))
        for step in (1.0, _WEIGHT_STEP)
    )
    return float(np.log(high / low) / np.log(_WEIGHT_STEP))


def _reasons(models: Sequence[LinearModel], curves: Sequence[ModelCurve]) -> tuple[Finding, ...]:
    """Only what differs between the models at hand."""
    by_id = {model.id: model for model in models}
    found = []

    def note(code: str, model_id: str, **params: Param) -> None:
        found.append(Finding(code=code, severity=Severity.INFO, source=by_id[model_id].source, params=params))

    arterial, venous = (_ids(curves, site) for site in (Site.ARTERIAL, Site.VENOUS))
    if arterial and venous:
        note("PK-DIFF-SITE", curves[0].model_id, arterial=arterial, venous=venous)
    low, high = (pick(curves, key=lambda curve: curve.clearance_l_per_h) for pick in (min, max))
    if low.model_id != high.model_id:
        params = {"lowest_l_per_h": low.clearance_l_per_h, "highest_l_per_h": high.clearance_l_per_h}
        note("PK-DIFF-CLEARANCE", low.model_id, lowest=low.model_id, highest=high.model_id, **params)
    flat, steep = (pick(curves, key=lambda curve: curve.weight_exponent) for pick in (min, max))
    if steep.weight_exponent - flat.weight_exponent > 0.05:
        params = {"least_exponent": flat.weight_exponent, "greatest_exponent": steep.weight_exponent}
        note("PK-DIFF-WEIGHT", steep.model_id, least=flat.model_id, greatest=steep.model_id, **params)
    if len({model.population.text for model in models}) > 1:
        healthy = tuple(model.id for model in models if model.population.healthy_only)
        others = tuple(model.id for model in models if not model.population.healthy_only)
        note("PK-DIFF-PEOPLE", models[0].id, healthy=healthy, others=others)
    return tuple(found)


def _ids(curves: Sequence[ModelCurve], site: Site) -> tuple[str, ...]:
    return tuple(curve.model_id for curve in curves if curve.site is site)
