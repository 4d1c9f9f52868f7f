"""One way of giving ketamine, as a person thinks of it, and the doses that it means."""

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from reprieve.domain.pharmacology.covariates import Covariates
from reprieve.domain.pharmacology.exposure import ExposureChange
from reprieve.domain.pharmacology.linear_model import Drug, Route
from reprieve.domain.pharmacology.regimen import Dose, devices

DEVICE_MG = 28.0
"""One esketamine device, mg of base (label)."""


class Way(StrEnum):
    """Drug and route together: only what is given in practice."""

    INFUSION = "infusion"
    INTO_MUSCLE = "into_muscle"
    NASAL_SPRAY = "nasal_spray"
    LOZENGE = "lozenge"
    SWALLOWED = "swallowed"


_GIVEN = MappingProxyType(
    {
        Way.INFUSION: (Drug.RACEMIC_KETAMINE, Route.IV),
        Way.INTO_MUSCLE: (Drug.RACEMIC_KETAMINE, Route.IM),
        Way.NASAL_SPRAY: (Drug.ESKETAMINE, Route.IN),
        Way.LOZENGE: (Drug.RACEMIC_KETAMINE, Route.SL),
        Way.SWALLOWED: (Drug.RACEMIC_KETAMINE, Route.PO),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """`amount_mg` is mg of base in all. `slow_start_min` minutes run at `slow_start_share` of the later rate.

    `changes`: other medicines and the liver.
    """

    way: Way
    amount_mg: float
    duration_min: float
    slow_start_min: float
    slow_start_share: float
    device_count: int
    hold_min: float
    weight_kg: float
    age_years: float | None
    bmi_kg_per_m2: float | None
    changes: tuple[ExposureChange, ...] = ()

    @property
    def ends_min(self) -> float:
        """When the last of it has been given."""
        if self.way is Way.INFUSION:
            return self.duration_min
        return self.doses[-1].at_min

    @property
    def doses(self) -> tuple[Dose, ...]:
        """Raises: RegimenError."""
        drug, route = _GIVEN[self.way]
        if self.way is Way.NASAL_SPRAY:
            return devices(drug=drug, count=self.device_count, amount_mg=DEVICE_MG)
        if self.way is Way.INFUSION:
            return self._infused(drug)
        return (Dose(drug=drug, route=route, at_min=0.0, amount_mg=self.amount_mg),)

    @property
    def covariates(self) -> Covariates:
        hold_min = self.hold_min if self.way is Way.LOZENGE else None
        return Covariates(weight_kg=self.weight_kg, age_y=self.age_years, hold_min=hold_min)

    def _infused(self, drug: Drug) -> tuple[Dose, ...]:
        """The whole amount over the whole time, whatever the start."""
        slow_min, later_min = self.slow_start_min, self.duration_min - self.slow_start_min
        later_rate = self.amount_mg / (slow_min * self.slow_start_share + later_min)
        parts = ((0.0, slow_min, later_rate * self.slow_start_share), (slow_min, later_min, later_rate))
        return tuple(
            Dose(drug=drug, route=Route.IV, at_min=start, amount_mg=rate * length, duration_min=length)
            for start, length, rate in parts
            if length > 0.0
        )
