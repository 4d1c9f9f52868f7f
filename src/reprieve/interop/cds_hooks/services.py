"""The two services: which hook calls each, and what each asks the record system to send along (prefetch)."""

from dataclasses import dataclass
from types import MappingProxyType

PATIENT_VIEW = "patient-view"
ORDER_SELECT = "order-select"

# Searches keep to what the specification recommends of every record system: equality on a reference, no modifiers.
PREFETCH = MappingProxyType(
    {
        "patient": "Patient/{{context.patientId}}",
        "conditions": "Condition?patient={{context.patientId}}",
        "medications": "MedicationRequest?patient={{context.patientId}}",
        "statements": "MedicationStatement?patient={{context.patientId}}",
        "allergies": "AllergyIntolerance?patient={{context.patientId}}",
        "vitals": "Observation?patient={{context.patientId}}&category=vital-signs",
        "laboratory": "Observation?patient={{context.patientId}}&category=laboratory",
        "surveys": "Observation?patient={{context.patientId}}&category=survey",
    }
)


# Why a clinician may put a card aside; the feedback brings the code back.
OVERRIDE_REASONS = ("known", "not-now", "data-wrong", "disagree")


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One service of the discovery document."""

    id: str
    hook: str


SERVICES = MappingProxyType(
    {
        service.id: service
        for service in (
            Service(id="reprieve-patient-view", hook=PATIENT_VIEW),
            Service(id="reprieve-order-select", hook=ORDER_SELECT),
        )
    }
)
