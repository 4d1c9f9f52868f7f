"""Many regimens at once, for one person or many: the same closed form with regimens on the first axis.

People are solved once, whatever the number of regimens; only what enters differs. No loop over regimens, people or
times. Units: mg of base, min, mg/L.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from reprieve.domain.pharmacology.arrays import Array, Namespace, Scalar, beside
from reprieve.domain.pharmacology.covariates import Covariates
from reprieve.domain.pharmacology.inputs import Way
from reprieve.domain.pharmacology.linear_model import Drug, LinearModel, OutputKey, Route, Site
from reprieve.domain.pharmacology.modes import Modes
from reprieve.domain.pharmacology.prepared import Prepared, Who, prepare
from reprieve.domain.pharmacology.regimen import RegimenError
from reprieve.domain.pharmacology.response import Response
from reprieve.domain.pharmacology.simulate import arrays_given, check_times, leading_axes
from reprieve.domain.pharmacology.staircase import Staircase


@dataclass(frozen=True, slots=True, kw_only=True)
class RegimenBatch:
    """Doses of one drug by one route: (regimens, doses) each; a regimen with fewer doses has amounts of 0 at its end.

    `devices` counts nasal devices, one number for each column.
    Raises: RegimenError PK-DOSE-AMOUNT, PK-DOSE-TIME, PK-DOSE-DURATION, PK-BATCH-SHAPE.
    """

    drug: Drug
    route: Route
    at_min: Array
    amount_mg: Array
    duration_min: Array
    devices: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        shapes = {self.at_min.shape, self.amount_mg.shape, self.duration_min.shape}
        if len(shapes) != 1 or self.at_min.ndim != 2 or not self.at_min.size:
            raise RegimenError("PK-BATCH-SHAPE")
        if self.devices and len(self.devices) != self.at_min.shape[1]:
            raise RegimenError("PK-BATCH-SHAPE")
        for code, name, values in (
            ("PK-DOSE-AMOUNT", "amount_mg", self.amount_mg),
            ("PK-DOSE-TIME", "at_min", self.at_min),
            ("PK-DOSE-DURATION", "duration_min", self.duration_min),
        ):
            wrong = values[~(np.isfinite(values) & (values >= 0.0))]
            if wrong.size:
                params: dict[str, float | str] = {name: float(wrong[0]), "route": str(self.route)}
                raise RegimenError(code, **params)

    @property
    def is_later(self) -> Array:
        """Which columns are later devices of a session."""
        return np.array([number > 1 for number in self.devices] or [False] * self.at_min.shape[1])


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchCurves:
    """Concentrations of every regimen: regimens first, then subjects."""

    outputs: tuple[OutputKey, ...]
    values_mg_per_l: Array
    response: Response
    end_min: float

    def of(self, analyte: str, site: Site | str) -> Array:
        """(regimens, ..., t), mg/L.  Raises: ValueError for an output that was not asked for."""
        return self.values_mg_per_l[..., self._row(analyte, site), :]

    def auc_mg_min_per_l(self, analyte: str, site: Site | str) -> Array:
        """Exact area from 0 to the last time, (regimens, ...)."""
        return self.response.areas(self.end_min)[..., self._row(analyte, site)]

    def _row(self, analyte: str, site: Site | str) -> int:
        return self.outputs.index(OutputKey(analyte=analyte, site=Site(site)))


def simulate_batch(  # noqa: PLR0913 - who, what, when and how are independent choices
    model: LinearModel,
    batch: RegimenBatch,
    *,
    t_min: Array,
    covariates: Covariates,
    etas: Mapping[str, Scalar] | None = None,
    outputs: Sequence[OutputKey] | None = None,
    xp: Namespace = np,
) -> BatchCurves:
    """Curves of every regimen of the batch at `t_min`.

    Raises: RegimenError, CovariateError, ModelError.  Outside the population: see `applicability_findings`.
    """
    check_times(t_min)
    covariates.check_arrays()
    given = arrays_given(covariates, etas)
    shape, xp = leading_axes(given), beside((*given, t_min), xp)
    who = Who(covariates=covariates, etas=etas or {}, shape=shape, xp=xp, is_traced=False)
    kinds = tuple((batch.drug, batch.route, later) for later in sorted(set(batch.is_later.tolist())))
    prepared = prepare(model, who, kinds=kinds, seen=None if outputs is None else tuple(outputs))
    regimens = batch.at_min.shape[0]
    inputs = tuple(_entering(batch, way, who) for way in prepared.ways)
    apart = None
    if prepared.apart is not None:
        places, wider = prepared.apart
        rows = (np.arange(regimens)[:, None] * who.count + places[None, :]).reshape(-1)
        apart = rows, _repeated(wider, regimens, xp), tuple(_only(given, rows, xp) for given in inputs)
    modes = prepared.modes or _silent(prepared, len(inputs), who)
    response = Response(
        modes=_repeated(modes, regimens, xp),
        inputs=inputs,
        shape=(regimens, *shape),
        apart=apart,
        xp=xp,
        is_traced=False,
    )
    return BatchCurves(
        outputs=tuple(output.key for output in prepared.outputs),
        values_mg_per_l=response.at(xp.asarray(t_min, dtype=xp.float64)),
        response=response,
        end_min=float(t_min[-1]),
    )


def _silent(prepared: Prepared, inputs: int, who: Who) -> Modes:
    """Nothing that is given reaches what is looked at."""
    zeros = who.xp.zeros((who.count, len(prepared.outputs), inputs, 1), dtype=who.xp.float64)
    return Modes(rates=who.xp.ones((who.count, 1), dtype=who.xp.float64), weights=zeros)


def _repeated(modes: Modes, regimens: int, xp: Namespace) -> Modes:
    return Modes(rates=xp.tile(modes.rates, (regimens, 1)), weights=xp.tile(modes.weights, (regimens, 1, 1, 1)))


def _only(given: Staircase, rows: Array, xp: Namespace) -> Staircase:
    parts = (xp.take(part, xp.asarray(rows), axis=0) for part in (given.starts_min, given.rates, given.jumps))
    starts, rates, jumps = parts
    return Staircase(starts_min=starts, rates=rates, jumps=jumps, total_mg=given.total_mg)


def _entering(batch: RegimenBatch, way: Way, who: Who) -> Staircase:
    """When and how fast the doses of one kind enter: (regimens x subjects, steps), subjects innermost."""
    xp, columns = who.xp, np.flatnonzero(batch.is_later == way.kind[2])
    at, amount, duration = (
        xp.repeat(xp.asarray(part[:, columns], dtype=xp.float64), who.count, axis=0)
        for part in (batch.at_min, batch.amount_mg, batch.duration_min)
    )
    at = at + _each(way.lag_min, batch, who)
    if way.spread_min is not None:
        duration = xp.zeros_like(duration) + _each(way.spread_min, batch, who)
    return _staircases(at, amount, duration, xp)


def _each(value: Scalar | None, batch: RegimenBatch, who: Who) -> Array:
    """A number of each subject, for every regimen, as a column."""
    xp = who.xp
    numbers = xp.zeros((who.count,), dtype=xp.float64) + (0.0 if value is None else value)
    return xp.tile(numbers, (batch.at_min.shape[0],))[:, None]


def _staircases(at: Array, amount: Array, duration: Array, xp: Namespace) -> Staircase:
    """Rows of constant rates with jumps. A rate counts only while a dose runs, so that rounding leaves none behind."""
    runs = duration > 0.0
    zero = xp.zeros((at.shape[0], 1), dtype=xp.float64)
    nothing = xp.zeros_like(at)
    rate = xp.where(runs, amount / xp.where(runs, duration, xp.ones_like(duration)), nothing)
    pushed, running = xp.where(runs, nothing, amount), xp.astype(rate > 0.0, xp.float64)
    times = xp.concat((zero, at, at + duration), axis=1)
    order = xp.argsort(times, axis=1, stable=True)

    def sorted_(first: Array, last: Array) -> Array:
        return xp.take_along_axis(xp.concat((zero, first, last), axis=1), order, axis=1)

    going = xp.cumulative_sum(sorted_(running, -running), axis=1)
    rates = xp.cumulative_sum(sorted_(rate, -rate), axis=1)
    return Staircase(
        starts_min=xp.take_along_axis(times, order, axis=1),
        rates=xp.where(going > 0.5, xp.maximum(rates, xp.zeros_like(rates)), xp.zeros_like(rates)),
        jumps=sorted_(pushed, nothing),
        total_mg=float(xp.sum(amount)),
    )
