"""Any sums of exponentials on a uniform grid: one multiply-add per mode and point."""

# ruff: noqa: PLR0913, PLR0917 - kernels take plain arrays and numbers, which compile to registers

import numpy as np

from reprieve.domain.pharmacology.compiled.arrays import Floats
from reprieve.domain.pharmacology.compiled.blocks import LANES, RENEW, tabulate, to_next_change
from reprieve.domain.pharmacology.compiled.jit import compiled, inlined

GROUP = 4
"""Modes whose multiply-adds share one pass over a curve; callers fill up with modes of weight 0."""


@inlined
def add_modes(curve: Floats, first: Floats, rates: Floats, leaps: Floats, table: Floats, dt: float) -> None:
    """Add geometric sequences to one stretch of a curve; `first` are their values at its first point."""
    for group in range(0, rates.size, GROUP):
        ta, tb = table[group * LANES : (group + 1) * LANES], table[(group + 1) * LANES : (group + 2) * LANES]
        tc, td = table[(group + 2) * LANES : (group + 3) * LANES], table[(group + 3) * LANES : (group + 4) * LANES]
        for restart in range(0, curve.size, RENEW):
            a = first[group] * np.exp(-rates[group] * (restart * dt))
            b = first[group + 1] * np.exp(-rates[group + 1] * (restart * dt))
            c = first[group + 2] * np.exp(-rates[group + 2] * (restart * dt))
            d = first[group + 3] * np.exp(-rates[group + 3] * (restart * dt))
            end = min(restart + RENEW, curve.size)
            for at in range(restart, end, LANES):
                piece = curve[at : min(at + LANES, end)]
                for lane in range(piece.size):
                    piece[lane] += (a * ta[lane] + b * tb[lane]) + (c * tc[lane] + d * td[lane])
                a, b = a * leaps[group], b * leaps[group + 1]
                c, d = c * leaps[group + 2], d * leaps[group + 3]


@inlined
def level_and_first(
    weights: Floats, rates: Floats, states: Floats, rate: float, delay: float, coefficients: Floats
) -> float:  # fmt: skip
    """Level that a curve tends to; each mode's distance from its own at the first point goes to `coefficients`."""
    level = 0.0
    for mode in range(rates.size):
        plateau = rate / rates[mode]
        level += weights[mode] * plateau
        coefficients[mode] = weights[mode] * (states[mode] - plateau) * np.exp(-rates[mode] * delay)
    return level


@inlined
def add_response(
    rates: Floats, weights: Floats, steps: Floats, t_min: Floats, dt: float, work: Floats, table: Floats, curves: Floats
) -> None:  # fmt: skip
    """Add to one person's curves (outputs, t) what one input causes; weights (outputs, m), steps (k, 3)."""
    leaps, states, coefficients = work[0], work[1], work[2]
    states[:] = 0.0
    start = np.searchsorted(t_min, steps[0, 0])
    for step in range(steps.shape[0]):
        begun, rate = steps[step, 0], steps[step, 1]
        if begun == np.inf:
            break
        states += steps[step, 2]
        next_begun = steps[step + 1, 0] if step + 1 < steps.shape[0] else np.inf
        end = start
        while end < t_min.size and t_min[end] < next_begun:
            end += 1
        for output in range(curves.shape[0] if end > start else 0):
            level = level_and_first(weights[output], rates, states, rate, t_min[start] - begun, coefficients)
            stretch = curves[output, start:end]
            stretch += level
            add_modes(stretch, coefficients, rates, leaps, table, dt)
        start = end
        if next_begun < np.inf:
            to_next_change(rates, states, rate, next_begun - begun)


@compiled
def curves_of_modes(
    rates: Floats, weights: Floats, changes: Floats, t_min: Floats, dt: float, curves: Floats, first: int, stop: int
) -> None:  # fmt: skip
    """Curves of subjects `first` to `stop`.

    rates (n, m) and weights (n, outputs, inputs, m), m a multiple of `GROUP`; changes (inputs, 1 or n, k, 3): minute
    (infinite: none), mg/min from then on, mg at once; t_min (t,) with even steps `dt`; curves (n, outputs, t).
    """
    modes = rates.shape[1]
    table, work = np.empty(modes * LANES), np.empty((3, modes))
    for i in range(first, stop):
        curves[i] = 0.0
        for mode in range(modes):
            tabulate(table[mode * LANES : (mode + 1) * LANES], np.exp(-rates[i, mode] * dt))
            work[0, mode] = np.exp(-rates[i, mode] * (LANES * dt))
        for entry in range(changes.shape[0]):
            steps = changes[entry, min(i, changes.shape[1] - 1)]
            add_response(rates[i], weights[i, :, entry], steps, t_min, dt, work, table, curves[i])
