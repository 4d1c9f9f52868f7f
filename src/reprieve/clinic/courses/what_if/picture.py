"""The answer as a drawing that the server makes, with the table behind it."""

from dataclasses import dataclass
from functools import partial

import numpy as np

from reprieve.clinic.courses.drawing import Frame, Tick, area, ceiling, path
from reprieve.clinic.courses.what_if.answer import NG_PER_ML, Array, BandedCurve, WhatIf
from reprieve.domain.pharmacology.linear_model import Site

_ROWS = (0.25, 0.5, 0.75, 1.0)
_AFTER_MIN = (15.0, 30.0, 60.0, 90.0, 120.0)
_SIZES = {
    "wide": partial(Frame, width=620.0, height=296.0, above=24.0),
    "narrow": partial(Frame, width=340.0, height=266.0, left=42.0, right=16.0, above=24.0, most_ticks=7),
}
"""A phone gets a drawing of its own, so that its words stay as large as those around it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One curve: its site, and its band where there is one."""

    site: Site
    line: str
    band: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One time of the table: typical value and band by site, ng/mL."""

    minute: float
    cells: tuple[tuple[float, float, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """Paths in the units of `frame`; `size` is "wide" or "narrow".

    `without` are lines without other medicines, `second` the other model's line, `spread` the extremes of all models.
    """

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


def draw(found: WhatIf) -> tuple[Picture, ...]:
    """Lines of the default model with bands, the second model, and the extremes of all that apply, in every size."""
    return tuple(_draw(found, size) for size in _SIZES)


def rows_of(found: WhatIf) -> tuple[Row, ...]:
    """The table behind the drawing."""
    end = found.scenario.ends_min
    minutes = [*(end * part for part in _ROWS if end > 0.0), *(end + after for after in _AFTER_MIN)]
    return tuple(
        Row(minute=minute, cells=tuple(_cell(found.t_min, minute, curve) for curve in found.curves))
        for minute in minutes
    )


def _draw(found: WhatIf, size: str) -> Picture:
    highest = max(float(curve.max()) for curve in (*(one.upper for one in found.curves), *_without(found)))
    spread_upper = found.disagreement.upper_mg_per_l * NG_PER_ML
    top = ceiling(max(highest, float(spread_upper.max())))
    frame = _SIZES[size](end_min=float(found.t_min[-1]), top=top)
    x = frame.across(found.t_min)
    return Picture(
        size=size,
        frame=frame,
        lines=tuple(
            Line(
                site=curve.site,
                line=path(x, frame.up(curve.typical)),
                band=area(x, frame.up(curve.lower), frame.up(curve.upper)),
            )
            for curve in found.curves
        ),
        without=tuple(path(x, frame.up(curve)) for curve in _without(found)),
        second="" if found.second is None else path(x, frame.up(found.second.mg_per_l * NG_PER_ML)),
        spread=area(x, frame.up(found.disagreement.lower_mg_per_l * NG_PER_ML), frame.up(spread_upper)),
        minute_ticks=frame.minute_ticks(),
        level_ticks=frame.level_ticks(),
        given_width=round(float(frame.across(np.array([found.scenario.ends_min]))[0]) - frame.left, 1),
    )


def _without(found: WhatIf) -> tuple[Array, ...]:
    return tuple(one.without for one in found.moved)


def _cell(t_min: Array, minute: float, curve: BandedCurve) -> tuple[float, float, float]:
    """Between two points of the drawing the table reads the straight line that is drawn."""
    return (
        float(np.interp(minute, t_min, curve.typical)),
        float(np.interp(minute, t_min, curve.lower)),
        float(np.interp(minute, t_min, curve.upper)),
    )
