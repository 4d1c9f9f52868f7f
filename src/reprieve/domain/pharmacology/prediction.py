"""Predicted arterial and venous concentration of ketamine for one person, and the band around it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reprieve.domain.pharmacology.infusion import Array, InfusionSegment, RateSteps, rate_steps
from reprieve.domain.pharmacology.kinetics import (
    Modes,
    ThreeCompartments,
    arterial_modes,
    concentration_mg_per_l,
    venous_modes,
)
from reprieve.domain.pharmacology.racemic_model import RacemicModel, Variability

_NG_PER_ML = 1000.0
_MIN_PER_H = 60.0
_HALF = 0.5
"""A racemate is half S and half R."""


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


def predict(
    model: RacemicModel, *, weight_kg: float, segments: Sequence[InfusionSegment], t_min: Array
) -> Concentrations:
    """Concentration of a typical person of this actual weight.

    Raises: WeightOutOfRange.  Outside the model's population: see `population_findings`.
    Source: the model's own, with the venous link for samples later than 5 min after a push.
    """
    arterial, venous = _total(_bodies(model, weight_kg, np.zeros((1, 7))), model, rate_steps(segments), t_min)
    return Concentrations(t_min=t_min, arterial_ng_per_ml=arterial[0], venous_ng_per_ml=venous[0])


def predict_band(  # noqa: PLR0913 - what is drawn and what is asked are independent choices
    model: RacemicModel,
    *,
    weight_kg: float,
    segments: Sequence[InfusionSegment],
    t_min: Array,
    subjects: int = 400,
    seed: int = 1,
    interval: float = 0.9,
) -> Band:
    """Spread between people: virtual subjects drawn from the model's variability, the same for the same seed.

    Raises: WeightOutOfRange; ValueError for fewer than 2 subjects or an interval outside 0..1.
    """
    if subjects < 2 or not 0.0 < interval < 1.0:
        raise ValueError("a band needs at least 2 subjects and an interval between 0 and 1")
    etas = sample_etas(model.variability, subjects=subjects, seed=seed)
    arterial, venous = _total(_bodies(model, weight_kg, etas), model, rate_steps(segments), t_min)
    tails = ((1.0 - interval) / 2.0, (1.0 + interval) / 2.0)
    arterial_lower, arterial_upper = np.quantile(arterial, tails, axis=0)
    venous_lower, venous_upper = np.quantile(venous, tails, axis=0)
    return Band(
        interval=interval,
        arterial_lower_ng_per_ml=arterial_lower,
        arterial_upper_ng_per_ml=arterial_upper,
        venous_lower_ng_per_ml=venous_lower,
        venous_upper_ng_per_ml=venous_upper,
    )


def sample_etas(variability: Variability, *, subjects: int, seed: int) -> Array:
    """Deviations on the log scale, (subjects, 7): CL, CL of S, CL of R, V1, V2, V3, Q3."""
    spreads = np.array(
        [variability.clearance_cv, variability.enantiomer_cv, variability.enantiomer_cv, variability.v1_cv,
         variability.v2_cv, variability.v3_cv, variability.q3_cv]
    )  # fmt: skip
    standard = np.random.default_rng(seed).standard_normal((subjects, spreads.size))
    correlation = variability.clearance_v1_correlation
    standard[:, 3] = correlation * standard[:, 0] + np.sqrt(1.0 - correlation**2) * standard[:, 3]
    etas: Array = standard * np.sqrt(np.log1p(spreads**2))
    return etas


def _bodies(model: RacemicModel, weight_kg: float, etas: Array) -> ThreeCompartments:
    """S and R of each subject, shape (subjects, 2)."""
    volume, flow_per_h = model.scale(weight_kg)
    flow, typical = flow_per_h / _MIN_PER_H, model.disposition
    clearances = np.array([typical.clearance_s_l_per_h, typical.clearance_r_l_per_h])
    both = np.ones(2)
    shared, own, v1, v2, v3, q3 = etas[:, :1], etas[:, 1:3], etas[:, 3:4], etas[:, 4:5], etas[:, 5:6], etas[:, 6:7]
    return ThreeCompartments(
        v1_l=typical.v1_l * volume * np.exp(v1) * both,
        v2_l=typical.v2_l * volume * np.exp(v2) * both,
        v3_l=typical.v3_l * volume * np.exp(v3) * both,
        clearance_l_per_min=clearances * flow * np.exp(shared + own),
        q2_l_per_min=typical.q2_l_per_h * flow * np.ones_like(own),
        q3_l_per_min=typical.q3_l_per_h * flow * np.exp(q3) * both,
    )


def _total(body: ThreeCompartments, model: RacemicModel, steps: RateSteps, t_min: Array) -> tuple[Array, Array]:
    """Arterial and venous ng/mL of S plus R, each (subjects, times)."""
    arterial = arterial_modes(body)
    return _sum_of_enantiomers(arterial, steps, t_min), _sum_of_enantiomers(
        venous_modes(arterial, model.link), steps, t_min
    )


def _sum_of_enantiomers(modes: Modes, steps: RateSteps, t_min: Array) -> Array:
    total: Array = concentration_mg_per_l(modes, steps, t_min).sum(axis=-2) * (_HALF * _NG_PER_ML)
    return total
