"""Poles and residues of a block-triangular system, of all blocks at once.

In the coordinates of the blocks' own vectors the system is triangular: poles k on the diagonal, and in B what later
states see of earlier ones. The response of state i to the pole p of an earlier block is X[i, p] = (B X)[i, p] /
(k[i] - k[p]): products of residues, no time step, no ODE. What a block shows depends on earlier blocks only, so
repeating that as often as blocks follow one another gives X exactly.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from reprieve.domain.pharmacology.arrays import Array, Namespace
from reprieve.domain.pharmacology.block_vectors import BlockVectors, block_vectors
from reprieve.domain.pharmacology.moved_rates import Shift
from reprieve.domain.pharmacology.plan import Places
from reprieve.domain.pharmacology.structure import Block, Structure
from reprieve.domain.pharmacology.system import Coefficients, System, coefficients

_NEAR = 0.05
_NUDGE = 1e-8
_ANY = 1e-12
"""Stands for a gap of nothing where the subject is solved again anyway."""
_KEPT = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Residues:
    """Poles (c, q, n, states), weights (c, q, n, outputs, inputs, states), smallest gap (n,)."""

    poles: Array
    weights: Array
    gap: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Which block sees which: states from `first` on see others; `reached` (later, states) is 1 where one sees a pole.

    `between` takes the couplings between blocks, row by row, out of the pairs and a zero; `steps` is how many blocks
    follow one another at most.
    """

    first: int
    reached: npt.NDArray[np.float64]
    between: Places
    steps: int


def residues(system: System, shift: Shift, xp: Namespace, *, is_traced: bool) -> Residues:
    """Everything that the modes are made of; c copies of the structure, q places of the shift, n subjects."""
    order, given = order_of(system.structure), coefficients(system, xp)
    own = block_vectors(given, system.structure, xp)
    factors = xp.asarray(shift.factors, dtype=own.poles.dtype)[:, None, :]
    poles = own.poles * factors
    if is_traced:
        poles = _nudged(poles, system.structure.shape.blocks, xp)
    seen, inputs, outputs = _triangular(given, own, order, xp)
    if order.steps:
        first = order.first
        over_gaps = _over_gaps(poles, order, xp)
        passed = _passed(over_gaps, seen[..., first:, :], order)
        outputs = outputs + outputs[..., first:] @ passed
        modal = _modal(passed, inputs, order, xp)
        gap = _smallest(over_gaps, poles[..., first:], xp)
    else:
        modal, gap = inputs, xp.min(xp.ones_like(poles), axis=(0, 1, 3))
    weights = outputs[..., :, None, :] * xp.matrix_transpose(modal)[..., None, :, :]
    weights = xp.broadcast_to(weights, (*poles.shape[:3], *weights.shape[3:]))
    return Residues(poles=poles, weights=weights, gap=gap)


def _over_gaps(poles: Array, order: Order, xp: Namespace) -> Array:
    """1 / (k[i] - k[p]) where a later state i sees the pole p, else 0: (c, q, n, later, states)."""
    gaps = poles[..., order.first :, None] - poles[..., None, :]
    return xp.asarray(order.reached, dtype=poles.dtype) / xp.where(gaps == 0.0, xp.full_like(gaps, _ANY), gaps)


def _passed(over_gaps: Array, seen: Array, order: Order) -> Array:
    """How each later state shows each earlier pole: (c, q, n, later, states)."""
    passed = over_gaps * seen
    for _ in range(order.steps - 1):
        passed = over_gaps * (seen + seen[..., order.first :] @ passed)
    return passed


def _modal(passed: Array, inputs: Array, order: Order, xp: Namespace) -> Array:
    """How much of each input each pole carries: (c, q, n, states, inputs)."""
    source = inputs[..., : order.first, :]
    direct = inputs[..., order.first :, :] - passed[..., : order.first] @ source
    later = direct
    for _ in range(order.steps - 1):
        later = direct - passed[..., order.first :] @ later
    return xp.concat((xp.broadcast_to(source, (*later.shape[:-2], *source.shape[-2:])), later), axis=-2)


def _triangular(given: Coefficients, own: BlockVectors, order: Order, xp: Namespace) -> tuple[Array, Array, Array]:
    """Couplings between blocks, inputs and outputs in the coordinates of the blocks' own vectors."""
    couplings, states = given.couplings[:, None, :, :], own.poles.shape[-1]
    padded = xp.concat((couplings, xp.zeros_like(given.losses[:, None, :, :1])), axis=-1)
    flat = xp.take(padded, xp.asarray(order.between), axis=-1)
    seen = xp.reshape(flat, (*flat.shape[:-1], states, states))
    inputs, outputs = given.entered[:, None, ...], given.seen[:, None, ...]
    if own.right is None:
        return seen, inputs, outputs
    return own.left @ seen @ own.right, own.left @ inputs, outputs @ own.right


def _smallest(over_gaps: Array, poles: Array, xp: Namespace) -> Array:
    """Of all poles the smallest product of the gaps to those before, each as a share of 5 % and 1 at most: (n,)."""
    nearness = xp.abs(over_gaps) * (_NEAR * poles)[..., :, None]
    nearest = xp.max(xp.prod(xp.maximum(nearness, xp.ones_like(nearness)), axis=-1), axis=(0, 1, 3))
    return 1.0 / nearest


def _nudged(poles: Array, blocks: tuple[Block, ...], xp: Namespace) -> Array:
    """Under a compiler: a pole within 1e-8 of one that reaches it moves away, so that nothing is divided by nothing."""
    parts: list[Array] = []
    for block in blocks:
        own = poles[..., block.states[0] : block.states[-1] + 1]
        if block.reaching:
            before = xp.concat([parts[place] for place in block.reaching], axis=-1)
            gap = xp.abs(own[..., :, None] - before[..., None, :])
            near = xp.any(gap < _NUDGE * own[..., :, None], axis=-1)
            own = xp.where(near, own * (1.0 + 2.0 * _NUDGE), own)
        parts.append(own)
    return xp.concat(parts, axis=-1)


@lru_cache(maxsize=_KEPT)
def order_of(structure: Structure) -> Order:
    """The same for all subjects."""
    shape = structure.shape
    home = [block for block in shape.blocks for _ in block.states]
    entering = {pair for block in shape.blocks for pair in block.entering}
    pairs, nothing, states = shape.pairs, len(shape.pairs), range(len(home))
    depths: list[int] = []
    for block in shape.blocks:
        depths.append(1 + max((depths[place] for place in block.reaching), default=-1))
    first = next((state for state in states if home[state].reaching), len(home))
    return Order(
        first=first,
        reached=np.array([[float(pole in home[state].basis) for pole in states] for state in states[first:]]),
        between=np.array([pairs.index((a, b)) if (a, b) in entering else nothing for a in states for b in states]),
        steps=max(depths),
    )
