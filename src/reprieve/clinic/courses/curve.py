"""The predicted curve of an order as points of a drawing that the server makes; the page needs no script for it."""

from dataclasses import dataclass

import numpy as np

from reprieve.clinic.courses.pictures import Levels, Picture, Prediction, pictures_of
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
    """Drawings and table; `peak` is the row at the end of the infusion."""

    pictures: tuple[Picture, ...]
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
    shown = Prediction(t_min=t_min, given_min=duration_min, levels=_levels(typical, band))
    return Curve(pictures=pictures_of(shown), peak=rows[3], rows=rows)


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


def _levels(typical: Concentrations, band: Band) -> tuple[Levels, Levels]:
    return (
        Levels(
            site="arterial",
            typical=typical.arterial_ng_per_ml,
            lower=band.arterial_lower_ng_per_ml,
            upper=band.arterial_upper_ng_per_ml,
        ),
        Levels(
            site="venous",
            typical=typical.venous_ng_per_ml,
            lower=band.venous_lower_ng_per_ml,
            upper=band.venous_upper_ng_per_ml,
        ),
    )
