"""The request of a hook, read from JSON. The access token that a client may send along is never read."""

from collections.abc import Mapping
from typing import TypeVar

import msgspec

from reprieve.errors import InputError
from reprieve.interop.cds_hooks.services import Service
from reprieve.interop.fhir.datatypes import Element

Kind = TypeVar("Kind")
_LONGEST_ID = 200


class Context(Element, frozen=True):
    """What the hook says about the moment: the person, the user, and at order-select the orders of the session."""

    patient_id: str
    user_id: str = ""
    selections: tuple[str, ...] = ()
    draft_orders: msgspec.Raw = msgspec.Raw(b"")


class HookRequest(Element, frozen=True):
    """One call of a service."""

    hook: str
    hook_instance: str
    context: Context
    fhir_server: str = ""
    prefetch: dict[str, msgspec.Raw] | None = None

    @property
    def sent(self) -> Mapping[str, msgspec.Raw]:
        """What was prefetched; a key may be missing."""
        return self.prefetch or {}


class ReasonCode(Element, frozen=True):
    """Why a card was overridden, as a code."""

    code: str = ""


class OverrideReason(Element, frozen=True):
    """The comment beside the code is not read: it may name a person."""

    reason: ReasonCode = ReasonCode()


class Feedback(Element, frozen=True):
    """What became of a card."""

    card: str
    outcome: str
    override_reason: OverrideReason = OverrideReason()


class FeedbackRequest(Element, frozen=True):
    """One call of the feedback address."""

    feedback: tuple[Feedback, ...]


_requests = msgspec.json.Decoder(HookRequest)
_feedback = msgspec.json.Decoder(FeedbackRequest)


def read_request(content: bytes, service: Service) -> HookRequest:
    """Raises: InputError CDS-JSON, CDS-REQUEST with the place, CDS-HOOK."""
    request = _decoded(_requests, content)
    if request.hook != service.hook:
        raise InputError(
            "CDS-HOOK", f"This service answers the hook {service.hook}, not {request.hook[:60]!r}.", where="hook"
        )
    _require(request.hook_instance, "hookInstance")
    _require(request.context.patient_id, "context.patientId")
    return request


def read_feedback(content: bytes) -> FeedbackRequest:
    """Raises: InputError CDS-JSON, CDS-REQUEST with the place."""
    found = _decoded(_feedback, content)
    for number, item in enumerate(found.feedback):
        _require(item.card, f"feedback[{number}].card")
        if item.outcome not in {"accepted", "overridden"}:
            raise InputError("CDS-REQUEST", "The outcome is accepted or overridden.", where=f"feedback[{number}]")
    return found


def _decoded(decoder: msgspec.json.Decoder[Kind], content: bytes) -> Kind:
    try:
        return decoder.decode(content)
    except msgspec.ValidationError as problem:
        what, _, where = str(problem).partition(" - at `$")
        sentence = f"This is not a CDS Hooks request: {what[:1].lower()}{what[1:]}."
        raise InputError("CDS-REQUEST", sentence, where=where.strip(".`")) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise InputError("CDS-JSON", "The body is not complete JSON in UTF-8.") from None


def _require(text: str, where: str) -> None:
    if not 0 < len(text) <= _LONGEST_ID:
        raise InputError("CDS-REQUEST", f"This must have 1 to {_LONGEST_ID} characters.", where=where)
