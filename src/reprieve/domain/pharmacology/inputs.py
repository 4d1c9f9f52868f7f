"""Which doses enter which states: doses of one kind share one staircase, split over the states by their shares."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from reprieve.domain.pharmacology.arrays import Namespace, Scalar
from reprieve.domain.pharmacology.formula import Formula, evaluate
from reprieve.domain.pharmacology.linear_model import Drug, Input, LinearModel, Route
from reprieve.domain.pharmacology.regimen import Dose, RegimenError
from reprieve.domain.pharmacology.staircase import Staircase, shifted_staircase, staircase

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


def ways(model: LinearModel, kinds: Sequence[Kind], values: Mapping[str, Scalar], xp: Namespace) -> tuple[Way, ...]:
    """Every way in.  Raises: RegimenError PK-ROUTE for a drug or route that the model has no input for."""
    found = []
    for kind in kinds:
        drug, route, is_later = kind
        rows = [entry for entry in model.inputs if entry.drug is drug and entry.route is route]
        if not rows:
            raise RegimenError("PK-ROUTE", model=model.id, drug=str(drug), route=str(route))
        for timing in dict.fromkeys((row.lag_min, row.zero_order_min) for row in rows):
            together = [row for row in rows if (row.lag_min, row.zero_order_min) == timing]
            shares = tuple((row.state, evaluate(_share(row, is_later=is_later), values, xp)) for row in together)
            lag, spread = (None if part is None else evaluate(part, values, xp) for part in timing)
            found.append(Way(kind=kind, lag_min=lag, spread_min=spread, shares=_summed(shares)))
    return tuple(found)


def staircase_of(way: Way, doses: Sequence[Dose], count: int, xp: Namespace) -> Staircase:
    """When and how fast the doses of one kind enter.

    Raises: RegimenError PK-DOSE-DURATION for a dose that takes time where lag or duration differ between people.
    """
    same = [dose for dose in doses if kind_of(dose) == way.kind]
    starts, amounts, durations = np.array([(dose.at_min, dose.amount_mg, dose.duration_min) for dose in same]).T
    lag, spread = way.lag_min, way.spread_min
    if (lag is None or isinstance(lag, float)) and (spread is None or isinstance(spread, float)):
        return staircase(
            starts_min=starts + (lag or 0.0),
            amounts_mg=amounts,
            durations_min=durations if spread is None else np.full(starts.shape, spread),
        )
    if np.any(durations > 0.0):
        raise RegimenError("PK-DOSE-DURATION", duration_min=float(durations.max()), route=str(way.kind[1]))
    zero = xp.zeros((count,), dtype=xp.float64)
    return shifted_staircase(
        staircase(starts_min=starts, amounts_mg=amounts, durations_min=durations),
        lag_min=zero if lag is None else zero + lag,
        spread_min=None if spread is None else zero + spread,
        xp=xp,
    )


def _share(row: Input, *, is_later: bool) -> Formula:
    return row.fraction_later if is_later and row.fraction_later is not None else row.fraction


def _summed(shares: tuple[tuple[str, Scalar], ...]) -> tuple[tuple[str, Scalar], ...]:
    """One number for each state."""
    total: dict[str, Scalar] = {}
    for state, share in shares:
        total[state] = total[state] + share if state in total else share
    return tuple(total.items())
