"""What a person learns from a self-check: likely, needs a talk, not now. No diagnosis and no promise (S16)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from reprieve.domain.candidacy.assessment import Assessment
from reprieve.domain.candidacy.facts import FactValue
from reprieve.domain.quantities.findings import Severity

_STOPS = frozenset({Severity.ABSOLUTE})
_NEEDS_A_TALK = frozenset({Severity.RELATIVE, Severity.WORKUP, Severity.EMERGENCY})


class Outlook(StrEnum):
    """The three answers, none of which is a decision."""

    LIKELY = "likely"
    TALK = "talk"
    NOT_NOW = "not_now"


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfCheck:
    """The outlook, the told facts that decided it, and what was asked and stayed open."""

    outlook: Outlook
    emergency: bool
    reasons: tuple[str, ...]
    unanswered: tuple[str, ...]


def self_check(assessment: Assessment, answers: Mapping[str, FactValue | None], *, talk: frozenset[str]) -> SelfCheck:
    """Read an assessment with the eyes of the person asked: only what was told counts, and silence asks for a talk.

    `answers`: every fact that was asked, None where the person did not answer. `talk`: facts of which a yes asks for a
    talk whatever the rules say.
    """
    told = {fact for fact, value in answers.items() if value is not None and value is not False}
    unanswered = tuple(fact for fact, value in answers.items() if value is None)
    stops, talks = _reasons(assessment, told, _STOPS), _reasons(assessment, told, _NEEDS_A_TALK)
    talks |= told & talk
    outlook = Outlook.NOT_NOW if stops else Outlook.TALK if talks or unanswered else Outlook.LIKELY
    reasons = tuple(sorted(stops | talks, key=lambda fact: (fact not in stops, list(answers).index(fact))))
    return SelfCheck(outlook=outlook, emergency=assessment.emergency, reasons=reasons, unanswered=unanswered)


def _reasons(assessment: Assessment, told: set[str], levels: frozenset[Severity]) -> set[str]:
    fired = {(item.finding.code, item.clause) for item in assessment.findings if item.counts_as in levels}
    return {
        fact
        for evaluation in assessment.evaluations
        if (evaluation.rule.id, evaluation.rule.clause) in fired
        for fact in evaluation.rule.reads
        if fact in told
    }
