"""Which doses enter which states: doses of one kind share one staircase, split over the states by their shares."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from reprieve.domain.pharmacology.arrays import Namespace, Scalar
from reprieve.domain.pharmacology.formula import Formula, evaluate
from reprieve.domain.pharmacology.linear_model import Input, LinearModel
from reprieve.domain.pharmacology.regimen import Dose, RegimenError
from reprieve.domain.pharmacology.staircase import Staircase, shifted_staircase, staircase


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One staircase, and what share of it enters each state."""

    staircase: Staircase
    shares: tuple[tuple[str, Scalar], ...]


def entries(
    model: LinearModel, doses: Sequence[Dose], values: Mapping[str, Scalar], count: int, xp: Namespace
) -> tuple[Entry, ...]:
    """Everything that enters.  Raises: RegimenError PK-ROUTE for a drug or route that the model has no input for."""
    found = []
    kinds = dict.fromkeys((dose.drug, dose.route, dose.device > 1) for dose in doses)
    for drug, route, is_later in kinds:
        rows = [entry for entry in model.inputs if entry.drug is drug and entry.route is route]
        if not rows:
            raise RegimenError("PK-ROUTE", model=model.id, drug=str(drug), route=str(route))
        same = [dose for dose in doses if (dose.drug, dose.route, dose.device > 1) == (drug, route, is_later)]
        for timing in dict.fromkeys((row.lag_min, row.zero_order_min) for row in rows):
            together = [row for row in rows if (row.lag_min, row.zero_order_min) == timing]
            shares = tuple((row.state, evaluate(_share(row, is_later=is_later), values, xp)) for row in together)
            found.append(Entry(staircase=_staircase(same, timing, values, count, xp), shares=_summed(shares)))
    return tuple(found)


def _share(row: Input, *, is_later: bool) -> Formula:
    return row.fraction_later if is_later and row.fraction_later is not None else row.fraction


def _summed(shares: tuple[tuple[str, Scalar], ...]) -> tuple[tuple[str, Scalar], ...]:
    """One number for each state."""
    total: dict[str, Scalar] = {}
    for state, share in shares:
        total[state] = total[state] + share if state in total else share
    return tuple(total.items())


def _staircase(
    doses: Sequence[Dose],
    timing: tuple[Formula | None, Formula | None],
    values: Mapping[str, Scalar],
    count: int,
    xp: Namespace,
) -> Staircase:
    lag, spread = (None if part is None else evaluate(part, values, xp) for part in timing)
    starts = np.array([dose.at_min for dose in doses])
    amounts = np.array([dose.amount_mg for dose in doses])
    durations = np.array([dose.duration_min for dose in doses])
    if (lag is None or isinstance(lag, float)) and (spread is None or isinstance(spread, float)):
        return staircase(
            starts_min=starts + (lag or 0.0),
            amounts_mg=amounts,
            durations_min=durations if spread is None else np.full(starts.shape, spread),
        )
    if np.any(durations > 0.0):
        raise RegimenError("PK-DOSE-DURATION", duration_min=float(durations.max()), route=str(doses[0].route))
    zero = xp.zeros((count,), dtype=xp.float64)
    return shifted_staircase(
        staircase(starts_min=starts, amounts_mg=amounts, durations_min=durations),
        lag_min=zero if lag is None else zero + lag,
        spread_min=None if spread is None else zero + spread,
        xp=xp,
    )
