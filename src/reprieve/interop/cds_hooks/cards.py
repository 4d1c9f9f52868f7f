"""What the cards of an answer say, as values; the sentences are made by who shows them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, tzinfo
from enum import StrEnum
from typing import assert_never

from reprieve.domain.candidacy.assessment import Assessment, DecidedFinding, Decision
from reprieve.domain.candidacy.case import Case
from reprieve.domain.candidacy.chart import ChartMedication
from reprieve.domain.candidacy.chart_map import ChartMap
from reprieve.domain.candidacy.medicines import is_current
from reprieve.domain.candidacy.rules import Route, RuleBase
from reprieve.domain.candidacy.screening import decide
from reprieve.domain.quantities.findings import Severity
from reprieve.interop.cds_hooks.orders import DraftOrder, is_ketamine
from reprieve.interop.cds_hooks.prefetch import Prefetched

INTERACTION_RULES = "DDI-"


class Indicator(StrEnum):
    """How urgent a card is, in the words of CDS Hooks."""

    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionCard:
    """Candidacy by one route. `route_assumed`: nobody named the route."""

    assessment: Assessment
    route_assumed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class InteractionCard:
    """What a newly selected medicine means for somebody who is given ketamine."""

    findings: tuple[DecidedFinding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IncompleteCard:
    """What did not come, came in part, or could not be read: it counts as unknown, never as absent."""

    record: Prefetched


Card = DecisionCard | InteractionCard | IncompleteCard


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What every answer is made with."""

    base: RuleBase
    chart_map: ChartMap
    on: date
    zone: tzinfo
    usual_route: Route = Route.IV


def patient_view_cards(desk: Desk, record: Prefetched) -> tuple[Card, ...]:
    """The decision by the usual route; of an empty record only that it is empty."""
    cards: list[Card] = []
    if not record.is_empty:
        assessment = _assess(desk, record, (), desk.usual_route)
        cards.append(DecisionCard(assessment=assessment, route_assumed=False))
    return _with_gaps(cards, record)


def order_select_cards(
    desk: Desk, record: Prefetched, orders: tuple[DraftOrder, ...], *, treated_here: bool
) -> tuple[Card, ...]:
    """The decision for each selected ketamine order; interactions of other selected orders in somebody under treatment.

    Silent for every other order. `treated_here`: a course of this person runs in this installation.
    """
    selected = [order for order in orders if order.is_selected]
    if not selected:
        return ()
    beside = tuple(order.medication for order in orders if not order.is_ketamine)
    cards: list[Card] = list(_decisions(desk, record, selected, beside))
    ordered = any(order.is_ketamine for order in selected)
    if ordered or treated_here or is_under_treatment(record, desk.on):
        cards += _interactions(desk, record, [order for order in selected if not order.is_ketamine])
        return _with_gaps(cards, record) if cards or ordered else ()
    if "medications" in record.missing and any(_interactions(desk, record, selected)):
        return (IncompleteCard(record=record),)
    return ()


def is_under_treatment(record: Prefetched, on: date) -> bool:
    """Ketamine or esketamine is on the current medicine list."""
    return any(is_ketamine(row) and is_current(row, on) for row in record.chart.medications)


def indicator_of(card: Card) -> Indicator:
    """Critical for an emergency alone; a warning where treatment is excluded or needs a clinician's review."""
    match card:
        case DecisionCard(assessment=assessment):
            if assessment.emergency:
                return Indicator.CRITICAL
            warns = assessment.decision in {Decision.INELIGIBLE, Decision.REVIEW}
        case InteractionCard(findings=findings):
            warns = any(item.counts_as in {Severity.ABSOLUTE, Severity.RELATIVE} for item in findings)
        case IncompleteCard():
            warns = False
        case _:
            assert_never(card)
    return Indicator.WARNING if warns else Indicator.INFO


def _with_gaps(cards: list[Card], record: Prefetched) -> tuple[Card, ...]:
    return tuple(cards) if record.is_whole else (*cards, IncompleteCard(record=record))


def _decisions(
    desk: Desk, record: Prefetched, selected: list[DraftOrder], beside: tuple[ChartMedication, ...]
) -> Iterator[DecisionCard]:
    routes = dict.fromkeys(order.route for order in selected if order.is_ketamine)
    if record.is_empty:
        return
    for route in routes:
        assessment = _assess(desk, record, beside, route or desk.usual_route)
        yield DecisionCard(assessment=assessment, route_assumed=route is None)


def _interactions(desk: Desk, record: Prefetched, orders: list[DraftOrder]) -> Iterator[InteractionCard]:
    """By the medicine itself, and by what it does together with those already taken."""
    if not orders:
        return
    before = {item.finding.code for item in _assess(desk, record, (), desk.usual_route).findings}
    for order in orders:
        alone = replace(record, chart=replace(record.chart, medications=()))
        own = {item.finding.code for item in _assess(desk, alone, (order.medication,), desk.usual_route).findings}
        after = _assess(desk, record, (order.medication,), desk.usual_route).findings
        found = tuple(
            item
            for item in after
            if item.finding.code.startswith(INTERACTION_RULES)
            and (item.finding.code in own or item.finding.code not in before)
        )
        if found:
            yield InteractionCard(findings=found)


def _assess(desk: Desk, record: Prefetched, told: tuple[ChartMedication, ...], route: Route) -> Assessment:
    case = Case(on=desk.on, zone=desk.zone, chart=record.chart, told_medications=told)
    _, assessment = decide(case, desk.base, desk.chart_map, route=route)
    return assessment
