"""Plasma curves of a three-compartment drug and its metabolite: two equal delays, then two compartments."""

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
from reprieve.domain.pharmacology.compiled.exponential import exp_and_expm1
from reprieve.domain.pharmacology.compiled.jit import compiled, inlined
from reprieve.domain.pharmacology.compiled.parent import (
    CL,
    FIRST,
    LEAP,
    POWER,
    Q2,
    Q3,
    RATE,
    SCALE,
    STATE,
    V1,
    V2,
    V3,
    WEIGHT,
    load,
    parent_modes,
    three_modes,
)
from reprieve.domain.pharmacology.compiled.poles import two_rates

DELAY, YIELD, VM1, CLM, VM2, QM = 7, 8, 9, 10, 11, 12
# Six modes decay as exp(-rate t): three of the drug, two of the metabolite, one of the delays, which being equal add
# one that decays as t exp(-rate t), here called the slope.
METABOLITE_WEIGHT, METABOLITE_FIRST = 43, 49
SLOPE_WEIGHT, SLOPE_STATE, SLOPE_FIRST, STEEPNESS = 55, 56, 57, 58
ROWS = 59


@inlined
def mean_height(block: Floats, i: int) -> float:
    """Area under the metabolite's curve after 1 mg over the mean time to its loss, mg/L: below its peak."""
    clearance, clm = block[CL * WIDTH + i], block[CLM * WIDTH + i]
    in_drug = (block[V1 * WIDTH + i] + block[V2 * WIDTH + i] + block[V3 * WIDTH + i]) / clearance
    in_metabolite = (block[VM1 * WIDTH + i] + block[VM2 * WIDTH + i]) / clm
    area: float = block[SCALE * WIDTH + i] * block[YIELD * WIDTH + i] / clm
    mean_time: float = in_drug + block[DELAY * WIDTH + i] + in_metabolite
    return area / mean_time


@compiled
def metabolite_modes(block: Floats) -> None:
    """Partial fractions of the metabolite's response to 1 mg of drug; `STEEPNESS` is how much of them cancels."""
    for i in range(WIDTH):
        k21, k31 = block[Q2 * WIDTH + i] / block[V2 * WIDTH + i], block[Q3 * WIDTH + i] / block[V3 * WIDTH + i]
        a, b, c = block[RATE * WIDTH + i], block[(RATE + 1) * WIDTH + i], block[(RATE + 2) * WIDTH + i]
        vm1, m21 = block[VM1 * WIDTH + i], block[QM * WIDTH + i] / block[VM2 * WIDTH + i]
        d, e = two_rates(block[CLM * WIDTH + i] / vm1, block[QM * WIDTH + i] / vm1, m21)
        k = 2.0 / block[DELAY * WIDTH + i]
        formed = block[SCALE * WIDTH + i] * block[YIELD * WIDTH + i] / vm1
        per = formed * block[CL * WIDTH + i] / block[V1 * WIDTH + i] * k * k
        wa = per * (k21 - a) * (k31 - a) * (m21 - a) / ((b - a) * (c - a) * (d - a) * (e - a) * (k - a) * (k - a))
        wb = per * (k21 - b) * (k31 - b) * (m21 - b) / ((a - b) * (c - b) * (d - b) * (e - b) * (k - b) * (k - b))
        wc = per * (k21 - c) * (k31 - c) * (m21 - c) / ((a - c) * (b - c) * (d - c) * (e - c) * (k - c) * (k - c))
        wd = per * (k21 - d) * (k31 - d) * (m21 - d) / ((a - d) * (b - d) * (c - d) * (e - d) * (k - d) * (k - d))
        we = per * (k21 - e) * (k31 - e) * (m21 - e) / ((a - e) * (b - e) * (c - e) * (d - e) * (k - e) * (k - e))
        x, y, z = k21 - k, k31 - k, m21 - k
        rest = per / ((a - k) * (b - k) * (c - k) * (d - k) * (e - k))
        fall = 1.0 / (a - k) + 1.0 / (b - k) + 1.0 / (c - k) + 1.0 / (d - k) + 1.0 / (e - k)
        slope, wk = rest * x * y * z, rest * (x * y + x * z + y * z - x * y * z * fall)
        block[(RATE + 3) * WIDTH + i] = d
        block[(RATE + 4) * WIDTH + i] = e
        block[(RATE + 5) * WIDTH + i] = k
        block[METABOLITE_WEIGHT * WIDTH + i] = wa
        block[(METABOLITE_WEIGHT + 1) * WIDTH + i] = wb
        block[(METABOLITE_WEIGHT + 2) * WIDTH + i] = wc
        block[(METABOLITE_WEIGHT + 3) * WIDTH + i] = wd
        block[(METABOLITE_WEIGHT + 4) * WIDTH + i] = we
        block[(METABOLITE_WEIGHT + 5) * WIDTH + i] = wk
        block[SLOPE_WEIGHT * WIDTH + i] = slope
        parts = abs(wa) + abs(wb) + abs(wc) + abs(wd) + abs(we) + abs(wk)
        block[STEEPNESS * WIDTH + i] = parts / mean_height(block, i)


