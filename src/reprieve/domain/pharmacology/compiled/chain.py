"""Plasma curves of a three-compartment drug and its metabolite: two equal delays, then two compartments."""

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
from reprieve.domain.pharmacology.compiled.metabolite import (
    CLM,
    FIRSTS,
    FORMED,
    METABOLITE_WEIGHT,
    ROWS,
    SLOPE,
    SLOPE_STATE,
    STEEPNESS,
    YIELD,
    metabolite_modes,
    slope_at_first_point,
    slope_to_next_change,
)
from reprieve.domain.pharmacology.compiled.parent import (
    CL,
    LEAP,
    POWER,
    RATE,
    SCALE,
    STATE,
    WEIGHT,
    load,
    parent_modes,
    weighted,
)
from reprieve.domain.pharmacology.compiled.strides import ROW, STRIDE, merge, put, send


@inlined
def both_curves(
    edge: Curves, edge_formed: Curves, drug: Curves, formed: Curves, at: int, points: int, past_cache: bool, dt: float,
    level: float, level_formed: float, firsts: Floats, block: Floats, i: int, table: Floats
) -> None:  # fmt: skip
    """As `three_modes`; the metabolite's curve has six geometric sequences and the slope."""
    a, b, c = firsts[i], firsts[WIDTH + i], firsts[2 * WIDTH + i]
    fa, fb, fc = firsts[FORMED * WIDTH + i], firsts[(FORMED + 1) * WIDTH + i], firsts[(FORMED + 2) * WIDTH + i]
    d, e, k = firsts[(FORMED + 3) * WIDTH + i], firsts[(FORMED + 4) * WIDTH + i], firsts[(FORMED + 5) * WIDTH + i]
    s = firsts[SLOPE * WIDTH + i]
    la, lb, lc = block[LEAP * WIDTH + i], block[(LEAP + 1) * WIDTH + i], block[(LEAP + 2) * WIDTH + i]
    ld, le, lk = block[(LEAP + 3) * WIDTH + i], block[(LEAP + 4) * WIDTH + i], block[(LEAP + 5) * WIDTH + i]
    offset, done = at % STRIDE, 0
    if offset > 0:
        merge(edge, offset, level, (a, b, c), table)
        merge(edge_formed, offset, level_formed, (fa, fb, fc, d, e, k, s), table)
        done = STRIDE - offset
        if done <= points:
            send(drug, at - offset, past_cache, edge)
            send(formed, at - offset, past_cache, edge_formed)
        after = STRIDE + done
        qa, qb, qc = table[after], table[ROW + after], table[2 * ROW + after]
        qd, qe, qk = table[3 * ROW + after], table[4 * ROW + after], table[5 * ROW + after]
        a, b, c, fa, fb, fc = a * qa, b * qb, c * qc, fa * qa, fb * qb, fc * qc
        d, e, k, s = d * qd, e * qe, (k + s * (done * dt)) * qk, s * qk
    for restart in range(done, points, RENEW):
        if restart > done:
            passed = restart * dt
            qa, qb = np.exp(-block[RATE * WIDTH + i] * passed), np.exp(-block[(RATE + 1) * WIDTH + i] * passed)
            qc, qd = np.exp(-block[(RATE + 2) * WIDTH + i] * passed), np.exp(-block[(RATE + 3) * WIDTH + i] * passed)
            qe, qk = np.exp(-block[(RATE + 4) * WIDTH + i] * passed), np.exp(-block[(RATE + 5) * WIDTH + i] * passed)
            a, b, c = firsts[i] * qa, firsts[WIDTH + i] * qb, firsts[2 * WIDTH + i] * qc
            fa, fb = firsts[FORMED * WIDTH + i] * qa, firsts[(FORMED + 1) * WIDTH + i] * qb
            fc, d = firsts[(FORMED + 2) * WIDTH + i] * qc, firsts[(FORMED + 3) * WIDTH + i] * qd
            e, s = firsts[(FORMED + 4) * WIDTH + i] * qe, firsts[SLOPE * WIDTH + i] * qk
            k = firsts[(FORMED + 5) * WIDTH + i] * qk + s * passed
        end = min(restart + RENEW, points)
        whole = end - (end - restart) % STRIDE
        for place in range(restart, whole, STRIDE):
            put(drug, at + place, past_cache, level, (a, b, c), table)
            put(formed, at + place, past_cache, level_formed, (fa, fb, fc, d, e, k, s), table)
            a, b, c, fa, fb, fc = a * la, b * lb, c * lc, fa * la, fb * lb, fc * lc
            d, e, k, s = d * ld, e * le, (k + s * (STRIDE * dt)) * lk, s * lk
        if whole < end:
            put(edge, 0, False, level, (a, b, c), table)
            put(edge_formed, 0, False, level_formed, (fa, fb, fc, d, e, k, s), table)


