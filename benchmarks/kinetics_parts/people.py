"""The two tasks, the people in them, and what is right to 15 digits.

Task A: three compartments, 40 minutes of 35 mg, 241 minutes. Task B: the same and its metabolite, behind two equal
delays, in two compartments; both curves. Each of the 6 or 12 parameters is lognormal with an SD of 0.3, by person.
"""

import numpy as np

from reprieve.domain.pharmacology.compiled.populations import Change, UniformGrid

RATE_MG_PER_MIN, STOP_MIN, POINTS = 35.0 / 40.0, 40, 241
GRID = UniformGrid(points=POINTS)
INFUSION = (Change(at_min=0.0, rate_mg_per_min=RATE_MG_PER_MIN), Change(at_min=float(STOP_MIN)))
# V1, V2, V3 (L), CL, Q2, Q3 (L/min); transit (min), yield, V1, CL, V2, Q of the metabolite.
TYPICAL = np.array(
    [25.0, 56.0, 157.0, 92.8 / 60, 161 / 60, 79 / 60, 10.9, 0.8 * 223.70 / 237.73, 31.3, 38.9 / 60, 130.0, 115 / 60]
)


def people(count: int, seed: int = 1) -> np.ndarray:
    """(12, count)"""
    return TYPICAL[:, None] * np.exp(np.random.default_rng(seed).normal(0.0, 0.3, (12, count)))


def matrix(values: np.ndarray) -> np.ndarray:
    """dx/dt = A x + b * rate for one person: drug 3, delays 2, metabolite 2; in the type of `values`."""
    v1, v2, v3, cl, q2, q3, transit, share, vm1, clm, vm2, qm = values
    a, k = np.zeros((7, 7), dtype=values.dtype), 2 / transit
    a[0, :3], a[1, :2], a[2, [0, 2]] = (
        (-(cl + q2 + q3) / v1, q2 / v2, q3 / v3),
        (q2 / v1, -q2 / v2),
        (q3 / v1, -q3 / v3),
    )
    a[3, [0, 3]], a[4, [3, 4]] = (cl / v1, -k), (k, -k)
    a[5, [4, 5, 6]], a[6, [5, 6]] = (k * share, -(clm + qm) / vm1, qm / vm2), (qm / vm1, -qm / vm2)
    return a


def reference(values: np.ndarray) -> np.ndarray:
    """(2, 241) drug and metabolite of one person, by the matrix exponential in extended precision (64-bit mantissa)."""
    exact = values.astype(np.longdouble)
    augmented = np.zeros((8, 8), dtype=np.longdouble)
    augmented[:7, :7], augmented[0, 7] = matrix(exact), 1
    part, step, term = augmented / 1024, np.eye(8, dtype=np.longdouble), np.eye(8, dtype=np.longdouble)
    for order in range(1, 25):
        term = term @ part / order
        step = step + term
    for _ in range(10):
        step = step @ step
    state, found = np.zeros(8, dtype=np.longdouble), np.zeros((2, POINTS))
    state[7] = np.longdouble(35) / 40
    for minute in range(1, POINTS):
        state = step @ state
        found[:, minute] = state[0] / exact[0], state[5] / exact[8]
        if minute == STOP_MIN:
            state[7] = 0
    return found


def worst_error(curves: list[np.ndarray], values: np.ndarray, sample: int = 100) -> float:
    """Largest error over a sample of people and all their curves, relative to each curve's peak."""
    found = 0.0
    for person in range(min(sample, values.shape[1])):
        right = reference(values[:, person])
        for curve, wanted in zip(curves, right, strict=False):
            if person < len(curve):
                found = max(found, float(np.max(np.abs(np.asarray(curve[person]) - wanted)) / np.max(wanted)))
    return found
