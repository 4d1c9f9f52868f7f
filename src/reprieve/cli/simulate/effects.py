"""Effects of a regimen in the typical person, each with its standing, its assumptions and its sources."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from reprieve.cli.simulate.answer import Question
from reprieve.domain.pharmacology.effects.antidepressant import (
    GivenDose,
    consolidated_change,
    depression_change,
    individual_spread,
)
from reprieve.domain.pharmacology.effects.haemodynamics import (
    individual_peak,
    mean_rise,
    older_or_hypertensive_rise,
    upper_pulse_rise,
)
from reprieve.domain.pharmacology.effects.intensity import dissociation_score, intensity
from reprieve.domain.pharmacology.effects.occupancy import occupancy_index
from reprieve.domain.pharmacology.effects.standing import EffectCurve, EffectKind, Illustration
from reprieve.domain.pharmacology.linear_model import OutputKey, Route, Site
from reprieve.domain.pharmacology.links import with_link
from reprieve.domain.pharmacology.outputs import all_outputs
from reprieve.domain.pharmacology.random_numbers import Numbers
from reprieve.domain.pharmacology.regimen import Dose
from reprieve.domain.pharmacology.simulate import Curves, simulate
from reprieve.knowledge.effects import Effects, load_effects

_S = "S-ketamine"
_WEEK_MIN = 7 * 1440.0
_LATER_H = (2.0, 4.0, 24.0, 72.0, 168.0, 336.0)
_INTERVAL = 0.9
_SAFE_SHARE = 0.95
_PRESSURES = (EffectKind.SYSTOLIC_RISE, EffectKind.DIASTOLIC_RISE)


def effects_of(question: Question) -> list[dict[str, Any]]:
    """Everything that the model's outputs allow; a model without enantiomers allows nothing."""
    effects, keys = load_effects(), {output.key for output in all_outputs(question.model)}
    sites = [site for site in (Site.ARTERIAL, Site.VENOUS) if OutputKey(analyte=_S, site=site) in keys]
    if not sites:
        return []
    curves = _curves(question, np.array(question.t_min))
    found = [*_occupancy(effects, curves, sites[0]), *_pressure(question, effects, sites[-1])]
    return [*found, *_intensity(question, effects, sites[0]), *_depression(question, effects, sites[0])]


def _curves(question: Question, t_min: Numbers) -> Curves:
    return simulate(question.model, question.doses, t_min=t_min, covariates=question.covariates)


def _occupancy(effects: Effects, curves: Curves, site: Site) -> Iterator[dict[str, Any]]:
    for constants in effects.occupancy.values():
        plasma = {
            name: np.asarray(curves.of(name, site))
            for name in constants.ligands
            if OutputKey(analyte=name, site=site) in curves.outputs
        }
        index = occupancy_index(constants, plasma)
        yield _curve(index, np.asarray(curves.t_min), site=str(site))


def _pressure(question: Question, effects: Effects, site: Site) -> Iterator[dict[str, Any]]:
    """Means at the times asked; one person's peak from the whole curve up to the last of them."""
    model, times = effects.haemodynamics, np.array(question.t_min)
    plasma = np.asarray(_curves(question, times).of(_S, site))
    whole = np.asarray(_curves(question, np.linspace(0.0, times[-1], 721)).of(_S, site))
    for kind in (*_PRESSURES, EffectKind.MEAN_PRESSURE_RISE, EffectKind.PULSE_RISE):
        rise = mean_rise(model, kind, plasma)
        said = _curve(rise, times, site=str(site))
        if kind in _PRESSURES:
            peak = individual_peak(model, mean_rise(model, kind, whole))
            said["individual_peak"] = {"mean": peak.mean_mmhg, "share": _SAFE_SHARE}
            said["individual_peak"]["upper"] = peak.quantile_mmhg(_SAFE_SHARE)
        yield said
        if kind in _PRESSURES:
            yield _illustration(older_or_hypertensive_rise(model, rise), times)
    yield _curve(upper_pulse_rise(model, plasma), times, site=str(site))


