"""Concentrations of ketamine and its metabolites after any regimen, for one person or many, in closed form.

    curves = simulate(model, doses, t_min=t, covariates=Covariates(weight_kg=70.0))
    curves.of("S-ketamine", Site.ARTERIAL)      # mg/L, shape (..., t)

One implementation for every library that keeps the array API standard: `xp` is `numpy` (default), `jax.numpy`,
`array_api_compat.torch`, `array_api_compat.cupy`.  Subjects are the leading axes of random effects and covariates,
which share one device; what is computed stays there.
float64 by default; with float32 (`dtype=xp.float32`) ketamine agrees to 3e-5 of Cmax, metabolites to 2e-2.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from reprieve.domain.pharmacology.arrays import Array, Namespace, Scalar, beside, on_host
from reprieve.domain.pharmacology.covariates import Covariates
from reprieve.domain.pharmacology.inputs import kind_of, staircase_of
from reprieve.domain.pharmacology.linear_model import LinearModel, OutputKey, Site
from reprieve.domain.pharmacology.modes import Modes
from reprieve.domain.pharmacology.outputs import Seen, all_outputs
from reprieve.domain.pharmacology.peaks import peak
from reprieve.domain.pharmacology.prepared import Prepared, Who, prepare
from reprieve.domain.pharmacology.regimen import Dose, RegimenError, check_doses
from reprieve.domain.pharmacology.response import Response
from reprieve.domain.pharmacology.staircase import Staircase


@dataclass(frozen=True, slots=True, kw_only=True)
class Curves:
    """What a regimen leads to. Concentrations in mg/L, times in min; subjects on the leading axes."""

    t_min: Array
    outputs: tuple[OutputKey, ...]
    values_mg_per_l: Array
    """(..., outputs, t)"""
    response: Response
    request: "Request"

    def of(self, analyte: str, site: Site | str) -> Array:
        """Concentration (..., t), mg/L.  Raises: KeyError for an output that the model or the request has not."""
        return self.values_mg_per_l[..., self._row(analyte, site), :]

    def auc_mg_min_per_l(self, analyte: str, site: Site | str, *, until_min: float | None = None) -> Array:
        """Exact area from 0 to the last time (or `until_min`), (...)."""
        until = float(self.t_min[-1]) if until_min is None else until_min
        return self.response.areas(until)[..., self._row(analyte, site)]

    def peak(self, analyte: str, site: Site | str) -> tuple[Array, Array]:
        """Highest concentration between 0 and the last time, mg/L, and when, min: of the curve, not of the grid.

        NumPy arrays (...), whatever library computed the curve.
        """
        one = self.response.row(self._row(analyte, site))
        height, time = peak(one.flat_at, steps_min=one.steps(), end_min=float(self.t_min[-1]))
        return height.reshape(one.shape), time.reshape(one.shape)

    def amounts(self, state: str) -> Array:
        """mg in one state (a link state: its concentration), (..., t).  Raises: KeyError for an unknown state."""
        return self._state(state).at(self.t_min)[..., 0, :]

    def amount_area_mg_min(self, state: str, *, until_min: float | None = None) -> Array:
        """Exact area under the amount of one state: times a rate it is what flowed along it."""
        until = float(self.t_min[-1]) if until_min is None else until_min
        return self._state(state).areas(until)[..., 0]

    def is_exploratory(self, analyte: str, site: Site | str) -> bool:
        key = OutputKey(analyte=analyte, site=Site(site))
        return any(out.is_exploratory for out in all_outputs(self.request.model) if out.key == key)

    def _state(self, state: str) -> Response:
        if state not in self.request.model.states:
            raise KeyError(state)
        asked = self.request
        return respond(_request(asked.model, asked.doses, asked.who, state, asked.dtype))

    def _row(self, analyte: str, site: Site | str) -> int:
        key = OutputKey(analyte=analyte, site=Site(site))
        if key not in self.outputs:
            raise KeyError(f"{analyte} {site}")
        return self.outputs.index(key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Everything that a response depends on."""

    model: LinearModel
    doses: tuple[Dose, ...]
    who: Who
    prepared: Prepared
    dtype: Any


