"""Poles and vectors of every block by itself: a tree of exchanges becomes symmetric by a change of scale."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from reprieve.domain.pharmacology.arrays import Array, Namespace
from reprieve.domain.pharmacology.plan import Places
from reprieve.domain.pharmacology.structure import Block, Structure
from reprieve.domain.pharmacology.system import Coefficients

_KEPT = 256
Pairs = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockVectors:
    """Poles (c, 1, n, states); right and left vectors (c, 1, n, states, states), None where no states exchange."""

    poles: Array
    right: Array | None
    left: Array | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Places:
    """Where the numbers of one block of several states lie.

    `there` and `back` are the pairs of its edges; `parents` says which edge leads to each edge's parent (-1: the
    root); `matrix` takes the entries of the symmetric matrix out of losses, edges and a zero, in that order;
    `columns` orders the scales (root, then edges) as the states.
    """

    there: Places
    back: Places
    parents: tuple[int, ...]
    matrix: Places
    columns: Places


def block_vectors(given: Coefficients, structure: Structure, xp: Namespace) -> BlockVectors:
    """Diagonalises each block of the structure, for all subjects at once."""
    blocks = structure.shape.blocks
    losses = given.losses[:, None, :, :]
    if all(len(block.states) == 1 for block in blocks):
        return BlockVectors(poles=losses, right=None, left=None)
    several = {block: _diagonal(given, block, structure.shape.pairs, xp) for block in blocks if len(block.states) > 1}
    poles = [
        several[block][0] if block in several else losses[..., first : last + 1] for block, first, last in _runs(blocks)
    ]
    own = xp.concat(poles, axis=-1)
    places = xp.asarray(_in_whole(structure))
    right, left = (_whole([found[side] for found in several.values()], places, own.shape, xp) for side in (1, 2))
    return BlockVectors(poles=own, right=right, left=left)


@lru_cache(maxsize=_KEPT)
def _runs(blocks: tuple[Block, ...]) -> tuple[tuple[Block, int, int], ...]:
    """Blocks with their first and last state; neighbouring single states are one run."""
    found: list[tuple[Block, int, int]] = []
    for block in blocks:
        is_single = len(block.states) == 1
        if is_single and found and len(found[-1][0].states) == 1:
            found[-1] = (found[-1][0], found[-1][1], block.states[0])
        else:
            found.append((block, block.states[0], block.states[-1]))
    return tuple(found)


def _diagonal(given: Coefficients, block: Block, pairs: Pairs, xp: Namespace) -> tuple[Array, Array, Array]:
    places, size = _places(block, pairs), len(block.states)
    couplings = given.couplings[:, None, :, :]
    there = xp.take(couplings, xp.asarray(places.there), axis=-1)
    back = xp.take(couplings, xp.asarray(places.back), axis=-1)
    losses = given.losses[:, None, :, block.states[0] : block.states[-1] + 1]
    entries = xp.concat((losses, -xp.sqrt(back * there), xp.zeros_like(losses[..., :1])), axis=-1)
    matrix = xp.reshape(xp.take(entries, xp.asarray(places.matrix), axis=-1), (*losses.shape[:-1], size, size))
    poles, vectors = xp.linalg.eigh(matrix)
    scale = _scale(xp.sqrt(back / there), places, xp)
    return poles, vectors / scale[..., :, None], xp.matrix_transpose(vectors) * scale[..., None, :]


def _scale(ratios: Array, places: _Places, xp: Namespace) -> Array:
    """The scale of each state: from the root (1) outwards along the edges."""
    scales = [ratios]
    if max(places.parents) >= 0:
        scales = []
        for edge, parent in enumerate(places.parents):
            ratio = ratios[..., edge : edge + 1]
            scales.append(ratio if parent < 0 else ratio * scales[parent])
    together = xp.concat((xp.ones_like(ratios[..., :1]), *scales), axis=-1)
    return xp.take(together, xp.asarray(places.columns), axis=-1)


@lru_cache(maxsize=_KEPT)
def _places(block: Block, pairs: Pairs) -> _Places:
    children = [child for child, _ in block.edges]
    size, nothing = len(block.states), len(block.states) + len(block.edges)
    entries = {(state, state): place for place, state in enumerate(block.states)}
    for edge, (child, parent) in enumerate(block.edges):
        entries[child, parent] = entries[parent, child] = size + edge
    return _Places(
        there=np.array([pairs.index((child, parent)) for child, parent in block.edges]),
        back=np.array([pairs.index((parent, child)) for child, parent in block.edges]),
        parents=tuple(children.index(parent) if parent in children else -1 for _, parent in block.edges),
        matrix=np.array([entries.get((row, column), nothing) for row in block.states for column in block.states]),
        columns=np.array([0 if state == block.states[0] else 1 + children.index(state) for state in block.states]),
    )


@lru_cache(maxsize=_KEPT)
def _in_whole(structure: Structure) -> Places:
    """For each entry of the whole matrix its place among the vectors side by side, then 1 and 0."""
    blocks = structure.shape.blocks
    entries: dict[tuple[int, int], int] = {}
    for block in blocks:
        if len(block.states) > 1:
            entries |= {(row, column): len(entries) + at for at, (row, column) in enumerate(_square(block))}
    one, states = len(entries), [state for block in blocks for state in block.states]
    entries |= {(block.states[0], block.states[0]): one for block in blocks if len(block.states) == 1}
    return np.array([entries.get((row, column), one + 1) for row in states for column in states])


def _square(block: Block) -> list[tuple[int, int]]:
    return [(row, column) for row in block.states for column in block.states]


def _whole(parts: list[Array], places: Array, shape: tuple[int, ...], xp: Namespace) -> Array:
    """Vectors of all blocks in one matrix with ones where a state stands alone."""
    flat = [xp.reshape(part, (*part.shape[:-2], part.shape[-1] ** 2)) for part in parts]
    one = xp.ones_like(flat[0][..., :1])
    taken = xp.take(xp.concat((*flat, one, xp.zeros_like(one)), axis=-1), places, axis=-1)
    return xp.reshape(taken, (*shape, shape[-1]))