@compiled
def chain_block(block: Floats, changes: Floats, points: Indices, grid: Floats, firsts: Floats) -> None:
    """As `parent_block`, for both curves: firsts (s, FIRSTS * WIDTH)."""
    t0, dt = grid[0], grid[1]
    rates, states, above = rows(block, RATE, 6), rows(block, STATE, 6), np.empty(6 * WIDTH)
    parent_modes(block)
    metabolite_modes(block)
    decay(rates, dt, rows(block, POWER, 6))
    decay(rates, STRIDE * dt, rows(block, LEAP, 6))
    states[:] = 0.0
    rows(block, SLOPE_STATE)[:] = 0.0
    for change in range(changes.shape[0]):
        begun, rate = changes[change, 0], changes[change, 1]
        states += changes[change, 2]
        if points[change + 1] > points[change]:
            delay = t0 + points[change] * dt - begun
            at_first_point(rates, states, rate, delay, above)
            weighted(rows(block, WEIGHT, 3), above[: 3 * WIDTH], rows(firsts[change], 0, FORMED))
            weighted(rows(block, METABOLITE_WEIGHT, 6), above, rows(firsts[change], FORMED, 6))
            slope_at_first_point(block, above, rate, delay, firsts[change])
        if change + 1 < changes.shape[0]:
            minutes = changes[change + 1, 0] - begun
            slope_to_next_change(block, rate, minutes)
            to_next_change(rates, states, rate, minutes)


@inlined
def tabulate_chain(block: Floats, i: int, dt: float, table: Floats) -> None:
    """Powers of the six modes, and the slope's: those of the delays times the minutes passed."""
    for mode in range(6):
        tabulate(table, mode, block[(POWER + mode) * WIDTH + i])
    for lane in range(STRIDE):
        table[6 * ROW + STRIDE + lane] = table[5 * ROW + STRIDE + lane] * (lane * dt)


@compiled
def chain_curves(
    parameters: tuple[Floats, ...], changes: Floats, points: Indices, grid: Floats,
    drug: Curves, metabolite: Curves, steepness: Floats, first: int, stop: int, past_cache: bool
) -> None:  # fmt: skip
    """As `parent_curves`, with six more parameters: mean transit of both delays in min, mg of metabolite per mg of drug
    cleared, then V1, CL, V2, Q of the metabolite. `steepness` (N,): see `metabolite_modes`.
    """
    dt, width = grid[1], drug.shape[1]
    edges, flat, flat_formed = np.empty((2, STRIDE), drug.dtype), drug.reshape(-1), metabolite.reshape(-1)
    edge, edge_formed = edges[0], edges[1]
    block, table, firsts = np.empty(ROWS * WIDTH), np.zeros(7 * ROW), np.empty((changes.shape[0], FIRSTS * WIDTH))
    for block_at in range(first, stop, WIDTH):
        load(block, parameters, block_at, stop)
        chain_block(block, changes, points, grid, firsts)
        count = min(WIDTH, stop - block_at)
        steepness[block_at : block_at + count] = rows(block, STEEPNESS)[:count]
        for i in range(count):
            tabulate_chain(block, i, dt, table)
            for change in range(changes.shape[0]):
                at, number = (block_at + i) * width + points[change], points[change + 1] - points[change]
                dose = changes[change, 1] * block[SCALE * WIDTH + i]
                level, other = dose / block[CL * WIDTH + i], dose * block[YIELD * WIDTH + i] / block[CLM * WIDTH + i]
                both_curves(
                    edge, edge_formed, flat, flat_formed, at, number, past_cache, dt,
                    level, other, firsts[change], block, i, table,
                )  # fmt: skip
    waiting = stop * width % STRIDE
    flat[stop * width - waiting : stop * width] = edge[:waiting]
    flat_formed[stop * width - waiting : stop * width] = edge_formed[:waiting]
