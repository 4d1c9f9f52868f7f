"""The core data set as it leaves the clinic: one row a person, one a session, one a score.

No row holds a date, a name or an id of the clinic. Time is the year of the first dose and whole days since it.
`synthetic` marks invented people; they are never counted together with real ones.
"""

from dataclasses import dataclass

import msgspec

OLDEST_AGE = 90
"""Ages from here on are one group, shown as `90+` (45 CFR 164.514(b)(2)(i)(C))."""


class PersonRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A person and the first course. `age_at_index` 90 means 90 or older.

    `induction_sessions` and `last_induction_day` (days since the first dose) count all sessions given in the first
    course, also those whose rows were refused; 0 and None when the first course is no induction.
    `follow_up_closed`: more than 31 days have passed since the last of them.
    `baseline_phq9`: the last total in the 14 days before the first dose; None when there is none.
    """

    study_id: str
    synthetic: bool
    age_at_index: int | None
    sex: str
    indication: str
    regimen: str
    index_year: int
    baseline_phq9: int | None
    baseline_days_before: int | None
    induction_sessions: int
    last_induction_day: int | None
    follow_up_closed: bool


class SessionRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One dosing session. None means not measured or not recorded, never zero and never "none happened"."""

    study_id: str
    synthetic: bool
    row_id: str
    course_number: int
    phase: str
    session_number: int
    days_since_first_dose: int
    drug: str
    route: str
    ordered_mg: float | None
    delivered_mg: float | None
    delivered_mg_per_kg: float | None
    weight_kg: float | None
    weight_basis: str
    infusion_min: float | None
    baseline_systolic_mmhg: float | None
    peak_systolic_mmhg: float | None
    lowest_spo2_percent: float | None
    lowest_respiratory_rate_per_min: float | None
    lowest_moaas: int | None
    peak_dissociation: float | None
    adverse_event_codes: list[str]
    worst_adverse_event_grade: int | None
    intervention_codes: list[str] | None
    stopped_early: bool
    released_after_min: float | None
    baseline_phq9: int | None
    last_phq9_before: int | None


class ScoreRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One questionnaire total. `total` None: handed in, but too incomplete to score.

    `days_since_last_dose` None: answered before the first dose.
    """

    study_id: str
    synthetic: bool
    instrument: str
    days_since_first_dose: int
    days_since_last_dose: int | None
    total: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """Everything the registry holds about one person; it replaces what was there before."""

    person: PersonRow
    sessions: tuple[SessionRow, ...]
    scores: tuple[ScoreRow, ...]


def age_label(age_at_index: int | None) -> str:
    """`89`, `90+`, or `unknown`."""
    if age_at_index is None:
        return "unknown"
    return f"{OLDEST_AGE}+" if age_at_index >= OLDEST_AGE else str(age_at_index)
