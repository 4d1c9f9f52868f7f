"""Three compartments with a venous link, solved exactly as a sum of exponentials.

A mammillary model is linear, so its response to a constant rate is a sum of decaying modes. Its rate matrix becomes
symmetric by a change of scale, which makes the eigenvalues real and the eigen-decomposition well conditioned for any
parameters. Leading axes of every array are virtual subjects.  Units: mg, L, min; concentrations mg/L.
"""

from dataclasses import dataclass

import numpy as np

from reprieve.domain.pharmacology.infusion import Array, RateSteps

_SPLIT = 1e-5
"""Two rates closer than this (relative) are moved apart about their mean: their divided difference is even about it,
so the error is of order 1e-10, while the cancellation that the split avoids would be larger."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreeCompartments:
    """Disposition of one substance in one subject, or in many when the fields are arrays of equal shape."""

    v1_l: Array
    v2_l: Array
    v3_l: Array
    clearance_l_per_min: Array
    q2_l_per_min: Array
    q3_l_per_min: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Modes:
    """Response to 1 mg given at once: concentration = sum(weight * exp(-rate * t)); modes on the last axis."""

    rates_per_min: Array
    weights_per_l: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class VenousLink:
    """Arm vein: part arterial blood passing through, part blood in equilibrium with a slowly filling tissue."""

    arterial_fraction: float
    rate_per_min: float

    def __post_init__(self) -> None:
        if not (0.0 <= self.arterial_fraction <= 1.0 and self.rate_per_min > 0.0):
            raise ValueError("a venous link needs a fraction between 0 and 1 and a positive rate")


def arterial_modes(body: ThreeCompartments) -> Modes:
    """The three modes of arterial concentration; the weights sum to 1/V1, weight/rate sums to 1/CL."""
    k10, k12, k13 = (flow / body.v1_l for flow in (body.clearance_l_per_min, body.q2_l_per_min, body.q3_l_per_min))
    k21, k31 = body.q2_l_per_min / body.v2_l, body.q3_l_per_min / body.v3_l
    matrix = np.zeros((*k10.shape, 3, 3))
    matrix[..., 0, 0] = k10 + k12 + k13
    matrix[..., 1, 1], matrix[..., 2, 2] = k21, k31
    matrix[..., 0, 1] = matrix[..., 1, 0] = -np.sqrt(k12 * k21)
    matrix[..., 0, 2] = matrix[..., 2, 0] = -np.sqrt(k13 * k31)
    rates, vectors = np.linalg.eigh(matrix)
    return Modes(rates_per_min=rates, weights_per_l=vectors[..., 0, :] ** 2 / body.v1_l[..., None])


def venous_modes(arterial: Modes, link: VenousLink) -> Modes:
    """Modes of venous concentration; every arterial mode passes the tissue and leaves a mode of the tissue's rate."""
    rates, tissue = _apart(arterial.rates_per_min, link.rate_per_min)
    passed = (1.0 - link.arterial_fraction) * arterial.weights_per_l * link.rate_per_min / (tissue - rates)
    return Modes(
        rates_per_min=np.concatenate((arterial.rates_per_min, rates, tissue), axis=-1),
        weights_per_l=np.concatenate((link.arterial_fraction * arterial.weights_per_l, passed, -passed), axis=-1),
    )


def _apart(rates: Array, other: float) -> tuple[Array, Array]:
    """`rates` and `other`, moved apart symmetrically where they almost coincide."""
    gap, mean = other - rates, (other + rates) / 2.0
    too_close = np.abs(gap) < _SPLIT * mean
    half = np.where(too_close, _SPLIT * mean, gap) / 2.0
    return mean - half, mean + half


def concentration_mg_per_l(modes: Modes, steps: RateSteps, t_min: Array) -> Array:
    """Concentration under a staircase of rates, exact at every time; 0 before the first step.

    Shapes: modes (..., m), t_min (n,) -> (..., n). Times need no order.
    """
    rates = modes.rates_per_min
    step = np.searchsorted(steps.starts_min, t_min, side="right") - 1
    inside = step >= 0
    step = np.where(inside, step, 0)
    since = np.where(inside, t_min - steps.starts_min[step], 0.0)
    plateau = steps.rates_mg_per_min[step] / rates[..., None]
    at_step = _states_at_steps(rates, steps)[..., step]
    state = plateau + (at_step - plateau) * np.exp(-rates[..., None] * since)
    found: Array = np.einsum("...m,...mn->...n", modes.weights_per_l, np.where(inside, state, 0.0))
    return found


def _states_at_steps(rates: Array, steps: RateSteps) -> Array:
    """Value of each mode when each step begins: (..., m) -> (..., m, steps)."""
    states = np.zeros((*rates.shape, steps.starts_min.size))
    for index, duration in enumerate(np.diff(steps.starts_min)):
        gained = -np.expm1(-rates * duration) * steps.rates_mg_per_min[index] / rates
        states[..., index + 1] = states[..., index] * np.exp(-rates * duration) + gained
    return states
