"""Answers a question of `reprieve simulate` and shows the answer."""

import json
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np
import typer
from rich.console import Console
from rich.table import Table

from reprieve.cli.simulate import answer as parts
from reprieve.cli.simulate.asked import Asked, Engine, spoken
from reprieve.cli.simulate.files import write_csv, write_parquet
from reprieve.cli.simulate.words import noted
from reprieve.domain.pharmacology.applicability import applicability_findings, unread_covariates, variability_findings
from reprieve.domain.pharmacology.outputs import all_outputs
from reprieve.domain.pharmacology.spread import Tally
from reprieve.domain.quantities.findings import Finding, Severity
from reprieve.errors import InputError
from reprieve.knowledge.bioavailability import span_findings

_console = Console(highlight=False)


def answer(question: parts.Question, asked: Asked | None, *, with_effects: bool) -> dict[str, Any]:
    """Everything that `--json` prints.  Raises: InputError."""
    with np.errstate(over="ignore", invalid="ignore"):  # said in a sentence just below
        typical = spoken(lambda: parts.typical_of(question, np.array(question.t_min)))
        summary = list(parts.summary(question))
    if not np.all(np.isfinite(typical)) or not all(isfinite(row["cmax_ng_per_ml"]) for row in summary):
        raise InputError("SIM-RANGE", "Numbers of this size lead beyond what can be computed.")
    band = None if asked is None else spoken(lambda: _band(asked))
    found: dict[str, Any] = {
        "rows": list(parts.rows(question, typical, band)),
        "summary": summary,
        "findings": parts.findings_as_values(_findings(question, has_people=asked is not None)),
        "provenance": parts.provenance(question, _person(question)),
        "population": None if asked is None else _population(asked),
    }
    if with_effects:
        from reprieve.cli.simulate.effects import effects_of

        found["effects"] = effects_of(question)
    return found


def show(found: dict[str, Any], *, csv: Path | None, parquet: Path | None, as_json: bool) -> None:
    """Files first, so that a full disk is said before numbers are read; then JSON or tables."""
    if csv is not None:
        write_csv(csv, found["rows"])
    if parquet is not None:
        said = {key: json.dumps(found["provenance"][key]) for key in ("model", "source", "knowledge", "program")}
        write_parquet(parquet, found["rows"], provenance=said)
    if as_json:
        typer.echo(json.dumps(found, indent=2, ensure_ascii=False))
        return
    _print(found)


def _band(asked: Asked) -> parts.Band:
    return asked.trial.band(_tally(asked), asked.interval)


def _tally(asked: Asked) -> Tally:
    if asked.engine is Engine.SPARK:
        from reprieve.cli.simulate.cluster import run_on_spark

        return run_on_spark(asked.trial)
    from reprieve.cli.simulate.people import run_here

    return run_here(asked.trial)


def _findings(question: parts.Question, *, has_people: bool) -> list[Finding]:
    """Why the model may not fit, what it does not read, on what papers differ, and which analytes are exploratory."""
    model = question.model
    unread = unread_covariates(model, covariates=question.covariates, doses=question.doses)
    ignored = Finding(
        code="PK-COV-UNREAD", severity=Severity.INFO, source=model.source, params={"names": unread, "model": model.id}
    )
    wide = span_findings(question.doses, swallowed=bool(question.covariates.swallowed))
    unsure = sorted(
        {out.key.analyte for out in all_outputs(model) if out.is_exploratory and out.key in question.outputs}
    )
    exploratory = Finding(
        code="PK-EXPLORATORY", severity=Severity.INFO, source=model.source, params={"analytes": tuple(unsure)}
    )
    applicable = applicability_findings(model, covariates=question.covariates, doses=question.doses)
    return [
        *question.exposure,
        *applicable,
        *([ignored] if unread else []),
        *wide,
        *(variability_findings(model) if has_people else ()),
        *([exploratory] if unsure else []),
    ]


def _population(asked: Asked) -> dict[str, Any]:
    trial = asked.trial
    return {
        "subjects": trial.subjects,
        "seed": trial.seed,
        "interval": asked.interval,
        "residual": None if trial.residual is None else str(trial.residual),
        "engine": str(asked.engine),
        "relative_error_of_band": trial.quantile_plan.relative_error,
    }


def _person(question: parts.Question) -> dict[str, Any]:
    """What was known of the person, and nothing that was not."""
    person = question.covariates
    names = ("weight_kg", "age_y", "female", "asian", "japanese", "fed", "hold_min", "swallowed")
    return {name: getattr(person, name) for name in names}


def _print(found: dict[str, Any]) -> None:
    person, model = found["provenance"], found["provenance"]["model"]
    _console.print(f"[bold]{model}[/]  {person['title']}  ({', '.join(person['source'])}; {person['confidence']})")
    told = [key for key in ("ng_per_ml", "lower", "upper") if any(row[key] is not None for row in found["rows"])]
    table = Table("min", "analyte", "site", "ng/mL", *told[1:], box=None, pad_edge=False)
    for row in found["rows"]:
        numbers = ("" if row[key] is None else f"{row[key]:.4g}" for key in told)
        table.add_row(f"{row['time_min']:g}", row["analyte"], row["site"], *numbers)
    _console.print(table)
    peaks = Table("analyte", "site", "highest ng/mL", "at min", "area ng·h/mL", box=None, pad_edge=False)
    for row in found["summary"]:
        numbers = (f"{row[key]:.4g}" for key in ("cmax_ng_per_ml", "tmax_min", "auc_ng_h_per_ml"))
        peaks.add_row(row["analyte"], row["site"], *numbers)
    _console.print(peaks)
    for finding in found["findings"]:
        _console.print(f"{finding['code']}  {noted(finding['code'], finding['params'])}", markup=False)
    for effect in found.get("effects", ()):
        _console.print(f"{effect['kind']} ({effect['standing']}, {effect['unit']}): {effect['values']}", markup=False)
