"""Plasma curves of a three-compartment drug: parameters in, curves out, nothing between them in memory."""

# ruff: noqa: PLR0913, PLR0917 - kernels take plain arrays and numbers, which compile to registers

import numpy as np

from reprieve.domain.pharmacology.compiled.arrays import Curves, Floats, Indices
from reprieve.domain.pharmacology.compiled.blocks import (
    LANES,
    RENEW,
    WIDTH,
    decay,
    rows,
    stream,
    tabulate,
    to_first_point,
    to_next_change,
)
from reprieve.domain.pharmacology.compiled.jit import compiled, inlined
from reprieve.domain.pharmacology.compiled.poles import three_rates

# Rows of a block. A metabolite adds parameters, two rates of its own and that of the delay before it (see `chain`).
V1, V2, V3, CL, Q2, Q3, SCALE = 0, 1, 2, 3, 4, 5, 6
RATE, POWER, LEAP, STATE = 13, 19, 25, 31
WEIGHT, FIRST = 37, 40
ROWS = 43


@compiled
def load(block: Floats, parameters: Floats, first: int, stop: int) -> None:
    """Copy the parameters of subjects `first` to `stop`; the last of them fills an incomplete block."""
    for row in range(parameters.shape[0]):
        for i in range(WIDTH):
            block[row * WIDTH + i] = parameters[row, min(first + i, stop - 1)]


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


@inlined
def three_modes(
    curve: Curves, start: int, stop: int, level: float, block: Floats, i: int, dt: float, table: Floats
) -> None:  # fmt: skip
    """`level` plus three geometric sequences on the points `start` to `stop` of one curve."""
    ta, tb, tc = table[:LANES], table[LANES : 2 * LANES], table[2 * LANES : 3 * LANES]
    tabulate(ta, block[POWER * WIDTH + i])
    tabulate(tb, block[(POWER + 1) * WIDTH + i])
    tabulate(tc, block[(POWER + 2) * WIDTH + i])
    leap_a, leap_b, leap_c = block[LEAP * WIDTH + i], block[(LEAP + 1) * WIDTH + i], block[(LEAP + 2) * WIDTH + i]
    for restart in range(start, stop, RENEW):
        passed = (restart - start) * dt
        a, b, c = block[FIRST * WIDTH + i], block[(FIRST + 1) * WIDTH + i], block[(FIRST + 2) * WIDTH + i]
        if passed > 0.0:
            a *= np.exp(-block[RATE * WIDTH + i] * passed)
            b *= np.exp(-block[(RATE + 1) * WIDTH + i] * passed)
            c *= np.exp(-block[(RATE + 2) * WIDTH + i] * passed)
        end = min(restart + RENEW, stop)
        for at in range(restart, end, LANES):
            piece = curve[at : min(at + LANES, end)]
            for lane in range(piece.size):
                piece[lane] = level + a * ta[lane] + b * tb[lane] + c * tc[lane]
            a, b, c = a * leap_a, b * leap_b, c * leap_c


@compiled
def parent_curves(
    parameters: Floats, changes: Floats, points: Indices, grid: Floats,
    curves: Curves, first: int, stop: int, past_cache: bool
) -> None:  # fmt: skip
    """Curves of subjects `first` to `stop`.

    parameters (7, N): V1, V2, V3 in L, CL, Q2, Q3 in L/min, factor on the dose; changes (s, 3): minute, mg/min from
    then on, mg given at once; points (s + 1,): first grid point of each change, then the number of points;
    grid: first minute and step; curves (N, points).
    """
    t0, dt = grid[0], grid[1]
    tile = np.empty((WIDTH if past_cache else 1, curves.shape[1]), curves.dtype)
    block, table = np.empty(ROWS * WIDTH), np.empty(3 * LANES)
    rates, states, weights = rows(block, RATE, 3), rows(block, STATE, 3), rows(block, WEIGHT, 3)
    for at in range(first, stop, WIDTH):
        load(block, parameters, at, stop)
        parent_modes(block)
        decay(rates, dt, rows(block, POWER, 3))
        decay(rates, LANES * dt, rows(block, LEAP, 3))
        states[:] = 0.0
        count = min(WIDTH, stop - at)
        into = tile[:count] if past_cache else curves[at : at + count]
        into[:, : points[0]] = 0.0
        for change in range(changes.shape[0]):
            rate = changes[change, 1]
            states += changes[change, 2]
            start, end = points[change], points[change + 1]
            if end > start:
                to_first_point(
                    rates, states, weights, rate, t0 + start * dt - changes[change, 0], rows(block, FIRST, 3)
                )
                for i in range(count):
                    level = rate * block[SCALE * WIDTH + i] / block[CL * WIDTH + i]
                    three_modes(into[i], start, end, level, block, i, dt, table)
            if change + 1 < changes.shape[0]:
                to_next_change(rates, states, rate, changes[change + 1, 0] - changes[change, 0])
        if past_cache:
            stream(into.reshape(-1), curves[at : at + count].reshape(-1))
