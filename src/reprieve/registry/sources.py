"""What the clinic hands to the de-identifier. These values name people and stay in the clinic."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcePerson:
    """Who was treated, for what, under which first regimen."""

    birth_on: date
    sex: str
    indication: str
    regimen: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSession:
    """One signed session. `started_on` is the local date; `row_id` is random and means nothing outside."""

    row_id: UUID
    course_number: int
    phase: str
    session_number: int
    started_at: datetime
    ended_at: datetime | None
    started_on: date
    drug: str
    route: str
    ordered_mg: float | None
    delivered_mg: float | None
    delivered_mg_per_kg: float | None
    weight_kg: float | None
    weight_basis: str
    infusion_min: float | None
    baseline_systolic_mmhg: float | None = None
    baseline_diastolic_mmhg: float | None = None
    peak_systolic_mmhg: float | None = None
    lowest_spo2_percent: float | None = None
    lowest_respiratory_rate_per_min: float | None = None
    lowest_moaas: int | None = None
    peak_dissociation: float | None = None
    adverse_event_codes: tuple[str, ...] = ()
    worst_adverse_event_grade: int | None = None
    intervention_codes: tuple[str, ...] | None = None
    stopped_early: bool = False
    released_after_min: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceScore:
    """One questionnaire total; `answers` only where the items are known, to recompute the total."""

    instrument: str
    answered_at: datetime
    answered_on: date
    total: int | None
    answers: tuple[int | None, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRecord:
    """One person with all signed sessions in the order given, and all scores."""

    person: SourcePerson
    sessions: Sequence[SourceSession]
    scores: Sequence[SourceScore]
