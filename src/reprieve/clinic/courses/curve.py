"""The predicted curve of an order as points of a drawing that the server makes; the page needs no script for it."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from reprieve.domain.pharmacology.infusion import constant_infusion
from reprieve.domain.pharmacology.prediction import Band, Concentrations, predict, predict_band
from reprieve.knowledge.kinetics import load_model

_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM = 720.0, 300.0, 52.0, 16.0, 18.0, 40.0
_AFTER_MIN = 140.0
_SUBJECTS = 300
_STEPS = 161
_NICE = (50, 100, 150, 200, 300, 400, 500, 600, 800, 1000, 1500, 2000)
_TABLE_AFTER_MIN = (0, 10, 20, 30, 40, 60, 80, 110, 140)

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A mark on an axis: where it is and what it says."""

    at: float
    label: str


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
    top = _ceiling(float(band.arterial_upper_ng_per_ml.max()))
    end = float(typical.t_min[-1])

    def across(minute: Array) -> Array:
        scaled: Array = _LEFT + minute / end * (_WIDTH - _LEFT - _RIGHT)
        return scaled

    def up(level: Array) -> Array:
        scaled: Array = _HEIGHT - _BOTTOM - level / top * (_HEIGHT - _BOTTOM - _TOP)
        return scaled

    x = across(typical.t_min)
    minutes, levels = np.arange(0.0, end + 1.0, 20.0), np.linspace(0.0, top, 5)
    return Curve(
        arterial_path=_path(x, up(typical.arterial_ng_per_ml)),
        arterial_band=_area(x, up(band.arterial_lower_ng_per_ml), up(band.arterial_upper_ng_per_ml)),
        venous_path=_path(x, up(typical.venous_ng_per_ml)),
        venous_band=_area(x, up(band.venous_lower_ng_per_ml), up(band.venous_upper_ng_per_ml)),
        minute_ticks=_ticks(across(minutes), minutes),
        level_ticks=_ticks(up(levels), levels),
        infusion_width=round(float(across(np.array([duration_min]))[0]) - _LEFT, 1),
        peak=rows[3],
        rows=rows,
    )


def _ceiling(level: float) -> float:
    """The smallest round number above the highest level."""
    return float(next((nice for nice in _NICE if nice >= level), level))


def _ticks(places: Array, values: Array) -> tuple[Tick, ...]:
    return tuple(
        Tick(at=round(float(place), 1), label=f"{value:g}") for place, value in zip(places, values, strict=True)
    )


def _path(x: Array, y: Array) -> str:
    return "M" + " L".join(f"{one:.1f} {other:.1f}" for one, other in zip(x, y, strict=True))


def _area(x: Array, lower: Array, upper: Array) -> str:
    return _path(np.concatenate((x, x[::-1])), np.concatenate((upper, lower[::-1]))) + " Z"
