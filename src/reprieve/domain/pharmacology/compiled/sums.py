"""Any sums of exponentials on a uniform grid: one multiply-add per mode and point."""

# ruff: noqa: PLR0913, PLR0917 - kernels take plain arrays and numbers, which compile to registers

import numpy as np

from reprieve.domain.pharmacology.compiled.arrays import Floats
from reprieve.domain.pharmacology.compiled.blocks import to_next_change
from reprieve.domain.pharmacology.compiled.exponential import exp_and_expm1
from reprieve.domain.pharmacology.compiled.jit import compiled, inlined

LANES = 32
"""Neighbouring points that share one table of powers."""
GROUP = 4
"""Modes whose multiply-adds share one pass over a curve; callers fill up with modes of weight 0."""


@inlined
def exact_powers(rate: float, step: float, powers: Floats) -> None:
    """exp(-rate * step * place), each by itself: modes of nearly equal rates cancel, and would show a common drift."""
    for place in range(powers.size):
        powers[place] = exp_and_expm1(-rate * (step * place))[0]


@inlined
def add_modes(curve: Floats, first: Floats, leaps: Floats, table: Floats) -> None:
    """Add geometric sequences to one stretch of a curve; `first` are their values at its first point.

    table (m, LANES): decay from point to point; leaps (m, stretches of LANES): decay up to each stretch.
    """
    for at in range(0, curve.size, LANES):
        piece, leap = curve[at : min(at + LANES, curve.size)], at // LANES
        for group in range(0, first.size, GROUP):
            a, b = first[group] * leaps[group, leap], first[group + 1] * leaps[group + 1, leap]
            c, d = first[group + 2] * leaps[group + 2, leap], first[group + 3] * leaps[group + 3, leap]
            ta, tb, tc, td = table[group], table[group + 1], table[group + 2], table[group + 3]
            for lane in range(piece.size):
                piece[lane] += (a * ta[lane] + b * tb[lane]) + (c * tc[lane] + d * td[lane])


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
    rates: Floats, weights: Floats, steps: Floats, t_min: Floats,
    work: Floats, leaps: Floats, table: Floats, curves: Floats
) -> None:  # fmt: skip
    """Add to one person's curves (outputs, t) what one input causes; weights (outputs, m), steps (k, 3)."""
    states, coefficients = work[0], work[1]
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
            add_modes(stretch, coefficients, leaps, table)
        start = end
        if next_begun < np.inf:
            to_next_change(rates, states, rate, next_begun - begun)


@compiled
def curves_of_modes(
    rates: Floats, weights: Floats, changes: Floats, t_min: Floats, dt: float, curves: Floats, first: int, stop: int
) -> None:  # fmt: skip
    """Curves of subjects `first` to `stop`.

    rates (n, m) and weights (n, outputs, inputs, m), m a multiple of `GROUP`; changes (inputs, 1 or n, k, 3): minute
    (infinite: none), mg/min from then on, mg at once; t_min (t,) in even steps `dt`; curves (n, outputs, t).
    """
    modes = rates.shape[1]
    table, leaps = np.empty((modes, LANES)), np.empty((modes, -(-t_min.size // LANES)))
    work = np.empty((2, modes))
    for i in range(first, stop):
        curves[i] = 0.0
        for mode in range(modes):
            exact_powers(rates[i, mode], dt, table[mode])
            exact_powers(rates[i, mode], LANES * dt, leaps[mode])
        for entry in range(changes.shape[0]):
            steps = changes[entry, min(i, changes.shape[1] - 1)]
            add_response(rates[i], weights[i, :, entry], steps, t_min, work, leaps, table, curves[i])
