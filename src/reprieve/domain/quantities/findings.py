"""What a computation has to tell a clinician, as a value.

A `Finding` holds a code, a severity and the numbers behind it; the sentence is made in the shell. It becomes a FHIR
`DetectedIssue` at the edge.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from reprieve.domain.quantities.interval import Interval
from reprieve.domain.quantities.sources import Source

Param = str | int | float | bool | None | tuple[str, ...] | Interval


class Severity(StrEnum):
    """ALG-01, strongest first."""

    EMERGENCY = "EMERGENCY"
    ABSOLUTE = "ABSOLUTE"
    RELATIVE = "RELATIVE"
    WORKUP = "WORKUP"
    CAUTION = "CAUTION"
    INFO = "INFO"

    @property
    def rank(self) -> int:
        """0 for the strongest."""
        return _RANKS[self]


_RANKS = {severity: rank for rank, severity in enumerate(Severity)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One statement about this patient, order or session: `code` is a dossier id such as `CI-HTN-140`."""

    code: str
    severity: Severity
    source: Source
    params: Mapping[str, Param] = field(default_factory=dict)
    temporary: bool = False
