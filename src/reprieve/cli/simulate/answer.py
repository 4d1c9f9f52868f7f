"""The answer of `reprieve simulate` as plain values: rows, summary, findings, provenance."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from reprieve.domain.pharmacology.covariates import Covariates
from reprieve.domain.pharmacology.linear_model import LinearModel, OutputKey
from reprieve.domain.pharmacology.outputs import all_outputs
from reprieve.domain.pharmacology.random_numbers import Numbers
from reprieve.domain.pharmacology.regimen import Dose
from reprieve.domain.pharmacology.simulate import simulate
from reprieve.domain.quantities.findings import Finding
from reprieve.knowledge.exposure_changes import exploratory_band_factor

NG_PER_MG = 1000.0
_MIN_PER_H = 60.0
_GRID = 1_440
_AFTER_MIN = (0.0, 0.5, 1.0, 2.0, 4.0, 7.0, 10.0, 15.0, 20.0, 30.0, 45.0, 60.0, 90.0, 120.0, 180.0, 240.0)
_MOST_EVENTS = 4_000
_REFINED = 129
_ROUNDS = 3

Band = tuple[Numbers, Numbers]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A typical person, a regimen and the times asked for.

    `model` is the published one as the `changes` of exposure leave it; `exposure` says what they did.
    """

    model: LinearModel
    doses: tuple[Dose, ...]
    covariates: Covariates
    t_min: tuple[float, ...]
    outputs: tuple[OutputKey, ...]
    changes: tuple[str, ...] = ()
    exposure: tuple[Finding, ...] = ()


def outputs_at(model: LinearModel, site: str | None) -> tuple[OutputKey, ...]:
    """Everything that the model gives at the site, or at all of them."""
    return tuple(out.key for out in all_outputs(model) if site is None or out.key.site == site)


def rows(question: Question, typical: Numbers, band: Band | None) -> Iterator[dict[str, Any]]:
    """One row for each analyte, site and time; `typical` and the band are (outputs, times) in mg/L.

    An exploratory analyte has a band in any case.
    """
    exploratory = {output.key for output in all_outputs(question.model) if output.is_exploratory}
    for index, key in enumerate(question.outputs):
        for place, time_min in enumerate(question.t_min):
            cell = None if band is None else (float(band[0][index, place]), float(band[1][index, place]))
            if key in exploratory:
                cell = _widened(float(typical[index, place]), cell)
            yield {
                "time_min": time_min,
                "analyte": key.analyte,
                "site": str(key.site),
                "ng_per_ml": float(typical[index, place]) * NG_PER_MG,
                "lower": None if cell is None else cell[0] * NG_PER_MG,
                "upper": None if cell is None else cell[1] * NG_PER_MG,
            }


def _widened(level: float, cell: tuple[float, float] | None) -> tuple[float, float]:
    """Reaches at least the factor of the knowledge to both sides: published exposures differ so much."""
    lower, upper = cell or (level, level)
    factor = exploratory_band_factor()
    return min(lower, level / factor), max(upper, level * factor)


def typical_of(question: Question, t_min: Numbers) -> Numbers:
    """Concentrations of the typical person, (outputs, times), mg/L."""
    curves = simulate(
        question.model, question.doses, t_min=t_min, covariates=question.covariates, outputs=question.outputs
    )
    values: Numbers = np.asarray(curves.values_mg_per_l)
    return values


def summary(question: Question) -> Iterator[dict[str, Any]]:
    """Highest concentration, its time and the exact area, from minute 0 to the last time asked."""
    end = question.t_min[-1]
    curves = simulate(
        question.model,
        question.doses,
        t_min=_looked_at(question),
        covariates=question.covariates,
        outputs=question.outputs,
    )
    times, values = np.asarray(curves.t_min), np.asarray(curves.values_mg_per_l)
    areas = np.asarray(curves.response.areas(end))
    peaks = _refined(question, times, values)
    for index, key in enumerate(question.outputs):
        cmax, tmax = peaks[index]
        yield {
            "analyte": key.analyte,
            "site": str(key.site),
            "cmax_ng_per_ml": cmax * NG_PER_MG,
            "tmax_min": tmax,
            "auc_ng_h_per_ml": float(areas[index]) * NG_PER_MG / _MIN_PER_H,
        }


def _looked_at(question: Question) -> Numbers:
    """Where a peak may be: an even grid, the times asked, and times after each dose and its end."""
    end = question.t_min[-1]
    events = np.unique([time for dose in question.doses for time in (dose.at_min, dose.end_min) if time <= end])
    if events.size > _MOST_EVENTS:
        events = events[np.linspace(0, events.size - 1, _MOST_EVENTS).astype(np.int64)]
    after = np.array(_AFTER_MIN if events.size * len(_AFTER_MIN) <= 4 * _MOST_EVENTS else _AFTER_MIN[:1])
    near = (events[:, None] + after).ravel()
    grid = np.concatenate((np.linspace(0.0, end, _GRID + 1), np.array(question.t_min), near[near <= end]))
    found: Numbers = np.unique(grid)
    return found


def _refined(question: Question, times: Numbers, values: Numbers) -> list[tuple[float, float]]:
    """Highest value and its time for each output, searched again between the neighbours of the highest point."""
    best = [(float(row[place]), float(times[place])) for row in values for place in [int(np.argmax(row))]]
    around = [_neighbours(times, time) for _, time in best]
    for _ in range(_ROUNDS):
        grids = [np.linspace(low, high, _REFINED) for low, high in around]
        together = np.unique(np.concatenate(grids))
        finer = typical_of(question, together)
        for index, grid in enumerate(grids):
            inside = finer[index, np.searchsorted(together, grid)]
            place = int(np.argmax(inside))
            if inside[place] > best[index][0]:
                best[index] = (float(inside[place]), float(grid[place]))
            around[index] = _neighbours(grid, best[index][1])
    return best


def _neighbours(times: Numbers, time: float) -> tuple[float, float]:
    place = int(np.argmin(np.abs(times - time)))
    return float(times[max(place - 1, 0)]), float(times[min(place + 1, len(times) - 1)])


def findings_as_values(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """Codes, numbers and sources; the sentence is for the reader of a screen."""
    return [
        {
            "code": finding.code,
            "severity": str(finding.severity),
            "params": dict(finding.params),
            "source": list(finding.source.keys),
            "confidence": str(finding.source.confidence),
        }
        for finding in findings
    ]


def provenance(question: Question, person: Mapping[str, Any]) -> dict[str, Any]:
    """Which model, which changes of exposure and which knowledge gave these numbers."""
    from reprieve import __version__
    from reprieve.knowledge.loader import content_hash

    model = question.model
    return {
        "model": model.id,
        "title": model.title,
        "source": list(model.source.keys),
        "confidence": str(model.source.confidence),
        "basis": model.basis,
        "knowledge": content_hash(),
        "program": __version__,
        "exposure": list(question.changes),
        "person": dict(person),
    }
