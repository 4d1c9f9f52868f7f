"""What a LOINC code measures and in which unit we keep it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from reprieve.domain.quantities.units import convert_substance, unit


class MeasurementKind(StrEnum):
    """A number with a unit, an answer from a code list, or only that it was done (an ECG, a panel)."""

    QUANTITY = "quantity"
    CODED = "coded"
    DONE = "done"


class OutsideItsScale(ValueError):
    """The number cannot be a value of this code: a PHQ-9 total of 31 or of 20.4, a saturation of 140 %, infinity."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasurementCode:
    """One LOINC code that this program reads.

    `unit` is the UCUM code of what is kept; `lowest` and `highest` bound a scale that ends by definition (a score, a
    percentage), never a physiological guess; `whole` is true of a sum of whole answers. `also_written` maps codes that
    exporters write for the same unit of this one code onto UCUM. `molar_mass_g_per_mol`: mmol/L is read as mg/dL by it.
    """

    loinc: str
    title: str
    kind: MeasurementKind
    unit: str = ""
    lowest: float | None = None
    highest: float | None = None
    whole: bool = False
    also_written: Mapping[str, str] = field(default_factory=dict)
    molar_mass_g_per_mol: float | None = None

    def __post_init__(self) -> None:
        if (self.kind is MeasurementKind.QUANTITY) != bool(self.unit):
            raise ValueError(f"{self.loinc}: a quantity has a unit, an answer from a code list has none")
        for code in (self.unit, *self.also_written.values()):
            if code:
                unit(code)

    def canonical(self, value: float, ucum: str) -> float:
        """`value` given in `ucum`, in the unit that is kept.

        Raises: UnknownUnit, IncompatibleUnits, OutsideItsScale.
        """
        code = self.also_written.get(ucum, ucum)
        kept = convert_substance(value, code, self.unit, molar_mass_g_per_mol=self.molar_mass_g_per_mol)
        if not math.isfinite(kept) or self._is_outside(kept):
            raise OutsideItsScale(f"{kept} is no value of {self.loinc}")
        return kept

    def _is_outside(self, kept: float) -> bool:
        below = self.lowest is not None and kept < self.lowest
        above = self.highest is not None and kept > self.highest
        return below or above or (self.whole and kept % 1 != 0)
