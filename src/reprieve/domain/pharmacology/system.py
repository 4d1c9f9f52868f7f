"""The numbers of all subjects in the order of one structure: what the solution starts from."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from reprieve.domain.pharmacology.arrays import Array, Namespace, Scalar
from reprieve.domain.pharmacology.individuals import packed
from reprieve.domain.pharmacology.inputs import Way
from reprieve.domain.pharmacology.plan import Places, Table
from reprieve.domain.pharmacology.structure import Structure


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """Numbers of all subjects for the c copies of one structure; states and pairs in its order.

    losses (c, n, states); couplings (c, n, pairs); entered (c, n, states, inputs); seen (c, n, outputs, states).
    n is 1 where all subjects are the same.
    """

    structure: Structure
    losses: Array
    couplings: Array
    entered: Array
    seen: Array


def system_of(
    structure: Structure,
    table: Table,
    *,
    values: Mapping[str, Scalar],
    entering: tuple[Way, ...],
    count: int,
    xp: Namespace,
) -> System:
    """Rates, couplings, shares and output factors: every formula evaluated once, then put into its places."""
    numbers = [program(values, xp) for program in table.programs]
    shares = [share for way in entering for _, share in way.shares]
    flat = packed([*numbers, *shares], count, xp)
    copies, states = len(structure.copies), len(structure.copies[0].states)
    return System(
        structure=structure,
        losses=_taken(flat, table.losses, (copies, states), xp),
        couplings=_taken(flat, table.couplings, (copies, len(structure.shape.pairs)), xp),
        entered=_taken(flat, table.entered, (copies, states, len(entering)), xp),
        seen=_taken(flat, table.seen, (copies, table.seen.size // (copies * states), states), xp),
    )


def _taken(flat: Array, places: Places, shape: tuple[int, ...], xp: Namespace) -> Array:
    """(c, n, ...) out of the numbers of each subject (n, k)."""
    found = xp.reshape(xp.take(flat, xp.asarray(places), axis=1), (flat.shape[0], *shape))
    return xp.permute_dims(found, (1, 0, *range(2, found.ndim)))


def subset(system: System, rows: Array, xp: Namespace) -> System:
    """The numbers of some subjects (indices)."""
    return replace(
        system,
        losses=xp.take(system.losses, rows, axis=1),
        couplings=xp.take(system.couplings, rows, axis=1),
        entered=xp.take(system.entered, rows, axis=1),
        seen=xp.take(system.seen, rows, axis=1),
    )
