"""Sums of exponentials for 64 subjects at a time, and their curves on a uniform grid.

A block is one flat array of 64-wide rows (`row * WIDTH + subject`), small enough to stay in the nearest cache. Between
two changes of the rate each mode is a geometric sequence on the grid: its first `LANES` powers are tabulated, and then
every point costs one multiply-add per mode. Sequences start anew from exact exponentials after `RENEW` points, so that
rounding does not add up however long the grid is.
"""

from reprieve.domain.pharmacology.compiled.arrays import Floats
from reprieve.domain.pharmacology.compiled.exponential import exp_and_expm1
from reprieve.domain.pharmacology.compiled.jit import inlined

WIDTH = 64
LANES = 16
RENEW = 1024


@inlined
def rows(block: Floats, first: int, count: int = 1) -> Floats:
    """`count` neighbouring rows as one array."""
    return block[first * WIDTH : (first + count) * WIDTH]


@inlined
def decay(rates: Floats, minutes: float, into: Floats) -> None:
    """exp(-rate * minutes)."""
    for at in range(rates.size):
        into[at] = exp_and_expm1(-rates[at] * minutes)[0]


@inlined
def to_first_point(rates: Floats, states: Floats, weights: Floats, rate: float, delay: float, into: Floats) -> None:
    """Coefficient of each mode at the first grid point, `delay` minutes after the rate last changed."""
    for at in range(rates.size):
        above = states[at] - rate / rates[at]
        into[at] = weights[at] * above * exp_and_expm1(-rates[at] * delay)[0]


@inlined
def to_next_change(rates: Floats, states: Floats, rate: float, minutes: float) -> None:
    """Each mode `minutes` later under a constant rate."""
    for at in range(rates.size):
        above = states[at] - rate / rates[at]
        states[at] += above * exp_and_expm1(-rates[at] * minutes)[1]


@inlined
def tabulate(powers: Floats, power: float) -> None:
    """1, q, q**2, ... by doubling, so that few roundings meet in one entry."""
    powers[0], powers[1] = 1.0, power
    step, known = power * power, 2
    while known < LANES:
        for lane in range(known):
            powers[known + lane] = powers[lane] * step
        step, known = step * step, 2 * known
