"""One person's own parameters from measured concentrations: maximum a posteriori, with its covariance.

The prior is the model's variability, the likelihood its error of measurement. Minimised by Gauss-Newton steps inside a
trust region on the closed form; derivatives by central differences, all of them in one batch of virtual copies of the
person. The covariance is that of Laplace at the minimum; the band is drawn from it through the model.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

import numpy as np

from reprieve.domain.pharmacology.covariates import Covariates
from reprieve.domain.pharmacology.linear_model import Eta, LinearModel, OutputKey, Residual, ResidualContext
from reprieve.domain.pharmacology.population import factor_of, residual_for, with_residual
from reprieve.domain.pharmacology.random_numbers import Numbers, Stream, normals
from reprieve.domain.pharmacology.regimen import Dose, RegimenError
from reprieve.domain.pharmacology.simulate import simulate

_STEP = 1e-4
_ROUNDS = 100
_SETTLED = 1e-9
_SHORT_STEP = 1e-4
_FARTHEST_STEP = 2.0
"""In standard deviations of the prior: beyond it the straight line says nothing about the curve."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """A measured concentration, with where and when the blood was drawn; a reading below the assay's limit is none.

    Raises: RegimenError PK-READING.
    """

    output: OutputKey
    at_min: float
    mg_per_l: float

    def __post_init__(self) -> None:
        if not (isfinite(self.at_min) and self.at_min >= 0.0 and isfinite(self.mg_per_l) and self.mg_per_l > 0.0):
            raise RegimenError("PK-READING", at_min=self.at_min, mg_per_l=self.mg_per_l)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What is known: the model, what was really delivered (a session that stopped early has less), and readings."""

    model: LinearModel
    delivered: tuple[Dose, ...]
    covariates: Covariates
    measurements: tuple[Measurement, ...]
    context: ResidualContext = ResidualContext.RESEARCH


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class IndividualEstimate:
    """Random effects of one person: most probable values and covariance, in the order of `names`.

    `factor` turns independent standard numbers into deviations. Without readings it is the prior.
    """

    names: tuple[str, ...]
    effects: Numbers
    factor: Numbers
    has_settled: bool

    @property
    def covariance(self) -> Numbers:
        found: Numbers = self.factor @ self.factor.T
        return found

    def as_etas(self) -> dict[str, Numbers]:
        """For `simulate`."""
        return {name: self.effects[index] for index, name in enumerate(self.names)}

    def sample(self, *, subjects: int, seed: int, first: int = 0) -> dict[str, Numbers]:
        """Random effects that the readings leave possible: name -> (subjects,)."""
        each = len(self.names)
        standard = normals(seed=seed, stream=Stream.PEOPLE, first=first, subjects=subjects, each=each)
        drawn = self.effects + standard @ self.factor.T
        return {name: np.ascontiguousarray(drawn[:, index]) for index, name in enumerate(self.names)}


def update(person: Person) -> IndividualEstimate:
    """Maximum a posteriori of one person.

    Raises: RegimenError PK-READING-ERROR when the model gives no error of measurement for what was measured.
    """
    moved = tuple(eta for eta in person.model.etas if eta.sd > 0.0)
    names, prior = tuple(eta.name for eta in moved), _prior(person.model, moved)
    if not person.measurements:
        return IndividualEstimate(names=names, effects=np.zeros(len(names)), factor=prior, has_settled=True)
    fit = _Fit(person, names, prior)
    standard, has_settled = fit.minimum()
    root = np.linalg.cholesky(np.linalg.inv(fit.curvature(standard)))
    return IndividualEstimate(names=names, effects=prior @ standard, factor=prior @ root, has_settled=has_settled)


def posterior_band(  # noqa: PLR0913 - whom, what, when, how sure and from which numbers are independent choices
    person: Person,
    estimate: IndividualEstimate,
    output: OutputKey,
    t_min: Numbers,
    *,
    doses: tuple[Dose, ...] | None = None,
    interval: float = 0.9,
    subjects: int = 1000,
    seed: int = 1,
    with_error: bool = False,
) -> tuple[Numbers, Numbers]:
    """Where this person's concentration lies with probability `interval`: lower and upper (times,), mg/L.

    `doses` None: those delivered; else a planned regimen. `with_error`: where a reading would lie.
    """
    if not 0.0 < interval < 1.0:
        raise RegimenError("PK-INTERVAL", interval=interval)
    curves = simulate(
        person.model,
        person.delivered if doses is None else doses,
        t_min=t_min,
        covariates=person.covariates,
        etas=estimate.sample(subjects=subjects, seed=seed),
        outputs=(output,),
    )
    values = np.array(curves.values_mg_per_l[..., 0, :])
    if with_error:
        error = _error_of(person, output)
        each = values.shape[-1]
        standard = normals(seed=seed, stream=Stream.RESIDUAL, first=0, subjects=subjects, each=each)
        values = with_residual(error, values, standard)
    lower, upper = np.quantile(values, [(1.0 - interval) / 2.0, (1.0 + interval) / 2.0], axis=0)
    return lower, upper


