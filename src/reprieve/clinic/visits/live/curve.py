"""Rates and the predicted concentration, past and future."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import numpy as np

from reprieve.domain.pharmacology.covariates import CovariateError
from reprieve.domain.pharmacology.infusion import InfusionSegment
from reprieve.domain.pharmacology.prediction import predict, predict_band
from reprieve.domain.quantities.spans import minutes_between
from reprieve.domain.session.delivery import Delivery, infusion_segments
from reprieve.domain.session.state import SessionState
from reprieve.knowledge.kinetics import load_model

_AFTER_END_MIN = 120.0
_STEP_MIN = 1.0


def rates(given: Delivery, origin_at: datetime) -> list[dict[str, Any]]:
    """Each constant rate; `end` is None while it runs."""
    return [
        {
            "start": round(minutes_between(origin_at, segment.start_at), 3),
            "end": None if segment.end_at is None else round(minutes_between(origin_at, segment.end_at), 3),
            "ml_per_h": segment.rate_ml_per_h,
            "mg_per_min": segment.rate_mg_per_min,
        }
        for segment in given.segments
    ]


def segments_of(given: Delivery, origin_at: datetime, now_at: datetime) -> tuple[InfusionSegment, ...]:
    """What ran, and what runs on until the bag is empty."""
    until_at = given.bag_empty_at or now_at
    return infusion_segments(given.segments, origin_at=origin_at, running_until_at=until_at)


def prediction(state: SessionState, now_at: datetime) -> dict[str, Any] | None:
    """The curve with its band; None before the start and for a weight outside the model's population."""
    given, started_at = state.delivery(now_at), state.started_at
    if state.opened is None or given is None or started_at is None:
        return None
    try:
        curve = _curve(segments_of(given, started_at, now_at), state.opened.weight_kg)
    except CovariateError:
        return None
    return {**curve, "now_t": round(minutes_between(started_at, now_at), 3)}


def levels_now(state: SessionState, now_at: datetime) -> tuple[float | None, float | None]:
    """Arterial and venous ng/mL at this instant; None where the model does not apply."""
    given, started_at = state.delivery(now_at), state.started_at
    if state.opened is None or given is None or started_at is None or now_at <= started_at:
        return None, None
    t_min = np.array([minutes_between(started_at, now_at)])
    segments = infusion_segments(given.segments, origin_at=started_at, running_until_at=now_at)
    try:
        found = predict(load_model("k2s"), weight_kg=state.opened.weight_kg, segments=segments, t_min=t_min)
    except CovariateError:
        return None, None
    return _rounded(found.arterial_ng_per_ml)[0], _rounded(found.venous_ng_per_ml)[0]


@lru_cache(maxsize=256)
def _curve(segments: tuple[InfusionSegment, ...], weight_kg: float) -> dict[str, Any]:
    """Computed once for a programme: it changes only when somebody touches the pump."""
    end_min = max((segment.end_min for segment in segments), default=0.0) + _AFTER_END_MIN
    t_min = np.arange(0.0, end_min + _STEP_MIN, _STEP_MIN)
    model = load_model("k2s")
    typical = predict(model, weight_kg=weight_kg, segments=segments, t_min=t_min)
    band = predict_band(model, weight_kg=weight_kg, segments=segments, t_min=t_min)
    return {
        "t": [float(t) for t in t_min],
        "arterial": _rounded(typical.arterial_ng_per_ml),
        "venous": _rounded(typical.venous_ng_per_ml),
        "arterial_lower": _rounded(band.arterial_lower_ng_per_ml),
        "arterial_upper": _rounded(band.arterial_upper_ng_per_ml),
        "model": model.id,
    }


def _rounded(values: Sequence[float] | Any) -> list[float]:
    return [round(float(value), 2) for value in values]


def minutes_left(given: Delivery, now_at: datetime) -> float | None:
    """Until the bag is empty at the present rate; None when nothing runs."""
    if given.rate_ml_per_h == 0.0 or given.bag_empty_at is None:
        return None
    return max(0.0, (given.bag_empty_at - now_at) / timedelta(minutes=1))
