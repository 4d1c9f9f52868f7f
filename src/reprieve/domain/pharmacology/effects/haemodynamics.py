"""Blood pressure and pulse: the mean rise of a group, and apart from it the peak that one person may reach."""

from dataclasses import dataclass
from math import isfinite, log, sqrt
from statistics import NormalDist

import numpy as np

from reprieve.domain.pharmacology.effects.standing import Array, EffectCurve, EffectKind, Illustration, Standing
from reprieve.domain.quantities.sources import Source

_PRESSURES = (EffectKind.SYSTOLIC_RISE, EffectKind.DIASTOLIC_RISE, EffectKind.MEAN_PRESSURE_RISE)
_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(80)
_HALVINGS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Anticipation:
    """Peak rise that people show on placebo: watched, cannulated and waiting."""

    mean_mmhg: float
    sd_mmhg: float


@dataclass(frozen=True, slots=True, kw_only=True)
class HaemodynamicModel:
    """Hyperbolic rise with venous S-ketamine. `emax` is the mean rise at saturation, mmHg or beats per minute."""

    half_effect_mg_per_l: float
    emax: dict[EffectKind, float]
    pulse_emax_upper_per_min: float
    emax_cv: float
    anticipation: dict[EffectKind, Anticipation]
    older_or_hypertensive: tuple[float, float]
    source: Source

    def __post_init__(self) -> None:
        values = (self.half_effect_mg_per_l, self.emax_cv, *self.emax.values(), *self.older_or_hypertensive)
        if not all(isfinite(value) and value > 0.0 for value in values):
            raise ValueError("haemodynamic constants must be positive")

    def share(self, s_ketamine_mg_per_l: Array) -> Array:
        """Part of the maximum rise, 0 to 1."""
        return s_ketamine_mg_per_l / (s_ketamine_mg_per_l + self.half_effect_mg_per_l)


def mean_rise(model: HaemodynamicModel, kind: EffectKind, s_ketamine_mg_per_l: Array) -> EffectCurve:
    """Mean rise over placebo, mmHg or beats per minute; `s_ketamine_mg_per_l` is venous.

    Raises: KeyError for a kind that is no pressure or pulse.
    """
    return EffectCurve(
        kind=kind,
        standing=Standing.DERIVED,
        unit="mm[Hg]" if kind in _PRESSURES else "/min",
        values=model.emax[kind] * model.share(s_ketamine_mg_per_l),
        source=model.source,
        assumptions={"site": "venous", "driver": "S-ketamine", "placebo_corrected": True},
    )


def upper_pulse_rise(model: HaemodynamicModel, s_ketamine_mg_per_l: Array) -> EffectCurve:
    """Highest mean pulse rise that the sources allow, beats per minute."""
    return EffectCurve(
        kind=EffectKind.PULSE_RISE,
        standing=Standing.DERIVED,
        unit="/min",
        values=model.pulse_emax_upper_per_min * model.share(s_ketamine_mg_per_l),
        source=model.source,
        assumptions={"site": "venous", "driver": "S-ketamine", "bound": "upper"},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class IndividualPeak:
    """Distribution of the highest rise that one person shows: drug and anticipation together, mmHg."""

    drug_mean_mmhg: float
    emax_cv: float
    anticipation: Anticipation

    @property
    def mean_mmhg(self) -> float:
        """What a trial prints as the mean of the individual maxima."""
        return self.drug_mean_mmhg + self.anticipation.mean_mmhg

    def quantile_mmhg(self, probability: float) -> float:
        """Rise that this share of people stays under; for safety ask 0.95, not the mean.  Raises: ValueError."""
        if not 0.0 < probability < 1.0:
            raise ValueError("a probability lies between 0 and 1")
        reach = self.drug_mean_mmhg * 50.0 + 20.0 * self.anticipation.sd_mmhg
        lower, upper = self.anticipation.mean_mmhg - reach, self.anticipation.mean_mmhg + reach
        for _ in range(_HALVINGS):
            middle = (lower + upper) / 2.0
            lower, upper = (middle, upper) if self.share_below(middle) < probability else (lower, middle)
        return (lower + upper) / 2.0

    def share_below(self, rise_mmhg: float) -> float:
        """Share of people whose highest rise is below this."""
        sigma = sqrt(log(1.0 + self.emax_cv**2))
        drug = self.drug_mean_mmhg * np.exp(sigma * _NODES - sigma**2 / 2.0)
        waiting = NormalDist(self.anticipation.mean_mmhg, self.anticipation.sd_mmhg)
        below = np.array([waiting.cdf(rise_mmhg - float(part)) for part in drug])
        return float(np.sum(_WEIGHTS * below) / np.sum(_WEIGHTS))


def individual_peak(model: HaemodynamicModel, rise: EffectCurve) -> IndividualPeak:
    """What one person may reach when the group's mean follows `rise`.  Raises: KeyError for the pulse."""
    return IndividualPeak(
        drug_mean_mmhg=float(np.max(rise.values)), emax_cv=model.emax_cv, anticipation=model.anticipation[rise.kind]
    )


def older_or_hypertensive_rise(model: HaemodynamicModel, rise: EffectCurve) -> Illustration:
    """Range of the mean rise from 50 years on or with hypertension; the factor is uncalibrated."""
    lower, upper = model.older_or_hypertensive
    return Illustration(
        kind=rise.kind,
        unit=rise.unit,
        lower=rise.values * lower,
        upper=rise.values * upper,
        source=model.source,
        assumptions={"factor_lower": lower, "factor_upper": upper},
    )
