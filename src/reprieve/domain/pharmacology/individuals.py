"""Parameters of one or many subjects: typical values, weight, random effects, covariates, derived values."""

from collections.abc import Mapping, Sequence
from math import exp

from reprieve.domain.pharmacology.arrays import Array, Namespace, Scalar
from reprieve.domain.pharmacology.covariates import CovariateError, Covariates
from reprieve.domain.pharmacology.formula import evaluate
from reprieve.domain.pharmacology.linear_model import Eta, LinearModel, Spread


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
    for name, formula in model.derived.items():
        values[name] = evaluate(formula, values, xp)
    return values


def packed(values: Sequence[Scalar], count: int, xp: Namespace, dtype: Array) -> Array:
    """Numbers and arrays side by side: (n, k), with n = 1 where all are plain numbers."""
    if all(isinstance(value, float) for value in values):
        return xp.asarray([list(values)], dtype=dtype)
    columns = [xp.broadcast_to(xp.asarray(value, dtype=dtype), (count,)) for value in values]
    return xp.stack(columns, axis=-1)


def flattened(value: Scalar, shape: tuple[int, ...], xp: Namespace) -> Scalar:
    """An array over the leading axes as (n,); a number stays a number."""
    if isinstance(value, int | float):
        return float(value)
    return xp.reshape(xp.broadcast_to(xp.astype(value, xp.float64), shape), (-1,))


def _scaled(model: LinearModel, weight_kg: Scalar) -> dict[str, Scalar]:
    if model.standard_weight_kg is None:
        return {name: parameter.value for name, parameter in model.parameters.items()}
    relative = weight_kg / model.standard_weight_kg
    factors = {p.weight_exponent: relative**p.weight_exponent for p in model.parameters.values() if p.weight_exponent}
    return {
        name: parameter.value * factors[parameter.weight_exponent] if parameter.weight_exponent else parameter.value
        for name, parameter in model.parameters.items()
    }


def _move(values: dict[str, Scalar], eta: Eta, shift: Scalar, xp: Namespace) -> None:
    for name in eta.on:
        typical = values[name]
        if eta.spread is Spread.LOG:
            values[name] = typical * _exp(shift, xp)
        else:
            values[name] = typical / (typical + (1.0 - typical) * _exp(-shift, xp))


def _exp(power: Scalar, xp: Namespace) -> Scalar:
    return exp(power) if isinstance(power, float) else xp.exp(power)
