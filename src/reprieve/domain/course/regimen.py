"""A published schedule of infusions."""

from dataclasses import dataclass
from decimal import Decimal

from reprieve.domain.dosing.doses import DosePerKg
from reprieve.domain.quantities.sources import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Regimen:
    """Day offsets count from the first session (day 0); checkpoints are session numbers after which one decides.

    `min_interval_h` is the regimen's own shortest interval where its source allows a shorter one than the site.
    """

    id: str
    title: str
    route: str
    indication_ids: tuple[str, ...]
    dose: DosePerKg
    duration_min: Decimal
    day_offsets: tuple[int, ...]
    checkpoints: tuple[int, ...]
    then_every_days: int | None
    min_interval_h: Decimal | None
    requires: tuple[str, ...]
    evidence: str
    source: Source

    def __post_init__(self) -> None:
        offsets = self.day_offsets
        if not offsets or offsets[0] != 0 or list(offsets) != sorted(set(offsets)):
            raise ValueError(f"{self.id}: day offsets start at 0 and rise")
        if not set(self.checkpoints) <= set(range(1, len(offsets) + 1)):
            raise ValueError(f"{self.id}: a checkpoint is the number of a session")
