"""Racemic ketamine as two enantiomers that share distribution and differ in clearance; its variability and limits."""

from dataclasses import dataclass
from math import isfinite

from reprieve.domain.pharmacology.kinetics import VenousLink
from reprieve.domain.quantities.findings import Finding, Param, Severity
from reprieve.domain.quantities.sources import Source


class WeightOutOfRange(ValueError):
    """No prediction is made for a weight that is not a positive finite number of kilograms."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Disposition:
    """Typical values in a person of the standard weight; clearances are per enantiomer."""

    v1_l: float
    v2_l: float
    v3_l: float
    q2_l_per_h: float
    q3_l_per_h: float
    clearance_s_l_per_h: float
    clearance_r_l_per_h: float

    def __post_init__(self) -> None:
        values = (self.v1_l, self.v2_l, self.v3_l, self.q2_l_per_h, self.q3_l_per_h,
                  self.clearance_s_l_per_h, self.clearance_r_l_per_h)  # fmt: skip
        if not all(isfinite(value) and value > 0.0 for value in values):
            raise ValueError("volumes and flows must be positive")


@dataclass(frozen=True, slots=True, kw_only=True)
class Variability:
    """Spread between people as coefficients of variation of lognormal values.

    Clearance varies together for both enantiomers (`clearance_cv`) and a little apart (`enantiomer_cv`).
    """

    clearance_cv: float
    enantiomer_cv: float
    v1_cv: float
    clearance_v1_correlation: float
    v2_cv: float
    v3_cv: float
    q3_cv: float

    def __post_init__(self) -> None:
        spreads = (self.clearance_cv, self.enantiomer_cv, self.v1_cv, self.v2_cv, self.v3_cv, self.q3_cv)
        if not all(isfinite(cv) and cv >= 0.0 for cv in spreads):
            raise ValueError("a coefficient of variation cannot be negative")
        if not -1.0 <= self.clearance_v1_correlation <= 1.0:
            raise ValueError("a correlation lies between -1 and 1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """Whom the model may be expected to describe."""

    lower_age_years: int
    upper_age_years: int
    lower_bmi_kg_per_m2: float
    upper_bmi_kg_per_m2: float
    upper_weight_kg: float
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class RacemicModel:
    """One model with everything a prediction needs. `id` names it on screens and in stored orders."""

    id: str
    disposition: Disposition
    link: VenousLink
    variability: Variability
    population: Population
    standard_weight_kg: float
    volume_exponent: float
    flow_exponent: float
    source: Source

    def scale(self, weight_kg: float) -> tuple[float, float]:
        """Factors for volumes and flows at this actual weight.  Raises: WeightOutOfRange."""
        if not (isfinite(weight_kg) and weight_kg > 0.0):
            raise WeightOutOfRange(f"no prediction for a weight of {weight_kg} kg")
        relative = weight_kg / self.standard_weight_kg
        return relative**self.volume_exponent, relative**self.flow_exponent


def population_findings(
    population: Population, *, age_years: int, weight_kg: float, bmi_kg_per_m2: float | None
) -> tuple[Finding, ...]:
    """Why the prediction may not fit this person; empty when nothing known speaks against it."""
    found: list[Finding] = []

    def note(code: str, **params: Param) -> None:
        found.append(Finding(code=code, severity=Severity.INFO, source=population.source, params=params))

    if not population.lower_age_years <= age_years <= population.upper_age_years:
        note("PK-POP-AGE", age_years=age_years, lower=population.lower_age_years, upper=population.upper_age_years)
    if weight_kg > population.upper_weight_kg:
        note("PK-POP-WT", weight_kg=weight_kg, upper=population.upper_weight_kg)
    lower_bmi, upper_bmi = population.lower_bmi_kg_per_m2, population.upper_bmi_kg_per_m2
    if bmi_kg_per_m2 is None:
        note("PK-POP-HEIGHT")
    elif not lower_bmi <= bmi_kg_per_m2 <= upper_bmi:
        note("PK-POP-BMI", bmi_kg_per_m2=bmi_kg_per_m2, lower=lower_bmi, upper=upper_bmi)
    return tuple(found)
