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
    """Numbers of all subjects for one structure; states in its order.

    losses (n, states); couplings[(to, from)] (n,); entered (n, states, inputs); seen (n, outputs, looked), where
    `looked` are the states that outputs are made of.
    """

    structure: Structure
    losses: Array
    couplings: dict[tuple[int, int], Array]
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
    merged = _merged(rates, weights, system.structure, shift, xp)
    return Solved(modes=merged, gap=gap)


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
    flat_rates, flat_weights = _flat(rates, weights, shift, xp)
    return flat_rates, flat_weights, gap


def _structural_shift(structure: Structure) -> _Shift:
    if not structure.repeats:
        return _Shift(factors=((1.0,) * len(structure.states),), weights=(1.0,))
    longest = max(len(group) for group in structure.repeats)
    if longest not in _SHIFTS:
        raise ModelError("PK-MODEL-CHAIN", states=structure.states[structure.repeats[0][0]])
    step, count = _SHIFTS[longest]
    moves = [0.0] * len(structure.states)
    for group in structure.repeats:
        for place, state in enumerate(group):
            moves[state] = 2.0 * place / (len(group) - 1) - 1.0
    return _shift_by(moves, step, count)


def _full_shift(structure: Structure, step: float) -> _Shift:
    moves = [0.0] * len(structure.states)
    last = max(1, len(structure.blocks) - 1)
    for place, block in enumerate(structure.blocks):
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
    """Poles (q, n, states), weights (q, n, outputs, inputs, states), smallest gap (n,)."""
    work = _Work(system, shift, xp, is_traced)
    for block in system.structure.blocks:
        work.take(block)
    return work.result()


class _Work:
    """Block by block: right eigenvectors as rows over the poles that reach a state, and modal inputs."""

    def __init__(self, system: System, shift: _Shift, xp: Namespace, is_traced: bool) -> None:
        self.system, self.xp, self.is_traced = system, xp, is_traced
        self.factors = xp.asarray(shift.factors, dtype=system.losses.dtype)[:, None, :]
        self.poles: dict[int, Array] = {}
        self.rows: dict[int, Array] = {}
        self.row_basis: dict[int, tuple[int, ...]] = {}
        self.modal: dict[int, Array] = {}
        self.gaps: list[Array] = []

    def take(self, block: Block) -> None:
        xp = self.xp
        own, right, left = self._diagonal(block)
        entered = self.system.entered[None, :, block.states[0] : block.states[-1] + 1, :]
        if block.basis:
            before = self._stacked([self.poles[pole] for pole in block.basis], axis=-1)
            own = self._nudged(own, before)
            gaps = own[..., :, None] - before[..., None, :]
            near = xp.minimum(xp.abs(gaps) / (_NEAR * own[..., :, None]), xp.ones_like(gaps))
            self.gaps.append(xp.min(xp.prod(near, axis=-1), axis=-1))
            gaps = xp.where(gaps == 0.0, xp.asarray(_ANY, dtype=gaps.dtype), gaps)
            passed = right @ ((left @ self._gain(block)) / gaps)
            reached = self._stacked([self.modal[pole] for pole in block.basis], axis=-2)
            rows = xp.concat((passed, xp.broadcast_to(right, (*passed.shape[:-1], len(block.states)))), axis=-1)
            modal = left @ (entered - passed @ reached)
        else:
            rows, modal = right, left @ entered
        for place, state in enumerate(block.states):
            self.poles[state] = own[..., place]
            self.rows[state] = rows[..., place, :]
            self.row_basis[state] = (*block.basis, *block.states)
            self.modal[state] = modal[..., place, :]

    def _gain(self, block: Block) -> Array:
        """What each state of the block sees of each earlier pole: (q, n, states, basis)."""
        xp = self.xp
        found: dict[int, Array] = {}
        for arrow in block.entering:
            row = self._spread(self.rows[arrow.from_], self.row_basis[arrow.from_], block.basis)
            part = row * self._coupling(arrow.to, arrow.from_)
            found[arrow.to] = found[arrow.to] + part if arrow.to in found else part
        nothing = xp.zeros_like(next(iter(found.values())))
        return self._stacked([found.get(state, nothing) for state in block.states], axis=-2)

    def _coupling(self, to: int, from_: int) -> Array:
        return self.system.couplings[to, from_][None, :, None]

    def _spread(self, row: Array, basis: tuple[int, ...], wanted: tuple[int, ...]) -> Array:
        """A row over `basis` as a row over `wanted`, zero where a pole does not reach."""
        if basis == wanted:
            return row
        xp = self.xp
        place = {pole: index for index, pole in enumerate(basis)}
        padded = xp.concat((row, xp.zeros_like(row[..., :1])), axis=-1)
        indices = xp.asarray([place.get(pole, len(basis)) for pole in wanted])
        return xp.take(padded, indices, axis=-1)

    def _nudged(self, own: Array, before: Array) -> Array:
        if not self.is_traced:
            return own
        xp = self.xp
        near = xp.any(xp.abs(own[..., :, None] - before[..., None, :]) < _NUDGE * own[..., :, None], axis=-1)
        return xp.where(near, own * (1.0 + 2.0 * _NUDGE), own)

    def _diagonal(self, block: Block) -> tuple[Array, Array, Array]:
        """Poles, right and left eigenvectors of the block's own matrix; the factors move the poles only."""
        xp, states = self.xp, block.states
        losses = self.system.losses[None, :, states[0] : states[-1] + 1]
        factor = self.factors[:, :, states[0] : states[-1] + 1]
        if len(states) == 1:
            one = xp.ones((1, 1, 1, 1), dtype=losses.dtype)
            return losses * factor, one, one
        scale, matrix = self._symmetric(block, losses)
        poles, vectors = xp.linalg.eigh(matrix)
        right, left = vectors / scale[..., :, None], xp.matrix_transpose(vectors) * scale[..., None, :]
        return poles * factor, right, left

    def _symmetric(self, block: Block, losses: Array) -> tuple[Array, Array]:
        """Scale d and the symmetric matrix d A / d of a tree of exchanges, with positive diagonal."""
        xp, couplings, states = self.xp, self.system.couplings, block.states
        scale = {states[0]: xp.ones_like(losses[..., 0])}
        between: dict[tuple[int, int], Array] = {}
        for child, parent in block.edges:
            there, back = couplings[child, parent][None, :], couplings[parent, child][None, :]
            scale[child] = scale[parent] * xp.sqrt(back / there)
            between[child, parent] = between[parent, child] = -xp.sqrt(back * there)
        nothing = xp.zeros_like(scale[states[0]])
        rows = [
            [losses[..., row] + nothing if row == col else between.get((a, b), nothing) for col, b in enumerate(states)]
            for row, a in enumerate(states)
        ]
        matrix = self._stacked([self._stacked(row, axis=-1) for row in rows], axis=-2)
        return self._stacked([scale[state] for state in states], axis=-1), matrix

    def _stacked(self, parts: Sequence[Array], axis: int) -> Array:
        shape = parts[0].shape
        if any(part.shape != shape for part in parts):
            parts = self.xp.broadcast_arrays(*parts)
        return self.xp.stack(parts, axis=axis)

    def result(self) -> tuple[Array, Array, Array]:
        xp, system = self.xp, self.system
        everything = tuple(range(len(system.structure.states)))
        shape = (self.factors.shape[0], system.losses.shape[0])
        poles = xp.stack([xp.broadcast_to(self.poles[state], shape) for state in everything], axis=-1)
        modal = xp.stack(
            [xp.broadcast_to(self.modal[state], (*shape, system.entered.shape[-1])) for state in everything]
        )
        rows = self._stacked(
            [self._spread(self.rows[s], self.row_basis[s], everything) for s in system.looked], axis=-2
        )
        rows = xp.broadcast_to(rows, (*shape, *rows.shape[-2:]))
        outputs = system.seen[None, ...] @ rows
        weights = outputs[..., :, None, :] * xp.permute_dims(modal, (1, 2, 3, 0))[..., None, :, :]
        if not self.gaps:
            return poles, weights, xp.ones(shape[1:], dtype=poles.dtype)
        gaps = self._stacked(self.gaps, axis=0)
        return poles, weights, xp.min(gaps, axis=(0, 1))


