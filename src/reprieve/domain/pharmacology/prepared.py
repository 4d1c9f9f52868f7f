"""Everything about a person, or many, that no dose changes: parameters, ways in, and the modes of every output.

One person with given numbers is solved once and kept: what-ifs, rate changes and models drawn side by side come back
to the same person with other doses.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import prod
from types import MappingProxyType
from typing import Any

import numpy as np

from reprieve.domain.pharmacology.arrays import Array, Namespace, Scalar
from reprieve.domain.pharmacology.covariates import STANDARD_COVARIATES, CovariateError, Covariates
from reprieve.domain.pharmacology.formula import evaluate as value_of
from reprieve.domain.pharmacology.individuals import individual_values, packed
from reprieve.domain.pharmacology.inputs import Kind, Way, ways
from reprieve.domain.pharmacology.linear_model import LinearModel, Output
from reprieve.domain.pharmacology.modes import Modes, is_close, solve, solve_apart
from reprieve.domain.pharmacology.outputs import Seen, outputs_for
from reprieve.domain.pharmacology.structure import Copy, Structure, structure_of
from reprieve.domain.pharmacology.system import System, subset

_KEPT = 128
"""About 20 kB each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """`modes` None: nothing given reaches what is looked at.

    `apart` holds subjects whose poles nearly coincide: their places in the batch, and their own wider modes.
    """

    values: Mapping[str, Scalar]
    ways: tuple[Way, ...]
    outputs: tuple[Output, ...]
    modes: Modes | None
    apart: tuple[Array, Modes] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """Subjects on the leading axes `shape`, the library of their arrays, and whether a compiler reads the call."""

    covariates: Covariates
    etas: Mapping[str, Scalar]
    shape: tuple[int, ...]
    xp: Namespace
    is_traced: bool

    @property
    def count(self) -> int:
        return prod(self.shape)


def prepare(model: LinearModel, who: Who, *, kinds: tuple[Kind, ...], seen: Seen) -> Prepared:
    """Raises: CovariateError, RegimenError PK-ROUTE and PK-OUTPUT, ModelError."""
    if who.xp is not np or who.is_traced:
        return _prepare(model, who, kinds, seen)
    given, etas = tuple(who.covariates.given().items()), tuple(who.etas.items())
    if not all(isinstance(value, float) for _, value in (*given, *etas)):
        return _prepare(model, who, kinds, seen)
    return _one_person(model, given, etas, kinds, seen)


@lru_cache(maxsize=_KEPT)
def _one_person(
    model: LinearModel,
    given: tuple[tuple[str, float], ...],
    etas: tuple[tuple[str, float], ...],
    kinds: tuple[Kind, ...],
    seen: Seen,
) -> Prepared:
    own = {name: value for name, value in given if name in STANDARD_COVARIATES}
    extra = {name: value for name, value in given if name not in STANDARD_COVARIATES}
    covariates = Covariates(**own, extra=extra)
    who = Who(covariates=covariates, etas=dict(etas), shape=(), xp=np, is_traced=False)
    found = _prepare(model, who, kinds, seen)
    for modes in (found.modes, found.apart and found.apart[1]):
        if modes is not None:
            modes.rates.flags.writeable = modes.weights.flags.writeable = False
    return replace(found, values=MappingProxyType(found.values))


def _prepare(model: LinearModel, who: Who, kinds: tuple[Kind, ...], seen: Seen) -> Prepared:
    outputs, xp = outputs_for(model, seen), who.xp
    values = individual_values(model, covariates=who.covariates, etas=who.etas, shape=who.shape, xp=xp)
    entering = ways(model, kinds, values, xp)
    looked = tuple(dict.fromkeys(term.state for output in outputs for term in output.terms))
    entered = tuple(dict.fromkeys(state for way in entering for state, _ in way.shares))
    structure = structure_of(model, entered, looked)
    bare = Prepared(values=values, ways=entering, outputs=outputs, modes=None, apart=None)
    if structure is None:
        return bare
    system = _system(structure, bare, who)
    if not who.is_traced:
        _check_rates(system, model, xp)
    solved = solve(system, xp, is_traced=who.is_traced)
    apart = None if who.is_traced else _apart(system, is_close(solved), who)
    return replace(bare, modes=solved.modes, apart=apart)


