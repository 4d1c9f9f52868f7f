"""exp(x) and exp(x) - 1 for x <= 0 in arithmetic that a compiler can spread over vector lanes; no table, no branch."""

from math import floor

from reprieve.domain.pharmacology.compiled.jit import float_of_bits, inlined

_LOG2_E = 1.4426950408889634
_LN2_HIGH = 0.6931471803691238
"""ln 2 with its last 21 bits zero, so that a product with a whole number up to 2**20 is exact (Cody and Waite)."""
_LN2_LOW = 1.9082149292705877e-10
_SMALLEST = -708.0
_C2, _C3, _C4, _C5, _C6, _C7 = 1 / 2, 1 / 6, 1 / 24, 1 / 120, 1 / 720, 1 / 5040
_C8, _C9, _C10, _C11 = 1 / 40320, 1 / 362880, 1 / 3628800, 1 / 39916800
_C12, _C13 = 1 / 479001600, 1 / 6227020800


@inlined
def exp_and_expm1(x: float) -> tuple[float, float]:
    """(exp(x), exp(x) - 1) for x <= 0, each within 2 units in the last place; exp(-708) below -708.

    x = n ln 2 + r with |r| <= ln 2 / 2; Taylor's series of exp(r) - 1 to the 13th power leaves 4e-18.
    """
    x = max(x, _SMALLEST)
    n = floor(x * _LOG2_E + 0.5)
    r = (x - n * _LN2_HIGH) - n * _LN2_LOW
    p = _C11 + r * (_C12 + r * _C13)
    p = _C6 + r * (_C7 + r * (_C8 + r * (_C9 + r * (_C10 + r * p))))
    p = r + r * r * (_C2 + r * (_C3 + r * (_C4 + r * (_C5 + r * p))))
    power = float_of_bits((int(n) + 1023) << 52)
    return power + power * p, power * p + (power - 1.0)
