"""Virtual people: correlated variability, sampled or given covariates, and errors of measurement.

Everything is drawn per subject (see `random_numbers`), so subject i is the same person in every run with that seed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite, log, sqrt
from typing import assert_never

import numpy as np
from scipy.special import ndtr, ndtri

from reprieve.domain.pharmacology.linear_model import Eta, LinearModel, Residual, ResidualContext
from reprieve.domain.pharmacology.random_numbers import Numbers, Stream, normals, uniforms

_ROUND_OFF = 1e-12


def sample_etas(
    model: LinearModel, *, subjects: int, seed: int, first: int = 0, occasion: int = 0
) -> dict[str, Numbers]:
    """Random effects of subjects `first`, `first + 1`, ... on their own scales (log or logit): name -> (subjects,).

    People's own effects are the same on every `occasion`; those between occasions differ.
    Raises: ValueError for a seed that is none, or correlations that cannot be together.
    """
    own = tuple(eta for eta in model.etas if not eta.is_between_occasions)
    between = tuple(eta for eta in model.etas if eta.is_between_occasions)
    streams = ((own, int(Stream.PEOPLE)), (between, Stream.OCCASIONS + occasion))
    found: dict[str, Numbers] = {}
    for etas, stream in streams:
        standard = normals(seed=seed, stream=stream, first=first, subjects=subjects, each=len(etas))
        drawn = standard @ factor_of(model, etas).T
        found |= {eta.name: np.ascontiguousarray(drawn[:, index]) for index, eta in enumerate(etas)}
    return found


def covariance_of(model: LinearModel, etas: Sequence[Eta]) -> Numbers:
    """Covariance of these random effects, in their order."""
    place = {eta.name: index for index, eta in enumerate(etas)}
    correlation = np.eye(len(etas))
    for pair in model.correlations:
        if pair.first in place and pair.second in place:
            row, column = place[pair.first], place[pair.second]
            correlation[row, column] = correlation[column, row] = pair.value
    spread = np.array([eta.sd for eta in etas])
    found: Numbers = correlation * spread[:, None] * spread
    return found


def factor_of(model: LinearModel, etas: Sequence[Eta]) -> Numbers:
    """Lower triangle that turns independent numbers into these random effects; a spread of 0 is allowed.

    Raises: ValueError for correlations that cannot be together.
    """
    covariance = covariance_of(model, etas)
    factor = np.zeros_like(covariance)
    for row in range(len(etas)):
        left = covariance[row, row] - float(factor[row, :row] @ factor[row, :row])
        if left < -_ROUND_OFF:
            raise ValueError(f"{model.id}: the correlations of {etas[row].name} cannot be together")
        factor[row, row] = sqrt(max(left, 0.0))
        if factor[row, row] > 0.0:
            below = covariance[row + 1 :, row] - factor[row + 1 :, :row] @ factor[row, :row]
            factor[row + 1 :, row] = below / factor[row, row]
    return factor


@dataclass(frozen=True, slots=True, kw_only=True)
class NormalSpread:
    """A covariate that is normal between limits, such as weight or age."""

    mean: float
    sd: float
    lower: float
    upper: float

    def __post_init__(self) -> None:
        if not (isfinite(self.mean) and self.sd > 0.0 and self.lower < self.upper):
            raise ValueError("a spread needs a mean, a positive SD and limits in order")


@dataclass(frozen=True, slots=True, kw_only=True)
class LognormalSpread:
    """A covariate whose logarithm is normal: median and coefficient of variation."""

    median: float
    cv: float

    def __post_init__(self) -> None:
        if not (self.median > 0.0 and self.cv >= 0.0):
            raise ValueError("a lognormal spread needs a positive median and a CV that is not negative")


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A yes-or-no covariate: which share of people says yes (1)."""

    of_one: float

    def __post_init__(self) -> None:
        if not 0.0 <= self.of_one <= 1.0:
            raise ValueError("a share lies between 0 and 1")


Spread = NormalSpread | LognormalSpread | Share


def sample_covariates(spreads: Mapping[str, Spread], *, subjects: int, seed: int, first: int = 0) -> dict[str, Numbers]:
    """Independent covariates of subjects `first`, `first + 1`, ...: name -> (subjects,)."""
    names = sorted(spreads)
    drawn = uniforms(seed=seed, stream=Stream.COVARIATES, first=first, subjects=subjects, each=len(names))
    return {name: _quantile(spreads[name], drawn[:, index]) for index, name in enumerate(names)}


def sample_rows(rows: Mapping[str, Numbers], *, subjects: int, seed: int, first: int = 0) -> dict[str, Numbers]:
    """Whole rows drawn with replacement, so that covariates stay together as they were observed.

    Raises: ValueError for columns of unequal length or no row.
    """
    lengths = {len(column) for column in rows.values()}
    if len(lengths) != 1 or lengths == {0}:
        raise ValueError("rows need at least one row and columns of equal length")
    drawn = uniforms(seed=seed, stream=Stream.COVARIATES, first=first, subjects=subjects, each=1)[:, 0]
    chosen = (drawn * lengths.pop()).astype(np.int64)
    return {name: np.asarray(column, dtype=np.float64)[chosen] for name, column in rows.items()}


def _quantile(spread: Spread, probability: Numbers) -> Numbers:
    found: Numbers
    match spread:
        case NormalSpread(mean=mean, sd=sd):
            low, high = ndtr((spread.lower - mean) / sd), ndtr((spread.upper - mean) / sd)
            found = mean + sd * ndtri(low + probability * (high - low))
        case LognormalSpread(median=median, cv=cv):
            found = median * np.exp(sqrt(log(1.0 + cv**2)) * ndtri(probability))
        case Share(of_one=share):
            found = (probability < share).astype(np.float64)
        case _:
            assert_never(spread)
    return found


def residual_for(model: LinearModel, analyte: str, context: ResidualContext) -> Residual | None:
    """Error of one measurement of this analyte; None when the paper gives none.

    An assay that does not tell S from R has the error of the S-enantiomer.
    """
    for name in (analyte, f"S-{analyte}"):
        for row in model.residuals:
            if row.analyte == name and row.context is context:
                return row
    return None


def with_residual(residual: Residual, mg_per_l: Numbers, standard: Numbers) -> Numbers:
    """What an assay would read. A reading below zero is reported as zero, as laboratories do.

    `standard` holds one standard normal number for each concentration.
    """
    if residual.log_sd is not None:
        return mg_per_l * np.exp(residual.log_sd * standard)
    sd = np.sqrt((residual.proportional * mg_per_l) ** 2 + residual.additive_mg_per_l**2)
    read: Numbers = np.maximum(mg_per_l + sd * standard, 0.0)
    return read
