"""What the cards of an answer say, as values; the sentences are made by who shows them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
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
from reprieve.interop.cds_hooks.told import NOTHING_TOLD, Naming, Told, namings

INTERACTION_RULES = "DDI-"
Namings = Mapping[str, tuple[Naming, ...]]


class Indicator(StrEnum):
    """How urgent a card is, in the words of CDS Hooks."""

    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionCard:
    """Candidacy by one route. `route_assumed`: nobody named the route. `named_by`: who names which medicine."""

    assessment: Assessment
    route_assumed: bool
    told: Told = NOTHING_TOLD
    named_by: Namings = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class InteractionCard:
    """What a newly selected medicine means for somebody who is given ketamine, by the assessment that has it."""

    findings: tuple[DecidedFinding, ...]
    assessment: Assessment
    named_by: Namings


@dataclass(frozen=True, slots=True, kw_only=True)
class IncompleteCard:
    """What did not come, came in part, or could not be read: it counts as unknown, never as absent.

    `is_disputed`: record number and date of birth name two different persons, so nothing known here was used.
    """

    record: Prefetched
    is_disputed: bool = False


Card = DecisionCard | InteractionCard | IncompleteCard


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What every answer is made with."""

    base: RuleBase
    chart_map: ChartMap
    on: date
    zone: tzinfo
    usual_route: Route = Route.IV


def patient_view_cards(desk: Desk, record: Prefetched, told: Told = NOTHING_TOLD) -> tuple[Card, ...]:
    """The decision by the usual route; of an empty record only that it is empty."""
    cards: list[Card] = []
    if not record.is_empty:
        assessment = _assess(desk, record, told, (), desk.usual_route)
        named_by = _namings(desk, record, told, ())
        cards.append(DecisionCard(assessment=assessment, route_assumed=False, told=told, named_by=named_by))
    return _with_gaps(cards, record, told)


def order_select_cards(
    desk: Desk, record: Prefetched, orders: tuple[DraftOrder, ...], told: Told = NOTHING_TOLD, *, treated_here: bool
) -> tuple[Card, ...]:
    """The decision for each selected ketamine order; interactions of other selected orders in somebody under treatment.

    Silent for every other order. `treated_here`: a course of this person runs in this installation.
    """
    selected = [order for order in orders if order.is_selected]
    if not selected:
        return ()
    beside = tuple(order.medication for order in orders if not order.is_ketamine)
    cards: list[Card] = list(_decisions(desk, record, told, selected, beside))
    ordered = any(order.is_ketamine for order in selected)
    if ordered or treated_here or is_under_treatment(record, told, desk.on):
        cards += _interactions(desk, record, told, [order for order in selected if not order.is_ketamine])
        return _with_gaps(cards, record, told) if cards or ordered else ()
    unsure = "medications" in record.missing or told.is_disputed
    return _with_gaps([], record, told) if unsure and any(_interactions(desk, record, told, selected)) else ()


def is_under_treatment(record: Prefetched, told: Told, on: date) -> bool:
    """Ketamine or esketamine is among the current medicines, on record or told."""
    return any(is_ketamine(row) and is_current(row, on) for row in (*record.chart.medications, *told.medications))


def indicator_of(card: Card) -> Indicator:
    """Critical for an emergency alone; a warning where treatment is excluded, needs a review, or it is unsure whose."""
    match card:
        case DecisionCard(assessment=assessment):
            if assessment.emergency:
                return Indicator.CRITICAL
            warns = assessment.decision in {Decision.INELIGIBLE, Decision.REVIEW}
        case InteractionCard(findings=findings):
            warns = any(item.counts_as in {Severity.ABSOLUTE, Severity.RELATIVE} for item in findings)
        case IncompleteCard():
            warns = card.is_disputed
        case _:
            assert_never(card)
    return Indicator.WARNING if warns else Indicator.INFO


def _with_gaps(cards: list[Card], record: Prefetched, told: Told) -> tuple[Card, ...]:
    if record.is_whole and not told.is_disputed:
        return tuple(cards)
    return (*cards, IncompleteCard(record=record, is_disputed=told.is_disputed))


def _decisions(
    desk: Desk, record: Prefetched, told: Told, selected: list[DraftOrder], beside: tuple[ChartMedication, ...]
) -> Iterator[DecisionCard]:
    routes = dict.fromkeys(order.route for order in selected if order.is_ketamine)
    if record.is_empty:
        return
    for route in routes:
        assessment = _assess(desk, record, told, beside, route or desk.usual_route)
        named_by = _namings(desk, record, told, beside)
        yield DecisionCard(assessment=assessment, route_assumed=route is None, told=told, named_by=named_by)


def _interactions(desk: Desk, record: Prefetched, told: Told, orders: list[DraftOrder]) -> Iterator[InteractionCard]:
    """By the medicine itself, and by what it does together with those already taken."""
    if not orders:
        return
    route = desk.usual_route
    alone = replace(record, chart=replace(record.chart, medications=()))
    own_words = replace(told, case=told.case and replace(told.case, told_medications=()))
    before = {item.finding.code for item in _assess(desk, record, told, (), route).findings}
    for order in orders:
        own = {item.finding.code for item in _assess(desk, alone, own_words, (order.medication,), route).findings}
        after = _assess(desk, record, told, (order.medication,), route)
        found = tuple(
            item
            for item in after.findings
            if item.finding.code.startswith(INTERACTION_RULES)
            and (item.finding.code in own or item.finding.code not in before)
        )
        if found:
            named_by = _namings(desk, record, told, (order.medication,))
            yield InteractionCard(findings=found, assessment=after, named_by=named_by)


def _namings(desk: Desk, record: Prefetched, told: Told, orders: tuple[ChartMedication, ...]) -> Namings:
    return namings((*record.chart.medications, *told.medications), orders, desk.chart_map, desk.on)


def _assess(
    desk: Desk, record: Prefetched, told: Told, orders: tuple[ChartMedication, ...], route: Route
) -> Assessment:
    known = told.case or Case(on=desk.on, zone=desk.zone)
    case = replace(known, chart=record.chart, told_medications=(*known.told_medications, *orders))
    _, assessment = decide(case, desk.base, desk.chart_map, route=route, indication=told.indication)
    return assessment
