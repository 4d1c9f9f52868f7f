"""Rates of decay of compartments that exchange with one central compartment, without a branch per subject.

The most isolated root of a cubic is polished by Newton's method, the other two follow from their sum and product. So a
nearly equal pair keeps a right sum and a right product, and a curve built from the pair stays right although neither
root is sharp. Equal roots are set `_APART` from each other about their mean, which costs about 1e-11 of a curve.
"""

from math import sqrt

from reprieve.domain.pharmacology.compiled.jit import inlined

_APART = 5e-6
_TRIPLE = 1e-12
# cos(acos(x) / 3) on [0, 1] within 6e-7: Viete's formula, as a start for two steps of Newton's method.
_T0, _T1, _T2, _T3, _T4, _T5 = 0.8660259817, 0.1666225765, -0.04755368407, 0.0219778904, -0.009054248607, 0.001981924228


@inlined
def apart(total: float, product: float) -> tuple[float, float]:
    """The two positive numbers with this sum and product, the larger first; a double one a little apart."""
    half = 0.5 * total
    larger = half + sqrt(max(half * half - product, (_APART * half) ** 2))
    return larger, product / larger


@inlined
def two_rates(k10: float, k12: float, k21: float) -> tuple[float, float]:
    """Rates of a two-compartment model, per minute, the larger first."""
    return apart(k10 + k12 + k21, k10 * k21)


@inlined
def three_rates(k10: float, k12: float, k13: float, k21: float, k31: float) -> tuple[float, float, float]:
    """Rates of a three-compartment model, per minute, in no order: the roots of x**3 - a2 x**2 + a1 x - a0."""
    a0, a2 = k10 * k21 * k31, k10 + k12 + k13 + k21 + k31
    a1 = k10 * (k21 + k31) + k21 * (k31 + k13) + k31 * k12
    mean = a2 / 3.0
    spread = max(mean * mean - a1 / 3.0, _TRIPLE * mean * mean)
    root = sqrt(spread)
    cosine = (mean * (mean * mean - 0.5 * a1) + 0.5 * a0) / (spread * root)
    x = min(abs(cosine), 1.0)
    third = _T0 + x * (_T1 + x * (_T2 + x * (_T3 + x * (_T4 + x * _T5))))
    alone = mean + (2.0 if cosine >= 0.0 else -2.0) * root * third
    for _ in range(2):
        value = ((alone - a2) * alone + a1) * alone - a0
        alone -= value / ((3.0 * alone - 2.0 * a2) * alone + a1)
    product = a0 / alone
    larger, smaller = apart((a1 - product) / alone if cosine >= 0.0 else a2 - alone, product)
    return alone, larger, smaller