class _Fit:
    """Works on independent standard numbers z with effects = prior z, so that the prior is |z|^2."""

    def __init__(self, person: Person, names: tuple[str, ...], prior: Numbers) -> None:
        self.person, self.names, self.prior = person, names, prior
        rows = person.measurements
        self.outputs = tuple(dict.fromkeys(row.output for row in rows))
        self.times = np.unique([row.at_min for row in rows])
        self.column = [self.outputs.index(row.output) for row in rows]
        self.place = [int(np.searchsorted(self.times, row.at_min)) for row in rows]
        self.read = np.array([row.mg_per_l for row in rows])
        self.errors = [_error_of(person, row.output) for row in rows]

    def minimum(self) -> tuple[Numbers, bool]:
        """Levenberg-Marquardt: the trust region shrinks until a step helps, and grows when it did."""
        standard, damping = np.zeros(len(self.names)), 1.0
        worth, slope, hessian = self._at(standard)
        for _ in range(_ROUNDS):
            step = np.linalg.solve(hessian + damping * np.eye(len(standard)), -slope)
            length = float(np.linalg.norm(step))
            there = self._worth((standard + step)[None, :])[0] if length <= _FARTHEST_STEP else np.inf
            if not there <= worth:
                damping *= 4.0
                continue
            standard, gained, damping = standard + step, worth - there, damping / 8.0
            if gained <= _SETTLED * (1.0 + abs(worth)) and length < _SHORT_STEP:
                return standard, True
            worth, slope, hessian = self._at(standard)
        return standard, False

    def curvature(self, standard: Numbers) -> Numbers:
        """Expected information plus the prior: positive definite everywhere."""
        return self._at(standard)[2]

    def _at(self, standard: Numbers) -> tuple[float, Numbers, Numbers]:
        """Value, slope and curvature from one batch of copies of the person."""
        around = self._around(standard)
        mean, spread = self._moments(around)
        worth = self._worth_of(around, mean, spread)
        mean_slope, spread_slope = _central(mean) / spread[-1], _central(spread) / spread[-1]
        known: Numbers = mean_slope @ mean_slope.T + 2.0 * spread_slope @ spread_slope.T
        return float(worth[-1]), _central(worth[:, None])[:, 0], np.add(known, np.eye(len(standard)))

    def _worth(self, standard: Numbers) -> Numbers:
        """Minus log of prior times likelihood, for each row of `standard`."""
        return self._worth_of(standard, *self._moments(standard))

    def _worth_of(self, standard: Numbers, mean: Numbers, sd: Numbers) -> Numbers:
        misfit: Numbers = np.sum(0.5 * ((self._seen() - mean) / sd) ** 2 + np.log(sd), axis=1)
        whole: Numbers = misfit + 0.5 * np.sum(standard**2, axis=1)
        return whole

    def _seen(self) -> Numbers:
        logged = [error.log_sd is not None for error in self.errors]
        found: Numbers = np.where(logged, np.log(self.read), self.read)
        return found

    def _moments(self, standard: Numbers) -> tuple[Numbers, Numbers]:
        """Expected reading and its SD, on the log scale where the error is: (rows, readings)."""
        effects = standard @ self.prior.T
        curves = simulate(
            self.person.model,
            self.person.delivered,
            t_min=self.times,
            covariates=self.person.covariates,
            etas={name: np.ascontiguousarray(effects[:, index]) for index, name in enumerate(self.names)},
            outputs=self.outputs,
        )
        level = np.asarray(curves.values_mg_per_l)[:, self.column, self.place]
        pairs = [_moments_of(error, level[:, index]) for index, error in enumerate(self.errors)]
        return np.stack([mean for mean, _ in pairs], axis=1), np.stack([sd for _, sd in pairs], axis=1)

    def _around(self, standard: Numbers) -> Numbers:
        """Steps up, steps down, and the point itself as the last row."""
        steps = _STEP * np.eye(len(standard))
        return np.concatenate((standard + steps, standard - steps, standard[None, :]))


def _central(values: Numbers) -> Numbers:
    """Derivatives (parameters, ...) from values at the steps up, the steps down, and the point."""
    half = (len(values) - 1) // 2
    found: Numbers = (values[:half] - values[half : 2 * half]) / (2.0 * _STEP)
    return found


def _moments_of(error: Residual, level: Numbers) -> tuple[Numbers, Numbers]:
    if error.log_sd is not None:
        tiny = np.finfo(np.float64).tiny
        return np.log(np.maximum(level, tiny)), np.full(level.shape, error.log_sd)
    sd = np.sqrt((error.proportional * level) ** 2 + error.additive_mg_per_l**2)
    return level, np.maximum(sd, np.finfo(np.float64).tiny)


def _error_of(person: Person, output: OutputKey) -> Residual:
    found = residual_for(person.model, output.analyte, person.context)
    if found is None:
        raise RegimenError("PK-READING-ERROR", model=person.model.id, analyte=output.analyte)
    return found


def _prior(model: LinearModel, etas: Sequence[Eta]) -> Numbers:
    """Factor of the prior covariance; people and occasions are independent of each other."""
    between = [eta.is_between_occasions for eta in etas]
    found = np.zeros((len(etas), len(etas)))
    for kind in (False, True):
        places = [index for index, is_between in enumerate(between) if is_between is kind]
        found[np.ix_(places, places)] = factor_of(model, [etas[index] for index in places])
    return found
