"""How much has run in: from what was done to the pump to mL, mg and the rates a prediction needs.

Delivered is programme times time, unless somebody read off what is left: then it is the bag less the residue.
The pump cannot give more than the bag holds; when the programme would, the bag is empty and the segment ends there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from reprieve.domain.pharmacology.infusion import InfusionSegment
from reprieve.domain.quantities.spans import minutes_between

_MIN_PER_H = 60.0


class PumpVerb(StrEnum):
    START = "start"
    RATE = "rate"
    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"


@dataclass(frozen=True, slots=True, kw_only=True)
class PumpAction:
    """One thing done to the pump, in the order in which it happened."""

    verb: PumpVerb
    at: datetime
    rate_ml_per_h: float | None = None
    residual_ml: float | None = None
    reason: str = ""
    early: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Bag:
    """What hangs on the pump."""

    volume_ml: float
    concentration_mg_per_ml: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RateSegment:
    """One constant rate; `end_at` is None while it runs."""

    start_at: datetime
    end_at: datetime | None
    rate_ml_per_h: float
    rate_mg_per_min: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """Where an infusion stands at one instant."""

    segments: tuple[RateSegment, ...]
    programmed_ml: float
    infused_ml: float
    delivered_mg: float
    rate_ml_per_h: float
    residual_ml: float | None
    bag_empty_at: datetime | None
    """When the bag runs (or ran) empty at the present rate; None when nothing runs."""

    @property
    def residual_difference_ml(self) -> float | None:
        """Programme less bag-and-residue: what the pump says it gave and the bag says it did not."""
        return None if self.residual_ml is None else self.programmed_ml - self.infused_ml


def delivery(actions: Sequence[PumpAction], bag: Bag, *, now_at: datetime) -> Delivery:
    """The infusion up to `now_at`; actions after that instant do not count."""
    done = [action for action in actions if action.at <= now_at]
    segments, programmed_ml, empty_at = _segments(done, bag, now_at)
    residual_ml = next((a.residual_ml for a in reversed(done) if a.verb is PumpVerb.STOP), None)
    infused_ml = programmed_ml if residual_ml is None else max(0.0, bag.volume_ml - residual_ml)
    return Delivery(
        segments=segments,
        programmed_ml=programmed_ml,
        infused_ml=infused_ml,
        delivered_mg=infused_ml * bag.concentration_mg_per_ml,
        rate_ml_per_h=segments[-1].rate_ml_per_h if segments and segments[-1].end_at is None else 0.0,
        residual_ml=residual_ml,
        bag_empty_at=empty_at,
    )


def infusion_segments(
    segments: Sequence[RateSegment], *, origin_at: datetime, running_until_at: datetime
) -> tuple[InfusionSegment, ...]:
    """The rates as the pharmacology reads them, minutes since `origin_at`; what runs now goes on to its end."""
    found = []
    for segment in segments:
        start_min = minutes_between(origin_at, segment.start_at)
        end_min = minutes_between(origin_at, segment.end_at or running_until_at)
        if end_min > start_min:
            found.append(InfusionSegment(start_min=start_min, end_min=end_min, rate_mg_per_min=segment.rate_mg_per_min))
    return tuple(found)


def _segments(
    actions: Sequence[PumpAction], bag: Bag, now_at: datetime
) -> tuple[tuple[RateSegment, ...], float, datetime | None]:
    """Segments, volume by the programme, and when the bag is empty."""
    found: list[RateSegment] = []
    given_ml, empty_at = 0.0, None
    for start_at, end_at, rate in _stretches(actions):
        left_ml = bag.volume_ml - given_ml
        runs_empty_at = start_at + timedelta(hours=left_ml / rate)
        stop_at = min(end_at or now_at, runs_empty_at)
        given_ml += rate * minutes_between(start_at, stop_at) / _MIN_PER_H
        over = end_at is not None or runs_empty_at <= now_at
        found.append(_segment(start_at, stop_at if over else None, rate, bag))
        empty_at = runs_empty_at if end_at is None or runs_empty_at <= end_at else None
        if runs_empty_at <= stop_at:
            given_ml = bag.volume_ml
            break
    return tuple(found), given_ml, empty_at


def _segment(start_at: datetime, end_at: datetime | None, rate_ml_per_h: float, bag: Bag) -> RateSegment:
    return RateSegment(
        start_at=start_at,
        end_at=end_at,
        rate_ml_per_h=rate_ml_per_h,
        rate_mg_per_min=rate_ml_per_h * bag.concentration_mg_per_ml / _MIN_PER_H,
    )


def _stretches(actions: Sequence[PumpAction]) -> list[tuple[datetime, datetime | None, float]]:
    """Start, end (None: still) and rate of each stretch in which the pump ran."""
    stretches: list[tuple[datetime, datetime | None, float]] = []
    running_since: datetime | None = None
    rate: float | None = None
    for action in actions:
        if running_since is not None and rate is not None:
            stretches.append((running_since, action.at, rate))
        rate = action.rate_ml_per_h if action.rate_ml_per_h is not None else rate
        runs = action.verb in {PumpVerb.START, PumpVerb.RESUME} or (
            action.verb is PumpVerb.RATE and running_since is not None
        )
        running_since = action.at if runs else None
        if action.verb is PumpVerb.STOP:
            rate = None
    if running_since is not None and rate is not None:
        stretches.append((running_since, None, rate))
    return [(start, end, rate) for start, end, rate in stretches if end is None or end > start]
