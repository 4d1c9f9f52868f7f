"""What a table keeps of one file: one row, the same on the terminal, in CSV and in Parquet."""

from dataclasses import dataclass, fields
from datetime import date
from typing import TYPE_CHECKING

from reprieve.domain.candidacy.assessment import Assessment
from reprieve.errors import InputError

if TYPE_CHECKING:
    from reprieve.domain.candidacy.case import CaseReading


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One file. Without `decision` the file was refused, and `error_code` says why."""

    file: str
    decision: str | None = None
    emergency: bool | None = None
    temporary: bool | None = None
    needs_confirmation: bool | None = None
    strongest_rule: str | None = None
    strongest_severity: str | None = None
    rules_fired: tuple[str, ...] = ()
    rules_waiting: tuple[str, ...] = ()
    facts_missing: tuple[str, ...] = ()
    to_review: int | None = None
    on: date | None = None
    route: str | None = None
    indication: str | None = None
    phase: str | None = None
    knowledge: str | None = None
    error_code: str | None = None
    error: str | None = None
    error_at: str | None = None


COLUMNS = tuple(field.name for field in fields(Row))


def row_of(name: str, assessment: Assessment, reading: "CaseReading") -> Row:
    """The row of an answer."""
    strongest = next(iter(assessment.findings), None)
    missing = dict.fromkeys(fact for needed in assessment.data_needed for fact in needed.facts)
    return Row(
        file=name,
        decision=str(assessment.decision),
        emergency=assessment.emergency,
        temporary=assessment.temporary,
        needs_confirmation=assessment.needs_confirmation,
        strongest_rule=None if strongest is None else strongest.finding.code,
        strongest_severity=None if strongest is None else str(strongest.finding.severity),
        rules_fired=tuple(item.finding.code for item in assessment.findings),
        rules_waiting=tuple(needed.rule for needed in assessment.data_needed),
        facts_missing=tuple(missing),
        to_review=len(reading.reviews),
        on=assessment.on,
        route=str(assessment.route),
        indication=assessment.indication,
        phase=str(assessment.phase),
        knowledge=assessment.knowledge_hash,
    )


def refused_row(name: str, problem: InputError) -> Row:
    """The row of a file that cannot be used."""
    return Row(file=name, error_code=problem.code, error=problem.sentence, error_at=problem.where or None)