@compiled
def slope_to_first_point(block: Floats, rate: float, delay: float) -> None:
    """The slope's coefficient at the first grid point, and what it adds to that of the delays' plain mode."""
    for i in range(WIDTH):
        k, weight = block[(RATE + 5) * WIDTH + i], block[SLOPE_WEIGHT * WIDTH + i]
        passed = weight * exp_and_expm1(-k * delay)[0]
        above = block[(STATE + 5) * WIDTH + i] - rate / k
        block[SLOPE_FIRST * WIDTH + i] = passed * above
        second = block[SLOPE_STATE * WIDTH + i] - rate / (k * k)
        block[(METABOLITE_FIRST + 5) * WIDTH + i] += passed * (second + above * delay)


@compiled
def slope_to_next_change(block: Floats, rate: float, minutes: float) -> None:
    """The second delay `minutes` later; to be called before the states move on."""
    for i in range(WIDTH):
        k = block[(RATE + 5) * WIDTH + i]
        passed, lost = exp_and_expm1(-k * minutes)
        above = block[(STATE + 5) * WIDTH + i] - rate / k
        second = block[SLOPE_STATE * WIDTH + i] - rate / (k * k)
        block[SLOPE_STATE * WIDTH + i] += second * lost + above * minutes * passed


@inlined
def seven_modes(
    curve: Curves, start: int, stop: int, level: float, block: Floats, i: int, dt: float, table: Floats
) -> None:
    """`level` plus six geometric sequences and the slope; the first three rows of `table` are the drug's already."""
    ta, tb, tc = table[:LANES], table[LANES : 2 * LANES], table[2 * LANES : 3 * LANES]
    td, te, tk = table[3 * LANES : 4 * LANES], table[4 * LANES : 5 * LANES], table[5 * LANES : 6 * LANES]
    ts = table[6 * LANES :]
    tabulate(td, block[(POWER + 3) * WIDTH + i])
    tabulate(te, block[(POWER + 4) * WIDTH + i])
    tabulate(tk, block[(POWER + 5) * WIDTH + i])
    for lane in range(LANES):
        ts[lane] = tk[lane] * (lane * dt)
    for restart in range(start, stop, RENEW):
        passed = (restart - start) * dt
        a, b, c = (block[(METABOLITE_FIRST + 0) * WIDTH + i], block[(METABOLITE_FIRST + 1) * WIDTH + i],
                   block[(METABOLITE_FIRST + 2) * WIDTH + i])  # fmt: skip
        d, e, k = (block[(METABOLITE_FIRST + 3) * WIDTH + i], block[(METABOLITE_FIRST + 4) * WIDTH + i],
                   block[(METABOLITE_FIRST + 5) * WIDTH + i])  # fmt: skip
        s = block[SLOPE_FIRST * WIDTH + i]
        if passed > 0.0:
            a *= np.exp(-block[RATE * WIDTH + i] * passed)
            b *= np.exp(-block[(RATE + 1) * WIDTH + i] * passed)
            c *= np.exp(-block[(RATE + 2) * WIDTH + i] * passed)
            d *= np.exp(-block[(RATE + 3) * WIDTH + i] * passed)
            e *= np.exp(-block[(RATE + 4) * WIDTH + i] * passed)
            left = np.exp(-block[(RATE + 5) * WIDTH + i] * passed)
            k, s = (k + s * passed) * left, s * left
        end = min(restart + RENEW, stop)
        for at in range(restart, end, LANES):
            piece = curve[at : min(at + LANES, end)]
            for lane in range(piece.size):
                drug = a * ta[lane] + b * tb[lane] + c * tc[lane]
                piece[lane] = level + drug + d * td[lane] + e * te[lane] + k * tk[lane] + s * ts[lane]
            a *= block[LEAP * WIDTH + i]
            b *= block[(LEAP + 1) * WIDTH + i]
            c *= block[(LEAP + 2) * WIDTH + i]
            d *= block[(LEAP + 3) * WIDTH + i]
            e *= block[(LEAP + 4) * WIDTH + i]
            left = block[(LEAP + 5) * WIDTH + i]
            k, s = (k + s * (LANES * dt)) * left, s * left


