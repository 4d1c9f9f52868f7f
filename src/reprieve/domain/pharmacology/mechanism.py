"""The chain from blood level to new connections, as a picture: what begins when, and where it was seen."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from reprieve.domain.pharmacology.infusion import Array
from reprieve.domain.quantities.sources import Source

_RISE_SHARE, _FALL_SHARE = 3.0, 3.0
"""A first-order rise has come to 95 % after three time constants."""


class SeenIn(StrEnum):
    """Where a step was observed. `HINTS`: in animals, with indirect signs in people. `CONTESTED`: studies disagree."""

    PEOPLE = "people"
    HINTS = "hints"
    ANIMALS = "animals"
    CONTESTED = "contested"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of the chain. Times are minutes from the start of an infusion of 40 minutes and illustrate only."""

    id: str
    seen_in: SeenIn
    begins_min: float
    full_min: float
    fades_from_min: float
    gone_min: float
    source: Source

    def __post_init__(self) -> None:
        if not 0.0 <= self.begins_min < self.full_min <= self.fades_from_min < self.gone_min:
            raise ValueError(f"{self.id}: a step begins, is full, fades and is gone, in this order")


def illustrative_level(step: Step, t_min: Array) -> Array:
    """Share of the full effect, 0 to 1: a first-order rise and a first-order fall. Not a measurement.

    Shapes: t_min (n,) -> (n,).
    """
    risen = 1.0 - np.exp(-_RISE_SHARE * np.maximum(t_min - step.begins_min, 0.0) / (step.full_min - step.begins_min))
    faded = np.exp(-_FALL_SHARE * np.maximum(t_min - step.fades_from_min, 0.0) / (step.gone_min - step.fades_from_min))
    level: Array = risen * faded
    return level
