"""Events as they are stored: a kind and a JSON payload, and back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from reprieve.domain.session import events as ev
from reprieve.errors import InputError

KINDS: dict[str, type] = {
    "session-opened": ev.SessionOpened,
    "checklist-item": ev.ChecklistItemRecorded,
    "hold-accepted": ev.HoldAccepted,
    "identity-attested": ev.IdentityAttested,
    "baseline": ev.BaselineTaken,
    "infusion-started": ev.InfusionStarted,
    "rate-changed": ev.RateChanged,
    "infusion-paused": ev.InfusionPaused,
    "infusion-resumed": ev.InfusionResumed,
    "infusion-stopped": ev.InfusionStopped,
    "vital-signs": ev.VitalSignsRecorded,
    "sedation": ev.SedationScored,
    "dissociation": ev.DissociationScored,
    "nausea": ev.NauseaScored,
    "distress": ev.DistressScored,
    "adverse-event": ev.AdverseEventObserved,
    "rescue": ev.RescueGiven,
    "note": ev.NoteWritten,
    "alarm-acknowledged": ev.AlarmAcknowledged,
    "discharge-criterion": ev.DischargeCriterionRecorded,
    "criterion-overridden": ev.DischargeCriterionOverridden,
    "released": ev.PatientReleased,
    "signed": ev.SessionSigned,
    "corrected": ev.EventCorrected,
}
_KIND_OF = {event_type: kind for kind, event_type in KINDS.items()}
VITAL_SIGNS = "vital-signs"


def kind_of(event: ev.Event) -> str:
    return _KIND_OF[type(event)]


def encode(event: ev.Event) -> tuple[str, dict[str, Any]]:
    """Kind and payload of an event; what was not measured is left out."""
    if isinstance(event, ev.EventCorrected):
        return "corrected", _encode_correction(event)
    built = msgspec.to_builtins(event)
    return kind_of(event), {name: value for name, value in built.items() if value is not None}


def decode(kind: str, payload: Mapping[str, Any]) -> ev.Event:
    """The event of a stored row.  Raises: InputError when kind or payload is not ours."""
    if kind == "corrected":
        return _decode_correction(payload)
    event_type = KINDS.get(kind)
    if event_type is None:
        raise InputError("EVENT-KIND", f"There is no event of the kind {kind!r}.")
    try:
        event: ev.Event = msgspec.convert(payload, event_type)
    except msgspec.ValidationError as problem:
        raise InputError("EVENT-PAYLOAD", f"An event of the kind {kind!r} cannot be read: {problem}.") from None
    return event


def _encode_correction(event: ev.EventCorrected) -> dict[str, Any]:
    payload: dict[str, Any] = {"target": str(event.target), "reason": event.reason, "artefact": event.artefact}
    if event.replacement is not None:
        kind, inner = encode(event.replacement)
        payload["replacement"] = {"kind": kind, "payload": inner}
    if event.observed_at is not None:
        payload["observed_at"] = event.observed_at.isoformat()
    return payload


def _decode_correction(payload: Mapping[str, Any]) -> ev.EventCorrected:
    replacement, at = payload.get("replacement"), payload.get("observed_at")
    fact = None if replacement is None else decode(replacement["kind"], replacement["payload"])
    if isinstance(fact, ev.EventCorrected):
        raise InputError("EVENT-PAYLOAD", "A correction cannot be replaced by a correction.")
    return ev.EventCorrected(
        target=UUID(payload["target"]),
        reason=payload["reason"],
        replacement=fact,
        observed_at=None if at is None else datetime.fromisoformat(at),
        artefact=payload["artefact"],
    )
