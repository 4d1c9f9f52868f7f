"""What can happen in a dosing session: one frozen dataclass a kind, and the envelope that carries it.

An event says what happened; who, when and by which device stand in the envelope `Recorded`. Events are never changed:
`EventCorrected` names another one and what should have stood there. Scales are those of the treatment room: MOAA/S
0-5, dissociation and nausea 0-10, distress 0-4; grades of adverse events 1-5.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

from reprieve.domain.quantities.spans import require_aware
from reprieve.domain.session.departure_events import (
    DischargeCriterionOverridden,
    DischargeCriterionRecorded,
    PatientReleased,
    SessionSigned,
)
from reprieve.domain.session.observation_events import (
    AdverseEventObserved,
    AlarmAcknowledged,
    DissociationScored,
    DistressScored,
    NauseaScored,
    NoteWritten,
    RescueGiven,
    RescueKind,
    SedationScored,
    VitalSignsRecorded,
)
from reprieve.domain.session.plausible import require_text
from reprieve.domain.session.preparation_events import (
    Answer,
    BaselineTaken,
    ChecklistItemRecorded,
    HoldAccepted,
    IdentityAttested,
    SessionOpened,
)
from reprieve.domain.session.pump_events import (
    InfusionPaused,
    InfusionResumed,
    InfusionStarted,
    InfusionStopped,
    RateChanged,
)

__all__ = [
    "AdverseEventObserved",
    "AlarmAcknowledged",
    "Answer",
    "BaselineTaken",
    "ChecklistItemRecorded",
    "DischargeCriterionOverridden",
    "DischargeCriterionRecorded",
    "DissociationScored",
    "DistressScored",
    "Event",
    "EventCorrected",
    "Fact",
    "HoldAccepted",
    "IdentityAttested",
    "InfusionPaused",
    "InfusionResumed",
    "InfusionStarted",
    "InfusionStopped",
    "NauseaScored",
    "NoteWritten",
    "PatientReleased",
    "RateChanged",
    "Recorded",
    "RescueGiven",
    "RescueKind",
    "SedationScored",
    "SessionOpened",
    "SessionSigned",
    "VitalSignsRecorded",
]

Fact = (
    SessionOpened | ChecklistItemRecorded | HoldAccepted | IdentityAttested | BaselineTaken | InfusionStarted
    | RateChanged | InfusionPaused | InfusionResumed | InfusionStopped | VitalSignsRecorded | SedationScored
    | DissociationScored | NauseaScored | DistressScored | AdverseEventObserved | RescueGiven | NoteWritten
    | AlarmAcknowledged | DischargeCriterionRecorded | DischargeCriterionOverridden | PatientReleased | SessionSigned
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class EventCorrected:
    """The event `target` was wrong: an artefact, or `replacement` should have stood there (at `observed_at`, if given).

    The original stays in the log; the latest correction of an event counts.
    """

    target: UUID
    reason: str
    replacement: Fact | None = None
    observed_at: datetime | None = None
    artefact: bool = False

    def __post_init__(self) -> None:
        require_text(self.reason, "an entry is corrected for a reason")
        if self.observed_at is not None:
            require_aware(self.observed_at)
        if self.artefact == (self.replacement is not None or self.observed_at is not None):
            raise ValueError("a correction marks an artefact or says what is right, one of the two")


Event = Fact | EventCorrected
EventT_co = TypeVar("EventT_co", bound=Event, covariant=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded(Generic[EventT_co]):
    """An event in its envelope: when it happened, when it was typed, when it reached the server, and who says so.

    `author_id` is None for a device; `device` is empty for a person at the web page. `seq` is its place in the log.
    """

    event: EventT_co
    id: UUID
    seq: int
    observed_at: datetime
    entered_at: datetime
    received_at: datetime
    author_id: UUID | None
    device: str = ""

    def __post_init__(self) -> None:
        for at in (self.observed_at, self.entered_at, self.received_at):
            require_aware(at)
        if self.author_id is None and not self.device:
            raise ValueError("an event has an author or a device")

    @property
    def by_device(self) -> bool:
        return self.author_id is None
