"""The same closed form once for NumPy and once for JAX, written for this comparison without our kernels.

Poles by the trigonometric cubic, partial fractions, exponentials at every point. The delays' equal rates are set 1e-5
apart; rates that coincide by chance are not looked for.
"""

from typing import Any

from kinetics_parts.people import POINTS, RATE_MG_PER_MIN, STOP_MIN


def curves(values: Any, task: str, xp: Any) -> tuple[Any, ...]:
    """values (12, n) -> one (n, 241) for task A, two for task B."""
    v1, v2, v3, cl, q2, q3, transit, share, vm1, clm, vm2, qm = values
    k10, k12, k13, k21, k31 = cl / v1, q2 / v1, q3 / v1, q2 / v2, q3 / v3
    rates = _cubic(k10 + k12 + k13 + k21 + k31, k10 * (k21 + k31) + k21 * (k31 + k13) + k31 * k12, k10 * k21 * k31, xp)
    weights = _residues(rates, (k21, k31), 1.0 / v1)
    if task == "A":
        return (_driven(rates, weights, xp),)
    m21, k = qm / vm2, 2.0 / transit
    half, product = 0.5 * ((clm + qm) / vm1 + m21), clm / vm1 * m21
    larger = half + xp.sqrt(half * half - product)
    all_rates = (*rates, larger, product / larger, k * (1.0 - 5e-6), k * (1.0 + 5e-6))
    formed = _residues(all_rates, (k21, k31, m21), cl / v1 * k * k * share / vm1)
    return _driven(rates, weights, xp), _driven(all_rates, formed, xp)


def _cubic(a2: Any, a1: Any, a0: Any, xp: Any) -> tuple[Any, Any, Any]:
    mean = a2 / 3.0
    spread = mean * mean - a1 / 3.0
    cosine = (mean * (mean * mean - 0.5 * a1) + 0.5 * a0) / (spread * xp.sqrt(spread))
    angle = xp.arccos(xp.clip(cosine, -1.0, 1.0)) / 3.0
    found = [mean + 2.0 * xp.sqrt(spread) * xp.cos(angle + 2.0943951023931953 * turn) for turn in range(3)]
    for _ in range(2):
        found = [x - (((x - a2) * x + a1) * x - a0) / ((3.0 * x - 2.0 * a2) * x + a1) for x in found]
    return found[0], found[1], found[2]


def _residues(rates: tuple[Any, ...], zeros: tuple[Any, ...], factor: Any) -> list[Any]:
    found = []
    for rate in rates:
        weight = factor
        for zero in zeros:
            weight = weight * (zero - rate)
        for other in rates:
            weight = weight if other is rate else weight / (other - rate)
        found.append(weight)
    return found


def _driven(rates: tuple[Any, ...], weights: list[Any], xp: Any) -> Any:
    minutes = xp.arange(POINTS) * 1.0
    running, since = xp.minimum(minutes, STOP_MIN), xp.maximum(minutes - STOP_MIN, 0.0)
    total = 0.0
    for rate, weight in zip(rates, weights, strict=True):
        entered = -xp.expm1(-rate[:, None] * running)
        total = total + (RATE_MG_PER_MIN * weight / rate)[:, None] * entered * xp.exp(-rate[:, None] * since)
    return total
