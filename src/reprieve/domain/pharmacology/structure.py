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

    `reaching` are the blocks before it that reach it and `basis` their poles; `edges` make a tree of exchanges
    (child, parent); `entering` are the pairs (to, from) by which drug comes from outside.
    """

    states: tuple[int, ...]
    reaching: tuple[int, ...]
    basis: tuple[int, ...]
    edges: tuple[tuple[int, int], ...]
    entering: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """Blocks in order, every pair (to, from) of states, and chains of equal compartments: groups of states whose
    poles are the same number by construction."""

    blocks: tuple[Block, ...]
    pairs: tuple[tuple[int, int], ...]
    repeats: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Copy:
    """Names of the states in the order of the blocks, the rates at which each loses drug, and the flows between."""

    states: tuple[str, ...]
    losses: tuple[tuple[Formula, ...], ...]
    arrows: tuple[Arrow, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Structure:
    """What the solution needs. Parts that never meet but have one shape (S- and R-ketamine) are copies of it, so that
    they are solved side by side.  Kept by identity: two are the same only when they are the same object."""

    shape: Shape
    copies: tuple[Copy, ...]


@lru_cache(maxsize=_KEPT)
def structure_of(model: LinearModel, entered: tuple[str, ...], seen: tuple[str, ...]) -> Structure | None:
    """Only the states that lie between what is entered and what is looked at; None where there is none.

    Raises: ModelError PK-MODEL-BLOCK for states that exchange drug in a ring or one way round.
    """
    links = [(flow.from_, flow.to) for flow in model.flows if flow.to] + [(d.from_, d.to) for d in model.drives]
    ahead = _reach(links, entered)
    behind = _reach([(to, from_) for from_, to in links], seen)
    kept = [name for name in model.states if name in ahead and name in behind]
    if not kept:
        return None
    links = [(a, b) for a, b in links if a in kept and b in kept]
    parts = [_part(model, names, links) for names in _apart(kept, links)]
    if len({shape for shape, _ in parts}) > 1:
        parts = [_part(model, kept, links)]
    return Structure(parts[0][0], tuple(copy for _, copy in parts))


def _apart(names: list[str], links: list[tuple[str, str]]) -> list[list[str]]:
    """Groups of states between which no drug moves, each in the order of the file."""
    both = links + [(b, a) for a, b in links]
    groups: list[list[str]] = []
    for name in names:
        if not any(name in group for group in groups):
            near = _reach(both, (name,))
            groups.append([other for other in names if other in near])
    return groups


def _part(model: LinearModel, names: list[str], links: list[tuple[str, str]]) -> tuple[Shape, Copy]:
    parts = _blocks(names, [(a, b) for a, b in links if a in names])
    order = tuple(name for part in parts for name in part)
    index = {name: place for place, name in enumerate(order)}
    losses = tuple(tuple(flow.rate for flow in model.flows if flow.from_ == name) for name in order)
    arrows = _arrows(model, index)
    pairs = tuple(sorted({(arrow.to, arrow.from_) for arrow in arrows}))
    blocks: list[Block] = []
    for part in parts:
        blocks.append(_block(tuple(index[name] for name in part), pairs, blocks))
    return Shape(tuple(blocks), pairs, _repeats(blocks, losses)), Copy(order, losses, arrows)


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


def _block(states: tuple[int, ...], pairs: tuple[tuple[int, int], ...], before: list[Block]) -> Block:
    entering = tuple((to, from_) for to, from_ in pairs if to in states and from_ not in states)
    sources = {from_ for _, from_ in entering}
    direct = [block for block in before if sources & set(block.states)]
    basis = {pole for block in direct for pole in (*block.basis, *block.states)}
    reaching = tuple(place for place, block in enumerate(before) if block.states[0] in basis)
    return Block(states, reaching, tuple(sorted(basis)), _tree(states, pairs), entering)


def _tree(states: tuple[int, ...], pairs: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
    """Edges (child, parent) from the first state outwards.

    Exchanges that form a tree can be made symmetric by a change of scale; then all poles are real and positive.
    """
    inside = {pair for pair in pairs if pair[0] in states and pair[1] in states}
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
