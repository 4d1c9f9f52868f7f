"""Models made up for tests: a chain of single compartments, and a body with exchanges."""

from reprieve.domain.pharmacology.formula import Name, Number
from reprieve.domain.pharmacology.linear_model import (
    Drug,
    Flow,
    Input,
    LinearModel,
    ModelPopulation,
    Output,
    OutputKey,
    Parameter,
    Route,
    Site,
    Term,
)
from reprieve.domain.quantities.sources import Confidence, Source

SOURCE = Source(keys=("DESIGN",), confidence=Confidence.POLICY)


def parameter(value, unit="/min"):
    return Parameter(value=value, unit=unit, source=SOURCE)


def chain(rates, *, names=None):
    """Drug passes one compartment after another; the last is seen. Equal `names` are equal by construction."""
    names = names or [f"k{place}" for place in range(len(rates))]
    states = tuple(f"A{place}" for place in range(len(rates)))
    flows = [Flow(from_=a, to=b, rate=Name(k)) for a, b, k in zip(states, states[1:], names, strict=False)]
    return model(
        parameters=dict(zip(names, rates, strict=True)),
        states=states,
        flows=(*flows, Flow(from_=states[-1], rate=Name(names[-1]))),
        seen=states[-1],
    )


def model(*, parameters, states, flows, seen, **more):
    return LinearModel(
        **{
            "id": "small",
            "title": "made up",
            "drugs": (Drug.ESKETAMINE,),
            "default_site": Site.ARTERIAL,
            "parameters": {name: parameter(value) for name, value in parameters.items()},
            "states": tuple(states),
            "flows": tuple(flows),
            "inputs": (Input(route=Route.IV, drug=Drug.ESKETAMINE, state=states[0], fraction=Number(1.0)),),
            "outputs": (Output(key=OutputKey(analyte="S-ketamine", site=Site.ARTERIAL), terms=(Term(state=seen),)),),
            "population": ModelPopulation(source=SOURCE),
            "source": SOURCE,
            **more,
        }
    )
