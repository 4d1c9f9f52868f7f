"""Poles and residues of any block-triangular system, person by person: the same sums as `residues`, without its zeros.

Small symmetric blocks are diagonalised by Jacobi's rotations, which keep every pole to rounding of its own.
"""

# ruff: noqa: PLR0913, PLR0917 - kernels take plain arrays and numbers, which compile to registers

from math import sqrt

import numpy as np

from reprieve.domain.pharmacology.compiled.arrays import Floats, Indices
from reprieve.domain.pharmacology.compiled.jit import compiled, inlined

_ROUNDS = 12
_NOTHING = 1e-300
_NEAR = 0.05
_ANY = 1e-12


@inlined
def rotate(matrix: Floats, vectors: Floats, begin: int, end: int) -> None:
    """Makes the block from `begin` to `end` diagonal; the columns of `vectors` become its vectors."""
    for _ in range(_ROUNDS):
        rest = 0.0
        for row in range(begin, end):
            for column in range(row + 1, end):
                off = matrix[row, column]
                rest = max(rest, off * off / (matrix[row, row] * matrix[column, column]))
                if off * off > _NOTHING:
                    half = (matrix[column, column] - matrix[row, row]) / (2.0 * off)
                    tangent = 1.0 / (abs(half) + sqrt(half * half + 1.0))
                    if half < 0.0:
                        tangent = -tangent
                    cosine = 1.0 / sqrt(tangent * tangent + 1.0)
                    sine = tangent * cosine
                    matrix[row, row] -= tangent * off
                    matrix[column, column] += tangent * off
                    matrix[row, column] = matrix[column, row] = 0.0
                    for other in range(begin, end):
                        if other not in (row, column):
                            left, right = matrix[other, row], matrix[other, column]
                            matrix[other, row] = matrix[row, other] = cosine * left - sine * right
                            matrix[other, column] = matrix[column, other] = sine * left + cosine * right
                        left, right = vectors[other, row], vectors[other, column]
                        vectors[other, row] = cosine * left - sine * right
                        vectors[other, column] = sine * left + cosine * right
        if rest < 1e-34:
            break


@inlined
def own_vectors(
    numbers: Floats, losses: Indices, couplings: Indices, blocks: Indices, edges: Indices,
    matrix: Floats, vectors: Floats, scale: Floats
) -> None:  # fmt: skip
    """Poles on the diagonal of `matrix`, orthogonal vectors, and the scale that makes each block symmetric."""
    matrix[:] = 0.0
    vectors[:] = 0.0
    for state in range(losses.size):
        matrix[state, state] = numbers[losses[state]]
        vectors[state, state] = scale[state] = 1.0
    for edge in range(edges.shape[0]):
        child, parent = edges[edge, 0], edges[edge, 1]
        there, back = numbers[couplings[edges[edge, 2]]], numbers[couplings[edges[edge, 3]]]
        scale[child] = scale[parent] * sqrt(back / there)
        matrix[child, parent] = matrix[parent, child] = -sqrt(back * there)
    for block in range(blocks.shape[0]):
        if blocks[block, 1] > blocks[block, 0] + 1:
            rotate(matrix, vectors, blocks[block, 0], blocks[block, 1])


@inlined
def in_own_vectors(
    numbers: Floats, couplings: Indices, entered: Indices, seen: Indices,
    blocks: Indices, home: Indices, between: Indices,
    vectors: Floats, scale: Floats, passing: Floats, inputs: Floats, outputs: Floats
) -> None:  # fmt: skip
    """Couplings between blocks, inputs and outputs in the coordinates of the blocks' own vectors."""
    passing[:] = 0.0
    inputs[:] = 0.0
    outputs[:] = 0.0
    for one in range(between.shape[0]):
        to, from_ = between[one, 0], between[one, 1]
        gain = numbers[couplings[between[one, 2]]] * scale[to] / scale[from_]
        for a in range(blocks[home[to], 0], blocks[home[to], 1]):
            for b in range(blocks[home[from_], 0], blocks[home[from_], 1]):
                passing[a, b] += vectors[to, a] * gain * vectors[from_, b]
    for state in range(home.size):
        for pole in range(blocks[home[state], 0], blocks[home[state], 1]):
            vector = vectors[state, pole]
            for way in range(entered.shape[1]):
                inputs[pole, way] += vector * scale[state] * numbers[entered[state, way]]
            for output in range(seen.shape[0]):
                if seen[output, state]:
                    outputs[output, pole] += numbers[seen[output, state]] * vector / scale[state]


