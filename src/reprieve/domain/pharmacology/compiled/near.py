"""Metabolite curves of the few people two of whose rates nearly coincide, where partial fractions cancel.

The curve itself is an entire function of a number e that moves the delays' rate by 1 + e and the metabolite's own rates
by 1 - e. So it is computed at eight e about 0, where the rates lie apart, and interpolated to e = 0; by Lagrange's
remainder that leaves 4e-12 of the peak. A second spacing serves those whose other rates the first one brings together.
"""

from math import prod

import numpy as np

from reprieve.domain.pharmacology.compiled.arrays import Curves, Floats, Indices
from reprieve.domain.pharmacology.compiled.chain import chain_curves
from reprieve.domain.pharmacology.compiled.metabolite import DELAY, VM1, VM2
from reprieve.domain.pharmacology.compiled.strides import STRIDE

# ruff: noqa: PLR0913, PLR0917 - takes what the kernel takes

STEEP = 1e6
"""Partial fractions this much larger than the curve cost 6 of 16 digits."""

_SPACINGS = (1.1e-2, 1.5e-2)
_PIECE = 16
"""People at a time: fresh memory for the curves of all would cost more than the curves."""
_NODES = tuple(range(-7, 8, 2))
_SHARES = np.array([prod(other / (other - node) for other in _NODES if other != node) for node in _NODES])


def chain_apart(
    parameters: tuple[Floats, ...], changes: Floats, points: Indices, grid: Floats,
    metabolite: Curves, steepness: Floats, first: int, stop: int
) -> None:  # fmt: skip
    """Replace the metabolite curves of those among `first` to `stop` whose steepness is too large or not a number."""
    people = first + np.flatnonzero(~(steepness[first:stop] < STEEP))
    width = metabolite.shape[1]
    whole = -(-width // STRIDE) * STRIDE  # each row begins a stride, so that no digit depends on who stands beside whom
    until = np.append(points[:-1], whole)
    room = np.empty((2, min(people.size, _PIECE) * len(_NODES), whole))
    for spacing in _SPACINGS:
        if people.size == 0:
            return
        moved, steep = _moved([values[people] for values in parameters], spacing), np.empty(people.size * len(_NODES))
        for at in range(0, people.size, _PIECE):
            some, own = people[at : at + _PIECE], slice(at * len(_NODES), (at + _PIECE) * len(_NODES))
            count = some.size * len(_NODES)
            drug, formed, nodes = room[0, :count], room[1, :count], tuple(moved[:, own])
            chain_curves(nodes, changes, until, grid, drug, formed, steep[own], 0, count, False)
            metabolite[some] = _SHARES @ formed.reshape(some.size, len(_NODES), whole)[:, :, :width]
        people = people[~(np.max(steep.reshape(people.size, -1), axis=1) < STEEP)]


def _moved(parameters: list[Floats], spacing: float) -> Floats:
    """Each person once for every e: 13 parameters (n,) -> (13, n * nodes)."""
    factor = np.tile(1.0 + spacing * np.array(_NODES), parameters[0].size)
    moved: Floats = np.repeat(np.stack(parameters), len(_NODES), axis=1)
    moved[DELAY] /= factor
    moved[[VM1, VM2]] /= 2.0 - factor
    moved.flags.writeable = False  # as the arrays of others, so that the kernel is compiled once
    return moved
