"""The solution of a block-triangular linear system as sums of exponentials: exact, for all subjects at once.

Every block is diagonalised (a single state is its own pole; a tree of exchanges becomes symmetric by a change of
scale, so its poles are real and positive). Going from block to block, the response of a later state to the pole
r of an earlier one is divided by (k - r) for its own pole k: products of residues, no time step, no ODE.

Equal and nearly equal poles. (k - r) vanishes although the solution does not. The solution is an entire function of
a number e that moves the rates of such states apart, k -> k (1 + e d) with its own d in -1..1 for each. So it is
computed at q values of e placed evenly about 0, where nothing coincides, and interpolated to e = 0 (Lagrange weights,
which sum to 1 and stay small, so that rounding is not blown up). A pole that does not move keeps one mode, a moved
one gets one for each e. The error is about prod|e_j| (q/e)^q / q!, since max x^q exp(-x) is (q/e)^q: 3e-11 for two
equal compartments (q = 4, e up to 0.006), 4e-12 for three (q = 8, e up to 0.105), 7e-11 for four (q = 10, e up to
0.27). Rounding is eps over the product of the gaps that remain. Longer chains of equals are refused.
Poles that come near each other by chance are found subject by subject, and those subjects are solved again with every
block moved (q = 8). Under a compiler (`is_traced`) values cannot be looked at: two rates within 1e-8 are then moved
1e-8 apart, which costs 2e-8 at worst.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate
from math import prod

from reprieve.domain.pharmacology.arrays import Array, Namespace
from reprieve.domain.pharmacology.linear_model import ModelError
from reprieve.domain.pharmacology.structure import Block, Structure

_NEAR = 0.05
_CLOSE = 2e-3
"""A pole is too near others when the product of its gaps to them, each as a share of 5 %, is below this: one gap of
1e-4, two of 2e-3, three of 6e-3. Rounding then stays below 1e-9."""
_NUDGE = 1e-8
_ANY = 1e-12
"""Stands for a gap of nothing where the subject is solved again anyway."""
_SHIFTS = {2: (2e-3, 4), 3: (1.5e-2, 8), 4: (3e-2, 10)}
_ESCAPE_NODES = 8
_KEPT = 256
_ESCAPES = (1.0e-2, 1.2e-2, 1.45e-2, 1.7e-2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Modes:
    """Response to 1 mg of each input: output = sum over m of weight * exp(-rate * t).

    rates (n, m) per minute; weights (n, outputs, inputs, m); n is 1 where all subjects are the same.
    """

    rates: Array
    weights: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """Numbers of all subjects for the c copies of one structure; states and pairs in its order.

    losses (c, n, states); couplings (c, n, pairs); entered (c, n, states, inputs); seen (c, n, outputs, looked),
    where `looked` are the states that outputs are made of. n may be 1 in each.
    """

    structure: Structure
    losses: Array
    couplings: Array
    entered: Array
    seen: Array
    looked: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shift:
    """Where the rates are moved to: factor (q, states) and the weight of each of the q solutions."""

    factors: tuple[tuple[float, ...], ...]
    weights: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Solved:
    """Modes of all subjects, and how far their poles are apart, (n,): 1 is far, see `is_close`."""

    modes: Modes
    gap: Array


def solve(system: System, xp: Namespace, *, is_traced: bool) -> Solved:
    """Modes with equal poles by construction taken apart; chance neighbours are in `gap`."""
    shift = _structural_shift(system.structure)
    rates, weights, gap = _residues(system, shift, xp, is_traced=is_traced)
    return Solved(modes=_merged(rates, weights, system.structure, shift, xp), gap=gap)


def is_close(solved: Solved) -> Array:
    """Subjects (n,) whose poles nearly coincide by chance: solve them again with `solve_apart`."""
    return solved.gap < _CLOSE


def solve_apart(system: System, xp: Namespace) -> Modes:
    """For few subjects with nearly equal poles: every block moved, by the step that keeps the poles farthest apart."""
    best_rates, best_weights, best_gap = _escape(system, _ESCAPES[0], xp)
    for step in _ESCAPES[1:]:
        rates, weights, gap = _escape(system, step, xp)
        better = gap > best_gap
        best_rates = xp.where(better[:, None], rates, best_rates)
        best_weights = xp.where(better[:, None, None, None], weights, best_weights)
        best_gap = xp.where(better, gap, best_gap)
    return Modes(rates=best_rates, weights=best_weights)


def _escape(system: System, step: float, xp: Namespace) -> tuple[Array, Array, Array]:
    shift = _full_shift(system.structure, step)
    rates, weights, gap = _residues(system, shift, xp, is_traced=False)
    flat_rates, flat_weights = _side_by_side(rates, weights, shift, xp)
    return _joined_copies(flat_rates, xp), _joined_copies(flat_weights, xp), gap


@lru_cache(maxsize=_KEPT)
def _structural_shift(structure: Structure) -> _Shift:
    names, repeats = structure.copies[0].states, structure.shape.repeats
    if not repeats:
        return _Shift(factors=((1.0,) * len(names),), weights=(1.0,))
    longest = max(len(group) for group in repeats)
    if longest not in _SHIFTS:
        raise ModelError("PK-MODEL-CHAIN", states=names[repeats[0][0]])
    step, count = _SHIFTS[longest]
    moves = [0.0] * len(names)
    for group in repeats:
        for place, state in enumerate(group):
            moves[state] = 2.0 * place / (len(group) - 1) - 1.0
    return _shift_by(moves, step, count)


def _full_shift(structure: Structure, step: float) -> _Shift:
    blocks = structure.shape.blocks
    moves = [0.0] * len(structure.copies[0].states)
    last = max(1, len(blocks) - 1)
    for place, block in enumerate(blocks):
        for state in block.states:
            moves[state] = 2.0 * place / last - 1.0
    return _shift_by(moves, step, _ESCAPE_NODES)


def _shift_by(moves: list[float], step: float, count: int) -> _Shift:
    """Nodes at odd multiples of the step about 0, with the Lagrange weights that interpolate to 0."""
    nodes = [2.0 * index - count + 1.0 for index in range(count)]
    weights = tuple(prod(other / (other - node) for other in nodes if other != node) for node in nodes)
    factors = tuple(tuple(1.0 + step * node * move for move in moves) for node in nodes)
    return _Shift(factors=factors, weights=weights)


def _residues(system: System, shift: _Shift, xp: Namespace, *, is_traced: bool) -> tuple[Array, Array, Array]:
    """Poles (c, q, n, states), weights (c, q, n, outputs, inputs, states), smallest gap (n,)."""
    work = _Work(system, shift, xp, is_traced)
    for block in system.structure.shape.blocks:
        work.take(block)
    return work.result()


class _Work:
    """Block by block: right eigenvectors as rows over the poles that reach a state, and modal inputs.

    All arrays begin with (c, q, n), each of which may be 1: copies, places of the shift, subjects.
    """

    def __init__(self, system: System, shift: _Shift, xp: Namespace, is_traced: bool) -> None:
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


def _side_by_side(rates: Array, weights: Array, shift: _Shift, xp: Namespace) -> tuple[Array, Array]:
    """All q solutions side by side, weighted: (n, c, q * m) and (n, outputs, inputs, c, q * m)."""
    copies, count, people, poles = rates.shape
    share = xp.asarray(shift.weights, dtype=rates.dtype)[:, None, None, None, None]
    weighted = xp.permute_dims(weights * share, (2, 3, 4, 0, 1, 5))
    return (
        xp.reshape(xp.permute_dims(rates, (2, 0, 1, 3)), (people, copies, count * poles)),
        xp.reshape(weighted, (*weighted.shape[:4], count * poles)),
    )


def _joined_copies(array: Array, xp: Namespace) -> Array:
    """(..., c, m) as (..., c * m)."""
    return xp.reshape(array, (*array.shape[:-2], array.shape[-2] * array.shape[-1]))


def _merged(rates: Array, weights: Array, structure: Structure, shift: _Shift, xp: Namespace) -> Modes:
    """Modes that are the same number by construction become one."""
    flat_rates, flat_weights = _side_by_side(rates, weights, shift, xp)
    if len(shift.weights) > 1:
        first, table = _kept(structure, shift)
        flat_rates = xp.take(flat_rates, xp.asarray(first), axis=-1)
        flat_weights = flat_weights @ xp.asarray(table, dtype=flat_weights.dtype)
    return Modes(rates=_joined_copies(flat_rates, xp), weights=_joined_copies(flat_weights, xp))


@lru_cache(maxsize=_KEPT)
def _kept(structure: Structure, shift: _Shift) -> tuple[list[int], list[list[float]]]:
    """Of the modes side by side the first of each that are one number, and the table that adds the others to it."""
    leader = {state: group[0] for group in structure.shape.repeats for state in group}
    keys = [
        (leader.get(state, state), round(factor * 1e9)) for row in shift.factors for state, factor in enumerate(row)
    ]
    kept = list(dict.fromkeys(keys))
    return [keys.index(one) for one in kept], [[1.0 if key == one else 0.0 for one in kept] for key in keys]


def subset(system: System, rows: Array, xp: Namespace) -> System:
    """The numbers of some subjects (indices)."""
    return replace(
        system,
        losses=xp.take(system.losses, rows, axis=1),
        couplings=xp.take(system.couplings, rows, axis=1),
        entered=xp.take(system.entered, rows, axis=1),
        seen=xp.take(system.seen, rows, axis=1),
    )
