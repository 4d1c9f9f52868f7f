"""Many people, one schedule of doses: from individual parameters to plasma curves in one pass.

    drug = ThreeCompartments(v1_l=v1, ...)  # arrays (N,)
    infusion = [Change(at_min=0.0, rate_mg_per_min=0.875), Change(at_min=40.0)]
    curves = drug_curves(drug, infusion, UniformGrid(points=241))

Set-up is float64 always; with `dtype=numpy.float32` only the curves are rounded (6e-8 of each value).
Accuracy: within 1e-12 of Cmax for the drug and 3e-9 for the metabolite, also where rates coincide (see `near`).
A plateau far above the peak costs digits: at a millionth of the usual clearance the drug is within 3e-10.
A person's place among the others moves the last digits of a curve (1e-11 of Cmax in tests); how many threads, none.
Units: L, L/min, mg, min; curves in mg/L, shape (N, points).
Source: method, partial fractions of a mammillary model; no clinical number.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from math import isfinite

import numpy as np

from reprieve.domain.pharmacology.compiled.arrays import Curves, Floats, Indices
from reprieve.domain.pharmacology.compiled.chain import chain_curves
from reprieve.domain.pharmacology.compiled.near import chain_apart
from reprieve.domain.pharmacology.compiled.parent import all_positive, parent_curves
from reprieve.domain.pharmacology.compiled.threads import empty_curves, goes_past_cache, share

Real = type[np.float64] | type[np.float32]
_KINDS = (np.float64, np.float32)
_POSITIVE = "volumes, flows, times and factors must be positive numbers, one for each person"


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreeCompartments:
    """Individual volumes (L) and flows (L/min) of a drug: arrays (N,), all positive."""

    v1_l: Floats
    v2_l: Floats
    v3_l: Floats
    clearance_l_per_min: Floats
    q2_l_per_min: Floats
    q3_l_per_min: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class DelayedMetabolite:
    """Individual parameters (N,) of a metabolite behind two equal delay compartments.

    `transit_min` is the mean time through both; `yield_mg_per_mg` the mg of metabolite from 1 mg of drug cleared.
    """

    transit_min: Floats
    yield_mg_per_mg: Floats
    v1_l: Floats
    clearance_l_per_min: Floats
    v2_l: Floats
    q_l_per_min: Floats


_DRUG, _METABOLITE = ([field.name for field in fields(kind)] for kind in (ThreeCompartments, DelayedMetabolite))


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """From `at_min` on drug runs at this rate, and an amount enters at once."""

    at_min: float
    rate_mg_per_min: float = 0.0
    amount_mg: float = 0.0

    def __post_init__(self) -> None:
        if not (isfinite(self.at_min) and isfinite(self.rate_mg_per_min) and isfinite(self.amount_mg)):
            raise ValueError("a change needs finite numbers")
        if self.rate_mg_per_min < 0.0 or self.amount_mg < 0.0:
            raise ValueError("neither a rate nor an amount can be negative")


@dataclass(frozen=True, slots=True, kw_only=True)
class UniformGrid:
    """Times `first_min`, `first_min + step_min`, ..."""

    points: int
    first_min: float = 0.0
    step_min: float = 1.0

    def __post_init__(self) -> None:
        if not (self.points > 0 and isfinite(self.first_min) and isfinite(self.step_min) and self.step_min > 0.0):
            raise ValueError("a grid needs points and a positive step")

    @property
    def t_min(self) -> Floats:
        """All times (points,)."""
        return self.first_min + self.step_min * np.arange(self.points, dtype=np.float64)


def drug_curves(
    drug: ThreeCompartments,
    changes: Sequence[Change],
    grid: UniformGrid,
    *,
    dose_factor: Floats | None = None,
    dtype: Real = np.float64,
    out: Curves | None = None,
) -> Curves:
    """Plasma concentration of the drug, (N, points) mg/L.

    `dose_factor` (N,) multiplies all doses of a person (a dose per kg). `out` receives the curves (C-ordered).
    Raises: ValueError for parameters that are not positive, or changes out of order.
    """
    parameters = _together(drug, dose_factor=dose_factor)
    subjects = parameters[0].size
    curves = empty_curves(subjects, grid.points, dtype) if out is None else _checked(out, subjects, grid)
    steps, points = _schedule(changes, grid)
    where, past_cache = np.array((grid.first_min, grid.step_min)), goes_past_cache(curves)
    share(
        lambda first, stop: parent_curves(parameters, steps, points, where, curves, first, stop, past_cache), subjects
    )
    return curves


def chain_of_curves(  # noqa: PLR0913 - as drug_curves, and a metabolite
    drug: ThreeCompartments,
    metabolite: DelayedMetabolite,
    changes: Sequence[Change],
    grid: UniformGrid,
    *,
    dose_factor: Floats | None = None,
    dtype: Real = np.float64,
    out: tuple[Curves, Curves] | None = None,
) -> tuple[Curves, Curves]:
    """Plasma concentrations of drug and metabolite, each (N, points) mg/L; otherwise as `drug_curves`."""
    parameters = _together(drug, metabolite, dose_factor=dose_factor)
    subjects = parameters[0].size
    first_out, second_out = out or (
        empty_curves(subjects, grid.points, dtype),
        empty_curves(subjects, grid.points, dtype),
    )
    curves, formed = _checked(first_out, subjects, grid), _checked(second_out, subjects, grid)
    if curves.dtype != formed.dtype:
        raise ValueError("the curves of drug and metabolite need one kind of number")
    steps, points = _schedule(changes, grid)
    where, steepness = np.array((grid.first_min, grid.step_min)), np.empty(subjects)
    past_cache = goes_past_cache(curves) and goes_past_cache(formed)

    def work(first: int, stop: int) -> None:
        chain_curves(parameters, steps, points, where, curves, formed, steepness, first, stop, past_cache)
        chain_apart(parameters, steps, points, where, formed, steepness, first, stop)

    share(work, subjects)
    return curves, formed


def chunks(subjects: int, size: int = 8192) -> Iterator[tuple[int, int]]:
    """(first, stop) of pieces of a population: with `out` of one piece, memory stays that of one piece."""
    return ((first, min(first + size, subjects)) for first in range(0, subjects, size))


def _together(
    drug: ThreeCompartments, metabolite: DelayedMetabolite | None = None, *, dose_factor: Floats | None
) -> tuple[Floats, ...]:
    """Parameters of the drug, the factor on the dose, parameters of the metabolite: arrays (N,) each, read-only."""
    values = [getattr(drug, name) for name in _DRUG]
    values += [1.0 if dose_factor is None else dose_factor]
    values += [] if metabolite is None else [getattr(metabolite, name) for name in _METABOLITE]
    parts = [np.asarray(value, dtype=np.float64) for value in values]
    shapes = {part.shape for part in parts} - {(), (1,)} or {(1,)}
    shape = shapes.pop()
    if shapes or len(shape) != 1:
        raise ValueError(_POSITIVE)
    together = tuple(_for_each(part, shape) for part in parts)
    if shape == (0,) or not all_positive(together):
        raise ValueError(_POSITIVE)
    return together


def _for_each(part: Floats, shape: tuple[int, ...]) -> Floats:
    """One value a person, in a row; read-only so that all are of one type to the kernels."""
    view = part.view() if part.shape == shape and part.flags.c_contiguous else np.full(shape, part)
    view.flags.writeable = False
    return view


def _checked(out: Curves, subjects: int, grid: UniformGrid) -> Curves:
    if out.shape != (subjects, grid.points) or out.dtype not in _KINDS or not out.flags.carray:
        raise ValueError(f"curves need C-ordered floats for {subjects} people and {grid.points} points, to write to")
    return out


def _schedule(changes: Sequence[Change], grid: UniformGrid) -> tuple[Floats, Indices]:
    """Rows of (minute, rate, amount), one of them before all points; the first point of each, then their number."""
    rows = [(change.at_min, change.rate_mg_per_min, change.amount_mg) for change in changes]
    steps = np.array(rows, dtype=np.float64).reshape(-1, 3)
    if steps.shape[0] == 0 or np.any(np.diff(steps[:, 0]) < 0.0):
        raise ValueError("changes must be in the order of time, at least one")
    if steps[0, 0] > grid.first_min:
        steps = np.vstack(((grid.first_min, 0.0, 0.0), steps))
    return steps, np.append(np.searchsorted(grid.t_min, steps[:, 0]), grid.points)