def _intensity(question: Question, effects: Effects, site: Site) -> Iterator[dict[str, Any]]:
    """From arterial plasma through the effect site; a venous curve lags already and takes no further delay."""
    times = np.array(question.t_min)
    if site is Site.ARTERIAL:
        linked = with_link(question.model, _S, site, effects.effect_site_rate_per_min, "k_effect")
        key = OutputKey(analyte=_S, site=Site.EFFECT)
        curves = simulate(linked, question.doses, t_min=times, covariates=question.covariates, outputs=(key,))
        driver = np.asarray(curves.of(_S, Site.EFFECT))
    else:
        driver = np.asarray(_curves(question, times).of(_S, site))
    for model in effects.intensity.values():
        share = intensity(model, driver)
        yield _curve(share, times, site=str(site))
        if share.kind is EffectKind.DRUG_HIGH:
            yield _illustration(dissociation_score(effects.dissociation, share), times)


def _depression(question: Question, effects: Effects, site: Site) -> Iterator[dict[str, Any]]:
    """Hours and days after the first dose, with the spread between people."""
    weight, later = question.covariates.weight_kg, np.array(_LATER_H)
    available = _available_share(question, site)
    if available is None:
        return
    given = [
        GivenDose(at_h=at_min / 60.0, systemic_mg_per_kg=amount * available / weight)
        for at_min, amount in _sessions(question.doses)
    ]
    change = depression_change(effects.antidepressant, given, later)
    lower, upper = individual_spread(effects.antidepressant, change, _INTERVAL)
    said = _curve(change, later * 60.0, site=str(site))
    for value, low, high in zip(said["values"], lower, upper, strict=True):
        value |= {"lower": float(low), "upper": float(high)}
    yield said
    yield _illustration(consolidated_change(effects.antidepressant, given, later), later * 60.0)


def _sessions(doses: tuple[Dose, ...]) -> list[tuple[float, float]]:
    """Doses of one day are one dose of the slow model: (start, mg)."""
    found: dict[int, tuple[float, float]] = {}
    for dose in sorted(doses, key=lambda dose: dose.at_min):
        day = int(dose.at_min // 1440.0)
        start, amount = found.get(day, (dose.at_min, 0.0))
        found[day] = (start, amount + dose.amount_mg)
    return list(found.values())


def _available_share(question: Question, site: Site) -> float | None:
    """Part of the dose that reaches the circulation: area by this route over the area by vein; None without vein."""
    if all(dose.route is Route.IV for dose in question.doses):
        return 1.0
    drug, total = question.doses[0].drug, sum(dose.amount_mg for dose in question.doses)
    if Route.IV not in question.model.routes_of(drug) or not total > 0.0:
        return None
    pushed = (Dose(drug=drug, route=Route.IV, at_min=0.0, amount_mg=total),)
    end = np.array([question.doses[-1].at_min + _WEEK_MIN])
    areas = [
        float(simulate(question.model, doses, t_min=end, covariates=question.covariates).auc_mg_min_per_l(_S, site))
        for doses in (question.doses, pushed)
    ]
    return areas[0] / areas[1]


def _curve(effect: EffectCurve, t_min: Numbers, *, site: str) -> dict[str, Any]:
    values = [{"time_min": float(t), "value": float(v)} for t, v in zip(t_min, effect.values, strict=True)]
    return _common(effect) | {"site": site, "values": values}


def _illustration(effect: Illustration, t_min: Numbers) -> dict[str, Any]:
    lower, upper = effect.for_display()
    values = [
        {"time_min": float(t), "lower": float(low), "upper": float(high)}
        for t, low, high in zip(t_min, lower, upper, strict=True)
    ]
    return _common(effect) | {"values": values}


def _common(effect: EffectCurve | Illustration) -> dict[str, Any]:
    return {
        "kind": str(effect.kind),
        "standing": str(effect.standing),
        "unit": effect.unit,
        "source": list(effect.source.keys),
        "confidence": str(effect.source.confidence),
        "assumptions": dict(effect.assumptions),
    }
