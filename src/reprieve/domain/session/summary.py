"""What one finished session comes to, for the next decision, the letter and the registry."""

from dataclasses import dataclass
from datetime import datetime

from reprieve.domain.quantities.spans import minutes_between
from reprieve.domain.session.delivery import PumpVerb
from reprieve.domain.session.state import SessionState


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionSummary:
    """Ordered beside delivered; None where nothing was measured."""

    started_at: datetime | None
    ended_at: datetime | None
    infusion_min: float | None
    ordered_mg: float
    delivered_mg: float
    delivered_mg_per_kg: float
    weight_kg: float
    weight_basis: str
    baseline_systolic_mmhg: float | None
    peak_systolic_mmhg: float | None
    lowest_spo2_percent: float | None
    lowest_respiratory_rate_per_min: float | None
    lowest_moaas: int | None
    peak_dissociation: int | None
    adverse_events: tuple[tuple[str, int], ...]
    stopped_early: bool
    released_after_min: float | None


def summary(state: SessionState, *, now_at: datetime) -> SessionSummary:
    """The summary up to `now_at`.  Raises: ValueError when the session was never opened."""
    given = state.delivery(now_at)
    if state.opened is None or given is None:
        raise ValueError("a session that was never opened has no summary")
    started_at, ended_at, opened = state.started_at, state.ended_at, state.opened
    return SessionSummary(
        started_at=started_at,
        ended_at=ended_at,
        infusion_min=None if started_at is None or ended_at is None else minutes_between(started_at, ended_at),
        ordered_mg=opened.ordered_mg,
        delivered_mg=given.delivered_mg,
        delivered_mg_per_kg=given.delivered_mg / opened.dosing_weight_kg,
        weight_kg=opened.dosing_weight_kg,
        weight_basis=opened.weight_basis,
        baseline_systolic_mmhg=None if state.baseline is None else state.baseline.systolic_mmhg,
        peak_systolic_mmhg=state.extremes.peak_systolic_mmhg,
        lowest_spo2_percent=state.extremes.lowest_spo2_percent,
        lowest_respiratory_rate_per_min=state.extremes.lowest_respiratory_rate_per_min,
        lowest_moaas=state.extremes.lowest_moaas,
        peak_dissociation=state.extremes.peak_dissociation,
        adverse_events=tuple((event.term, event.grade) for event in state.adverse_events),
        stopped_early=any(action.verb is PumpVerb.STOP and action.early for action in state.pump),
        released_after_min=(
            None if state.release is None or started_at is None else minutes_between(started_at, state.release.at)
        ),
    )
