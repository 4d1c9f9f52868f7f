"""Sums of exponentials for 64 subjects at a time, and their curves on a uniform grid.

A block is one flat array of 64-wide rows (`row * WIDTH + subject`), small enough to stay in the nearest cache. Between
two changes of the rate each mode is a geometric sequence on the grid: its first `LANES` powers are tabulated, and then
every point costs one multiply-add per mode. Sequences start anew from exact exponentials after `RENEW` points, so that
rounding does not add up however long the grid is.
"""

from reprieve.domain.pharmacology.compiled.arrays import Curves, Floats
from reprieve.domain.pharmacology.compiled.exponential import exp_and_expm1
from reprieve.domain.pharmacology.compiled.jit import LINE, compiled, inlined, stream_line

WIDTH = 64
LANES = 32
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
    """1, q, q**2, ... with few roundings in each."""
    q2, q4 = power * power, (power * power) * (power * power)
    q3, q5, q6, q7 = q2 * power, q4 * power, q4 * q2, q4 * (q2 * power)
    shift, q8 = 1.0, q4 * q4
    for at in range(0, LANES, 8):
        powers[at], powers[at + 1], powers[at + 2], powers[at + 3] = shift, power * shift, q2 * shift, q3 * shift
        powers[at + 4], powers[at + 5], powers[at + 6], powers[at + 7] = q4 * shift, q5 * shift, q6 * shift, q7 * shift
        shift *= q8


@compiled
def stream(source: Curves, into: Curves) -> None:
    """Copy past the caches: what is written once and read much later should not first be read."""
    lanes = LINE // into.itemsize
    whole = into.size // lanes * lanes
    for at in range(0, whole, lanes):
        stream_line(into, at, source)
    for at in range(whole, into.size):
        into[at] = source[at]
