"""What the chart says about one person, as the de-identifier takes it. Names and record numbers are never read."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from reprieve.clinic.courses.models import Course
from reprieve.clinic.outcomes.selectors import ScorePoint, scores_of
from reprieve.clinic.patients.models import Patient
from reprieve.clinic.visits.models import DosingSession
from reprieve.clinic.visits.selectors.states import session_state
from reprieve.domain.session.state import SessionState
from reprieve.domain.session.summary import SessionSummary, summary
from reprieve.registry.sources import SourcePerson, SourceRecord, SourceScore, SourceSession

_INSTRUMENT = "phq-9"
_MAINTENANCE = "REG-M-"


def source_record(
    patient: Patient, sessions: Iterable[DosingSession], row_ids: Mapping[UUID, UUID]
) -> SourceRecord | None:
    """The sessions in which a dose was started, and all PHQ-9 totals; None when no dose was ever started."""
    dosed = [(session, state) for session in sessions if (state := session_state(session)).started_at is not None]
    if not dosed:
        return None
    numbers = _course_numbers(session for session, _ in dosed)
    first = _course(dosed[0][0])
    return SourceRecord(
        person=SourcePerson(
            birth_on=patient.birth_on, sex=patient.sex, indication=first.indication_id, regimen=first.regimen_id
        ),
        sessions=[
            _session(session, state, row_id=row_ids[session.pk], course_number=numbers[_course(session).pk])
            for session, state in dosed
        ],
        scores=[_score(patient, point) for point in scores_of(patient, _INSTRUMENT)],
    )


def _course(session: DosingSession) -> Course:
    return session.order.planned_session.course


def _course_numbers(sessions: Iterable[DosingSession]) -> dict[UUID, int]:
    """Courses in the order of their first dose, from 1."""
    numbers: dict[UUID, int] = {}
    for session in sessions:
        numbers.setdefault(_course(session).pk, len(numbers) + 1)
    return numbers


def _session(session: DosingSession, state: SessionState, *, row_id: UUID, course_number: int) -> SourceSession:
    if state.started_at is None:
        raise ValueError("a session without a dose has no registry row")
    said = summary(state, now_at=state.ended_at or state.started_at)
    course = _course(session)
    return SourceSession(
        row_id=row_id,
        course_number=course_number,
        phase="maintenance" if course.regimen_id.startswith(_MAINTENANCE) else "induction",
        session_number=session.order.planned_session.number,
        started_at=state.started_at,
        ended_at=state.ended_at,
        started_on=state.started_at.astimezone(session.clinic.zone).date(),
        drug="racemic_ketamine",
        route=course.route,
        ordered_mg=said.ordered_mg,
        delivered_mg=said.delivered_mg,
        delivered_mg_per_kg=said.delivered_mg_per_kg,
        weight_kg=said.weight_kg,
        weight_basis=said.weight_basis.lower(),
        infusion_min=said.infusion_min,
        baseline_systolic_mmhg=said.baseline_systolic_mmhg,
        baseline_diastolic_mmhg=None if state.baseline is None else state.baseline.diastolic_mmhg,
        peak_systolic_mmhg=said.peak_systolic_mmhg,
        lowest_spo2_percent=said.lowest_spo2_percent,
        lowest_respiratory_rate_per_min=said.lowest_respiratory_rate_per_min,
        lowest_moaas=said.lowest_moaas,
        peak_dissociation=said.peak_dissociation,
        adverse_event_codes=tuple(code for code, _ in said.adverse_events),
        worst_adverse_event_grade=_worst_grade(said),
        intervention_codes=tuple(rescue.kind.value for rescue in state.rescues),
        stopped_early=said.stopped_early,
        released_after_min=said.released_after_min,
    )


def _worst_grade(said: SessionSummary) -> int | None:
    return max((grade for _, grade in said.adverse_events), default=None)


def _score(patient: Patient, point: ScorePoint) -> SourceScore:
    return SourceScore(
        instrument=_INSTRUMENT,
        answered_at=point.at,
        answered_on=point.at.astimezone(patient.clinic.zone).date(),
        total=point.total,
    )