def _system(structure: Structure, bare: Prepared, who: Who) -> System:
    """Rates, couplings, shares and output factors as arrays, each formula evaluated once."""
    xp, count = who.xp, who.count
    known: dict[int, Scalar] = {}

    def number(formula: Any) -> Scalar:
        if id(formula) not in known:
            known[id(formula)] = value_of(formula, bare.values, xp)
        return known[id(formula)]

    copies = structure.copies
    shown = {term.state for output in bare.outputs for term in output.terms}
    looked = tuple(
        place for place in range(len(copies[0].states)) if any(copy.states[place] in shown for copy in copies)
    )
    shares = [dict(way.shares) for way in bare.ways]
    return System(
        structure=structure,
        losses=_table([[sum(map(number, rates), 0.0) for rates in copy.losses] for copy in copies], count, xp),
        couplings=_table([_gains(structure, copy, number) for copy in copies], count, xp),
        entered=_tables([[[s.get(state, 0.0) for s in shares] for state in c.states] for c in copies], count, xp),
        seen=_tables(
            [[[_seen(o, c.states[place], number) for place in looked] for o in bare.outputs] for c in copies], count, xp
        ),
        looked=looked,
    )


def _gains(structure: Structure, copy: Copy, number: Any) -> list[Scalar]:
    """What each pair gains; flows between the same two states add up."""
    found: dict[tuple[int, int], Scalar] = {}
    for arrow in copy.arrows:
        gain = number(arrow.rate) if arrow.yield_ is None else number(arrow.rate) * number(arrow.yield_)
        key = (arrow.to, arrow.from_)
        found[key] = found[key] + gain if key in found else gain
    return [found[pair] for pair in structure.shape.pairs]


def _seen(output: Output, state: str, number: Any) -> Scalar:
    found: Scalar = 0.0
    for term in output.terms:
        if term.state == state:
            times = 1.0 if term.times is None else number(term.times)
            found = found + (times if term.per is None else times / number(term.per))
    return found


def _tables(copies: Sequence[Sequence[Sequence[Scalar]]], count: int, xp: Namespace) -> Array:
    """(c, n, rows, columns)"""
    flat = _table([[value for row in rows for value in row] for rows in copies], count, xp)
    return xp.reshape(flat, (*flat.shape[:2], len(copies[0]), len(copies[0][0])))


def _table(copies: Sequence[Sequence[Scalar]], count: int, xp: Namespace) -> Array:
    """(c, n, columns)"""
    flat = packed([value for columns in copies for value in columns], count, xp, xp.float64)
    return xp.permute_dims(xp.reshape(flat, (flat.shape[0], len(copies), len(copies[0]))), (1, 0, 2))


def _check_rates(system: System, model: LinearModel, xp: Namespace) -> None:
    """Raises: CovariateError PK-RATES where a random effect or a covariate leads to no rate, or a negative one."""
    pairs = system.structure.shape.pairs
    exchanged = [place for place, (to, from_) in enumerate(pairs) if (from_, to) in pairs]
    is_right = bool(xp.all((system.losses > 0.0) & (system.losses < np.inf)))
    is_right = is_right and bool(xp.all(system.couplings >= 0.0))
    if exchanged:
        is_right = is_right and bool(xp.all(xp.take(system.couplings, xp.asarray(exchanged), axis=2) > 0.0))
    if not is_right:
        raise CovariateError("PK-RATES", model=model.id)


def _apart(system: System, close: Array, who: Who) -> tuple[Array, Modes] | None:
    xp = who.xp
    if not bool(xp.any(close)):
        return None
    places = np.flatnonzero(np.broadcast_to(np.asarray(close), (who.count,)))
    return places, solve_apart(subset(_everybody(system, who.count, xp), xp.asarray(places), xp), xp)


def _everybody(system: System, count: int, xp: Namespace) -> System:
    def full(array: Array) -> Array:
        return xp.broadcast_to(array, (array.shape[0], count, *array.shape[2:]))

    return replace(
        system,
        losses=full(system.losses),
        couplings=full(system.couplings),
        entered=full(system.entered),
        seen=full(system.seen),
    )
