"""A predicted level as a drawing that the server makes, in one size for screens and one for phones."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from reprieve.clinic.courses.drawing import Array, Frame, Tick, area, ceiling, path

_SIZES = {
    "wide": partial(Frame, width=620.0, height=296.0, above=24.0),
    "narrow": partial(Frame, width=340.0, height=266.0, left=42.0, right=16.0, above=24.0, most_ticks=7),
}
"""A phone gets a drawing of its own, so that its words stay as large as those around it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Levels:
    """Typical level and band at one site over time, ng/mL."""

    site: str
    typical: Array
    lower: Array
    upper: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """What is to be drawn: levels (ng/mL) at `t_min`, the last minute of giving, and what else there is to compare.

    `without`: levels without other medicines; `second`: another model's; `spread`: the extremes of all models.
    """

    t_min: Array
    given_min: float
    levels: Sequence[Levels]
    without: Sequence[Array] = ()
    second: Array | None = None
    spread: tuple[Array, Array] | None = None

    @property
    def highest(self) -> float:
        bounds = () if self.spread is None else self.spread
        return max(float(each.max()) for each in (*(one.upper for one in self.levels), *self.without, *bounds))


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One curve: its site, and its band."""

    site: str
    line: str
    band: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """Paths in the units of `frame`; `size` is "wide" or "narrow"."""

    size: str
    frame: Frame
    lines: tuple[Line, ...]
    without: tuple[str, ...]
    second: str
    spread: str
    minute_ticks: tuple[Tick, ...]
    level_ticks: tuple[Tick, ...]
    given_width: float

    @property
    def plot_height(self) -> float:
        return self.frame.floor - self.frame.above


def pictures_of(shown: Prediction) -> tuple[Picture, ...]:
    """The same prediction in every size."""
    return tuple(_picture(shown, size) for size in _SIZES)


def _picture(shown: Prediction, size: str) -> Picture:
    frame = _SIZES[size](end_min=float(shown.t_min[-1]), top=ceiling(shown.highest))
    x = frame.across(shown.t_min)
    return Picture(
        size=size,
        frame=frame,
        lines=tuple(
            Line(
                site=one.site,
                line=path(x, frame.up(one.typical)),
                band=area(x, frame.up(one.lower), frame.up(one.upper)),
            )
            for one in shown.levels
        ),
        without=tuple(path(x, frame.up(level)) for level in shown.without),
        second="" if shown.second is None else path(x, frame.up(shown.second)),
        spread="" if shown.spread is None else area(x, *(frame.up(bound) for bound in shown.spread)),
        minute_ticks=frame.minute_ticks(),
        level_ticks=frame.level_ticks(),
        given_width=round(float(frame.across(np.array([shown.given_min]))[0]) - frame.left, 1),
    )
