"""How well an effect is known, and a type that keeps illustrations out of decisions."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Never

import numpy as np
import numpy.typing as npt

from reprieve.domain.quantities.findings import Param
from reprieve.domain.quantities.sources import Source

Array = npt.NDArray[np.float64]


class Standing(StrEnum):
    """Published with its parameters; derived by us from published facts; or a placeholder nobody has calibrated."""

    PUBLISHED = "published"
    DERIVED = "derived"
    PLACEHOLDER = "placeholder"


class EffectKind(StrEnum):
    """What is computed; the names are keys for screens, never sentences."""

    OCCUPANCY_INDEX = "occupancy_index"
    SYSTOLIC_RISE = "systolic_rise"
    DIASTOLIC_RISE = "diastolic_rise"
    MEAN_PRESSURE_RISE = "mean_pressure_rise"
    PULSE_RISE = "pulse_rise"
    DRUG_HIGH = "drug_high"
    ANALGESIA = "analgesia"
    DISSOCIATION_SCORE = "dissociation_score"
    DEPRESSION_CHANGE = "depression_change"


class NotForDecisions(TypeError):
    """Somebody tried to compute or decide with an illustration."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EffectCurve:
    """An effect that rests on published facts: `values` in `unit`, with everything that was assumed."""

    kind: EffectKind
    standing: Standing
    unit: str
    values: Array
    source: Source
    assumptions: Mapping[str, Param] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.standing is Standing.PLACEHOLDER:
            raise ValueError(f"{self.kind} is a placeholder: it can only be an Illustration")


class Illustration:
    """A placeholder to look at. It is no number: comparing, adding or branching on it raises `NotForDecisions`."""

    __slots__ = ("_lower", "_upper", "assumptions", "kind", "source", "unit")
    standing = Standing.PLACEHOLDER

    def __init__(
        self,
        *,
        kind: EffectKind,
        unit: str,
        lower: Array,
        upper: Array,
        source: Source,
        assumptions: Mapping[str, Param],
    ) -> None:
        self.kind, self.unit, self.source, self.assumptions = kind, unit, source, assumptions
        self._lower, self._upper = lower, upper

    def for_display(self) -> tuple[Array, Array]:
        """The range to draw, lower and upper. Only pages and reports may ask for it."""
        return self._lower, self._upper

    def _refuse(self, *_: Any) -> Never:
        raise NotForDecisions(f"{self.kind} is a placeholder; nothing may be decided or computed from it")

    def __iter__(self) -> Iterator[Never]:
        self._refuse()

    __bool__ = __float__ = __int__ = __len__ = __array__ = _refuse
    __lt__ = __le__ = __gt__ = __ge__ = __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _refuse
    __truediv__ = __rtruediv__ = __neg__ = __abs__ = _refuse
    __eq__ = _refuse
    __hash__ = None  # type: ignore[assignment]  # unhashable, so no set or key can hide a comparison
