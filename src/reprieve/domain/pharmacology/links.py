"""Adds an effect site to a model: a state that follows a concentration with its own delay and takes no drug."""

from dataclasses import replace

from reprieve.domain.pharmacology.formula import Binary, Formula, Name, Number, Operation
from reprieve.domain.pharmacology.linear_model import (
    Drive,
    Flow,
    LinearModel,
    ModelError,
    Output,
    OutputKey,
    Parameter,
    Site,
    Term,
)
from reprieve.domain.pharmacology.outputs import all_outputs
from reprieve.domain.quantities.sources import Source


def with_link(
    model: LinearModel, analyte: str, site: Site, rate_per_min: float, name: str, source: Source | None = None
) -> LinearModel:
    """The model with a state `name` that follows `analyte` at `site`: d(name)/dt = rate (C - name), in mg/L.

    The output is `analyte` at the site `effect`. The rate is a parameter `name`, so a random effect may act on it;
    `source` None: the model's own.
    Raises: ModelError PK-MODEL-OUTPUT when the model does not have that output, PK-MODEL-STATE when `name` is taken.
    """
    key = OutputKey(analyte=analyte, site=site)
    followed = next((output for output in all_outputs(model) if output.key == key), None)
    if followed is None:
        raise ModelError("PK-MODEL-OUTPUT", analyte=analyte, site=str(site))
    if name in model.states or name in model.parameters:
        raise ModelError("PK-MODEL-STATE", name=name)
    rate = Parameter(value=rate_per_min, unit="/min", source=source or model.source)
    return replace(
        model,
        states=(*model.states, name),
        parameters={**model.parameters, name: rate},
        flows=(*model.flows, Flow(from_=name, rate=Name(name))),
        drives=(*model.drives, *(Drive(from_=t.state, to=name, rate=_driven(name, t)) for t in followed.terms)),
        outputs=(
            *model.outputs,
            Output(key=OutputKey(analyte=analyte, site=Site.EFFECT), terms=(Term(state=name),)),
        ),
    )


def _driven(name: str, term: Term) -> Formula:
    times = Number(1.0) if term.times is None else term.times
    rate = Binary(Operation.MULTIPLY, Name(name), times)
    return rate if term.per is None else Binary(Operation.DIVIDE, rate, term.per)
