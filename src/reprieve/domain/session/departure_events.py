"""What happens at the end: criteria, release, signature."""

from dataclasses import dataclass

from reprieve.domain.session.plausible import require_text


@dataclass(frozen=True, slots=True, kw_only=True)
class DischargeCriterionRecorded:
    """A person answers one DIS-* criterion; `number` holds a total where there is one (Aldrete)."""

    criterion: str
    met: bool
    number: float | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DischargeCriterionOverridden:
    """A prescriber, the author, lets the patient go although this criterion is not met (DIS-SIGN)."""

    criterion: str
    reason: str

    def __post_init__(self) -> None:
        require_text(self.reason, "a criterion is overridden for a reason")


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientReleased:
    """The patient leaves with this adult (ESC-01)."""

    escort_name: str
    escort_relation: str
    escort_phone: str = ""

    def __post_init__(self) -> None:
        require_text(self.escort_name, "a patient leaves with a named adult")


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionSigned:
    """The author locks the record; only corrections with a reason come after."""

    note: str = ""
