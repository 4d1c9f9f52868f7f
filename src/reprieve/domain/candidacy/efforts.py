"""Who does what kind of work on the way to a decision, and within how many days (A9)."""

from dataclasses import dataclass
from enum import StrEnum

from reprieve.domain.quantities.sources import Source


class Owner(StrEnum):
    """Who has the next step."""

    PATIENT = "patient"
    NURSE = "nurse"
    PRESCRIBER = "prescriber"
    REFERRER = "referrer"
    FRONT_DESK = "front_desk"


@dataclass(frozen=True, slots=True, kw_only=True)
class EffortPolicy:
    """The clinic's habit for one kind of effort; `within_days` counts from the day of the decision."""

    owner: Owner
    within_days: int
    source: Source

    def __post_init__(self) -> None:
        if self.within_days < 0:
            raise ValueError("a step is not due before the decision")
