"""Discovery document and cards as the JSON of CDS Hooks 2.0."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, assert_never
from uuid import uuid4

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reprieve.clinic.api import wording
from reprieve.clinic.assessments.presenters.values import show_value
from reprieve.clinic.assessments.wording import CONFIDENCES, DECISIONS
from reprieve.domain.candidacy.assessment import Assessment, DecidedFinding
from reprieve.interop.cds_hooks.cards import Card, DecisionCard, IncompleteCard, InteractionCard, indicator_of
from reprieve.interop.cds_hooks.prefetch import Prefetched
from reprieve.interop.cds_hooks.services import PREFETCH, SERVICES
from reprieve.knowledge.candidacy import fact_words, rule_words

Json = dict[str, Any]
_LONGEST_SUMMARY = 139
_MARKUP = frozenset("\\`*_[]<>#|!:@")
_MOST_FINDINGS, _MOST_QUESTIONS = 12, 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the cards point to: this installation, and the record of the person or the list of all."""

    base_url: str
    record_url: str
    is_known_here: bool


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
    summary, detail = _words(card)
    label = _("Open the record in Reprieve") if place.is_known_here else _("Open Reprieve")
    return {
        "uuid": str(uuid4()),
        "summary": summary if len(summary) <= _LONGEST_SUMMARY else summary[: _LONGEST_SUMMARY - 1] + "…",
        "detail": detail,
        "indicator": str(indicator_of(card)),
        "source": {"label": str(wording.SOURCE), "url": place.base_url},
        "links": [{"label": label, "url": place.record_url, "type": "absolute"}],
    }


def _words(card: Card) -> tuple[str, str]:
    match card:
        case DecisionCard():
            return _decision_summary(card.assessment), _decision_detail(card)
        case InteractionCard(findings=findings):
            return _interaction_summary(findings), "\n".join(_finding(item) for item in findings)
        case IncompleteCard(record=record):
            return _incomplete_summary(record), _incomplete_detail(record)
        case _:
            assert_never(card)


def _decision_summary(assessment: Assessment) -> str:
    words = DECISIONS[assessment.decision].word
    parts = [f"{wording.ROUTES[assessment.route]}: {words} ({assessment.decision})"]
    if assessment.emergency:
        parts.insert(0, str(wording.EMERGENCY))
    strongest = next((item for item in assessment.findings if item.counts_as != "INFO"), None)
    if strongest is not None:
        parts.append(strongest.finding.code)
    missing = len({fact for needed in assessment.data_needed for fact in needed.facts})
    if missing:
        parts.append(ngettext("%(n)d fact not known", "%(n)d facts not known", missing) % {"n": missing})
    text = "; ".join(str(part) for part in parts)
    return text[:1].upper() + text[1:]


def _decision_detail(card: DecisionCard) -> str:
    assessment = card.assessment
    lines = [f"**{DECISIONS[assessment.decision].word}** {DECISIONS[assessment.decision].meaning}", ""]
    if card.route_assumed:
        lines += [wording.ROUTE_ASSUMED % {"route": wording.ROUTES[assessment.route]}, ""]
    if assessment.needs_confirmation:
        lines += [str(wording.CONFIRM_FIRST), ""]
    lines += [_finding(item, assessment) for item in assessment.findings[:_MOST_FINDINGS]]
    left = len(assessment.findings) - _MOST_FINDINGS
    if left > 0:
        lines.append(_("- and %(n)d more") % {"n": left})
    return "\n".join([*lines, *_missing(assessment), "", _knowledge(assessment)])


def _missing(assessment: Assessment) -> list[str]:
    """The questions of the strongest rules that wait, each once."""
    facts = list(dict.fromkeys(fact for needed in assessment.data_needed for fact in needed.facts))
    if not facts:
        return []
    lines = ["", _("Not known, and it matters:"), ""]
    lines += [f"- {_plain(fact_words()[fact].question)}" for fact in facts[:_MOST_QUESTIONS]]
    left = len(facts) - _MOST_QUESTIONS
    return [*lines, _("- and %(n)d more") % {"n": left}] if left > 0 else lines


def _finding(item: DecidedFinding, assessment: Assessment | None = None) -> str:
    """`- **CI-HTN-SEV** (Excludes) statement Read: 190 mmHg (1 March 2026). Source read`."""
    words = rule_words()[(item.finding.code, item.clause)]
    confidence = CONFIDENCES["recalled" if item.recalled else item.finding.source.confidence]
    read = "" if assessment is None else _read(item, assessment)
    return f"- **{item.finding.code}** ({item.counts_as}): {_plain(words.statement)}{read} [{confidence}]"


def _read(item: DecidedFinding, assessment: Assessment) -> str:
    """The values behind a finding, each with the day on which it was said."""
    shown = []
    for key in item.finding.params:
        fact = assessment.facts.by_key.get(key)
        if fact is not None and fact.value is not None:
            day = f", {fact.said_on.isoformat()}" if fact.said_on is not None else ""
            shown.append(f"{_plain(show_value(key, fact.value))} ({_plain(', '.join(fact.detail)) or key}{day})")
    return f" {'; '.join(shown)}." if shown else ""


def _knowledge(assessment: Assessment) -> str:
    return _("Decided for %(day)s with knowledge %(hash)s. Decision support: a clinician decides.") % {
        "day": assessment.on.isoformat(),
        "hash": assessment.knowledge_hash[:12],
    }


def _interaction_summary(findings: Sequence[DecidedFinding]) -> str:
    words = rule_words()[(findings[0].finding.code, findings[0].clause)]
    return _("With ketamine treatment: %(rule)s. %(words)s") % {
        "rule": ", ".join(item.finding.code for item in findings),
        "words": words.statement,
    }


def _incomplete_summary(record: Prefetched) -> str:
    if record.is_empty:
        return _("Reprieve got nothing of the record, so it cannot say anything about ketamine therapy.")
    parts = [*(wording.PREFETCH[key] for key in (*record.missing, *record.cut)), *record.unreadable]
    return _("Reprieve did not get the whole record: %(parts)s") % {"parts": ", ".join(str(part) for part in parts)}


def _incomplete_detail(record: Prefetched) -> str:
    lines = [_("- not sent: %(part)s") % {"part": wording.PREFETCH[key]} for key in record.missing]
    lines += [_("- sent in part: %(part)s") % {"part": wording.PREFETCH[key]} for key in record.cut]
    lines += [
        _("- not readable: %(count)d %(kind)s") % {"count": count, "kind": _plain(kind)}
        for kind, count in record.unreadable.items()
    ]
    return "\n".join([*lines, "", str(wording.UNKNOWN_IS_OPEN)])


def _plain(text: str) -> str:
    """Text of a record inside Markdown: nothing in it may become a link, an image or markup."""
    escaped = "".join(f"\\{letter}" if letter in _MARKUP else letter for letter in text.replace("\n", " "))
    return escaped.replace("www.", "www\\.")
