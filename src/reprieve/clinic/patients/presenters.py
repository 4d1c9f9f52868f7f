"""The chart as a clinician scans it: active first, the same thing once, each number with its date."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from reprieve.clinic.patients import selectors
from reprieve.clinic.patients.models import Condition, ImportedDocument, Medication, Observation, Patient
from reprieve.clinic.patients.wording import clinical_name, number_shown, reason_sentence, unit_shown
from reprieve.domain.quantities.interval import Interval
from reprieve.knowledge.measurements import measurement_codes

TABS = ("problems", "medicines", "allergies", "measurements")
_NOT_A_DISORDER = ("(finding)", "(situation)", "(procedure)", "(person)")
_OVER = frozenset({"inactive", "remission", "resolved"})
_STOPPED = frozenset({"completed", "stopped", "not-taken"})
_SYSTOLIC, _DIASTOLIC = "8480-6", "8462-4"
_Row = TypeVar("_Row", Condition, Medication)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartLine:
    """One problem or medicine: rows of the same name are one line with their number."""

    name: str
    status: str
    first_on: date | None
    last_on: date | None
    times: int
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """The newest value of one code."""

    name: str
    value: str
    unit: str
    at: datetime

    @property
    def age(self) -> str:
        """How long ago, in the largest unit: `3 weeks`."""
        return timesince(self.at, depth=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportLine:
    """One reason in an import report."""

    resource_type: str
    count: int
    sentence: str
    example_path: str


def chart_tab(patient: Patient, tab: str) -> dict[str, Any]:
    """What one tab of the chart shows."""
    match tab:
        case "medicines":
            return {"lines": medicines_of(patient)}
        case "allergies":
            return {"allergies": patient.allergys.order_by("name")}
        case "measurements":
            return {"measurements": measurements_of(patient)}
        case _:
            return {"lines": problems_of(patient)}


def problems_of(patient: Patient) -> dict[str, Sequence[ChartLine]]:
    """Active disorders, active findings and situations, and what is over; an unknown status counts as active."""
    disorders: list[Condition] = []
    findings: list[Condition] = []
    over: list[Condition] = []
    for row in patient.conditions.all():
        if row.clinical_status in _OVER or _is_refuted(row):
            over.append(row)
        elif _condition_name(row).endswith(_NOT_A_DISORDER):
            findings.append(row)
        else:
            disorders.append(row)
    return {
        "active": _lines(disorders, _condition_name, _onset, _condition_status),
        "findings": _lines(findings, _condition_name, _onset, _condition_status),
        "over": _lines(over, _condition_name, _onset, _condition_status),
    }


def medicines_of(patient: Patient) -> dict[str, Sequence[ChartLine]]:
    """Medicines that are taken, and those that are not any more."""
    rows = list(patient.medications.all())
    active = [row for row in rows if row.status not in _STOPPED]
    over = [row for row in rows if row.status in _STOPPED]
    return {
        "active": _lines(active, _medication_name, _started, _medication_status, _dose),
        "over": _lines(over, _medication_name, _started, _medication_status, _dose),
    }


def measurements_of(patient: Patient) -> list[Measurement]:
    """The newest value of each code; a systolic and diastolic pressure of one moment are one line."""
    latest = {row.loinc: row for row in selectors.latest_observations(patient)}
    lines = []
    pressure = _pressure(latest.get(_SYSTOLIC), latest.get(_DIASTOLIC))
    if pressure is not None:
        lines.append(pressure)
        del latest[_SYSTOLIC], latest[_DIASTOLIC]
    return sorted([*lines, *(_measurement(row) for row in latest.values())], key=lambda line: line.at, reverse=True)


def report_of(document: ImportedDocument) -> dict[str, Any]:
    """The stored report with its sentences. `skipped` is what nobody uses, `refused` what a person may want to know."""
    lines = [
        (
            line["reason_code"],
            ReportLine(
                resource_type=line["resource_type"],
                count=line["count"],
                sentence=reason_sentence(line["reason_code"]),
                example_path=line["example_path"],
            ),
        )
        for line in document.report.get("left", [])
    ]
    unused = {"NOT-READ", "CODE-NOT-READ"}
    return {
        **document.report,
        "refused": [line for code, line in lines if code not in unused],
        "skipped": [line for code, line in lines if code in unused],
        "skipped_count": sum(line.count for code, line in lines if code in unused),
    }


def _pressure(systolic: Observation | None, diastolic: Observation | None) -> Measurement | None:
    if systolic is None or diastolic is None or systolic.effective_at != diastolic.effective_at:
        return None
    if systolic.value is None or diastolic.value is None:
        return None
    value = f"{systolic.value:.0f}/{diastolic.value:.0f}"
    return Measurement(name=_("Blood pressure"), value=value, unit="mmHg", at=systolic.effective_at)


def _measurement(row: Observation) -> Measurement:
    known = measurement_codes().get(row.loinc)
    return Measurement(
        name=known.title if known else row.display,
        value=_value_shown(row),
        unit=unit_shown(row.unit),
        at=row.effective_at,
    )


def _value_shown(row: Observation) -> str:
    if row.value is not None:
        return number_shown(row.value, row.unit)
    if row.interval is not None:
        return str(Interval.of_ends(row.interval))
    return ", ".join(coding["display"] or coding["code"] for coding in row.value_codings)


def _lines(
    rows: Iterable[_Row],
    name_of: Callable[[_Row], str],
    day_of: Callable[[_Row], date | None],
    status_of: Callable[[_Row], str],
    detail_of: Callable[[_Row], str] = lambda _row: "",
) -> list[ChartLine]:
    grouped: dict[tuple[str, str], list[_Row]] = {}
    for row in sorted(rows, key=lambda row: day_of(row) or date.min):
        grouped.setdefault((name_of(row), status_of(row)), []).append(row)
    lines = [
        ChartLine(
            name=clinical_name(name),
            status=status,
            first_on=min((day for row in same if (day := day_of(row))), default=None),
            last_on=day_of(same[-1]),
            times=len(same),
            detail=detail_of(same[-1]),
        )
        for (name, status), same in grouped.items()
    ]
    return sorted(lines, key=lambda line: line.last_on or date.min, reverse=True)


def _condition_name(row: Condition) -> str:
    displays = [coding["display"] for coding in row.codings if coding["display"]]
    return str(displays[0] if displays else row.codings[0]["code"])


def _medication_name(row: Medication) -> str:
    return row.name


def _onset(row: Condition) -> date | None:
    return row.onset_on


def _started(row: Medication) -> date | None:
    return row.started_on


def _condition_status(row: Condition) -> str:
    return "refuted" if _is_refuted(row) else row.clinical_status


def _medication_status(row: Medication) -> str:
    return row.status


def _is_refuted(row: Condition) -> bool:
    return row.verification_status == "refuted"


def _dose(row: Medication) -> str:
    if row.daily_dose_mg is not None:
        return f"{number_shown(row.daily_dose_mg)} mg/d"
    return str(_("as needed")) if row.as_needed else ""
