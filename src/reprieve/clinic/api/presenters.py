"""Discovery document and cards as the JSON of CDS Hooks 2.0."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, assert_never
from uuid import uuid4

from django.utils.translation import gettext as _

from reprieve.clinic.api import wording
from reprieve.clinic.api.sentences import decision, incomplete, interactions
from reprieve.interop.cds_hooks.cards import Card, DecisionCard, IncompleteCard, InteractionCard, indicator_of
from reprieve.interop.cds_hooks.services import OVERRIDE_REASONS, PREFETCH, SERVICES

Json = dict[str, Any]
_LONGEST_SUMMARY = 139


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the cards point to: this installation, the record of the person or the list of all, and the clinic."""

    base_url: str
    record_url: str
    is_known_here: bool
    clinic: str


def discovery() -> Json:
    """The discovery document."""
    return {
        "services": [
            {
                "hook": service.hook,
                "id": service.id,
                "title": str(wording.SERVICES[service.id][0]),
                "description": str(wording.SERVICES[service.id][1]),
                "prefetch": dict(PREFETCH),
            }
            for service in SERVICES.values()
        ]
    }


def answer(cards: Sequence[Card], place: Place) -> Json:
    """The body of an answer."""
    return {"cards": [_card(card, place) for card in cards]}


def kinds_of(cards: Sequence[Card]) -> list[str]:
    """Kind and urgency of each card, for the audit trail."""
    return [f"{type(card).__name__}:{indicator_of(card)}" for card in cards]


def _card(card: Card, place: Place) -> Json:
    summary, detail = _words(card, place.clinic)
    label = _("Open the record in Reprieve") if place.is_known_here else _("Open Reprieve")
    return {
        "uuid": str(uuid4()),
        "summary": _shortened(summary),
        "detail": detail,
        "indicator": str(indicator_of(card)),
        "source": {"label": str(wording.SOURCE), "url": place.base_url},
        "links": [{"label": label, "url": place.record_url, "type": "absolute"}],
        "overrideReasons": _override_reasons(place),
    }


def _words(card: Card, clinic: str) -> tuple[str, str]:
    match card:
        case DecisionCard():
            return decision(card, clinic)
        case InteractionCard():
            return interactions(card)
        case IncompleteCard():
            return incomplete(card, clinic)
        case _:
            assert_never(card)


def _override_reasons(place: Place) -> list[Json]:
    system = f"{place.base_url}/cds-services/override-reasons"
    return [
        {"code": code, "system": system, "display": str(wording.OVERRIDE_REASONS[code])} for code in OVERRIDE_REASONS
    ]


def _shortened(summary: str) -> str:
    """A summary of fewer than 140 characters: cut where a clause ends, so that no half of one is read as the whole."""
    if len(summary) <= _LONGEST_SUMMARY:
        return summary
    kept = summary[: _LONGEST_SUMMARY - 1]
    clause = max(kept.rfind("; "), kept.rfind(". "))
    return kept[: clause if clause > _LONGEST_SUMMARY * 2 // 3 else kept.rfind(" ")].rstrip(" ,;.") + "…"
