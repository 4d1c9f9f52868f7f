"""Which doses enter which states: doses of one kind share one staircase, split over the states by their shares."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from reprieve.domain.pharmacology.arrays import Array, Namespace, Scalar
from reprieve.domain.pharmacology.formula import Binary, Formula, Operation, Program, program_of
from reprieve.domain.pharmacology.linear_model import Drug, Input, LinearModel, Route
from reprieve.domain.pharmacology.regimen import Dose, RegimenError
from reprieve.domain.pharmacology.staircase import Staircase, shifted_staircase, staircase

_KEPT = 256
_FEW = 64
Kind = tuple[Drug, Route, bool]
"""Drug, route, and whether it is a later device of a session: doses of one kind enter in one way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How doses of one kind enter: later by `lag_min`, evenly over `spread_min`, and what share reaches each state."""

    kind: Kind
    lag_min: Scalar | None
    spread_min: Scalar | None
    shares: tuple[tuple[str, Scalar], ...]


def kind_of(dose: Dose) -> Kind:
    return dose.drug, dose.route, dose.device > 1


@dataclass(frozen=True, slots=True, kw_only=True)
class WayIn:
    """A way with its formulas, the same for everybody; a share is the sum of the formulas of its state."""

    kind: Kind
    lag: Program | None
    spread: Program | None
    states: tuple[str, ...]
    shares: tuple[Program, ...]


def ways_in(model: LinearModel, kind: Kind) -> tuple[WayIn, ...]:
    """Every way in of doses of one kind.

    Raises: RegimenError PK-ROUTE for a drug or route that the model has no input for.
    """
    drug, route, is_later = kind
    rows = [entry for entry in model.inputs if entry.drug is drug and entry.route is route]
    if not rows:
        raise RegimenError("PK-ROUTE", model=model.id, drug=str(drug), route=str(route))
    found = []
    for timing in dict.fromkeys((row.lag_min, row.zero_order_min) for row in rows):
        lag, spread = (None if part is None else program_of(part) for part in timing)
        shares: dict[str, Formula] = {}
        for row in rows:
            if (row.lag_min, row.zero_order_min) == timing:
                share = _share(row, is_later=is_later)
                earlier = shares.get(row.state)
                shares[row.state] = share if earlier is None else Binary(Operation.ADD, earlier, share)
        programs = tuple(map(program_of, shares.values()))
        found.append(WayIn(kind=kind, lag=lag, spread=spread, states=tuple(shares), shares=programs))
    return tuple(found)


def entering(ways: Sequence[WayIn], values: Mapping[str, Scalar], xp: Namespace) -> tuple[Way, ...]:
    """The ways in of one person, or of many."""
    return tuple(
        Way(
            kind=way.kind,
            lag_min=None if way.lag is None else way.lag(values, xp),
            spread_min=None if way.spread is None else way.spread(values, xp),
            shares=tuple((state, share(values, xp)) for state, share in zip(way.states, way.shares, strict=True)),
        )
        for way in ways
    )


def staircase_of(way: Way, doses: Sequence[Dose], count: int, xp: Namespace) -> Staircase:
    """When and how fast the doses of one kind enter.

    Raises: RegimenError PK-DOSE-DURATION for a dose that takes time where lag or duration differ between people.
    """
    same = tuple(dose for dose in doses if kind_of(dose) == way.kind)
    lag, spread = way.lag_min, way.spread_min
    if (lag is None or isinstance(lag, float)) and (spread is None or isinstance(spread, float)):
        make = _for_all if len(same) <= _FEW else _for_all.__wrapped__
        return make(same, lag or 0.0, spread)
    starts, amounts, durations = _columns(same)
    if np.any(durations > 0.0):
        raise RegimenError("PK-DOSE-DURATION", duration_min=float(durations.max()), route=str(way.kind[1]))
    zero = xp.zeros((count,), dtype=xp.float64)
    return shifted_staircase(
        staircase(starts_min=starts, amounts_mg=amounts, durations_min=durations),
        lag_min=zero if lag is None else zero + lag,
        spread_min=None if spread is None else zero + spread,
        xp=xp,
    )


@lru_cache(maxsize=_KEPT)
def _for_all(doses: tuple[Dose, ...], lag_min: float, spread_min: float | None) -> Staircase:
    """Kept for few doses: the next person often gets the same."""
    starts, amounts, durations = _columns(doses)
    return staircase(
        starts_min=starts + lag_min,
        amounts_mg=amounts,
        durations_min=durations if spread_min is None else np.full(starts.shape, spread_min),
    )


def _columns(doses: tuple[Dose, ...]) -> tuple[Array, Array, Array]:
    at, amount, duration = np.array([(dose.at_min, dose.amount_mg, dose.duration_min) for dose in doses]).T
    return at, amount, duration


def _share(row: Input, *, is_later: bool) -> Formula:
    return row.fraction_later if is_later and row.fraction_later is not None else row.fraction
