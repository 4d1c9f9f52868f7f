"""Moves equal and nearly equal rates apart, and brings the solution back to where they were.

(k - r) vanishes where two rates coincide although the solution does not. The solution is an entire function of
a number e that moves the rates of such states apart, k -> k (1 + e d) with its own d in -1..1 for each. So it is
computed at q values of e placed evenly about 0, where nothing coincides, and interpolated to e = 0 (Lagrange weights,
which sum to 1 and stay small, so that rounding is not blown up). A pole that does not move keeps one mode, a moved
one gets one for each e. The error is about prod|e_j| (q/e)^q / q!, since max x^q exp(-x) is (q/e)^q: 3e-11 for two
equal compartments (q = 4, e up to 0.006), 4e-12 for three (q = 8, e up to 0.105), 7e-11 for four (q = 10, e up to
0.27). Rounding is eps over the product of the gaps that remain. Longer chains of equals are refused.
"""

from dataclasses import dataclass
from functools import lru_cache
from math import prod

import numpy as np
import numpy.typing as npt

from reprieve.domain.pharmacology.arrays import Array, Namespace
from reprieve.domain.pharmacology.linear_model import ModelError
from reprieve.domain.pharmacology.plan import Places
from reprieve.domain.pharmacology.structure import Structure

_SHIFTS = {2: (2e-3, 4), 3: (1.5e-2, 8), 4: (3e-2, 10)}
_ESCAPE_NODES = 8
_KEPT = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """Where the rates are moved to: factor (q, states) and the weight of each of the q solutions."""

    factors: tuple[tuple[float, ...], ...]
    weights: tuple[float, ...]


@lru_cache(maxsize=_KEPT)
def structural_shift(structure: Structure) -> Shift:
    names, repeats = structure.copies[0].states, structure.shape.repeats
    if not repeats:
        return Shift(factors=((1.0,) * len(names),), weights=(1.0,))
    longest = max(len(group) for group in repeats)
    if longest not in _SHIFTS:
        raise ModelError("PK-MODEL-CHAIN", states=names[repeats[0][0]])
    step, count = _SHIFTS[longest]
    moves = [0.0] * len(names)
    for group in repeats:
        for place, state in enumerate(group):
            moves[state] = 2.0 * place / (len(group) - 1) - 1.0
    return _shift_by(moves, step, count)


def full_shift(structure: Structure, step: float, *, stride: int) -> Shift:
    """Every block moved by a share of its own, spread evenly over the blocks taken every `stride`-th at a time."""
    blocks = structure.shape.blocks
    order = [place for first in range(stride) for place in range(first, len(blocks), stride)]
    moves = [0.0] * len(structure.copies[0].states)
    last = max(1, len(blocks) - 1)
    for rank, place in enumerate(order):
        for state in blocks[place].states:
            moves[state] = 2.0 * rank / last - 1.0
    return _shift_by(moves, step, _ESCAPE_NODES)


def _shift_by(moves: list[float], step: float, count: int) -> Shift:
    """Nodes at odd multiples of the step about 0, with the Lagrange weights that interpolate to 0."""
    nodes = [2.0 * index - count + 1.0 for index in range(count)]
    weights = tuple(prod(other / (other - node) for other in nodes if other != node) for node in nodes)
    factors = tuple(tuple(1.0 + step * node * move for move in moves) for node in nodes)
    return Shift(factors=factors, weights=weights)


def merged(rates: Array, weights: Array, structure: Structure, shift: Shift, xp: Namespace) -> tuple[Array, Array]:
    """Rates (n, m) and weights (n, outputs, inputs, m); modes that are one number by construction become one."""
    flat_rates, flat_weights = side_by_side(rates, weights, shift, xp)
    if len(shift.weights) > 1:
        first, table = _kept(structure, shift)
        flat_rates = xp.take(flat_rates, xp.asarray(first), axis=-1)
        flat_weights = flat_weights @ xp.asarray(table, dtype=flat_weights.dtype)
    return joined_copies(flat_rates, xp), joined_copies(flat_weights, xp)


def side_by_side(rates: Array, weights: Array, shift: Shift, xp: Namespace) -> tuple[Array, Array]:
    """All q solutions side by side, weighted: (n, c, q * m) and (n, outputs, inputs, c, q * m)."""
    copies, count, people, poles = rates.shape
    share = xp.asarray(shift.weights, dtype=rates.dtype)[:, None, None, None, None]
    weighted = xp.permute_dims(weights * share, (2, 3, 4, 0, 1, 5))
    return (
        xp.reshape(xp.permute_dims(rates, (2, 0, 1, 3)), (people, copies, count * poles)),
        xp.reshape(weighted, (*weighted.shape[:4], count * poles)),
    )


def joined_copies(array: Array, xp: Namespace) -> Array:
    """(..., c, m) as (..., c * m)."""
    return xp.reshape(array, (*array.shape[:-2], array.shape[-2] * array.shape[-1]))


@lru_cache(maxsize=_KEPT)
def _kept(structure: Structure, shift: Shift) -> tuple[Places, npt.NDArray[np.float64]]:
    """Of the modes side by side the first of each that are one number, and the table that adds the others to it."""
    leader = {state: group[0] for group in structure.shape.repeats for state in group}
    keys = [
        (leader.get(state, state), round(factor * 1e9)) for row in shift.factors for state, factor in enumerate(row)
    ]
    kept = list(dict.fromkeys(keys))
    first = np.array([keys.index(one) for one in kept])
    return first, np.array([[1.0 if key == one else 0.0 for one in kept] for key in keys])


def mode_places(structure: Structure, shift: Shift) -> Places:
    """To which mode each pole of each solution belongs: (q, states)."""
    _, table = _kept(structure, shift)
    places: Places = np.argmax(table, axis=1).reshape(len(shift.factors), -1)
    return places
