"""Concentrations at which people were seen to feel, remember, lose pain or wake: marks beside a curve."""

from dataclasses import dataclass

from reprieve.domain.quantities.sources import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Landmark:
    """A range of plasma concentration with what was observed in it; `analyte` is `ketamine` or `S-ketamine`."""

    id: str
    analyte: str
    lower_mg_per_l: float
    upper_mg_per_l: float | None
    source: Source

    def __post_init__(self) -> None:
        if self.upper_mg_per_l is not None and self.upper_mg_per_l < self.lower_mg_per_l:
            raise ValueError(f"{self.id}: the range ends before it begins")
