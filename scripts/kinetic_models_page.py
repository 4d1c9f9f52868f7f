"""The table of kinetic models: `knowledge/kinetics/*.toml` -> docs/reference/kinetic-models.md.

`python scripts/kinetic_models_page.py` writes the page, `--check` fails when it is stale.
"""

import sys
from collections import Counter
from pathlib import Path

from reprieve.domain.pharmacology.exposure import ExposureChange
from reprieve.domain.pharmacology.linear_model import LinearModel
from reprieve.domain.quantities.sources import Confidence
from reprieve.knowledge.exposure_changes import exposure_changes, targets_of
from reprieve.knowledge.kinetics import load_model, model_ids
from reprieve.knowledge.loader import sources

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "kinetic-models.md"
HEAD = """# Kinetic models

Every published model that the program can run, generated from `src/reprieve/knowledge/kinetics/`. Adding a published
linear model is adding one file there. "Values" counts the typical values by how they were established: *verified* were
read in the paper or in public model code that cites it, *recalled* were not read again, *policy* were derived, chosen
or stand in for something that is not published. How each predicts what was observed: `kinetics-acceptance.md`.

| Model | Drug | Routes | States | Sites | What it shows | Variability | Values |
| --- | --- | --- | --- | --- | --- | --- | --- |
"""
EXPOSURE_HEAD = """## What changes exposure

Factors on the area under the curve, with the change over without it. Empty: nobody measured it, so nothing moves and a
finding says so. Where a model has a liver the factors act on intrinsic clearance and on what escapes the gut; elsewhere
on the oral fraction and on clearance. Genotype and sex are options and off unless asked for.

| Change | By mouth | By vein | By nose | Norketamine by vein | How sure | Note |
| --- | --- | --- | --- | --- | --- | --- |
"""


def page() -> str:
    models = [load_model(model_id) for model_id in model_ids()]
    table = "\n".join(_row(model) for model in models)
    details = "\n".join(_details(model) for model in models)
    changes = "\n".join(_change(change) for change in exposure_changes().values())
    return f"{HEAD}{table}\n\n{EXPOSURE_HEAD}{changes}\n\n{details}"


def _row(model: LinearModel) -> str:
    routes = dict.fromkeys(str(entry.route) for entry in model.inputs)
    sites = dict.fromkeys(str(output.key.site) for output in model.outputs)
    shown = dict.fromkeys(output.key.analyte + " (exploratory)" * output.is_exploratory for output in model.outputs)
    cells = [
        f"`{model.id}`",
        ", ".join(drug.replace("_", " ") for drug in model.drugs),
        ", ".join(routes),
        str(len(model.states)),
        ", ".join(sites),
        ", ".join(shown),
        _completeness(model),
        _confidence(model),
    ]
    return f"| {' | '.join(cells)} |"


def _completeness(model: LinearModel) -> str:
    if not model.etas:
        return "none published or in hand: a typical person only"
    return f"{len(model.etas)} random effect{'s' * (len(model.etas) > 1)}" + (
        ", residual error" if model.residuals else ", no residual error"
    )


def _confidence(model: LinearModel) -> str:
    counted = Counter(parameter.source.confidence for parameter in model.parameters.values())
    return ", ".join(f"{counted[level]} {level}" for level in Confidence if counted[level])


def _details(model: LinearModel) -> str:
    targets = targets_of(model.id)
    acts_on = (
        "intrinsic clearance and gut of its liver"
        if targets.liver is not None
        else ", ".join(f"`{name}`" for name in (*targets.clearance, *targets.oral_fraction))
    )
    people = model.population.text or "see the limits in its file"
    cited = "; ".join(_cited(key) for key in model.source.keys)
    notes = " ".join(model.notes.split())
    return (
        f"## `{model.id}` {model.title}\n\n{notes}\n\nPeople: {people} {_limits(model)}\n"
        f"Interactions act on: {acts_on}.\n\nSources: {cited}.\n"
    )


def _limits(model: LinearModel) -> str:
    population = model.population
    ranges = [
        (population.lower_age_years, population.upper_age_years, "years"),
        (population.lower_weight_kg, population.upper_weight_kg, "kg"),
        (population.lower_bmi_kg_per_m2, population.upper_bmi_kg_per_m2, "kg/m2"),
    ]
    words = [_range(lower, upper, unit) for lower, upper, unit in ranges if lower is not None or upper is not None]
    return f"A finding warns outside {', '.join(words)}.\n"


def _range(lower: float | None, upper: float | None, unit: str) -> str:
    if lower is None:
        return f"up to {upper:g} {unit}"
    return f"{lower:g} {unit} and above" if upper is None else f"{lower:g} to {upper:g} {unit}"


def _cited(key: str) -> str:
    entry = sources()[key]
    return f"[{key}]({entry.link})" if entry.link else key


def _change(change: ExposureChange) -> str:
    factors = [change.oral_auc, change.iv_auc, change.nasal_auc, change.norketamine_auc]
    cells = [
        f"`{change.id}`",
        *("" if factor is None else f"x {factor:g}" for factor in factors),
        str(change.source.confidence),
        change.note,
    ]
    return f"| {' | '.join(cells)} |"


def main(arguments: list[str]) -> int:
    text = page()
    if "--check" in arguments:
        fresh = PAGE.exists() and PAGE.read_text(encoding="utf-8") == text
        print("fresh" if fresh else f"{PAGE.name} is stale: run scripts/kinetic_models_page.py")
        return 0 if fresh else 1
    PAGE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
