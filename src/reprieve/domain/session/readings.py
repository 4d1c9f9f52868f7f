"""One message of a bedside device, already in our units. None means that the device did not measure it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from reprieve.domain.quantities.spans import require_aware
from reprieve.domain.session.observation_events import VitalSignsRecorded


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceReading:
    """What the gateway hands to the session log; `event_id` is the same when the message is sent again.

    Raises: Implausible or another ValueError for values that cannot be a measurement.
    """

    event_id: UUID
    session_id: UUID
    observed_at: datetime
    received_at: datetime
    device: str
    systolic_mmhg: float | None = None
    diastolic_mmhg: float | None = None
    mean_mmhg: float | None = None
    heart_rate_per_min: float | None = None
    spo2_percent: float | None = None
    respiratory_rate_per_min: float | None = None
    temperature_cel: float | None = None

    def __post_init__(self) -> None:
        require_aware(self.observed_at)
        require_aware(self.received_at)
        if not self.device:
            raise ValueError("a reading names the device that made it")
        self.vital_signs()

    def vital_signs(self) -> VitalSignsRecorded:
        """The values as the event that the log keeps."""
        return VitalSignsRecorded(
            systolic_mmhg=self.systolic_mmhg,
            diastolic_mmhg=self.diastolic_mmhg,
            mean_mmhg=self.mean_mmhg,
            heart_rate_per_min=self.heart_rate_per_min,
            spo2_percent=self.spo2_percent,
            respiratory_rate_per_min=self.respiratory_rate_per_min,
            temperature_cel=self.temperature_cel,
        )
