"""Plain functions that make source records for the registry tests."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

from reprieve.registry.sources import SourcePerson, SourceRecord, SourceScore, SourceSession

FIRST_DOSE_ON = date(2025, 3, 3)


def at(day: int, hour: int = 15) -> datetime:
    return datetime(2025, 3, 3, hour, tzinfo=UTC) + timedelta(days=day)


def make_source_person(**fields) -> SourcePerson:
    defaults = {"birth_on": date(1980, 5, 17), "sex": "female", "indication": "IND-TRD", "regimen": "REG-IV-STD6-3W"}
    return SourcePerson(**{**defaults, **fields})


def make_source_session(day: int = 0, **fields) -> SourceSession:
    defaults = {
        "row_id": uuid4(), "course_number": 1, "phase": "induction", "session_number": 1, "started_at": at(day),
        "ended_at": at(day) + timedelta(minutes=40), "started_on": at(day).date(), "drug": "racemic_ketamine",
        "route": "IV", "ordered_mg": 40.0, "delivered_mg": 40.0, "delivered_mg_per_kg": 0.5, "weight_kg": 80.0,
        "weight_basis": "actual", "infusion_min": 40.0, "baseline_systolic_mmhg": 122.0,
        "baseline_diastolic_mmhg": 78.0, "peak_systolic_mmhg": 148.0, "lowest_spo2_percent": 96.0,
        "adverse_event_codes": ("AE-NAUS",), "worst_adverse_event_grade": 1,
    }  # fmt: skip
    return SourceSession(**{**defaults, **fields})


def make_source_score(day: int, total: int | None, hour: int = 9, **fields) -> SourceScore:
    defaults = {"instrument": "phq-9", "answered_at": at(day, hour), "answered_on": at(day).date(), "total": total}
    return SourceScore(**{**defaults, **fields})


def make_source_record(**fields) -> SourceRecord:
    defaults = {
        "person": make_source_person(),
        "sessions": [make_source_session(0), make_source_session(3, session_number=2)],
        "scores": [make_source_score(-2, 18), make_source_score(10, 8)],
    }
    return SourceRecord(**{**defaults, **fields})


STUDY_ID = UUID("6f0d7a4e-5d0a-4c55-9d0e-0f6a4c1f7a10")
