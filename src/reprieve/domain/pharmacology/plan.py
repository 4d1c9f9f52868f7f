"""What a model, the kinds of its doses and the outputs asked for lead to: made once, the same for everybody."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from reprieve.domain.pharmacology.formula import Binary, Formula, Number, Operation, Program, program_of
from reprieve.domain.pharmacology.inputs import Kind, WayIn, ways_in
from reprieve.domain.pharmacology.linear_model import LinearModel, Output
from reprieve.domain.pharmacology.outputs import Seen, outputs_for
from reprieve.domain.pharmacology.structure import Copy, Structure, structure_of

_KEPT = 256
_NOTHING, _ONE = Number(0.0), Number(1.0)
Places = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Formulas, then shares of the ways, side by side; and where each number of the system is taken from.

    losses (c, states); couplings (c, pairs); entered (c, states, inputs); seen (c, outputs, states); place 0 holds 0.
    `exchanged` are couplings of states that exchange drug: none of them may be 0.
    """

    programs: tuple[Program, ...]
    losses: Places
    couplings: Places
    entered: Places
    seen: Places
    exchanged: Places


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """`structure` and `table` None: nothing given reaches what is looked at."""

    ways: tuple[WayIn, ...]
    outputs: tuple[Output, ...]
    structure: Structure | None
    table: Table | None


@lru_cache(maxsize=_KEPT)
def plan_of(model: LinearModel, kinds: tuple[Kind, ...], seen: Seen) -> Plan:
    """Raises: RegimenError PK-ROUTE and PK-OUTPUT, ModelError."""
    outputs = outputs_for(model, seen)
    ways = tuple(way for kind in kinds for way in ways_in(model, kind))
    entered = tuple(dict.fromkeys(state for way in ways for state in way.states))
    looked = tuple(dict.fromkeys(term.state for output in outputs for term in output.terms))
    structure = structure_of(model, entered, looked)
    table = None if structure is None else _table(structure, outputs, ways)
    return Plan(ways=ways, outputs=outputs, structure=structure, table=table)


def _table(structure: Structure, outputs: tuple[Output, ...], ways: tuple[WayIn, ...]) -> Table:
    """Equal formulas have one place."""
    places: dict[Formula, int] = {_NOTHING: 0}

    def place(formula: Formula) -> int:
        return places.setdefault(formula, len(places))

    copies, pairs = structure.copies, structure.shape.pairs
    losses = [place(_sum(rates)) for copy in copies for rates in copy.losses]
    couplings = [place(_gain(copy, pair)) for copy in copies for pair in pairs]
    seen = [place(_factor(output, state)) for copy in copies for output in outputs for state in copy.states]
    shares = [(at, state) for at, way in enumerate(ways) for state in way.states]
    share_of = {share: len(places) + at for at, share in enumerate(shares)}
    entered = [share_of.get((way, state), 0) for copy in copies for state in copy.states for way in range(len(ways))]
    exchanged = [at for at, (to, from_) in enumerate(pairs) if (from_, to) in pairs]
    size, states = len(copies), len(copies[0].states)
    of_pairs = np.array(couplings, dtype=np.int64).reshape(size, len(pairs))
    return Table(
        programs=tuple(program_of(formula) for formula in places),
        losses=np.array(losses).reshape(size, states),
        couplings=of_pairs,
        entered=np.array(entered).reshape(size, states, len(ways)),
        seen=np.array(seen).reshape(size, len(outputs), states),
        exchanged=np.unique(of_pairs[:, exchanged]),
    )


def _gain(copy: Copy, pair: tuple[int, int]) -> Formula:
    """What the first state of the pair gains from the second; flows between the same two states add up."""
    arrows = [arrow for arrow in copy.arrows if (arrow.to, arrow.from_) == pair]
    gains = (arrow.rate if arrow.yield_ is None else _times(arrow.rate, arrow.yield_) for arrow in arrows)
    return _sum(tuple(gains))


def _times(left: Formula, right: Formula) -> Formula:
    return Binary(Operation.MULTIPLY, left, right)


def _factor(output: Output, state: str) -> Formula:
    """What an amount in the state adds to the output."""
    factors = [(term.times or _ONE, term.per) for term in output.terms if term.state == state]
    return _sum(tuple(times if per is None else Binary(Operation.DIVIDE, times, per) for times, per in factors))


def _sum(parts: tuple[Formula, ...]) -> Formula:
    if not parts:
        return _NOTHING
    total = parts[0]
    for part in parts[1:]:
        total = Binary(Operation.ADD, total, part)
    return total
