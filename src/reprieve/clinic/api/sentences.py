"""Summary and detail of each kind of card, in English with Markdown that nothing of a record can break out of."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reprieve.clinic.api import wording
from reprieve.clinic.api.said import disagreements, plain, read, told_lines
from reprieve.clinic.assessments.wording import CONFIDENCES, DECISIONS, SEVERITIES
from reprieve.domain.candidacy.assessment import Assessment, DecidedFinding
from reprieve.interop.cds_hooks.cards import DecisionCard, IncompleteCard, InteractionCard, Namings
from reprieve.interop.cds_hooks.prefetch import Prefetched
from reprieve.knowledge.candidacy import fact_words, indications, rule_words

_MOST_FINDINGS, _MOST_QUESTIONS = 12, 8
Words = tuple[str, str]


def decision(card: DecisionCard, clinic: str) -> Words:
    """The decision, what it rests on, what is disputed, what people told the clinic, and what is not known."""
    assessment, told = card.assessment, card.told
    meaning = DECISIONS[assessment.decision]
    lines = [f"**{meaning.word}** {meaning.meaning}", ""]
    indication = indications().get(assessment.indication or "")
    if indication is not None:
        lines += [_("Indication: %(name)s (%(id)s).") % {"name": plain(indication.name), "id": indication.id}, ""]
    if card.route_assumed:
        lines += [wording.ROUTE_ASSUMED % {"route": wording.ROUTES[assessment.route]}, ""]
    if assessment.needs_confirmation:
        lines += [str(wording.CONFIRM_FIRST), ""]
    lines += [_finding(item, assessment, card.named_by) for item in assessment.findings[:_MOST_FINDINGS]]
    lines += _more(len(assessment.findings) - _MOST_FINDINGS)
    lines += [*disagreements(assessment), *_missing(assessment), *told_lines(assessment, told, clinic)]
    return _decision_summary(assessment), "\n".join([*lines, "", _knowledge(assessment)])


def interactions(card: InteractionCard) -> Words:
    """What a newly selected medicine means under treatment."""
    first = card.findings[0]
    words = rule_words()[(first.finding.code, first.clause)]
    summary = _("With ketamine treatment: %(rule)s. %(words)s") % {
        "rule": ", ".join(item.finding.code for item in card.findings),
        "words": words.statement,
    }
    return summary, "\n".join(_finding(item, card.assessment, card.named_by) for item in card.findings)


def incomplete(card: IncompleteCard, clinic: str) -> Words:
    """What did not come, came in part, or could not be read; and whether it is unsure who this is."""
    record = card.record
    disputed = [wording.HELD_BACK["other_birth"] % {"clinic": plain(clinic)}, ""] if card.is_disputed else []
    lines = [_("- not sent: %(part)s") % {"part": wording.PREFETCH[key]} for key in record.missing]
    lines += [_("- sent in part: %(part)s") % {"part": wording.PREFETCH[key]} for key in record.cut]
    lines += [
        _("- not readable: %(count)d %(kind)s") % {"count": count, "kind": plain(kind)}
        for kind, count in record.unreadable.items()
    ]
    summary = str(wording.DISPUTED) if card.is_disputed else _incomplete_summary(record)
    open_end = ["", str(wording.UNKNOWN_IS_OPEN)] if lines else []
    return summary, "\n".join([*disputed, *lines, *open_end])


def _incomplete_summary(record: Prefetched) -> str:
    if record.is_empty:
        return _("Reprieve got nothing of the record, so it cannot say anything about ketamine therapy.")
    parts = [*(wording.PREFETCH[key] for key in (*record.missing, *record.cut)), *record.unreadable]
    return _("Reprieve did not get the whole record: %(parts)s") % {"parts": ", ".join(str(part) for part in parts)}


def _decision_summary(assessment: Assessment) -> str:
    """Emergency, route and decision, what is disputed or missing, and last the strongest reason, which may be cut."""
    parts = [f"{wording.ROUTES[assessment.route]}: {DECISIONS[assessment.decision].word} ({assessment.decision})"]
    if assessment.emergency:
        parts.insert(0, str(wording.EMERGENCY))
    disputed = len(assessment.facts.conflicts)
    if disputed:
        parts.append(ngettext("%(n)d fact disputed", "%(n)d facts disputed", disputed) % {"n": disputed})
    missing = len({fact for needed in assessment.data_needed for fact in needed.facts})
    if missing:
        parts.append(ngettext("%(n)d fact not known", "%(n)d facts not known", missing) % {"n": missing})
    strongest = next((item for item in assessment.findings if item.counts_as != "INFO"), None)
    if strongest is not None:
        statement = rule_words()[(strongest.finding.code, strongest.clause)].statement
        parts.append(f"{strongest.finding.code}: {statement.split('. ')[0].rstrip('.')}")
    text = "; ".join(parts)
    return text[:1].upper() + text[1:]


def _finding(item: DecidedFinding, assessment: Assessment, named_by: Namings) -> str:
    """`- **CI-HTN-SEV** (Excludes): statement Read: 190 mmHg (Record, 2026-03-01). [Source read]`."""
    words = rule_words()[(item.finding.code, item.clause)]
    confidence = CONFIDENCES["recalled" if item.recalled else item.finding.source.confidence]
    shown = "; ".join(read(assessment.facts.by_key[key], named_by) for key in _known(item, assessment))
    rests_on = _(" Read: %(values)s.") % {"values": shown} if shown else ""
    severity = SEVERITIES[item.counts_as][0]
    return f"- **{item.finding.code}** ({severity}): {plain(words.statement)}{rests_on} [{confidence}]"


def _known(item: DecidedFinding, assessment: Assessment) -> Sequence[str]:
    return [key for key in item.finding.params if key in assessment.facts.values]


def _missing(assessment: Assessment) -> list[str]:
    """The questions of the strongest rules that wait, each once."""
    facts = list(dict.fromkeys(fact for needed in assessment.data_needed for fact in needed.facts))
    if not facts:
        return []
    lines = ["", _("Not known, and it matters:"), ""]
    lines += [f"- {plain(fact_words()[fact].question)}" for fact in facts[:_MOST_QUESTIONS]]
    return lines + _more(len(facts) - _MOST_QUESTIONS)


def _more(left: int) -> list[str]:
    return [_("- and %(n)d more") % {"n": left}] if left > 0 else []


def _knowledge(assessment: Assessment) -> str:
    return _("Decided for %(day)s with knowledge %(hash)s. Decision support: a clinician decides.") % {
        "day": assessment.on.isoformat(),
        "hash": assessment.knowledge_hash[:12],
    }
