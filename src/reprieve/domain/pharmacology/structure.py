"""What a model looks like once for all subjects: which states matter, in which order, and which poles repeat.

The states form a graph. Its strongly connected parts are the blocks (a mammillary body, a depot, a delay, a link);
put in order, drug only moves from earlier blocks to later ones, so the system is block-triangular.
"""

from dataclasses import dataclass
from functools import lru_cache

from reprieve.domain.pharmacology.formula import Formula
from reprieve.domain.pharmacology.linear_model import LinearModel, ModelError

_KEPT = 256


@dataclass(frozen=True, slots=True)
class Arrow:
    """What state `to` gains from state `from_`, per minute and per unit of `from_`: rate, times yield."""

    from_: int
    to: int
    rate: Formula
    yield_: Formula | None


@dataclass(frozen=True, slots=True)
class Block:
    """States that exchange drug with each other. Poles and states of a block share the numbers `states`.

    `basis` are the poles of all blocks before it that reach it; `edges` make a tree of exchanges (child, parent).
    """

    states: tuple[int, ...]
    basis: tuple[int, ...]
    edges: tuple[tuple[int, int], ...]
    entering: tuple[Arrow, ...]


@dataclass(frozen=True, slots=True)
class Structure:
    """States in the order of the blocks, with every flow that the solution needs."""

    states: tuple[str, ...]
    blocks: tuple[Block, ...]
    losses: tuple[tuple[Formula, ...], ...]
    inner: tuple[Arrow, ...]
    repeats: tuple[tuple[int, ...], ...]
    """Chains of equal compartments: groups of states whose poles are the same number by construction."""


@lru_cache(maxsize=_KEPT)
def structure_of(model: LinearModel, entered: tuple[str, ...], seen: tuple[str, ...]) -> Structure:
    """Only the states that lie between what is entered and what is looked at.

    Raises: ModelError PK-MODEL-BLOCK for states that exchange drug in a ring or one way round.
    """
    links = [(flow.from_, flow.to) for flow in model.flows if flow.to] + [(d.from_, d.to) for d in model.drives]
    ahead = _reach(links, entered)
    behind = _reach([(to, from_) for from_, to in links], seen)
    kept = [name for name in model.states if name in ahead and name in behind]
    parts = _blocks(kept, [(a, b) for a, b in links if a in kept and b in kept])
    order = tuple(name for part in parts for name in part)
    index = {name: place for place, name in enumerate(order)}
    losses = tuple(tuple(flow.rate for flow in model.flows if flow.from_ == name) for name in order)
    arrows = _arrows(model, index)
    blocks: list[Block] = []
    for part in parts:
        blocks.append(_block(tuple(index[name] for name in part), arrows, blocks))
    inner = tuple(arrow for arrow in arrows if any(arrow.from_ in b.states and arrow.to in b.states for b in blocks))
    return Structure(order, tuple(blocks), losses, inner, _repeats(blocks, losses))


def _arrows(model: LinearModel, index: dict[str, int]) -> tuple[Arrow, ...]:
    flows = [
        Arrow(index[flow.from_], index[flow.to], flow.rate, flow.yield_)
        for flow in model.flows
        if flow.to is not None and flow.from_ in index and flow.to in index
    ]
    drives = [
        Arrow(index[drive.from_], index[drive.to], drive.rate, None)
        for drive in model.drives
        if drive.from_ in index and drive.to in index
    ]
    return (*flows, *drives)


def _reach(links: list[tuple[str, str]], start: tuple[str, ...]) -> set[str]:
    """Every state that one can come to."""
    found, waiting = set(start), list(start)
    while waiting:
        here = waiting.pop()
        new = {to for from_, to in links if from_ == here} - found
        found |= new
        waiting += new
    return found


def _blocks(names: list[str], links: list[tuple[str, str]]) -> list[tuple[str, ...]]:
    """Strongly connected parts, sources first; states of a part in the order of the file."""
    after = {name: _reach(links, (name,)) for name in names}
    parts: list[tuple[str, ...]] = []
    placed: set[str] = set()
    for name in names:
        if name not in placed:
            part = tuple(other for other in names if other in after[name] and name in after[other])
            parts.append(part)
            placed |= set(part)
    return sorted(parts, key=lambda part: sum(part[0] in after[other] for other in names))


def _block(states: tuple[int, ...], arrows: tuple[Arrow, ...], before: list[Block]) -> Block:
    entering = tuple(arrow for arrow in arrows if arrow.to in states and arrow.from_ not in states)
    sources = {arrow.from_ for arrow in entering}
    reaching = [block for block in before if sources & set(block.states)]
    basis = sorted({pole for block in reaching for pole in (*block.basis, *block.states)})
    return Block(states, tuple(basis), _tree(states, arrows), entering)


def _tree(states: tuple[int, ...], arrows: tuple[Arrow, ...]) -> tuple[tuple[int, int], ...]:
    """Edges (child, parent) from the first state outwards.

    Exchanges that form a tree can be made symmetric by a change of scale; then all poles are real and positive.
    """
    inside = {(arrow.from_, arrow.to) for arrow in arrows if arrow.from_ in states and arrow.to in states}
    edges: list[tuple[int, int]] = []
    reached, waiting = {states[0]}, [states[0]]
    while waiting:
        parent = waiting.pop(0)
        for child in states:
            if child not in reached and {(parent, child), (child, parent)} <= inside:
                edges.append((child, parent))
                reached.add(child)
                waiting.append(child)
    if len(reached) != len(states) or len(inside) != 2 * len(edges):
        raise ModelError("PK-MODEL-BLOCK", states=str(states))
    return tuple(edges)


def _repeats(blocks: list[Block], losses: tuple[tuple[Formula, ...], ...]) -> tuple[tuple[int, ...], ...]:
    """Single states one after another that lose drug by the same formula."""
    singles = [block for block in blocks if len(block.states) == 1]
    groups: list[tuple[int, ...]] = []
    for block in singles:
        state = block.states[0]
        if any(state in group for group in groups):
            continue
        same = [other.states[0] for other in singles if losses[other.states[0]] == losses[state]]
        chain = [other for other in same if other == state or _follows(blocks, other, state)]
        if len(chain) > 1:
            groups.append(tuple(chain))
    return tuple(groups)


def _follows(blocks: list[Block], later: int, earlier: int) -> bool:
    return any(later in block.states and earlier in block.basis for block in blocks)
