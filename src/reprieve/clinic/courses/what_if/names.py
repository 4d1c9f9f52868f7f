"""Models by the names that people give them; their ids stay in tables, addresses and stored answers."""

from dataclasses import replace

from reprieve.domain.quantities.findings import Finding
from reprieve.knowledge.kinetics import load_model, model_ids

_NAME_A_MODEL = frozenset({"model", "lowest", "highest", "least", "greatest"})
"""Parameters of findings that hold the id of a model."""


def model_name(model_id: str) -> str:
    """`Perez-Ruixo 2021`: the title of a model up to its colon."""
    return load_model(model_id).title.partition(":")[0]


def model_about(model_id: str) -> str:
    """The rest of the title: what the model is of."""
    return load_model(model_id).title.partition(":")[2].strip()


def with_names(finding: Finding) -> Finding:
    """The same finding with ids of models as names, for a sentence."""
    known = frozenset(model_ids())
    params = {
        key: model_name(value) if key in _NAME_A_MODEL and isinstance(value, str) and value in known else value
        for key, value in finding.params.items()
    }
    return replace(finding, params=params)
