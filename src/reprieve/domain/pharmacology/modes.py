"""The solution of a block-triangular linear system as sums of exponentials: exact, for all subjects at once.

Every block is diagonalised (a single state is its own pole; a tree of exchanges becomes symmetric by a change of
scale, so its poles are real and positive), and `residues` goes from block to block. Rates that are equal by
construction are moved apart and brought back (`moved_rates`). Poles that come near each other by chance are found
subject by subject, and those subjects are solved again with every block moved (q = 8). Under a compiler
(`is_traced`) values cannot be looked at: two rates within 1e-8 are then moved 1e-8 apart, which costs 2e-8 at worst.
"""

from dataclasses import dataclass

import numpy as np

from reprieve.domain.pharmacology import compiled
from reprieve.domain.pharmacology.arrays import Array, Namespace
from reprieve.domain.pharmacology.moved_rates import (
    Shift,
    full_shift,
    joined_copies,
    merged,
    mode_places,
    side_by_side,
    structural_shift,
)
from reprieve.domain.pharmacology.plan import Places
from reprieve.domain.pharmacology.residues import residues
from reprieve.domain.pharmacology.system import System

_CLOSE = 5e-3
"""A pole is too near others when the product of its gaps to them, each as a share of 5 %, is below this: one gap of
2.5e-4, two of 3.5e-3, three of 8.5e-3. Rounding then stays below 1e-9."""
WORTH_COMPILING = 4_096
"""People, as many as in a part of a large population, from which the compiled kernel is loaded (half a second)."""
_ESCAPES = tuple((step, stride) for stride in (1, 2, 3) for step in (1.0e-2, 1.3e-2, 1.7e-2))
"""Ways to move every block. One that takes two poles apart may bring others together, so the best of several counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Modes:
    """Response to 1 mg of each input: output = sum over m of weight * exp(-rate * t).

    rates (n, m) per minute; weights (n, outputs, inputs, m); n is 1 where all subjects are the same.
    """

    rates: Array
    weights: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Solved:
    """Modes of all subjects, and how far their poles are apart, (n,): 1 is far, see `is_close`."""

    modes: Modes
    gap: Array
    by_kernel: bool = False


def solve(system: System, xp: Namespace, *, is_traced: bool) -> Solved:
    """Modes with equal poles by construction taken apart; chance neighbours are in `gap`."""
    shift = structural_shift(system.structure)
    if _is_for_kernel(system.numbers):
        return _by_kernel(system, shift, mode_places(system.structure, shift))
    found = residues(system, shift, xp, is_traced=is_traced)
    rates, weights = merged(found.poles, found.weights, system.structure, shift, xp)
    return Solved(modes=Modes(rates=rates, weights=weights), gap=found.gap)


def _is_for_kernel(numbers: Array) -> bool:
    """Whether the compiled kernel serves: many people as NumPy arrays, and Numba is installed."""
    return isinstance(numbers, np.ndarray) and numbers.shape[0] >= WORTH_COMPILING and compiled.is_available()


def _by_kernel(system: System, shift: Shift, places: Places) -> Solved:
    from reprieve.domain.pharmacology.compiled.of_systems import modes_of_systems  # noqa: PLC0415 - slow to load

    factors, shares = np.array(shift.factors), np.array(shift.weights)
    rates, weights, gap = modes_of_systems(system, factors=factors, shares=shares, places=places)
    return Solved(modes=Modes(rates=rates, weights=weights), gap=gap, by_kernel=True)


def is_close(solved: Solved) -> Array:
    """Subjects (n,) whose poles nearly coincide by chance: solve them again with `solve_apart`."""
    return solved.gap < _CLOSE


def solve_apart(system: System, xp: Namespace, *, by_kernel: bool) -> Modes:
    """For few subjects with nearly equal poles: every block moved, the way that keeps the poles farthest apart."""
    best = _escape(system, _ESCAPES[0], xp, by_kernel=by_kernel)
    for way in _ESCAPES[1:]:
        found = _escape(system, way, xp, by_kernel=by_kernel)
        better = found.gap > best.gap
        rates = xp.where(better[:, None], found.modes.rates, best.modes.rates)
        weights = xp.where(better[:, None, None, None], found.modes.weights, best.modes.weights)
        best = Solved(modes=Modes(rates=rates, weights=weights), gap=xp.where(better, found.gap, best.gap))
    return best.modes


def _escape(system: System, way: tuple[float, int], xp: Namespace, *, by_kernel: bool) -> Solved:
    step, stride = way
    shift = full_shift(system.structure, step, stride=stride)
    if by_kernel:
        return _by_kernel(system, shift, np.arange(np.size(shift.factors)).reshape(np.shape(shift.factors)))
    found = residues(system, shift, xp, is_traced=False)
    rates, weights = side_by_side(found.poles, found.weights, shift, xp)
    return Solved(modes=Modes(rates=joined_copies(rates, xp), weights=joined_copies(weights, xp)), gap=found.gap)
