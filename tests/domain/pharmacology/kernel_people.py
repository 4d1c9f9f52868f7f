"""People for the compiled kernels, and their curves by SciPy's matrix exponential."""

import numpy as np
from scipy.linalg import expm

from reprieve.domain.pharmacology.compiled.populations import (
    Change,
    DelayedMetabolite,
    ThreeCompartments,
    UniformGrid,
)

# Typical values of the default racemic model at 70 kg, S side: litres, litres per minute, minutes.
DRUG = np.array([25.0, 56.0, 157.0, 92.8 / 60, 161.0 / 60, 79.0 / 60])
METABOLITE = np.array([10.9, 0.8 * 223.70 / 237.73, 31.3, 38.9 / 60, 130.0, 115.0 / 60])
INFUSION = (Change(at_min=0.0, rate_mg_per_min=35.0 / 40.0), Change(at_min=40.0))
MINUTES = UniformGrid(points=241)


def people(factors):
    """(12, N) factors on the typical values."""
    values = np.concatenate((DRUG, METABOLITE))[:, None] * np.asarray(factors, dtype=float).reshape(12, -1)
    return ThreeCompartments(**dict(zip(ThreeCompartments.__slots__, values[:6], strict=True))), DelayedMetabolite(
        **dict(zip(DelayedMetabolite.__slots__, values[6:], strict=True))
    )


def by_matrix(drug, metabolite, changes, t_min, i=0):
    """Both curves by SciPy's matrix exponential, each time from the last change."""
    v1, v2, v3, cl, q2, q3 = (getattr(drug, name)[i] for name in ThreeCompartments.__slots__)
    transit, share, vm1, clm, vm2, qm = (getattr(metabolite, name)[i] for name in DelayedMetabolite.__slots__)
    k, a = 2.0 / transit, np.zeros((8, 8))
    a[0, [0, 1, 2, 7]] = -(cl + q2 + q3) / v1, q2 / v2, q3 / v3, 1.0
    a[1, [0, 1]], a[2, [0, 2]] = (q2 / v1, -q2 / v2), (q3 / v1, -q3 / v3)
    a[3, [0, 3]], a[4, [3, 4]] = (cl / v1, -k), (k, -k)
    a[5, [4, 5, 6]], a[6, [5, 6]] = (k * share, -(clm + qm) / vm1, qm / vm2), (qm / vm1, -qm / vm2)
    state, found, last = np.zeros(8), [], None
    waiting = list(changes)
    for t in t_min:
        while waiting and waiting[0].at_min <= t:
            change = waiting.pop(0)
            state = state if last is None else expm(a * (change.at_min - last)) @ state
            state[7], state[0], last = change.rate_mg_per_min, state[0] + change.amount_mg, change.at_min
        now = np.zeros(8) if last is None else expm(a * (t - last)) @ state
        found.append((now[0] / v1, now[5] / vm1))
    return np.array(found).T