@inlined
def respond(
    poles: Floats, reached: Indices, passing: Floats, inputs: Floats, passed: Floats, modal: Floats
) -> float:  # fmt: skip
    """How each state shows each earlier pole, and how much of each input each pole carries; the smallest gap."""
    smallest = 1.0
    for state in range(poles.size):
        gaps = 1.0
        modal[state] = inputs[state]
        for pole in range(state):
            passed[state, pole] = 0.0
            if reached[state, pole]:
                gap = poles[state] - poles[pole]
                gaps *= min(abs(gap) / (_NEAR * poles[state]), 1.0)
                total = passing[state, pole]
                for middle in range(pole + 1, state):
                    total += passing[state, middle] * passed[middle, pole]
                passed[state, pole] = total / (gap if gap != 0.0 else _ANY)
                for way in range(modal.shape[1]):
                    modal[state, way] -= passed[state, pole] * modal[pole, way]
        smallest = min(smallest, gaps)
    return smallest


@inlined
def add_weights(
    outputs: Floats, passed: Floats, modal: Floats, share: float, places: Indices, shown: Floats, weights: Floats
) -> None:  # fmt: skip
    """Add one solution to the weights (outputs, inputs, modes) of one person."""
    states = modal.shape[0]
    for output in range(outputs.shape[0]):
        shown[:] = outputs[output]
        is_shown = False
        for state in range(states):
            factor = outputs[output, state]
            if factor != 0.0:
                is_shown = True
                for pole in range(state):
                    shown[pole] += factor * passed[state, pole]
        if is_shown:
            for way in range(modal.shape[1]):
                for pole in range(states):
                    weights[output, way, places[pole]] += share * shown[pole] * modal[pole, way]


@compiled
def solve_systems(
    numbers: Floats, losses: Indices, couplings: Indices, entered: Indices, seen: Indices,
    blocks: Indices, home: Indices, edges: Indices, between: Indices, reached: Indices,
    factors: Floats, shares: Floats, places: Indices,
    rates: Floats, weights: Floats, smallest: Floats, first: int, stop: int
) -> None:  # fmt: skip
    """Modes of subjects `first` to `stop`; numbers (n, k) and where each is used, as in `System` and its table.

    blocks (b, 2): first state and the one after the last; home (states,): block of each; edges (e, 4): child, parent
    and their two pairs, in the order of the tree; between (k, 3): to, from, pair; reached (states, states);
    factors (q, states), shares (q,) and places (q, states) of the moved rates; rates (n, c, m), weights
    (n, outputs, inputs, c, m), smallest (n,).
    """
    states, inputs = losses.shape[1], entered.shape[2]
    matrix, vectors, passing = np.empty((states, states)), np.empty((states, states)), np.empty((states, states))
    passed, scale, poles, shown = np.zeros((states, states)), np.empty(states), np.empty(states), np.empty(states)
    modal, entering = np.empty((states, inputs)), np.empty((states, inputs))
    outputs = np.empty((seen.shape[1], states))
    for i in range(first, stop):
        smallest[i] = 1.0
        weights[i] = 0.0
        for copy in range(losses.shape[0]):
            own_vectors(numbers[i], losses[copy], couplings[copy], blocks, edges, matrix, vectors, scale)
            in_own_vectors(
                numbers[i], couplings[copy], entered[copy], seen[copy], blocks, home, between,
                vectors, scale, passing, entering, outputs,
            )  # fmt: skip
            for place in range(shares.size):
                for state in range(states):
                    poles[state] = matrix[state, state] * factors[place, state]
                    rates[i, copy, places[place, state]] = poles[state]
                smallest[i] = min(smallest[i], respond(poles, reached, passing, entering, passed, modal))
                add_weights(outputs, passed, modal, shares[place], places[place], shown, weights[i, :, :, copy])
