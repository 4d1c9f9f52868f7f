"""The predicted curve of an order as points of a drawing that the server makes; the page needs no script for it."""

from dataclasses import dataclass

import numpy as np

from reprieve.clinic.courses.drawing import Frame, Tick, area, ceiling, path
from reprieve.domain.pharmacology.infusion import constant_infusion
from reprieve.domain.pharmacology.prediction import Band, Concentrations, predict, predict_band
from reprieve.knowledge.kinetics import load_model

_AFTER_MIN = 140.0
_SUBJECTS = 300
_STEPS = 161
_TABLE_AFTER_MIN = (0, 10, 20, 30, 40, 60, 80, 110, 140)


@dataclass(frozen=True, slots=True, kw_only=True)
class CurveRow:
    """One line of the table behind the drawing, ng/mL."""

    minute: float
    arterial: float
    arterial_lower: float
    arterial_upper: float
    venous: float
    venous_lower: float
    venous_upper: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """Drawing and table. Paths are in the drawing's own units (720 x 300)."""

    arterial_path: str
    arterial_band: str
    venous_path: str
    venous_band: str
    minute_ticks: tuple[Tick, ...]
    level_ticks: tuple[Tick, ...]
    infusion_width: float
    peak: CurveRow
    rows: tuple[CurveRow, ...]


def curve_of(*, dose_mg: float, duration_min: float, weight_kg: float) -> Curve:
    """Typical curve with the 90 % band of people of this weight, to 140 minutes after the infusion."""
    segments = constant_infusion(dose_mg=dose_mg, duration_min=duration_min)
    end = duration_min + _AFTER_MIN
    marks = [
        *(duration_min * part for part in (0.25, 0.5, 0.75)),
        *(duration_min + after for after in _TABLE_AFTER_MIN),
    ]
    t_min = np.unique(np.concatenate((np.linspace(0.0, end, _STEPS), marks)))
    model = load_model("k2s")
    typical = predict(model, weight_kg=weight_kg, segments=segments, t_min=t_min)
    band = predict_band(model, weight_kg=weight_kg, segments=segments, t_min=t_min, subjects=_SUBJECTS)
    rows = tuple(_row(typical, band, int(np.searchsorted(t_min, mark))) for mark in marks)
    return _drawn(typical, band, rows, duration_min)


def _row(typical: Concentrations, band: Band, index: int) -> CurveRow:
    return CurveRow(
        minute=float(typical.t_min[index]),
        arterial=float(typical.arterial_ng_per_ml[index]),
        arterial_lower=float(band.arterial_lower_ng_per_ml[index]),
        arterial_upper=float(band.arterial_upper_ng_per_ml[index]),
        venous=float(typical.venous_ng_per_ml[index]),
        venous_lower=float(band.venous_lower_ng_per_ml[index]),
        venous_upper=float(band.venous_upper_ng_per_ml[index]),
    )


def _drawn(typical: Concentrations, band: Band, rows: tuple[CurveRow, ...], duration_min: float) -> Curve:
    top = ceiling(float(band.arterial_upper_ng_per_ml.max()))
    frame = Frame(end_min=float(typical.t_min[-1]), top=top)
    x = frame.across(typical.t_min)
    return Curve(
        arterial_path=path(x, frame.up(typical.arterial_ng_per_ml)),
        arterial_band=area(x, frame.up(band.arterial_lower_ng_per_ml), frame.up(band.arterial_upper_ng_per_ml)),
        venous_path=path(x, frame.up(typical.venous_ng_per_ml)),
        venous_band=area(x, frame.up(band.venous_lower_ng_per_ml), frame.up(band.venous_upper_ng_per_ml)),
        minute_ticks=frame.minute_ticks(),
        level_ticks=frame.level_ticks(),
        infusion_width=round(float(frame.across(np.array([duration_min]))[0]) - frame.left, 1),
        peak=rows[3],
        rows=rows,
    )
