"""The numbers of all subjects in the order of one structure: what the solution starts from."""

from dataclasses import dataclass, replace

from reprieve.domain.pharmacology.arrays import Array, Namespace
from reprieve.domain.pharmacology.structure import Structure


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


def subset(system: System, rows: Array, xp: Namespace) -> System:
    """The numbers of some subjects (indices)."""
    return replace(
        system,
        losses=xp.take(system.losses, rows, axis=1),
        couplings=xp.take(system.couplings, rows, axis=1),
        entered=xp.take(system.entered, rows, axis=1),
        seen=xp.take(system.seen, rows, axis=1),
    )
