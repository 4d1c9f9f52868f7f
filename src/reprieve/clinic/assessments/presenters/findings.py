"""One finding of a stored decision in the words of people: reason, numbers, source and confidence."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from reprieve.clinic.assessments import wording
from reprieve.clinic.assessments.presenters.values import show_value, shown_detail
from reprieve.clinic.assessments.wording import Text
from reprieve.knowledge.candidacy import RuleWords, fact_words, rule_words
from reprieve.knowledge.loader import SourceEntry, sources

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberLine:
    """One number behind a finding."""

    label: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingView:
    """One finding with reason, numbers, source and confidence."""

    rule: str
    statement: str
    advice: str
    numbers: tuple[NumberLine, ...]
    sources: tuple[SourceEntry, ...]
    confidence: Text
    basis: Text
    is_recalled: bool
    temporary: bool
    weakened: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingGroup:
    """The findings of one severity."""

    label: Text
    icon: str
    tone: str
    findings: tuple[FindingView, ...]


def finding_view(item: Record) -> FindingView:
    """One finding of a stored record."""
    words = rule_words().get((item["rule"], item["clause"]), RuleWords(statement=item["rule"], advice=""))
    return FindingView(
        rule=item["rule"],
        statement=words.statement,
        advice=words.advice,
        numbers=tuple(_numbers(item["params"])),
        sources=tuple(sources()[key] for key in item["source"] if key in sources()),
        confidence=wording.CONFIDENCES[item["confidence"]],
        basis=wording.LETTER_CONFIDENCES[item["confidence"]],
        is_recalled=item["confidence"] == "recalled",
        temporary=item["temporary"],
        weakened=item["counts_as"] != item["severity"],
    )


def _numbers(params: Record) -> Iterator[NumberLine]:
    """What was read, without the plain yes and no that the statement already says."""
    for key, value in params.items():
        if key in fact_words() and not isinstance(value, bool):
            yield NumberLine(label=fact_words()[key].question, value=show_value(key, value))
    details = dict.fromkeys(
        shown_detail(value)
        for key, value in params.items()
        if key.endswith(".detail") and key != "treatment_resistant.detail"
    )
    yield from (NumberLine(label=gettext("Rests on"), value=detail) for detail in details if detail)
    low, high = params.get("benzodiazepine_low_mg"), params.get("benzodiazepine_high_mg")
    if low is not None and high is not None and low <= params.get("limit.limit", low) < high:
        yield NumberLine(label="", value=gettext("The two tables disagree about the limit"))
