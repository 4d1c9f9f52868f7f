"""Parameters of one or many subjects: typical values, weight, random effects, covariates, derived values."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from math import exp

from reprieve.domain.pharmacology.arrays import Array, Namespace, Scalar
from reprieve.domain.pharmacology.covariates import CovariateError, Covariates
from reprieve.domain.pharmacology.formula import Program, program_of
from reprieve.domain.pharmacology.linear_model import Eta, LinearModel, Spread

_KEPT = 256


def individual_values(
    model: LinearModel,
    *,
    covariates: Covariates,
    etas: Mapping[str, Scalar] | None,
    shape: tuple[int, ...],
    xp: Namespace,
) -> dict[str, Scalar]:
    """Every parameter, covariate and derived value by name: a float where it is the same for all, else (n,).

    Raises: CovariateError PK-ETA-NAME for a random effect that the model does not have, PK-COV-NAME.
    """
    values = {name: flattened(value, shape, xp) for name, value in covariates.values_for(model).items()}
    values |= _scaled(model, values["weight_kg"])
    for name, shift in (etas or {}).items():
        eta = next((eta for eta in model.etas if eta.name == name), None)
        if eta is None:
            raise CovariateError("PK-ETA-NAME", name=name)
        _move(values, eta, flattened(shift, shape, xp), xp)
    for name, program in _derived(model):
        values[name] = program(values, xp)
    return values


@lru_cache(maxsize=_KEPT)
def _derived(model: LinearModel) -> tuple[tuple[str, Program], ...]:
    return tuple((name, program_of(formula)) for name, formula in model.derived.items())


def packed(values: Sequence[Scalar], count: int, xp: Namespace) -> Array:
    """Numbers and arrays side by side: (n, k), with n = 1 where all are plain numbers."""
    if all(isinstance(value, float) for value in values):
        return xp.asarray([list(values)], dtype=xp.float64)
    columns = [xp.broadcast_to(xp.asarray(value, dtype=xp.float64), (count,)) for value in values]
    return xp.stack(columns, axis=-1)


def flattened(value: Scalar, shape: tuple[int, ...], xp: Namespace) -> Scalar:
    """An array over the leading axes as (n,); a number stays a number."""
    if isinstance(value, int | float):
        return float(value)
    return xp.reshape(xp.broadcast_to(xp.astype(value, xp.float64), shape), (-1,))


def _scaled(model: LinearModel, weight_kg: Scalar) -> dict[str, Scalar]:
    plain, by_exponent = _typical(model)
    values: dict[str, Scalar] = dict(plain)
    relative = weight_kg / (model.standard_weight_kg or 1.0)
    for exponent, parameters in by_exponent:
        factor = relative**exponent
        for name, value in parameters:
            values[name] = value * factor
    return values


_ByExponent = tuple[tuple[float, tuple[tuple[str, float], ...]], ...]


@lru_cache(maxsize=_KEPT)
def _typical(model: LinearModel) -> tuple[dict[str, float], _ByExponent]:
    """Values that weight does not scale, and those that it does by their exponents."""
    entries = [
        (name, entry.value, entry.weight_exponent if model.standard_weight_kg else None)
        for name, entry in model.parameters.items()
    ]
    exponents = dict.fromkeys(exponent for _, _, exponent in entries if exponent)
    by_exponent = tuple((one, tuple((n, v) for n, v, exponent in entries if exponent == one)) for one in exponents)
    return {name: value for name, value, exponent in entries if not exponent}, by_exponent


def _move(values: dict[str, Scalar], eta: Eta, shift: Scalar, xp: Namespace) -> None:
    for name in eta.on:
        typical = values[name]
        if eta.spread is Spread.LOG:
            values[name] = typical * _exp(shift, xp)
        else:
            values[name] = typical / (typical + (1.0 - typical) * _exp(-shift, xp))


def _exp(power: Scalar, xp: Namespace) -> Scalar:
    return exp(power) if isinstance(power, float) else xp.exp(power)