def _flat(rates: Array, weights: Array, shift: _Shift, xp: Namespace) -> tuple[Array, Array]:
    """All q solutions side by side, weighted: (n, q * m) and (n, outputs, inputs, q * m)."""
    share = xp.asarray(shift.weights, dtype=rates.dtype)[:, None, None, None, None]
    side_by_side = xp.permute_dims(weights * share, (1, 2, 3, 0, 4))
    count = rates.shape[0] * rates.shape[2]
    return (
        xp.reshape(xp.permute_dims(rates, (1, 0, 2)), (rates.shape[1], count)),
        xp.reshape(side_by_side, (*side_by_side.shape[:3], count)),
    )


def _merged(rates: Array, weights: Array, structure: Structure, shift: _Shift, xp: Namespace) -> Modes:
    """Modes that are the same number by construction become one."""
    if len(shift.weights) == 1:
        return Modes(rates=rates[0, ...], weights=weights[0, ...])
    flat_rates, flat_weights = _flat(rates, weights, shift, xp)
    leader = {state: group[0] for group in structure.repeats for state in group}
    keys = [
        (leader.get(state, state), round(factor * 1e9)) for row in shift.factors for state, factor in enumerate(row)
    ]
    kept = list(dict.fromkeys(keys))
    table = [[1.0 if key == one else 0.0 for one in kept] for key in keys]
    together = flat_weights @ xp.asarray(table, dtype=flat_weights.dtype)
    return Modes(rates=xp.take(flat_rates, xp.asarray([keys.index(one) for one in kept]), axis=-1), weights=together)


def subset(system: System, rows: Array, xp: Namespace) -> System:
    """The numbers of some subjects (indices)."""
    return replace(
        system,
        losses=xp.take(system.losses, rows, axis=0),
        couplings={key: xp.take(value, rows, axis=0) for key, value in system.couplings.items()},
        entered=xp.take(system.entered, rows, axis=0),
        seen=xp.take(system.seen, rows, axis=0),
    )
