"""What the pump does, as a list of constant rates."""

from dataclasses import dataclass
from math import isfinite

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class InfusionSegment:
    """Drug running in at one rate, minutes since an instant that the caller chose. A pause is no segment, or rate 0.

    Segments may touch or overlap; where they overlap the rates add (a second line, a rescue push).
    """

    start_min: float
    end_min: float
    rate_mg_per_min: float

    def __post_init__(self) -> None:
        if not (isfinite(self.start_min) and isfinite(self.end_min) and self.end_min > self.start_min):
            raise ValueError(f"a segment needs a finite start before its end, not {self.start_min}..{self.end_min}")
        if not (isfinite(self.rate_mg_per_min) and self.rate_mg_per_min >= 0.0):
            raise ValueError(f"a rate cannot be {self.rate_mg_per_min} mg/min")

    @property
    def amount_mg(self) -> float:
        """Drug given by this segment when it runs to its end."""
        return self.rate_mg_per_min * (self.end_min - self.start_min)


def constant_infusion(*, dose_mg: float, duration_min: float, start_min: float = 0.0) -> tuple[InfusionSegment, ...]:
    """The whole dose at one rate.  Raises: ValueError when the duration is not positive."""
    if not duration_min > 0.0:
        raise ValueError(f"an infusion cannot last {duration_min} min")
    rate = dose_mg / duration_min
    return (InfusionSegment(start_min=start_min, end_min=start_min + duration_min, rate_mg_per_min=rate),)
