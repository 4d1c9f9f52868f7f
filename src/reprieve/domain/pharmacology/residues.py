"""Poles and residues of a block-triangular system, block by block.

Every block is diagonalised. Going from block to block, the response of a later state to the pole r of an earlier one
is divided by (k - r) for its own pole k: products of residues, no time step, no ODE.
"""

from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate

from reprieve.domain.pharmacology.arrays import Array, Namespace
from reprieve.domain.pharmacology.moved_rates import Shift
from reprieve.domain.pharmacology.structure import Block, Structure
from reprieve.domain.pharmacology.system import System

_NEAR = 0.05
_NUDGE = 1e-8
_ANY = 1e-12
"""Stands for a gap of nothing where the subject is solved again anyway."""
_KEPT = 256


def residues(system: System, shift: Shift, xp: Namespace, *, is_traced: bool) -> tuple[Array, Array, Array]:
    """Poles (c, q, n, states), weights (c, q, n, outputs, inputs, states), smallest gap (n,)."""
    work = _Work(system, shift, xp, is_traced)
    for block in system.structure.shape.blocks:
        work.take(block)
    return work.result()


class _Work:
    """Block by block: right eigenvectors as rows over the poles that reach a state, and modal inputs.

    All arrays begin with (c, q, n), each of which may be 1: copies, places of the shift, subjects.
    """

    def __init__(self, system: System, shift: Shift, xp: Namespace, is_traced: bool) -> None:
        self.system, self.xp, self.is_traced = system, xp, is_traced
        dtype = system.losses.dtype
        self.factors = xp.asarray(shift.factors, dtype=dtype)[:, None, :]
        self.one = xp.ones((1, 1, 1, 1, 1), dtype=dtype)
        self.place = {pair: place for place, pair in enumerate(system.structure.shape.pairs)}
        self.block_of: dict[int, int] = {}
        self.poles: list[Array] = []
        self.rows: list[Array] = []
        self.modal: list[Array] = []
        self.gap = self.one[..., 0, 0]

    def take(self, block: Block) -> None:
        xp = self.xp
        own, right, left = self._diagonal(block)
        entered = self.system.entered[:, None, :, block.states[0] : block.states[-1] + 1, :]
        if block.basis:
            before = self._joined([self.poles[other] for other in block.reaching], axis=-1)
            own = self._nudged(own, before)
            passed = self._passed(block, own[..., :, None] - before[..., None, :], own, right, left)
            reached = self._joined([self.modal[other] for other in block.reaching], axis=-2)
            rows = xp.concat((passed, xp.broadcast_to(right, (*passed.shape[:-1], len(block.states)))), axis=-1)
            entered = entered - passed @ reached
        else:
            rows = right
        self.block_of |= dict.fromkeys(block.states, len(self.poles))
        self.poles.append(own)
        self.rows.append(rows)
        self.modal.append(entered if left is self.one else left @ entered)

    def _passed(self, block: Block, gaps: Array, own: Array, right: Array, left: Array) -> Array:
        """How each state of the block shows each earlier pole: (c, q, n, states, basis)."""
        xp = self.xp
        near = xp.minimum(xp.abs(gaps) / (_NEAR * own[..., :, None]), self.one)
        self.gap = xp.minimum(self.gap, xp.min(xp.prod(near, axis=-1), axis=-1))
        gaps = xp.where(gaps == 0.0, _ANY * self.one, gaps)
        gain = self._gain(block)
        return gain / gaps if left is self.one else right @ ((left @ gain) / gaps)

    def _gain(self, block: Block) -> Array:
        """What each state of the block sees of each earlier pole: (c, q, n, states, basis)."""
        found: dict[int, Array] = {}
        for pair in block.entering:
            part = self._row(pair[1], block.basis) * self.system.couplings[:, None, :, self.place[pair], None]
            found[pair[0]] = found[pair[0]] + part if pair[0] in found else part
        if len(block.states) == 1:
            return found[block.states[0]][..., None, :]
        nothing = self.xp.zeros_like(next(iter(found.values())))
        return self._stacked([found.get(state, nothing) for state in block.states], axis=-2)

    def _row(self, state: int, wanted: tuple[int, ...]) -> Array:
        """The row of a state over the poles `wanted`, zero where a pole does not reach."""
        place = self.block_of[state]
        block = self.system.structure.shape.blocks[place]
        row, basis = self.rows[place][..., state - block.states[0], :], (*block.basis, *block.states)
        if basis == wanted:
            return row
        xp = self.xp
        padded = xp.concat((row, xp.zeros_like(row[..., :1])), axis=-1)
        return xp.take(padded, xp.asarray([basis.index(p) if p in basis else len(basis) for p in wanted]), axis=-1)

    def _nudged(self, own: Array, before: Array) -> Array:
        if not self.is_traced:
            return own
        xp = self.xp
        near = xp.any(xp.abs(own[..., :, None] - before[..., None, :]) < _NUDGE * own[..., :, None], axis=-1)
        return xp.where(near, own * (1.0 + 2.0 * _NUDGE), own)

    def _diagonal(self, block: Block) -> tuple[Array, Array, Array]:
        """Poles, right and left eigenvectors of the block's own matrix; the factors move the poles only."""
        xp, states = self.xp, block.states
        losses = self.system.losses[:, None, :, states[0] : states[-1] + 1]
        factor = self.factors[:, :, states[0] : states[-1] + 1]
        if len(states) == 1:
            return losses * factor, self.one, self.one
        scale, matrix = self._symmetric(block, losses)
        poles, vectors = xp.linalg.eigh(matrix)
        right, left = vectors / scale[..., :, None], xp.matrix_transpose(vectors) * scale[..., None, :]
        return poles * factor, right, left

    def _symmetric(self, block: Block, losses: Array) -> tuple[Array, Array]:
        """Scale d and the symmetric matrix d A / d of a tree of exchanges, with positive diagonal."""
        xp, states = self.xp, block.states
        couplings = self.system.couplings[:, None, :, :]
        nothing = xp.zeros_like(losses[..., 0] * couplings[..., 0])
        scale = {states[0]: nothing + 1.0}
        between: dict[tuple[int, int], Array] = {}
        for child, parent in block.edges:
            there, back = couplings[..., self.place[child, parent]], couplings[..., self.place[parent, child]]
            scale[child] = scale[parent] * xp.sqrt(back / there)
            between[child, parent] = between[parent, child] = nothing - xp.sqrt(back * there)
        for place, state in enumerate(states):
            between[state, state] = losses[..., place] + nothing
        entries = xp.stack([between.get((row, column), nothing) for row in states for column in states], axis=-1)
        matrix = xp.reshape(entries, (*nothing.shape, len(states), len(states)))
        return xp.stack([scale[state] for state in states], axis=-1), matrix

    def _stacked(self, parts: Sequence[Array], axis: int) -> Array:
        shape = parts[0].shape
        if any(part.shape != shape for part in parts):
            parts = self.xp.broadcast_arrays(*parts)
        return self.xp.stack(parts, axis=axis)

    def _joined(self, parts: Sequence[Array], axis: int) -> Array:
        """Side by side; (c, q, n) are made equal first."""
        if len(parts) == 1:
            return parts[0]
        if len({part.shape[:3] for part in parts}) > 1:
            lead = tuple(max(part.shape[place] for part in parts) for place in range(3))
            parts = [p if p.shape[:3] == lead else self.xp.broadcast_to(p, (*lead, *p.shape[3:])) for p in parts]
        return self.xp.concat(parts, axis=axis)

    def result(self) -> tuple[Array, Array, Array]:
        xp, system = self.xp, self.system
        shape = (system.losses.shape[0], self.factors.shape[0], system.losses.shape[1])
        outputs = system.seen[:, None, ...] @ self._looked()
        modal = xp.matrix_transpose(self._joined(self.modal, axis=-2))
        weights = outputs[..., :, None, :] * modal[..., None, :, :]
        weights = xp.broadcast_to(weights, (*shape[:2], *weights.shape[2:]))
        poles = self._joined(self.poles, axis=-1)
        return xp.broadcast_to(poles, (*shape, poles.shape[-1])), weights, xp.min(self.gap, axis=(0, 1))

    def _looked(self) -> Array:
        """Rows of the states that outputs are made of, over all poles: (c, q, n, looked, states)."""
        xp, shape, looked = self.xp, self.system.structure.shape, self.system.looked
        used = [self.block_of[state] for state in looked]
        flat = [self.rows[b][..., s - shape.blocks[b].states[0], :] for b, s in zip(used, looked, strict=True)]
        flat.append(xp.zeros_like(flat[0][..., :1]))
        places = xp.asarray(_places(self.system.structure, looked))
        found = xp.take(self._joined(flat, axis=-1), places, axis=-1)
        return xp.reshape(found, (*found.shape[:3], len(looked), len(self.block_of)))


@lru_cache(maxsize=_KEPT)
def _places(structure: Structure, looked: tuple[int, ...]) -> list[int]:
    """Where each looked state's entry for each pole lies when their rows are side by side; the last is nothing."""
    shape = structure.shape
    homes = [next(block for block in shape.blocks if state in block.states) for state in looked]
    bases = [(*home.basis, *home.states) for home in homes]
    begins = [0, *accumulate(len(basis) for basis in bases)]
    poles = range(sum(len(block.states) for block in shape.blocks))
    return [
        begin + basis.index(pole) if pole in basis else begins[-1]
        for begin, basis in zip(begins, bases, strict=False)
        for pole in poles
    ]
