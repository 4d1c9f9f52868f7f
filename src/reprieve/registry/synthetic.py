"""Invented people with a known truth, for tests, the demonstration and benchmarks. Every row says `synthetic`.

The shares are chosen near published real-world series (response about half, one in five without a later score) so
that pages look like practice; they carry no clinical meaning.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from uuid import UUID

from reprieve.registry.rows import OLDEST_AGE, Package, PersonRow, ScoreRow, SessionRow

_SCHEDULE_DAYS = (0, 3, 7, 10, 14, 17)
_NAMESPACE_BITS = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """The probabilities people are drawn with."""

    has_baseline: float = 0.92
    answers_afterwards: float = 0.80
    responds: float = 0.52
    remits_if_responds: float = 0.55
    follow_up_closed: float = 0.90
    stops_early: float = 0.15


def synthetic_packages(*, people: int, seed: int, truth: Truth | None = None) -> Iterator[Package]:
    """`people` invented records, the same for the same seed.  Raises: ValueError for fewer than one."""
    if people < 1:
        raise ValueError("at least one person")
    chance = Random(seed)  # noqa: S311  reproducible invention, no secret
    for _ in range(people):
        yield _package(chance, truth or Truth())


def _package(chance: Random, truth: Truth) -> Package:
    study_id = str(UUID(int=chance.getrandbits(_NAMESPACE_BITS), version=4))
    sessions = chance.randint(1, 5) if chance.random() < truth.stops_early else len(_SCHEDULE_DAYS)
    severity = min(27, max(5, round(chance.gauss(18.5, 4.5))))
    baseline = severity if chance.random() < truth.has_baseline else None
    person = PersonRow(
        study_id=study_id,
        synthetic=True,
        age_at_index=min(OLDEST_AGE, max(18, round(chance.gauss(44, 15)))),
        sex=chance.choice(("female", "female", "female", "male", "male", "other")),
        indication=chance.choice(("IND-TRD", "IND-TRD", "IND-TRD", "IND-MDSI", "IND-BP2")),
        regimen="REG-IV-STD6-3W",
        index_year=chance.choice((2024, 2025)),
        baseline_phq9=baseline,
        baseline_days_before=None if baseline is None else chance.randint(0, 14),
        induction_sessions=sessions,
        last_induction_day=_SCHEDULE_DAYS[sessions - 1],
        follow_up_closed=chance.random() < truth.follow_up_closed,
    )
    return Package(
        person=person,
        sessions=tuple(_session(chance, person, number) for number in range(1, sessions + 1)),
        scores=tuple(_scores(chance, person, severity, truth)),
    )


def _session(chance: Random, person: PersonRow, number: int) -> SessionRow:
    weight_kg = round(min(160.0, max(42.0, chance.gauss(80, 18))), 1)
    dose_mg = round(weight_kg * 0.5, 1)
    baseline_mmhg = round(chance.gauss(124, 12))
    return SessionRow(
        study_id=person.study_id,
        synthetic=True,
        row_id=str(UUID(int=chance.getrandbits(_NAMESPACE_BITS), version=4)),
        course_number=1,
        phase="induction",
        session_number=number,
        days_since_first_dose=_SCHEDULE_DAYS[number - 1],
        drug="racemic_ketamine",
        route="IV",
        ordered_mg=dose_mg,
        delivered_mg=dose_mg,
        delivered_mg_per_kg=0.5,
        weight_kg=weight_kg,
        weight_basis="actual",
        infusion_min=40.0,
        baseline_systolic_mmhg=baseline_mmhg,
        peak_systolic_mmhg=baseline_mmhg + round(abs(chance.gauss(19, 9))),
        lowest_spo2_percent=round(min(100.0, chance.gauss(96, 1.5))),
        lowest_respiratory_rate_per_min=round(chance.gauss(14, 2)),
        lowest_moaas=chance.choice((3, 4, 4, 5, 5)),
        peak_dissociation=chance.randint(0, 10),
        adverse_event_codes=["AE-NAUS"] if chance.random() < 0.15 else [],
        worst_adverse_event_grade=None,
        intervention_codes=None,
        stopped_early=False,
        released_after_min=round(chance.gauss(105, 12)),
        baseline_phq9=person.baseline_phq9,
        last_phq9_before=person.baseline_phq9,
    )


def _scores(chance: Random, person: PersonRow, severity: int, truth: Truth) -> Iterator[ScoreRow]:
    last_day = person.last_induction_day or 0
    if person.baseline_phq9 is not None and person.baseline_days_before is not None:
        yield _score(person, -person.baseline_days_before, None, person.baseline_phq9)
    if chance.random() >= truth.answers_afterwards:
        return
    final = _final_total(chance, severity, truth)
    halfway = chance.randint(1, 7)
    yield _score(person, last_day + halfway, halfway, min(27, final + chance.randint(0, 3)))
    late = chance.randint(8, 31)
    yield _score(person, last_day + late, late, final)


def _final_total(chance: Random, severity: int, truth: Truth) -> int:
    half = severity // 2
    if chance.random() >= truth.responds:
        return chance.randint(half + 1, min(27, severity + 3))
    if chance.random() < truth.remits_if_responds:
        return chance.randint(0, min(4, half))
    return chance.randint(min(5, half), half)


def _score(person: PersonRow, day: int, since_last: int | None, total: int) -> ScoreRow:
    return ScoreRow(
        study_id=person.study_id,
        synthetic=True,
        instrument="phq-9",
        days_since_first_dose=day,
        days_since_last_dose=since_last,
        total=total,
    )
