"""Plasma curves of a three-compartment drug: parameters in, curves out, nothing between them in memory."""

# ruff: noqa: PLR0913, PLR0917 - kernels take plain arrays and numbers, which compile to registers

import numpy as np

from reprieve.domain.pharmacology.compiled.arrays import Curves, Floats, Indices
from reprieve.domain.pharmacology.compiled.blocks import (
    RENEW,
    WIDTH,
    at_first_point,
    decay,
    rows,
    tabulate,
    to_next_change,
)
from reprieve.domain.pharmacology.compiled.jit import compiled, inlined
from reprieve.domain.pharmacology.compiled.poles import three_rates
from reprieve.domain.pharmacology.compiled.strides import ROW, STRIDE, merge, put, send

# Rows of a block. A metabolite adds parameters, two rates of its own and that of the delay before it (see `chain`).
V1, V2, V3, CL, Q2, Q3, SCALE = 0, 1, 2, 3, 4, 5, 6
RATE, POWER, LEAP, STATE = 13, 19, 25, 31
WEIGHT = 37
ROWS = 40


@compiled
def load(block: Floats, parameters: tuple[Floats, ...], first: int, stop: int) -> None:
    """Copy the parameters of subjects `first` to `stop`; the last of them fills an incomplete block."""
    for row, values in enumerate(parameters):
        for i in range(WIDTH):
            block[row * WIDTH + i] = values[min(first + i, stop - 1)]


@compiled
def all_positive(parameters: tuple[Floats, ...]) -> bool:
    """Every value is a number above zero that is not infinite."""
    wrong = 0
    for values in parameters:
        for i in range(values.size):
            wrong += not (values[i] > 0.0 and values[i] < np.inf)
    return wrong == 0


@compiled
def parent_modes(block: Floats) -> None:
    """Rates per minute and weights in mg/L per mg, from volumes in L and flows in L/min."""
    for i in range(WIDTH):
        v1 = block[V1 * WIDTH + i]
        k10, k12, k13 = block[CL * WIDTH + i] / v1, block[Q2 * WIDTH + i] / v1, block[Q3 * WIDTH + i] / v1
        k21, k31 = block[Q2 * WIDTH + i] / block[V2 * WIDTH + i], block[Q3 * WIDTH + i] / block[V3 * WIDTH + i]
        a, b, c = three_rates(k10, k12, k13, k21, k31)
        per_mg = block[SCALE * WIDTH + i] / v1
        block[RATE * WIDTH + i] = a
        block[(RATE + 1) * WIDTH + i] = b
        block[(RATE + 2) * WIDTH + i] = c
        block[WEIGHT * WIDTH + i] = per_mg * (k21 - a) * (k31 - a) / ((b - a) * (c - a))
        block[(WEIGHT + 1) * WIDTH + i] = per_mg * (k21 - b) * (k31 - b) / ((a - b) * (c - b))
        block[(WEIGHT + 2) * WIDTH + i] = per_mg * (k21 - c) * (k31 - c) / ((a - c) * (b - c))


@compiled
def weighted(weights: Floats, above: Floats, into: Floats) -> None:
    """Coefficient of each mode in a curve."""
    for at in range(weights.size):
        into[at] = weights[at] * above[at]


@inlined
def three_modes(
    edge: Curves, curve: Curves, at: int, points: int, past_cache: bool, dt: float, level: float,
    firsts: Floats, block: Floats, i: int, table: Floats
) -> None:  # fmt: skip
    """`level` plus three geometric sequences on `points` points from `curve[at]`; a line not full stays in `edge`."""
    a, b, c = firsts[i], firsts[WIDTH + i], firsts[2 * WIDTH + i]
    leap_a, leap_b, leap_c = block[LEAP * WIDTH + i], block[(LEAP + 1) * WIDTH + i], block[(LEAP + 2) * WIDTH + i]
    offset, done = at % STRIDE, 0
    if offset > 0:
        merge(edge, offset, level, (a, b, c), table)
        done = STRIDE - offset
        if done <= points:
            send(curve, at - offset, past_cache, edge)
        after = STRIDE + done
        a, b, c = a * table[after], b * table[ROW + after], c * table[2 * ROW + after]
    for restart in range(done, points, RENEW):
        if restart > done:
            passed = restart * dt
            a = firsts[i] * np.exp(-block[RATE * WIDTH + i] * passed)
            b = firsts[WIDTH + i] * np.exp(-block[(RATE + 1) * WIDTH + i] * passed)
            c = firsts[2 * WIDTH + i] * np.exp(-block[(RATE + 2) * WIDTH + i] * passed)
        end = min(restart + RENEW, points)
        whole = end - (end - restart) % STRIDE
        for place in range(restart, whole, STRIDE):
            put(curve, at + place, past_cache, level, (a, b, c), table)
            a, b, c = a * leap_a, b * leap_b, c * leap_c
        if whole < end:
            put(edge, 0, False, level, (a, b, c), table)


@compiled
def parent_block(block: Floats, changes: Floats, points: Indices, grid: Floats, firsts: Floats) -> None:
    """From the parameters of a block to the coefficients of its curves after each change: firsts (s, 3 * WIDTH)."""
    t0, dt = grid[0], grid[1]
    rates, states, above = rows(block, RATE, 3), rows(block, STATE, 3), np.empty(3 * WIDTH)
    parent_modes(block)
    decay(rates, dt, rows(block, POWER, 3))
    decay(rates, STRIDE * dt, rows(block, LEAP, 3))
    states[:] = 0.0
    for change in range(changes.shape[0]):
        begun, rate = changes[change, 0], changes[change, 1]
        states += changes[change, 2]
        if points[change + 1] > points[change]:
            at_first_point(rates, states, rate, t0 + points[change] * dt - begun, above)
            weighted(rows(block, WEIGHT, 3), above, firsts[change])
        if change + 1 < changes.shape[0]:
            to_next_change(rates, states, rate, changes[change + 1, 0] - begun)


@compiled
def parent_curves(
    parameters: tuple[Floats, ...], changes: Floats, points: Indices, grid: Floats,
    curves: Curves, first: int, stop: int, past_cache: bool
) -> None:  # fmt: skip
    """Curves of subjects `first` to `stop`, where `first` is a multiple of `WIDTH`.

    parameters: seven arrays (N,), V1, V2, V3 in L, CL, Q2, Q3 in L/min, factor on the dose; changes (s, 3): minute,
    mg/min from then on, mg given at once, the first row before all points; points (s + 1,): first grid point of each
    change, then the number of points; grid: first minute and step; curves (N, points), one after the other in memory.
    """
    dt, width = grid[1], curves.shape[1]
    edge, flat = np.empty(STRIDE, curves.dtype), curves.reshape(-1)
    block, table, firsts = np.empty(ROWS * WIDTH), np.zeros(3 * ROW), np.empty((changes.shape[0], 3 * WIDTH))
    for block_at in range(first, stop, WIDTH):
        load(block, parameters, block_at, stop)
        parent_block(block, changes, points, grid, firsts)
        for i in range(min(WIDTH, stop - block_at)):
            for mode in range(3):
                tabulate(table, mode, block[(POWER + mode) * WIDTH + i])
            for change in range(changes.shape[0]):
                at, count = (block_at + i) * width + points[change], points[change + 1] - points[change]
                level = changes[change, 1] * block[SCALE * WIDTH + i] / block[CL * WIDTH + i]
                three_modes(edge, flat, at, count, past_cache, dt, level, firsts[change], block, i, table)
    waiting = stop * width % STRIDE
    flat[stop * width - waiting : stop * width] = edge[:waiting]
