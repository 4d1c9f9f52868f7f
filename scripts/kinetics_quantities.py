"""What the kinetic models predict for a published observation: levels, peaks, areas, clearances, half-lives."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from kinetics_rows import Result, Row

from reprieve.domain.pharmacology.covariates import Covariates
from reprieve.domain.pharmacology.linear_model import Drug, Route
from reprieve.domain.pharmacology.population import sample_etas
from reprieve.domain.pharmacology.regimen import Dose
from reprieve.domain.pharmacology.simulate import Curves, simulate
from reprieve.domain.pharmacology.substances import molar_mass_g_per_mol
from reprieve.knowledge.kinetics import load_model

FOREVER_MIN = 1e8
GRID_MIN = 0.25
NG_PER_MG = 1000.0


def evaluate(row: Row) -> Result:
    """What the model says."""
    if row.asked["quantity"] == "interval_cmax":
        return _interval(row)
    return Result(row=row, predicted=QUANTITIES[row.asked["quantity"]](row))


def _covariates(case: Mapping[str, Any]) -> Covariates:
    return Covariates(
        weight_kg=float(case["weight_kg"]),
        age_y=float(case.get("age_y", 40.0)),
        asian=case.get("asian", False),
        japanese=case.get("japanese", False),
    )


def _doses(case: Mapping[str, Any]) -> list[Dose]:
    return [Dose(**{**dose, "drug": Drug(dose["drug"]), "route": Route(dose["route"])}) for dose in case["doses"]]


def _curves(row: Row, t_min: Any, *, doses: list[Dose] | None = None, etas: Any = None) -> Curves:
    model = load_model(row.case["model"])
    given = _doses(row.case) if doses is None else doses
    return simulate(model, given, t_min=np.asarray(t_min, dtype=float), covariates=_covariates(row.case), etas=etas)


def _grid(row: Row) -> Any:
    return np.arange(0.0, row.asked["until_min"] + GRID_MIN / 2, GRID_MIN)


def _seen(row: Row, curves: Curves) -> Any:
    return curves.of(row.asked["analyte"], row.asked["site"]) * NG_PER_MG


def _area(row: Row, curves: Curves, until_min: float, analyte: str | None = None) -> float:
    """ng.min/mL."""
    found = curves.auc_mg_min_per_l(analyte or row.asked["analyte"], row.asked["site"], until_min=until_min)
    return float(found) * NG_PER_MG


def _unit(row: Row, ng_min: float) -> float:
    """Concentrations and areas in the unit of the observation."""
    factors = {
        "nmol/mL": 1.0 / molar_mass_g_per_mol(row.asked["analyte"]) if row.asked["unit"] == "nmol/mL" else 1.0,
        "ng.h/mL": 1.0 / 60.0,
        "min": 1.0,
        "h": 1.0 / 60.0,
    }
    return ng_min * factors.get(row.asked["unit"], 1.0)


def _at(row: Row) -> float:
    return _unit(row, float(_seen(row, _curves(row, [0.0, row.asked["at_min"]]))[-1]))


def _cmax(row: Row) -> float:
    return _unit(row, float(_seen(row, _curves(row, _grid(row))).max()))


def _tmax(row: Row) -> float:
    grid = _grid(row)
    return _unit(row, float(grid[_seen(row, _curves(row, grid)).argmax()]))


def _auc(row: Row) -> float:
    until = float(row.asked["until_min"])
    return _unit(row, _area(row, _curves(row, [0.0, until]), until))


def _auc_inf(row: Row) -> float:
    return _unit(row, _area(row, _curves(row, [0.0, 1.0]), FOREVER_MIN))


def _auc_per_dose(row: Row) -> float:
    until = float(row.asked["until_min"])
    return _area(row, _curves(row, [0.0, until]), until) / 60.0 / sum(dose.amount_mg for dose in _doses(row.case))


def _clearance_l_per_h(row: Row) -> float:
    given = sum(dose.amount_mg for dose in _doses(row.case)) * row.asked.get("share", 1.0)
    return given / _area(row, _curves(row, [0.0, 1.0]), FOREVER_MIN) * NG_PER_MG * 60.0


def _clearance_per_kg(row: Row) -> float:
    return _clearance_l_per_h(row) * 1000.0 / 60.0 / row.case["weight_kg"]


def _by_vein(doses: list[Dose]) -> list[Dose]:
    return [replace(dose, route=Route.IV, device=1) for dose in doses]


def _bioavailability(row: Row) -> float:
    doses = _doses(row.case)
    areas = [_area(row, _curves(row, [0.0, 1.0], doses=given), FOREVER_MIN) for given in (doses, _by_vein(doses))]
    return areas[0] / areas[1]


def _molar_bioavailability(row: Row) -> float:
    doses = _doses(row.case)
    sums = []
    for given in (doses, _by_vein(doses)):
        curves = _curves(row, [0.0, 1.0], doses=given)
        parts = [
            _area(row, curves, FOREVER_MIN, name) / molar_mass_g_per_mol(name) for name in ("ketamine", "norketamine")
        ]
        sums.append(sum(parts))
    return 100.0 * sums[0] / sums[1]


def _metabolite_ratio(row: Row) -> float:
    curves = _curves(row, [0.0, 1.0])
    return _area(row, curves, FOREVER_MIN) / _area(row, curves, FOREVER_MIN, "ketamine")


def _trough_share(row: Row) -> float:
    """The lowest point before the next dose over the highest peak."""
    grid = np.arange(0.0, row.asked["at_min"] + 1.0)
    seen = _seen(row, _curves(row, grid))
    return float(seen[-1] / seen.max())


def _geometric_mean_ratio(row: Row) -> float:
    others = [Row(id=row.id, title=row.title, tag=row.tag, case=row.case, asked=asked) for asked in row.case["rows"]]
    ratios = [_at(other) / other.asked["observed"] for other in others if other.asked["quantity"] == "at"]
    return float(np.exp(np.mean(np.log(ratios))))


def _rates(row: Row, analyte: str) -> list[float]:
    """Rate constants that this analyte shows, fastest first."""
    curves = _curves(row, [0.0, 1.0])
    key = next(key for key in curves.outputs if key.analyte == analyte and key.site == row.asked["site"])
    found = curves.response.row(curves.outputs.index(key)).modes
    rates, weights = (
        np.ravel(found.rates),
        np.ravel(np.sum(np.abs(found.weights), axis=tuple(range(found.weights.ndim - 1)))),
    )
    kept = [float(rate) for rate, weight in zip(rates, weights, strict=True) if weight > 0.0]
    return sorted({round(rate, 12) for rate in kept}, reverse=True)


def _half_life(row: Row) -> float:
    return float(np.log(2.0) / _rates(row, row.asked["analyte"])[row.asked["position"]] / 60.0)


def _half_life_of_chain(row: Row) -> float:
    """Of the metabolite's own rates: those that its parent does not show."""
    parent = _rates(row, "S-ketamine")
    own = [rate for rate in _rates(row, row.asked["analyte"]) if not np.isclose(rate, parent, rtol=1e-6).any()]
    return float(np.log(2.0) / own[row.asked["position"]] / 60.0)


def _interval(row: Row) -> Result:
    """5th to 95th percentile of the peaks of many people, with the median."""
    model = load_model(row.case["model"])
    etas = sample_etas(model, subjects=row.case["subjects"], seed=row.case["seed"])
    grid = np.arange(0.0, row.asked["until_min"] + 1.0, 2.0)
    peaks = _seen(row, _curves(row, grid, etas=etas)).max(axis=-1)
    lower, middle, upper = (float(value) for value in np.quantile(peaks, [0.05, 0.5, 0.95]))
    return Result(row=row, predicted=middle, interval=(lower, upper))


QUANTITIES = {
    "at": _at,
    "cmax": _cmax,
    "tmax": _tmax,
    "auc": _auc,
    "auc_inf": _auc_inf,
    "auc_per_dose": _auc_per_dose,
    "clearance": _clearance_per_kg,
    "clearance_l_per_h": _clearance_l_per_h,
    "bioavailability": _bioavailability,
    "molar_bioavailability": _molar_bioavailability,
    "metabolite_ratio": _metabolite_ratio,
    "trough_share": _trough_share,
    "geometric_mean_ratio": _geometric_mean_ratio,
    "half_life": _half_life,
    "half_life_of_chain": _half_life_of_chain,
}
