"""Everything about a person, or many, that no dose changes: parameters, ways in, and the modes of every output.

One person with given numbers is solved once and kept: what-ifs, rate changes and models drawn side by side come back
to the same person with other doses.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from math import prod
from types import MappingProxyType

import numpy as np

from reprieve.domain.pharmacology.arrays import Array, Namespace, Scalar, on_host
from reprieve.domain.pharmacology.covariates import STANDARD_COVARIATES, CovariateError, Covariates
from reprieve.domain.pharmacology.individuals import individual_values
from reprieve.domain.pharmacology.inputs import Kind, Way, entering
from reprieve.domain.pharmacology.linear_model import LinearModel, Output
from reprieve.domain.pharmacology.modes import Modes, Solved, is_close, solve, solve_apart
from reprieve.domain.pharmacology.outputs import Seen
from reprieve.domain.pharmacology.plan import Places, plan_of
from reprieve.domain.pharmacology.system import System, subset, system_of

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
    plan, xp = plan_of(model, kinds, seen), who.xp
    values = individual_values(model, covariates=who.covariates, etas=who.etas, shape=who.shape, xp=xp)
    ways = entering(plan.ways, values, xp)
    bare = Prepared(values=values, ways=ways, outputs=plan.outputs, modes=None, apart=None)
    if plan.structure is None or plan.table is None:
        return bare
    system = system_of(plan.structure, plan.table, values=values, entering=ways, count=who.count, xp=xp)
    if not who.is_traced and not _has_rates(system, xp):
        raise CovariateError("PK-RATES", model=model.id)
    solved = solve(system, xp, is_traced=who.is_traced)
    apart = None if who.is_traced else _apart(system, solved, who)
    return replace(bare, modes=solved.modes, apart=apart)


def _has_rates(system: System, xp: Namespace) -> bool:
    """False where a random effect or a covariate leads to no rate, or a negative one."""
    table = system.table

    def of(places: Places) -> Array:
        return xp.take(system.numbers, xp.asarray(np.unique(places)), axis=1)

    losses = of(table.losses)
    if not (bool(xp.min(losses) > 0.0) and bool(xp.max(losses) < np.inf)):
        return False
    if table.couplings.size and not bool(xp.min(of(table.couplings)) >= 0.0):
        return False
    return not table.exchanged.size or bool(xp.min(of(table.exchanged)) > 0.0)


def _apart(system: System, solved: Solved, who: Who) -> tuple[Array, Modes] | None:
    xp, close = who.xp, is_close(solved)
    if not bool(xp.any(close)):
        return None
    places = np.flatnonzero(np.broadcast_to(on_host(close), (who.count,)))
    everybody = xp.broadcast_to(system.numbers, (who.count, system.numbers.shape[1]))
    few = subset(replace(system, numbers=everybody), xp.asarray(places), xp)
    return places, solve_apart(few, xp, by_kernel=solved.by_kernel)
