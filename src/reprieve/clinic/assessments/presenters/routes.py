"""The routes side by side: what the rules say of each, and what sets it apart from the others."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reprieve.clinic.assessments import wording
from reprieve.clinic.assessments.wording import DecisionWords, Text
from reprieve.domain.candidacy.assessment import Assessment, DecidedFinding
from reprieve.domain.candidacy.rules import Route
from reprieve.domain.quantities.findings import Severity
from reprieve.knowledge.candidacy import RuleWords, rule_words

Key = tuple[str, str]
_TOLD = frozenset({Severity.ABSOLUTE, Severity.RELATIVE, Severity.WORKUP, Severity.CAUTION})


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteReason:
    """One finding that not every route has."""

    rule: str
    statement: str
    label: Text
    tone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteColumn:
    """One route with its decision, what sets it apart, and how many rules wait for data."""

    route: Text
    is_asked: bool
    words: DecisionWords
    temporary: bool
    reasons: tuple[RouteReason, ...]
    waiting: int


def route_columns(answers: Mapping[Route, Assessment], *, asked: str) -> list[RouteColumn]:
    """A column a route, in the order given; a finding that all routes share is left to the findings below."""
    found = {route: {_key(item): item for item in answer.findings if item.counts_as in _TOLD}
             for route, answer in answers.items()}  # fmt: skip
    shared = set.intersection(*(set(items) for items in found.values()))
    return [
        RouteColumn(
            route=wording.ROUTES[route],
            is_asked=route == asked,
            words=wording.DECISIONS[answer.decision],
            temporary=answer.temporary,
            reasons=tuple(_reason(item) for key, item in found[route].items() if key not in shared),
            waiting=len(answer.data_needed),
        )
        for route, answer in answers.items()
    ]


def has_moved_on(columns: Iterable[RouteColumn], decision: str) -> bool:
    """Whether the rules would answer otherwise now: facts have grown old, or new ones came in."""
    return any(column.is_asked and column.words != wording.DECISIONS[decision] for column in columns)


def _key(item: DecidedFinding) -> Key:
    return item.finding.code, item.clause


def _reason(item: DecidedFinding) -> RouteReason:
    label, _icon, tone = wording.SEVERITIES[item.counts_as]
    words = rule_words().get(_key(item), RuleWords(statement=item.finding.code, advice=""))
    return RouteReason(rule=item.finding.code, statement=words.statement, label=label, tone=tone)
