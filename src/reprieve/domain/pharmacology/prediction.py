"""Predicted arterial and venous concentration of ketamine for one person on a pump, and the band around it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reprieve.domain.pharmacology.covariates import Covariates
from reprieve.domain.pharmacology.infusion import Array, InfusionSegment
from reprieve.domain.pharmacology.linear_model import Drug, LinearModel, OutputKey, Route, Site
from reprieve.domain.pharmacology.population import sample_etas
from reprieve.domain.pharmacology.regimen import Dose
from reprieve.domain.pharmacology.simulate import simulate

_NG_PER_ML = 1000.0
_ARTERIAL = OutputKey(analyte="ketamine", site=Site.ARTERIAL)
_VENOUS = OutputKey(analyte="ketamine", site=Site.VENOUS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Concentrations:
    """Total ketamine base (S plus R) of a typical person of this weight, ng/mL at each `t_min`."""

    t_min: Array
    arterial_ng_per_ml: Array
    venous_ng_per_ml: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """Where the middle `interval` of people of this weight lie at each time, without assay error, ng/mL."""

    interval: float
    arterial_lower_ng_per_ml: Array
    arterial_upper_ng_per_ml: Array
    venous_lower_ng_per_ml: Array
    venous_upper_ng_per_ml: Array


def infused(segments: Sequence[InfusionSegment], *, drug: Drug = Drug.RACEMIC_KETAMINE) -> tuple[Dose, ...]:
    """What the pump gives, as doses by vein; a pause gives nothing.  Raises: RegimenError for a start before 0."""
    return tuple(
        Dose(
            drug=drug,
            route=Route.IV,
            at_min=segment.start_min,
            amount_mg=segment.amount_mg,
            duration_min=segment.end_min - segment.start_min,
        )
        for segment in segments
        if segment.rate_mg_per_min > 0.0
    )


def predict(
    model: LinearModel, *, weight_kg: float, segments: Sequence[InfusionSegment], t_min: Array
) -> Concentrations:
    """Concentration of a typical person of this actual weight, of the racemate, at times from 0 on.

    Raises: CovariateError, RegimenError.  Outside the model's population: see `applicability_findings`.
    Source: the model's own, with the venous link for samples later than 5 min after a push.
    """
    curves = simulate(
        model,
        infused(segments),
        t_min=t_min,
        covariates=Covariates(weight_kg=weight_kg),
        outputs=(_ARTERIAL, _VENOUS),
    )
    arterial, venous = curves.values_mg_per_l * _NG_PER_ML
    return Concentrations(t_min=t_min, arterial_ng_per_ml=arterial, venous_ng_per_ml=venous)


def predict_band(  # noqa: PLR0913 - what is drawn and what is asked are independent choices
    model: LinearModel,
    *,
    weight_kg: float,
    segments: Sequence[InfusionSegment],
    t_min: Array,
    subjects: int = 400,
    seed: int = 1,
    interval: float = 0.9,
) -> Band:
    """Spread between people: virtual subjects drawn from the model's variability, the same for the same seed.

    Raises: CovariateError, RegimenError; ValueError for fewer than 2 subjects or an interval outside 0..1.
    """
    if subjects < 2 or not 0.0 < interval < 1.0:
        raise ValueError("a band needs at least 2 subjects and an interval between 0 and 1")
    curves = simulate(
        model,
        infused(segments),
        t_min=t_min,
        covariates=Covariates(weight_kg=weight_kg),
        etas=sample_etas(model, subjects=subjects, seed=seed),
        outputs=(_ARTERIAL, _VENOUS),
    )
    tails = ((1.0 - interval) / 2.0, (1.0 + interval) / 2.0)
    lower, upper = np.quantile(curves.values_mg_per_l * _NG_PER_ML, tails, axis=0)
    return Band(
        interval=interval,
        arterial_lower_ng_per_ml=lower[0],
        arterial_upper_ng_per_ml=upper[0],
        venous_lower_ng_per_ml=lower[1],
        venous_upper_ng_per_ml=upper[1],
    )
