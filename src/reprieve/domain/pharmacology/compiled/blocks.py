"""Sums of exponentials for 64 subjects at a time, and their curves on a uniform grid.

A block is one flat array of 64-wide rows (`row * WIDTH + subject`), small enough to stay in the nearest cache. Between
two changes of the rate each mode is a geometric sequence on the grid: its first `STRIDE` powers are tabulated, and then
every point costs one multiply-add per mode. Sequences start anew from exact exponentials after `RENEW` points, so that
rounding does not add up however long the grid is.
"""

from reprieve.domain.pharmacology.compiled.arrays import Floats
from reprieve.domain.pharmacology.compiled.exponential import exp_and_expm1
from reprieve.domain.pharmacology.compiled.jit import inlined
from reprieve.domain.pharmacology.compiled.strides import ROW, STRIDE

WIDTH = 64
RENEW = 1024
"""Points, whole strides."""


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
def at_first_point(rates: Floats, states: Floats, rate: float, delay: float, into: Floats) -> None:
    """Distance of each mode from its plateau at the first grid point, `delay` minutes after the rate last changed."""
    for at in range(rates.size):
        into[at] = states[at] - rate / rates[at]
    if delay > 0.0:
        for at in range(rates.size):
            into[at] *= exp_and_expm1(-rates[at] * delay)[0]


@inlined
def to_next_change(rates: Floats, states: Floats, rate: float, minutes: float) -> None:
    """Each mode `minutes` later under a constant rate."""
    for at in range(rates.size):
        above = states[at] - rate / rates[at]
        states[at] += above * exp_and_expm1(-rates[at] * minutes)[1]


@inlined
def tabulate(table: Floats, mode: int, power: float) -> None:
    """1, q, q**2, ... with few roundings in each, as a row of `table`; the zeros before them are there already."""
    at = mode * ROW + STRIDE
    q2, q4 = power * power, (power * power) * (power * power)
    q3 = q2 * power
    table[at], table[at + 1], table[at + 2], table[at + 3] = 1.0, power, q2, q3
    table[at + 4], table[at + 5], table[at + 6], table[at + 7] = q4, q4 * power, q4 * q2, q4 * q3
    for place in range(at, at + STRIDE // 2):
        table[place + STRIDE // 2] = table[place] * (q4 * q4)
