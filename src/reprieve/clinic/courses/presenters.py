"""What the pages of courses and orders show: numbers with units, sentences, the schedule strip."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise

from reprieve.clinic.courses.wording import BASES, CHECKED, REQUIREMENTS, finding_sentence
from reprieve.domain.course.regimen import Regimen
from reprieve.domain.dosing.order import DoseOrder
from reprieve.domain.dosing.second_check import Checked
from reprieve.domain.quantities.findings import Finding, Severity
from reprieve.domain.quantities.sources import Confidence, Source
from reprieve.knowledge.loader import sources

_DAYS = 7
_LOOK = {
    Severity.EMERGENCY: ("stop", "urgent"),
    Severity.ABSOLUTE: ("stop", "hand-stop"),
    Severity.RELATIVE: ("stop", "hand-stop"),
    Severity.WORKUP: ("stop", "scale"),
    Severity.CAUTION: ("hold", "alert-triangle"),
    Severity.INFO: ("accent", "info-circle"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingView:
    """A finding as a line: its code, sentence, look and where it comes from."""

    code: str
    sentence: str
    tone: str
    icon: str
    citations: tuple[str, ...]
    is_recalled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BasisView:
    """The dose on one weight basis, and how it differs from the ordered one."""

    label: str | Promise
    weight_kg: Decimal
    dose_mg: Decimal
    difference_mg: Decimal
    is_chosen: bool
    is_suggested: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceView:
    label: str | Promise
    unit: str
    ordered: str
    found: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCell:
    """One day of the schedule strip; `number` of the session on it, if any."""

    day: int
    number: int | None
    is_checkpoint: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RegimenCard:
    regimen: Regimen
    weeks: tuple[tuple[DayCell, ...], ...]
    citations: tuple[str, ...]
    requirements: tuple[str | Promise, ...]
    is_for_indication: bool


def citations(source: Source) -> tuple[str, ...]:
    """Full citations of a statement."""
    known = sources()
    return tuple(known[key].citation for key in source.keys)


def finding_views(findings: Iterable[Finding]) -> list[FindingView]:
    """Lines in the order of the findings."""
    return [
        FindingView(
            code=finding.code,
            sentence=finding_sentence(finding),
            tone=_LOOK[finding.severity][0],
            icon=_LOOK[finding.severity][1],
            citations=citations(finding.source),
            is_recalled=finding.source.confidence is Confidence.RECALLED,
        )
        for finding in findings
    ]


def basis_views(order: DoseOrder) -> list[BasisView]:
    """REG-WT-IBW: the same mg/kg on every basis that can be calculated."""
    return [
        BasisView(
            label=BASES[one.basis],
            weight_kg=one.weight_kg,
            dose_mg=one.dose.mg,
            difference_mg=one.dose.mg - order.dose.mg,
            is_chosen=one.basis is order.request.basis,
            is_suggested=one.basis is order.suggested_basis,
        )
        for one in order.by_basis
    ]


def numbers_shown(order: DoseOrder) -> str:
    """What a signature stands for: compared again when the order is signed."""
    made = order.preparation
    numbers = (order.dose.mg, made.draw_volume_ml, made.final_volume_ml, made.rate_ml_per_h, order.request.duration_min)
    return "|".join(str(number) for number in numbers)


def difference_views(stored: Sequence[dict[str, str]]) -> list[DifferenceView]:
    """The lines of a second check that disagreed."""
    views = []
    for one in stored:
        label, unit = CHECKED[Checked(one["quantity"])]
        views.append(DifferenceView(label=label, unit=unit, ordered=one["ordered"], found=one["found"]))
    return views


def regimen_card(regimen: Regimen, indication_id: str) -> RegimenCard:
    """A regimen with its weeks as rows of seven days."""
    numbers = {day: number for number, day in enumerate(regimen.day_offsets, start=1)}
    last_week = regimen.day_offsets[-1] // _DAYS
    weeks = tuple(
        tuple(
            DayCell(day=day, number=numbers.get(day), is_checkpoint=numbers.get(day) in regimen.checkpoints)
            for day in range(week * _DAYS, (week + 1) * _DAYS)
        )
        for week in range(last_week + 1)
    )
    return RegimenCard(
        regimen=regimen,
        weeks=weeks,
        citations=citations(regimen.source),
        requirements=tuple(REQUIREMENTS[name] for name in regimen.requires),
        is_for_indication=indication_id in regimen.indication_ids,
    )