def simulate(  # noqa: PLR0913 - who, what, when and how are independent choices
    model: LinearModel,
    doses: Sequence[Dose],
    *,
    t_min: Array,
    covariates: Covariates,
    etas: Mapping[str, Scalar] | None = None,
    outputs: Sequence[OutputKey] | None = None,
    xp: Namespace = np,
    dtype: Any = None,
    is_traced: bool = False,
) -> Curves:
    """Curves of a regimen at `t_min` (increasing, from 0), typical where `etas` is None.

    Random effects and covariates may be arrays of equal (broadcastable) leading axes, one place for each subject.
    `outputs` None is every output, with S plus R where both are there. `is_traced` says that the call runs under a
    compiler (`jax.jit`): values are then not looked at, see `modes`.
    Raises: RegimenError, CovariateError, ModelError.  Outside the population: see `applicability_findings`.
    """
    check_doses(doses)
    if not is_traced:
        check_times(t_min)
        covariates.check_arrays()
    given = arrays_given(covariates, etas)
    xp = beside((*given, t_min), xp)
    who = Who(covariates=covariates, etas=etas or {}, shape=leading_axes(given), xp=xp, is_traced=is_traced)
    seen = None if outputs is None else tuple(outputs)
    request = _request(model, tuple(doses), who, seen, dtype or xp.float64)
    response = respond(request)
    times = xp.asarray(t_min, dtype=request.dtype)
    return Curves(
        t_min=times,
        outputs=tuple(output.key for output in request.prepared.outputs),
        values_mg_per_l=response.at(times),
        response=response,
        request=request,
    )


def _request(model: LinearModel, doses: tuple[Dose, ...], who: Who, seen: Seen, dtype: Any) -> Request:
    kinds = tuple(dict.fromkeys(map(kind_of, doses)))
    prepared = prepare(model, who, kinds=kinds, seen=seen)
    return Request(model=model, doses=doses, who=who, prepared=prepared, dtype=dtype)


def respond(request: Request) -> Response:
    """Modes of every output asked for, and the inputs that drive them.

    Set-up is always float64; float32 begins with the exponentials.
    """
    prepared, who = request.prepared, request.who
    inputs = tuple(staircase_of(way, request.doses, who.count, who.xp) for way in prepared.ways)
    if prepared.modes is None:
        return _nothing(request, inputs)
    apart = None
    if prepared.apart is not None:
        places, modes = prepared.apart
        rows = who.xp.asarray(places)
        apart = places, _cast(modes, request), tuple(_of(given, rows, who.xp) for given in inputs)
    return Response(
        modes=_cast(prepared.modes, request), inputs=inputs, shape=who.shape, apart=apart, xp=who.xp,
        is_traced=who.is_traced,
    )  # fmt: skip


def _of(given: Staircase, rows: Array, xp: Namespace) -> Staircase:
    if given.starts_min.ndim == 1:
        return given
    return replace(
        given,
        starts_min=xp.take(given.starts_min, rows, axis=0),
        rates=xp.take(given.rates, rows, axis=0),
        jumps=xp.take(given.jumps, rows, axis=0),
    )


def _cast(modes: Modes, request: Request) -> Modes:
    xp, dtype = request.who.xp, request.dtype
    if dtype == modes.rates.dtype:
        return modes
    return Modes(rates=xp.astype(modes.rates, dtype), weights=xp.astype(modes.weights, dtype))


def _nothing(request: Request, inputs: tuple[Staircase, ...]) -> Response:
    """Nothing given, or nothing that reaches what is looked at."""
    who = request.who
    modes = Modes(
        rates=who.xp.ones((1, 1), dtype=request.dtype),
        weights=who.xp.zeros((1, len(request.prepared.outputs), max(1, len(inputs)), 1), dtype=request.dtype),
    )
    still = Staircase(starts_min=np.zeros(1), rates=np.zeros(1), jumps=np.zeros(1), total_mg=0.0)
    return Response(
        modes=modes, inputs=inputs or (still,), shape=who.shape, apart=None, xp=who.xp, is_traced=who.is_traced
    )


def arrays_given(covariates: Covariates, etas: Mapping[str, Scalar] | None) -> tuple[Array, ...]:
    """Everything about the subjects that is not one number for all."""
    given = (*covariates.given().values(), *(etas or {}).values())
    return tuple(value for value in given if not isinstance(value, float))


def leading_axes(given: tuple[Array, ...]) -> tuple[int, ...]:
    """Leading axes of the subjects; () for one person."""
    return tuple(np.broadcast_shapes(*(array.shape for array in given)))


def check_times(t_min: Array) -> None:
    """Raises: RegimenError PK-TIME-NEGATIVE, PK-TIME-NONE."""
    times = np.asarray(on_host(t_min), dtype=np.float64)
    if times.ndim != 1 or times.size == 0 or not np.all(np.isfinite(times)):
        raise RegimenError("PK-TIME-NONE")
    if np.min(times) < 0.0:
        raise RegimenError("PK-TIME-NEGATIVE", t_min=float(np.min(times)))
