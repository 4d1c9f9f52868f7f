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
    """`numbers` (n, k) are what the formulas and shares of `table` come to; n is 1 where all subjects are the same."""

    structure: Structure
    table: Table
    numbers: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Coefficients:
    """The same, put into their places; c copies of the structure, states and pairs in its order.

    losses (c, n, states); couplings (c, n, pairs); entered (c, n, states, inputs); seen (c, n, outputs, states).
    """

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
    """Every formula evaluated once: rates, couplings, shares and output factors of `count` people."""
    numbers = [program(values, xp) for program in table.programs]
    shares = [share for way in entering for _, share in way.shares]
    return System(structure=structure, table=table, numbers=packed([*numbers, *shares], count, xp))


def coefficients(system: System, xp: Namespace) -> Coefficients:
    """Everything that the solution is made of, as arrays."""
    table, numbers = system.table, system.numbers
    return Coefficients(
        losses=_taken(numbers, table.losses, xp),
        couplings=_taken(numbers, table.couplings, xp),
        entered=_taken(numbers, table.entered, xp),
        seen=_taken(numbers, table.seen, xp),
    )


def _taken(numbers: Array, places: Places, xp: Namespace) -> Array:
    """(c, n, ...) for places (c, ...)."""
    flat = xp.take(numbers, xp.asarray(places.reshape(-1)), axis=1)
    found = xp.reshape(flat, (numbers.shape[0], *places.shape))
    return xp.permute_dims(found, (1, 0, *range(2, found.ndim)))


def subset(system: System, rows: Array, xp: Namespace) -> System:
    """The numbers of some subjects (indices)."""
    return replace(system, numbers=xp.take(system.numbers, rows, axis=0))
