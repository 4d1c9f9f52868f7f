"""What is seen, measured, scored, given and written while the patient is in the chair."""

from dataclasses import dataclass
from enum import StrEnum

from reprieve.domain.session.plausible import measured, require_plausible, require_pressure_pair, require_text


class RescueKind(StrEnum):
    """Rescue medicines that lengthen observation (DIS-TIME-EXTRA), and those that do not."""

    BENZODIAZEPINE = "benzodiazepine"
    OPIOID = "opioid"
    ANTIHYPERTENSIVE_IV = "antihypertensive_iv"
    ANTIEMETIC = "antiemetic"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class VitalSignsRecorded:
    """Values of one instant, from a device (the envelope names it) or read by a person."""

    systolic_mmhg: float | None = None
    diastolic_mmhg: float | None = None
    mean_mmhg: float | None = None
    heart_rate_per_min: float | None = None
    spo2_percent: float | None = None
    respiratory_rate_per_min: float | None = None
    temperature_cel: float | None = None

    def __post_init__(self) -> None:
        values = measured(self)
        if not any(value is not None for value in values.values()):
            raise ValueError("vital signs without a value")
        require_plausible(**values)
        require_pressure_pair(self.systolic_mmhg, self.diastolic_mmhg)


@dataclass(frozen=True, slots=True, kw_only=True)
class SedationScored:
    moaas: int

    def __post_init__(self) -> None:
        require_plausible(moaas=self.moaas)


@dataclass(frozen=True, slots=True, kw_only=True)
class DissociationScored:
    """Self-rating 0-10."""

    score: int

    def __post_init__(self) -> None:
        require_plausible(dissociation=self.score)


@dataclass(frozen=True, slots=True, kw_only=True)
class NauseaScored:
    score: int
    vomited: bool = False

    def __post_init__(self) -> None:
        require_plausible(nausea=self.score)


@dataclass(frozen=True, slots=True, kw_only=True)
class DistressScored:
    score: int

    def __post_init__(self) -> None:
        require_plausible(distress=self.score)


@dataclass(frozen=True, slots=True, kw_only=True)
class AdverseEventObserved:
    """`term` is an AE-* id, or the ALM-* id of something that a person sees rather than measures (ALM-CP)."""

    term: str
    grade: int
    note: str = ""

    def __post_init__(self) -> None:
        require_plausible(grade=self.grade)


@dataclass(frozen=True, slots=True, kw_only=True)
class RescueGiven:
    """A rescue medicine with its dose as said aloud and written: `midazolam 1 mg IV`."""

    kind: RescueKind
    medicine: str
    reason: str

    def __post_init__(self) -> None:
        require_text(self.medicine, "a rescue medicine has a name and a dose")


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteWritten:
    text: str

    def __post_init__(self) -> None:
        require_text(self.text, "a note says something")


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmAcknowledged:
    """`key` names one episode of one alarm; `action` says what was done."""

    key: str
    action: str = ""
