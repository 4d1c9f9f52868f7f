"""What happens before the infusion: the order, the checklist, the resting values."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from reprieve.domain.session.plausible import measured, require_plausible, require_pressure_pair, require_text


class Answer(StrEnum):
    """What somebody answers to an item of the go/no-go checklist."""

    GO = "GO"
    HOLD = "HOLD"
    NO_GO = "NO_GO"


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionOpened:
    """The order as it stood, so that the log explains itself. `needs_close_bp` asks for blood pressure every 5 min."""

    order_id: UUID
    ordered_mg: float
    concentration_mg_per_ml: float
    bag_volume_ml: float
    rate_ml_per_h: float
    duration_min: float
    weight_kg: float
    dosing_weight_kg: float
    weight_basis: str
    dose_mg_per_kg: float
    needs_close_bp: bool = False
    child_pugh_b: bool = False

    def __post_init__(self) -> None:
        require_plausible(weight_kg=self.weight_kg, rate_ml_per_h=self.rate_ml_per_h)
        if min(self.ordered_mg, self.concentration_mg_per_ml, self.bag_volume_ml, self.duration_min) <= 0.0:
            raise ValueError("dose, concentration, volume and duration of an order are above zero")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecklistItemRecorded:
    """A person answers one GO-* item that no measurement answers."""

    item: str
    answer: Answer
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldAccepted:
    """A prescriber decides to go ahead although items are on HOLD; the author of the envelope decides."""

    reason: str

    def __post_init__(self) -> None:
        require_text(self.reason, "a hold is accepted for a reason")


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityAttested:
    """One person matched patient, drug, dose, rate and bag label by two identifiers (B5); two people must."""

    identifiers: tuple[str, str]

    def __post_init__(self) -> None:
        if len(set(self.identifiers)) != 2:
            raise ValueError("identity is attested by two different identifiers")


@dataclass(frozen=True, slots=True, kw_only=True)
class BaselineTaken:
    """One set of resting values before the start; two with blood pressure, 5 min apart, make GO-BP."""

    systolic_mmhg: float | None = None
    diastolic_mmhg: float | None = None
    heart_rate_per_min: float | None = None
    spo2_percent: float | None = None
    respiratory_rate_per_min: float | None = None
    temperature_cel: float | None = None
    weight_kg: float | None = None

    def __post_init__(self) -> None:
        require_plausible(**measured(self))
        require_pressure_pair(self.systolic_mmhg, self.diastolic_mmhg)
