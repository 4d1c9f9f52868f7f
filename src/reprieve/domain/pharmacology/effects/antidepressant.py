"""Kinetic-pharmacodynamic picture of the antidepressant effect, for scenarios: hours of rise, days of decline.

Each dose adds `a = D / (ED50 + D)` to a precursor P; `dP/dt = -kp P`, `dE/dt = kp P (1 - E) - ke E`. Between two doses
this is a Riccati-type equation with a closed solution: with u = 1 - E,
`u(t) = sum_k c_k exp(-k kp t) + (u0 - sum_k c_k) exp(-ke t - P0 (1 - exp(-kp t)))`, `c_0 = 1`,
`c_k = c_(k-1) kp P0 / (k kp - ke)`. A consolidated part may be fed by E: `dK/dt = gain E - kc K`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, log
from statistics import NormalDist

import numpy as np

from reprieve.domain.pharmacology.effects.standing import Array, EffectCurve, EffectKind, Illustration, Standing
from reprieve.domain.quantities.sources import Source

_TERMS = 64
_LARGEST_PRECURSOR = 8.0
"""Up to here 64 terms leave less than 1e-15; doses would have to follow each other within minutes to pass it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Consolidation:
    """Slow part that outlasts the series; its gain is fitted to a median relapse 18 days after six doses."""

    gain_per_h: float
    half_life_h: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AntidepressantModel:
    """Times, half dose (mg/kg of racemate by vein) and the drug's part of the change of a depression score."""

    half_dose_mg_per_kg: float
    rise_half_life_h: float
    decline_half_life_h: float
    points_at_maximum: float
    points_sd: float
    expectancy_points: tuple[float, float]
    consolidation: Consolidation
    source: Source

    def __post_init__(self) -> None:
        positive = (self.half_dose_mg_per_kg, self.rise_half_life_h, self.points_at_maximum, self.points_sd)
        if not all(isfinite(value) and value > 0.0 for value in positive):
            raise ValueError("half dose, half-lives and points must be positive")
        if not self.rise_half_life_h < self.decline_half_life_h < self.consolidation.half_life_h:
            raise ValueError("the rise is quicker than the decline, and the decline quicker than what consolidates")


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenDose:
    """A dose in the past or of a scenario: racemic ketamine that reached the circulation, per kg."""

    at_h: float
    systemic_mg_per_kg: float

    def __post_init__(self) -> None:
        if not (isfinite(self.at_h) and isfinite(self.systemic_mg_per_kg) and self.systemic_mg_per_kg >= 0.0):
            raise ValueError("a dose has a finite time and a mass that is not negative")


@dataclass(frozen=True, slots=True, kw_only=True)
class _State:
    precursor: float = 0.0
    effect: float = 0.0
    consolidated: float = 0.0


def effect_share(model: AntidepressantModel, doses: Sequence[GivenDose], t_h: Array) -> tuple[Array, Array]:
    """Share of the maximum effect, and the consolidated share, at each time; 0 before the first dose.

    Raises: ValueError when doses follow each other so closely that the solution loses its accuracy.
    """
    effect, consolidated = np.zeros_like(t_h), np.zeros_like(t_h)
    state, ordered = _State(), sorted(doses, key=lambda dose: dose.at_h)
    for dose, following in zip(ordered, [*ordered[1:], None], strict=True):
        state = _take(model, state, dose)
        until_h = np.inf if following is None else following.at_h
        inside = (t_h >= dose.at_h) & (t_h < until_h)
        effect[inside], consolidated[inside] = _after(model, state, t_h[inside] - dose.at_h)[1:]
        if following is not None:
            state = _state_after(model, state, until_h - dose.at_h)
    return effect, consolidated


