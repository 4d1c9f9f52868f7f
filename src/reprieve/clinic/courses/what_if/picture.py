"""The answer as drawings, with the table behind them."""

from dataclasses import dataclass

import numpy as np

from reprieve.clinic.courses.drawing import Array
from reprieve.clinic.courses.pictures import Levels, Picture, Prediction, pictures_of
from reprieve.clinic.courses.what_if.answer import NG_PER_ML, BandedCurve, WhatIf

_ROWS = (0.25, 0.5, 0.75, 1.0)
_AFTER_MIN = (15.0, 30.0, 60.0, 90.0, 120.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One time of the table: typical value and band by site, ng/mL."""

    minute: float
    cells: tuple[tuple[float, float, float], ...]


def draw(found: WhatIf) -> tuple[Picture, ...]:
    """Lines of the default model with bands, the second model, and the extremes of all that apply, in every size."""
    extremes = found.disagreement.lower_mg_per_l * NG_PER_ML, found.disagreement.upper_mg_per_l * NG_PER_ML
    return pictures_of(
        Prediction(
            t_min=found.t_min,
            given_min=found.scenario.ends_min,
            levels=[
                Levels(site=curve.site, typical=curve.typical, lower=curve.lower, upper=curve.upper)
                for curve in found.curves
            ],
            without=[one.without for one in found.moved],
            second=None if found.second is None else found.second.mg_per_l * NG_PER_ML,
            spread=extremes,
        )
    )


def rows_of(found: WhatIf) -> tuple[Row, ...]:
    """The table behind the drawing."""
    end = found.scenario.ends_min
    minutes = [*(end * part for part in _ROWS if end > 0.0), *(end + after for after in _AFTER_MIN)]
    return tuple(
        Row(minute=minute, cells=tuple(_cell(found.t_min, minute, curve) for curve in found.curves))
        for minute in minutes
    )


def _cell(t_min: Array, minute: float, curve: BandedCurve) -> tuple[float, float, float]:
    """Between two points of the drawing the table reads the straight line that is drawn."""
    return (
        float(np.interp(minute, t_min, curve.typical)),
        float(np.interp(minute, t_min, curve.lower)),
        float(np.interp(minute, t_min, curve.upper)),
    )
