"""The draft orders of order-select: which are ketamine, and which medicines come beside it."""

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from reprieve.domain.candidacy.chart import RXNORM, ChartMedication, Coding
from reprieve.domain.candidacy.rules import Route
from reprieve.errors import InputError
from reprieve.interop.cds_hooks.request import HookRequest
from reprieve.interop.fhir.datatypes import CodeableConcept, Element, Reference, Resource
from reprieve.knowledge.ketamine_orders import ketamine_orders

_KINDS = ("MedicationRequest",)


class _Instruction(Element, frozen=True):
    route: CodeableConcept = CodeableConcept()


class _Draft(Resource, frozen=True):
    """The elements of an order that we read; a draft may lack all others, and its dose is not read."""

    resource_type: str = ""
    medication_codeable_concept: CodeableConcept = CodeableConcept()
    medication_reference: Reference = Reference()
    dosage_instruction: tuple[_Instruction, ...] = ()


class _Entry(Element, frozen=True):
    resource: msgspec.Raw = msgspec.Raw(b"")


class _Drafts(Element, frozen=True):
    entry: tuple[_Entry, ...] = ()


class _Kind(Element, frozen=True):
    resource_type: str = ""


_drafts = msgspec.json.Decoder(_Drafts)
_draft = msgspec.json.Decoder(_Draft)
_kind = msgspec.json.Decoder(_Kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftOrder:
    """An unsigned order. `is_ketamine` covers esketamine; `route` is None where the order names none."""

    reference: str
    medication: ChartMedication
    is_ketamine: bool
    route: Route | None
    is_selected: bool


def read_orders(request: HookRequest) -> tuple[DraftOrder, ...]:
    """The medicines among the draft orders.  Raises: InputError CDS-REQUEST."""
    raw = request.context.draft_orders
    if not memoryview(raw):
        raise InputError("CDS-REQUEST", "The context holds no draft orders.", where="context.draftOrders")
    try:
        entries = _drafts.decode(raw).entry
        drafts = [
            _draft.decode(entry.resource) for entry in entries if _kind.decode(entry.resource).resource_type in _KINDS
        ]
    except (msgspec.DecodeError, RecursionError):
        raise InputError(
            "CDS-REQUEST", "The draft orders are not a FHIR R4 Bundle of resources.", where="context.draftOrders"
        ) from None
    selected = {_bare(reference) for reference in request.context.selections}
    return tuple(_order(draft, selected) for draft in drafts)


def _order(draft: _Draft, selected: set[str]) -> DraftOrder:
    concept = draft.medication_codeable_concept
    codings = concept.comparable()
    words = " / ".join([concept.text, draft.medication_reference.display, *(one.display for one in concept.coding)])
    known = ketamine_orders()
    is_esketamine = known.esketamine.is_named(words, codings)
    return DraftOrder(
        reference=f"{draft.resource_type}/{draft.id}",
        medication=ChartMedication(
            name=concept.name() or draft.medication_reference.display, codings=codings, status="active"
        ),
        is_ketamine=is_esketamine or known.racemic_ketamine.is_named(words, codings),
        route=Route.IN_ESK if is_esketamine else _route(draft, known.route_of_code),
        is_selected=f"{draft.resource_type}/{draft.id}" in selected,
    )


def _route(draft: _Draft, routes: Mapping[str, Route]) -> Route | None:
    """The one route that the instructions name; two different ones are none."""
    codes = {one.code for instruction in draft.dosage_instruction for one in instruction.route.coding}
    named = {routes[code] for code in codes if code in routes}
    return named.pop() if len(named) == 1 else None


def _bare(reference: str) -> str:
    """`Type/id` of a reference that may be a full address or versioned."""
    return "/".join(reference.partition("/_history/")[0].split("/")[-2:])


def is_ketamine(medication: ChartMedication) -> bool:
    """Whether a medicine of the record is ketamine or esketamine."""
    known = ketamine_orders()
    codings: tuple[Coding, ...] = tuple(coding for coding in medication.codings if coding.system == RXNORM)
    words = " / ".join([medication.name, *(coding.display for coding in medication.codings)])
    return any(drug.is_named(words, codings) for drug in (known.racemic_ketamine, known.esketamine))
