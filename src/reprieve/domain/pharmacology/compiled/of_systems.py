"""Modes of many people by the compiled kernel: what the array code of the engine computes, to rounding."""

import numpy as np

from reprieve.domain.pharmacology.compiled.arrays import Floats, Indices
from reprieve.domain.pharmacology.compiled.systems import solve_systems
from reprieve.domain.pharmacology.compiled.threads import share
from reprieve.domain.pharmacology.structure import Shape
from reprieve.domain.pharmacology.system import System


def modes_of_systems(
    system: System, *, factors: Floats, shares: Floats, places: Indices
) -> tuple[Floats, Floats, Floats]:
    """Rates (n, m), weights (n, outputs, inputs, m) and the smallest gap (n,) of each person.

    factors (q, states) move the rates, shares (q,) weigh the q solutions, and places (q, states) say which mode of a
    copy each pole belongs to.
    """
    shape, modes = system.structure.shape, int(places.max()) + 1
    table, people = system.table, system.numbers.shape[0]
    copies, outputs = table.seen.shape[:2]
    rates = np.empty((people, copies, modes))
    weights = np.empty((people, outputs, table.entered.shape[2], copies, modes))
    smallest = np.empty(people)
    numbers = np.ascontiguousarray(system.numbers)
    blocks, home, edges, between, reached = _outline(shape)

    def work(first: int, stop: int) -> None:
        solve_systems(
            numbers, table.losses, table.couplings, table.entered, table.seen,
            blocks, home, edges, between, reached,
            factors, shares, places, rates, weights, smallest, first, stop,
        )  # fmt: skip

    share(work, people)
    return rates.reshape(people, -1), weights.reshape(*weights.shape[:3], -1), smallest


def _outline(shape: Shape) -> tuple[Indices, Indices, Indices, Indices, Indices]:
    """Blocks, home of each state, edges, couplings between blocks, and who sees whom."""
    home = [place for place, block in enumerate(shape.blocks) for _ in block.states]
    edges = [
        (child, parent, shape.pairs.index((child, parent)), shape.pairs.index((parent, child)))
        for block in shape.blocks
        for child, parent in block.edges
    ]
    between = [(to, from_, shape.pairs.index((to, from_))) for block in shape.blocks for to, from_ in block.entering]
    reached = np.zeros((len(home), len(home)), dtype=np.int64)
    for block in shape.blocks:
        reached[np.ix_(block.states, block.basis)] = 1
    return (
        np.array([(block.states[0], block.states[-1] + 1) for block in shape.blocks], dtype=np.int64),
        np.array(home, dtype=np.int64),
        np.array(edges, dtype=np.int64).reshape(-1, 4),
        np.array(between, dtype=np.int64).reshape(-1, 3),
        reached,
    )