def depression_change(model: AntidepressantModel, doses: Sequence[GivenDose], t_h: Array) -> EffectCurve:
    """Mean change of the MADRS that the drug itself explains, points (negative: better), for scenarios only.

    Expectancy adds `expectancy_points` of its own; a trial under anaesthesia found far less than this.
    """
    share, _ = effect_share(model, doses, t_h)
    lower, upper = model.expectancy_points
    return EffectCurve(
        kind=EffectKind.DEPRESSION_CHANGE,
        standing=Standing.DERIVED,
        unit="{score}",
        values=-model.points_at_maximum * share,
        source=model.source,
        assumptions={
            "points_sd": model.points_sd,
            "expectancy_points_lower": lower,
            "expectancy_points_upper": upper,
            "scenario_only": True,
        },
    )


def individual_spread(model: AntidepressantModel, change: EffectCurve, interval: float) -> tuple[Array, Array]:
    """Where the middle `interval` of people lie around the mean: the curve is never shown without it."""
    if not 0.0 < interval < 1.0:
        raise ValueError("an interval lies between 0 and 1")
    reach = NormalDist().inv_cdf((1.0 + interval) / 2.0) * model.points_sd / model.points_at_maximum
    return change.values * (1.0 + reach), change.values * (1.0 - reach)


def consolidated_change(model: AntidepressantModel, doses: Sequence[GivenDose], t_h: Array) -> Illustration:
    """Change from the mean curve without the consolidated part to the one with it; its gain is a guess."""
    share, slow = effect_share(model, doses, t_h)
    together = share + slow * (1.0 - share)
    return Illustration(
        kind=EffectKind.DEPRESSION_CHANGE,
        unit="{score}",
        lower=-model.points_at_maximum * together,
        upper=-model.points_at_maximum * share,
        source=model.source,
        assumptions={
            "gain_per_h": model.consolidation.gain_per_h,
            "half_life_h": model.consolidation.half_life_h,
        },
    )


def _take(model: AntidepressantModel, state: _State, dose: GivenDose) -> _State:
    added = dose.systemic_mg_per_kg / (model.half_dose_mg_per_kg + dose.systemic_mg_per_kg)
    precursor = state.precursor + added
    if precursor > _LARGEST_PRECURSOR:
        raise ValueError("doses follow each other too closely for this model")
    return _State(precursor=precursor, effect=state.effect, consolidated=state.consolidated)


def _state_after(model: AntidepressantModel, state: _State, passed_h: float) -> _State:
    precursor, effect, consolidated = _after(model, state, np.array([passed_h]))
    return _State(precursor=float(precursor[0]), effect=float(effect[0]), consolidated=float(consolidated[0]))


def _after(model: AntidepressantModel, state: _State, passed_h: Array) -> tuple[Array, Array, Array]:
    """Precursor, effect and consolidated part after `passed_h` without a dose."""
    rise, decline = log(2.0) / model.rise_half_life_h, log(2.0) / model.decline_half_life_h
    rates, weights = _exponentials(rise, decline, state)
    precursor: Array = state.precursor * np.exp(-rise * passed_h)
    effect: Array = np.exp(-passed_h[:, None] * rates) @ weights
    slow = log(2.0) / model.consolidation.half_life_h
    faded = np.exp(-slow * passed_h)
    fed: Array = (np.exp(-passed_h[:, None] * rates) - faded[:, None]) @ (weights / (slow - rates))
    consolidated: Array = state.consolidated * faded + model.consolidation.gain_per_h * fed
    return precursor, effect, consolidated


def _exponentials(rise: float, decline: float, state: _State) -> tuple[Array, Array]:
    """E as a sum of exponentials: rates per hour and weights."""
    number = np.arange(_TERMS, dtype=np.float64)
    grown: Array = rise * state.precursor / (number[1:] * rise - decline)
    particular: Array = np.cumprod(np.concatenate((np.ones(1), grown)), dtype=np.float64)
    steps: Array = np.concatenate((np.ones(1), state.precursor / number[1:]))
    poisson: Array = np.exp(-state.precursor) * np.cumprod(steps, dtype=np.float64)
    left = (1.0 - state.effect) - np.sum(particular)
    rates = np.concatenate((number[1:] * rise, number * rise + decline))
    weights: Array = -np.concatenate((particular[1:], left * poisson))
    return rates, weights
