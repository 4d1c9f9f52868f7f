"""Where a dosing session stands: small, immutable, and always the same for the same log."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from reprieve.domain.session.alarms import AlarmBoard
from reprieve.domain.session.delivery import Bag, Delivery, PumpAction, PumpVerb, delivery
from reprieve.domain.session.events import Answer, BaselineTaken, RescueKind, SessionOpened
from reprieve.domain.session.resting import Pressure, RestingPressure


class Phase(StrEnum):
    PREPARING = "preparing"
    INFUSING = "infusing"
    PAUSED = "paused"
    OBSERVING = "observing"
    DISCHARGED = "discharged"
    SIGNED = "signed"


class Signal(StrEnum):
    """What has a lane of its own."""

    PRESSURE = "bp"
    HEART_RATE = "hr"
    SPO2 = "spo2"
    RESPIRATORY_RATE = "rr"
    TEMPERATURE = "temp"
    SEDATION = "sedation"
    DISSOCIATION = "dissociation"
    NAUSEA = "nausea"
    DISTRESS = "distress"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One value of one signal; for blood pressure `value` is the systolic."""

    signal: Signal
    at: datetime
    id: UUID
    by_device: bool
    value: float
    diastolic_mmhg: float | None = None
    mean_mmhg: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What a person answered to a checklist item."""

    item: str
    answer: Answer
    at: datetime
    by_id: UUID
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RestingValues:
    """One set of resting values and when it was taken."""

    at: datetime
    id: UUID
    values: BaselineTaken


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Somebody's decision with its reason: a hold accepted, a criterion overridden."""

    by_id: UUID
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Attestation:
    by_id: UUID
    at: datetime
    identifiers: tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class AdverseEvent:
    id: UUID
    at: datetime
    term: str
    grade: int
    note: str
    by_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rescue:
    at: datetime
    kind: RescueKind
    medicine: str
    reason: str
    by_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionAnswer:
    """What a person answered to a discharge criterion."""

    criterion: str
    met: bool
    number: float | None
    note: str
    at: datetime
    by_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    at: datetime
    by_id: UUID
    escort_name: str
    escort_relation: str
    escort_phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    by_id: UUID
    at: datetime
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Extremes:
    """The furthest values since the infusion began; None where nothing was measured."""

    peak_systolic_mmhg: float | None = None
    peak_diastolic_mmhg: float | None = None
    lowest_spo2_percent: float | None = None
    lowest_respiratory_rate_per_min: float | None = None
    lowest_moaas: int | None = None
    peak_dissociation: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionState:
    """A fold of the log. Nothing here depends on the clock; what does takes `now_at`."""

    phase: Phase = Phase.PREPARING
    opened: SessionOpened | None = None
    opened_at: datetime | None = None
    resting: tuple[RestingValues, ...] = ()
    baseline: RestingPressure | None = None
    answers: Mapping[str, Answered] = field(default_factory=dict)
    hold: Decision | None = None
    attestations: tuple[Attestation, ...] = ()
    pump: tuple[PumpAction, ...] = ()
    latest: Mapping[Signal, Reading] = field(default_factory=dict)
    first: Mapping[Signal, Reading] = field(default_factory=dict)
    pressures_after_end: tuple[Pressure, ...] = ()
    extremes: Extremes = field(default_factory=Extremes)
    last_vomited_at: datetime | None = None
    adverse_events: tuple[AdverseEvent, ...] = ()
    rescues: tuple[Rescue, ...] = ()
    criteria: Mapping[str, CriterionAnswer] = field(default_factory=dict)
    overrides: Mapping[str, Decision] = field(default_factory=dict)
    release: Release | None = None
    signatures: tuple[Signature, ...] = ()
    alarms: AlarmBoard = field(default_factory=AlarmBoard)
    last_seq: int = 0

    @property
    def started_at(self) -> datetime | None:
        """When the infusion began."""
        return next((action.at for action in self.pump if action.verb is PumpVerb.START), None)

    @property
    def ended_at(self) -> datetime | None:
        """When the infusion was stopped for good."""
        return next((action.at for action in reversed(self.pump) if action.verb is PumpVerb.STOP), None)

    @property
    def bag(self) -> Bag | None:
        if self.opened is None:
            return None
        return Bag(volume_ml=self.opened.bag_volume_ml, concentration_mg_per_ml=self.opened.concentration_mg_per_ml)

    def delivery(self, now_at: datetime) -> Delivery | None:
        """How much has run in by `now_at`; None before the session was opened."""
        return None if self.bag is None else delivery(self.pump, self.bag, now_at=now_at)
