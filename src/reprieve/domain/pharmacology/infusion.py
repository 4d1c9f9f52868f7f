"""What the pump does, as a list of constant rates."""

from collections.abc import Sequence
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


@dataclass(frozen=True, slots=True, kw_only=True)
class RateSteps:
    """The total rate as a staircase: `rates_mg_per_min[i]` holds from `starts_min[i]` on; the last step is 0."""

    starts_min: Array
    rates_mg_per_min: Array


def constant_infusion(*, dose_mg: float, duration_min: float, start_min: float = 0.0) -> tuple[InfusionSegment, ...]:
    """The whole dose at one rate.  Raises: ValueError when the duration is not positive."""
    if not duration_min > 0.0:
        raise ValueError(f"an infusion cannot last {duration_min} min")
    rate = dose_mg / duration_min
    return (InfusionSegment(start_min=start_min, end_min=start_min + duration_min, rate_mg_per_min=rate),)


def rate_steps(segments: Sequence[InfusionSegment]) -> RateSteps:
    """The staircase that these segments add up to; no segments is a rate of 0 from minute 0."""
    if not segments:
        return RateSteps(starts_min=np.zeros(1), rates_mg_per_min=np.zeros(1))
    starts = np.array([segment.start_min for segment in segments])
    ends = np.array([segment.end_min for segment in segments])
    rates = np.array([segment.rate_mg_per_min for segment in segments])
    steps = np.unique(np.concatenate((starts, ends)))
    running = (starts <= steps[:, None]) & (steps[:, None] < ends)
    return RateSteps(starts_min=steps, rates_mg_per_min=running @ rates)
