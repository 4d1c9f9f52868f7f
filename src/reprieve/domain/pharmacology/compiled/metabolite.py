"""What a metabolite behind two equal delays adds to the drug's modes, and how the second delay moves."""

from reprieve.domain.pharmacology.compiled.arrays import Floats
from reprieve.domain.pharmacology.compiled.blocks import WIDTH
from reprieve.domain.pharmacology.compiled.exponential import exp_and_expm1
from reprieve.domain.pharmacology.compiled.jit import compiled, inlined
from reprieve.domain.pharmacology.compiled.parent import CL, Q2, Q3, RATE, SCALE, STATE, V1, V2, V3
from reprieve.domain.pharmacology.compiled.poles import two_rates

DELAY, YIELD, VM1, CLM, VM2, QM = 7, 8, 9, 10, 11, 12
# Six modes decay as exp(-rate t): three of the drug, two of the metabolite, one of the delays, which being equal add
# one that decays as t exp(-rate t), here called the slope.
METABOLITE_WEIGHT = 40
SLOPE_WEIGHT, SLOPE_STATE, STEEPNESS = 46, 47, 48
ROWS = 49
# Coefficients after one change: three of the drug, six of the metabolite, the slope.
FORMED, SLOPE = 3, 9
FIRSTS = 10


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


@inlined
def slope_at_first_point(block: Floats, above: Floats, rate: float, delay: float, firsts: Floats) -> None:
    """The slope's coefficient at the first grid point, and what it adds to that of the delays' plain mode.

    `above`: distances of the six modes from their plateaus there.
    """
    for i in range(WIDTH):
        k, weight = block[(RATE + 5) * WIDTH + i], block[SLOPE_WEIGHT * WIDTH + i]
        second = (block[SLOPE_STATE * WIDTH + i] - rate / (k * k)) * exp_and_expm1(-k * delay)[0]
        firsts[SLOPE * WIDTH + i] = weight * above[5 * WIDTH + i]
        firsts[(FORMED + 5) * WIDTH + i] += weight * (second + above[5 * WIDTH + i] * delay)


@compiled
def slope_to_next_change(block: Floats, rate: float, minutes: float) -> None:
    """The second delay `minutes` later; to be called before the states move on."""
    for i in range(WIDTH):
        k = block[(RATE + 5) * WIDTH + i]
        passed, lost = exp_and_expm1(-k * minutes)
        above = block[(STATE + 5) * WIDTH + i] - rate / k
        second = block[SLOPE_STATE * WIDTH + i] - rate / (k * k)
        block[SLOPE_STATE * WIDTH + i] += second * lost + above * minutes * passed