@compiled
def chain_curves(
    parameters: Floats, changes: Floats, points: Indices, grid: Floats,
    drug: Curves, metabolite: Curves, steepness: Floats, first: int, stop: int, past_cache: bool
) -> None:  # fmt: skip
    """As `parent_curves`, with six more parameters: mean transit of both delays in min, mg of metabolite per mg of drug
    cleared, then V1, CL, V2, Q of the metabolite. `steepness` (N,): see `metabolite_modes`.
    """
    t0, dt = grid[0], grid[1]
    tiles = np.empty((2, WIDTH if past_cache else 1, drug.shape[1]), drug.dtype)
    block, table = np.empty(ROWS * WIDTH), np.empty(7 * LANES)
    rates, states = rows(block, RATE, 6), rows(block, STATE, 6)
    for at in range(first, stop, WIDTH):
        load(block, parameters, at, stop)
        parent_modes(block)
        metabolite_modes(block)
        decay(rates, dt, rows(block, POWER, 6))
        decay(rates, LANES * dt, rows(block, LEAP, 6))
        states[:] = 0.0
        rows(block, SLOPE_STATE, 1)[:] = 0.0
        count = min(WIDTH, stop - at)
        steepness[at : at + count] = block[STEEPNESS * WIDTH : STEEPNESS * WIDTH + count]
        into = tiles[0, :count] if past_cache else drug[at : at + count]
        into_metabolite = tiles[1, :count] if past_cache else metabolite[at : at + count]
        into[:, : points[0]] = 0.0
        into_metabolite[:, : points[0]] = 0.0
        for change in range(changes.shape[0]):
            rate, start, end = changes[change, 1], points[change], points[change + 1]
            states += changes[change, 2]
            if end > start:
                delay = t0 + start * dt - changes[change, 0]
                to_first_point(
                    rows(block, RATE, 3),
                    rows(block, STATE, 3),
                    rows(block, WEIGHT, 3),
                    rate,
                    delay,
                    rows(block, FIRST, 3),
                )
                to_first_point(
                    rates, states, rows(block, METABOLITE_WEIGHT, 6), rate, delay, rows(block, METABOLITE_FIRST, 6)
                )
                slope_to_first_point(block, rate, delay)
                for i in range(count):
                    dose = rate * block[SCALE * WIDTH + i]
                    three_modes(into[i], start, end, dose / block[CL * WIDTH + i], block, i, dt, table)
                    formed = dose * block[YIELD * WIDTH + i] / block[CLM * WIDTH + i]
                    seven_modes(into_metabolite[i], start, end, formed, block, i, dt, table)
            if change + 1 < changes.shape[0]:
                minutes = changes[change + 1, 0] - changes[change, 0]
                slope_to_next_change(block, rate, minutes)
                to_next_change(rates, states, rate, minutes)
        if past_cache:
            stream(into.reshape(-1), drug[at : at + count].reshape(-1))
            stream(into_metabolite.reshape(-1), metabolite[at : at + count].reshape(-1))
