"""What a bedside monitor reported, as a value: measured numbers in one unit each, and every row that was left out."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Left(StrEnum):
    """Why an OBX row gave no observation. The first group is everyday; a person is told of the second."""

    STRUCTURE = "ROW-STRUCTURE"
    EMPTY = "ROW-EMPTY"
    ABSENT = "ROW-ABSENT"
    NOT_FINAL = "ROW-NOT-FINAL"
    UNKNOWN_CODE = "ROW-UNKNOWN-CODE"
    SAME_METRIC = "ROW-SAME-METRIC"
    NOT_A_NUMBER = "ROW-NOT-A-NUMBER"
    UNIT_MISSING = "ROW-UNIT-MISSING"
    UNIT_UNKNOWN = "ROW-UNIT-UNKNOWN"
    UNIT_MISMATCH = "ROW-UNIT-MISMATCH"
    OUT_OF_RANGE = "ROW-OUT-OF-RANGE"
    BAD_TIME = "ROW-BAD-TIME"
    PRESSURE_PAIR = "ROW-PRESSURE-PAIR"


REFUSED = frozenset(
    {
        Left.NOT_A_NUMBER, Left.UNIT_MISSING, Left.UNIT_UNKNOWN, Left.UNIT_MISMATCH, Left.OUT_OF_RANGE, Left.BAD_TIME,
        Left.PRESSURE_PAIR,
    }
)  # fmt: skip


class Flag(StrEnum):
    """What had to be assumed about time."""

    NO_OFFSET = "NO-OFFSET"
    TIME_OF_REQUEST = "TIME-FROM-OBR-7"
    TIME_OF_MESSAGE = "TIME-FROM-MSH-7"


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitorObservation:
    """One measured number. `code` is MDC, `unit` UCUM, `row` the place of its OBX in the message, from 1."""

    code: str
    loinc: str | None
    value: float
    unit: str
    observed_at: datetime
    device: str
    row: int
    channel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftRow:
    """An OBX row without an observation."""

    row: int
    reason: Left
    code: str

    @property
    def is_refused(self) -> bool:
        """True when something was measured and cannot be used: a person should look."""
        return self.reason in REFUSED


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitorMessage:
    """One ORU^R01. `mrn` and `chair_code` are None where the message names no patient or place."""

    control_id: str
    sending_application: str
    sending_facility: str
    receiving_facility: str
    processing_id: str
    sent_at: datetime
    mrn: str | None
    chair_code: str | None
    device: str | None
    observations: tuple[MonitorObservation, ...]
    left: tuple[LeftRow, ...]
    flags: frozenset[Flag]

    @property
    def refused(self) -> tuple[LeftRow, ...]:
        """The rows a person should look at."""
        return tuple(row for row in self.left if row.is_refused)

    @property
    def is_simulated(self) -> bool:
        """True for a training or debugging message (MSH-11 other than P): it must not enter a real chart."""
        return self.processing_id != "P"
