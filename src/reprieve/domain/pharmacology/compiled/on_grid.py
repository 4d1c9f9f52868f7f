"""Modes of the engine on a uniform grid."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from reprieve.domain.pharmacology.compiled.arrays import Floats
from reprieve.domain.pharmacology.compiled.sums import GROUP, curves_of_modes
from reprieve.domain.pharmacology.compiled.threads import share

_UNEVEN = 1e-13


class Steps(Protocol):
    """Rates and amounts from certain minutes on: arrays (k,), or (n, k) where they differ between people."""

    @property
    def starts_min(self) -> Floats: ...
    @property
    def rates(self) -> Floats: ...
    @property
    def jumps(self) -> Floats: ...


def even_step(t_min: Floats) -> float | None:
    """The step of these times, min; None when they are not evenly spaced and rising."""
    if t_min.ndim != 1 or t_min.size < 2:
        return None
    step = float(t_min[-1] - t_min[0]) / (t_min.size - 1)
    off = np.abs(t_min - (t_min[0] + step * np.arange(t_min.size)))
    return step if step > 0.0 and np.max(off) <= _UNEVEN * np.max(np.abs(t_min)) else None


def curves_on_grid(rates: Floats, weights: Floats, inputs: Sequence[Steps], t_min: Floats, step_min: float) -> Floats:
    """Sum of weight * exp(-rate * t) driven by each input: (n, outputs, t), exact at any start or stop.

    rates (n, m) per min; weights (n, outputs, inputs, m) per mg; t_min (t,) with even steps of `step_min`; n may be
    1 in each. Agrees with the engine's arrays to 1e-12 of what the modes come to without their signs.
    """
    changes = _padded(inputs)
    subjects = max(rates.shape[0], weights.shape[0], changes.shape[1])
    missing = -rates.shape[-1] % GROUP
    all_rates = np.ones((subjects, rates.shape[-1] + missing))
    all_rates[:, : rates.shape[-1]] = rates
    all_weights = np.zeros((subjects, *weights.shape[1:-1], all_rates.shape[1]))
    all_weights[..., : weights.shape[-1]] = weights
    curves = np.empty((subjects, weights.shape[1], t_min.size))
    share(
        lambda first, stop: curves_of_modes(all_rates, all_weights, changes, t_min, step_min, curves, first, stop),
        subjects,
    )
    return curves


def _padded(inputs: Sequence[Steps]) -> Floats:
    """(inputs, 1 or n, k, 3): minute, mg/min, mg; changes that an input has not are infinitely late."""
    tables = [
        np.stack((np.atleast_2d(i.starts_min), np.atleast_2d(i.rates), np.atleast_2d(i.jumps)), -1) for i in inputs
    ]
    people, longest = max(table.shape[0] for table in tables), max(table.shape[1] for table in tables)
    changes = np.zeros((len(tables), people, longest, 3))
    changes[..., 0] = np.inf
    for place, table in enumerate(tables):
        changes[place, :, : table.shape[1]] = table
    return changes
