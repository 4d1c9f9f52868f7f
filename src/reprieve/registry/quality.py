"""Data-quality rules run at submission: E refuses the row with a sentence, W keeps it and says so.

Rule ids DQ01-DQ10 are those of the published data-quality list (docs/reference/registry-deidentification.md).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from itertools import pairwise

from reprieve.registry.sources import SourceScore, SourceSession

BASELINE_WINDOW_DAYS = 14
_HIGHEST_PHQ9 = 27
_HIGHEST_ITEM = 3
_MG_PER_KG = {"IV": (0.1, 1.5), "IM": (0.2, 2.0)}
_WEIGHT_KG = (30.0, 300.0)
_WEIGHT_CHANGE = 0.15
_WEIGHT_CHANGE_DAYS = 30
_POUND_RATIO = (2.1, 2.3)
_LONGEST_SESSION = timedelta(hours=4)
_SYSTOLIC_MMHG = (50.0, 300.0)
_SPO2_PERCENT = (50.0, 100.0)


class Severity(StrEnum):
    ERROR = "E"
    WARNING = "W"


@dataclass(frozen=True, slots=True, kw_only=True)
class DataFinding:
    """One rule that a row breaks, and the sentence for the person who can correct the chart."""

    rule: str
    severity: Severity
    sentence: str


def _error(rule: str, sentence: str) -> DataFinding:
    return DataFinding(rule=rule, severity=Severity.ERROR, sentence=sentence)


def _warning(rule: str, sentence: str) -> DataFinding:
    return DataFinding(rule=rule, severity=Severity.WARNING, sentence=sentence)


def _outside(value: float | None, limits: tuple[float, float]) -> bool:
    return value is not None and not limits[0] <= value <= limits[1]


def score_findings(
    score: SourceScore, *, days_since_last_dose: int | None, after_first_dose: bool
) -> list[DataFinding]:
    """DQ01 (range and recomputed total) and DQ04 (a later score has a session before it)."""
    found = []
    if score.total is not None and not 0 <= score.total <= _HIGHEST_PHQ9:
        found.append(_error("DQ01", f"The PHQ-9 total {score.total} is outside 0 to {_HIGHEST_PHQ9}."))
    if score.answers is not None:
        found.extend(_item_findings(score.answers, score.total))
    if after_first_dose and (days_since_last_dose is None or days_since_last_dose < 0):
        found.append(_error("DQ04", "A score after treatment began has no session before it."))
    return found


def _item_findings(answers: tuple[int | None, ...], total: int | None) -> Iterator[DataFinding]:
    given = [answer for answer in answers if answer is not None]
    if any(not 0 <= answer <= _HIGHEST_ITEM for answer in given):
        yield _error("DQ01", "An answer of the questionnaire is outside 0 to 3.")
    if len(given) == len(answers) and total is not None and sum(given) != total:
        yield _error("DQ01", f"The answers add up to {sum(given)}, the total says {total}.")


def baseline_findings(days_before: int | None) -> list[DataFinding]:
    """DQ03: without a score in the 14 days before the first dose the person has no baseline for outcomes."""
    if days_before is not None:
        return []
    return [_error("DQ03", f"There is no PHQ-9 total in the {BASELINE_WINDOW_DAYS} days before the first dose.")]


def session_findings(session: SourceSession) -> list[DataFinding]:
    """DQ07 (dose), DQ08 (weight), DQ09 (times) and DQ10 (vital signs) for one session."""
    return [*_dose(session), *_weight(session), *_times(session), *_vital_signs(session)]


def _dose(session: SourceSession) -> Iterator[DataFinding]:
    limits = _MG_PER_KG.get(session.route)
    if limits and _outside(session.delivered_mg_per_kg, limits):
        yield _warning(
            "DQ07",
            f"{session.delivered_mg_per_kg:g} mg/kg {session.route} is outside {limits[0]:g} to {limits[1]:g} mg/kg.",
        )


def _weight(session: SourceSession) -> Iterator[DataFinding]:
    if _outside(session.weight_kg, _WEIGHT_KG):
        yield _warning("DQ08", f"The weight {session.weight_kg:g} kg is outside 30 to 300 kg.")


def _times(session: SourceSession) -> Iterator[DataFinding]:
    if session.ended_at is None:
        return
    if session.ended_at < session.started_at:
        yield _error("DQ09", "The session ends before it starts.")
    elif session.ended_at - session.started_at > _LONGEST_SESSION:
        yield _error("DQ09", "The infusion lasts longer than 4 hours.")


def _vital_signs(session: SourceSession) -> Iterator[DataFinding]:
    for label, systolic in (("first", session.baseline_systolic_mmhg), ("highest", session.peak_systolic_mmhg)):
        if _outside(systolic, _SYSTOLIC_MMHG):
            yield _error("DQ10", f"The {label} systolic pressure {systolic:g} mmHg is outside 50 to 300.")
    systolic, diastolic = session.baseline_systolic_mmhg, session.baseline_diastolic_mmhg
    if systolic is not None and diastolic is not None and systolic < diastolic:
        yield _error("DQ10", "The first systolic pressure is below the diastolic.")
    if _outside(session.lowest_spo2_percent, _SPO2_PERCENT):
        yield _error("DQ10", f"The lowest SpO2 {session.lowest_spo2_percent:g} % is outside 50 to 100.")


def neighbour_findings(sessions: Sequence[SourceSession]) -> list[list[DataFinding]]:
    """DQ08 and DQ09 between sessions of one person, in the order given: weight jumps and overlaps."""
    found: list[list[DataFinding]] = [[] for _ in sessions]
    ordered = sorted(range(len(sessions)), key=lambda position: sessions[position].started_at)
    for earlier, later in pairwise(ordered):
        found[later].extend(_between(sessions[earlier], sessions[later]))
    return found


def _between(earlier: SourceSession, later: SourceSession) -> Iterator[DataFinding]:
    if earlier.ended_at is not None and later.started_at < earlier.ended_at:
        yield _error("DQ09", "The session overlaps the one before.")
    if earlier.weight_kg and later.weight_kg:
        ratio = max(earlier.weight_kg, later.weight_kg) / min(earlier.weight_kg, later.weight_kg)
        soon = (later.started_on - earlier.started_on).days <= _WEIGHT_CHANGE_DAYS
        if _POUND_RATIO[0] <= ratio <= _POUND_RATIO[1]:
            yield _warning("DQ08", "The weight changed by a factor of about 2.2: pounds taken for kilograms?")
        elif soon and abs(later.weight_kg / earlier.weight_kg - 1) > _WEIGHT_CHANGE:
            yield _warning("DQ08", "The weight changed by more than 15 % within 30 days.")
