"""What a model can show: its own outputs, and S plus R where both are there."""

from functools import lru_cache

from reprieve.domain.pharmacology.linear_model import LinearModel, Output, OutputKey

_KEPT = 256
_TOTALS = ("ketamine", "norketamine", "hydroxynorketamine")


@lru_cache(maxsize=_KEPT)
def all_outputs(model: LinearModel) -> tuple[Output, ...]:
    """In the order of the file, then the totals."""
    by_key = {output.key: output for output in model.outputs}
    totals = []
    for substance in _TOTALS:
        for site in dict.fromkeys(output.key.site for output in model.outputs):
            parts = [by_key.get(OutputKey(analyte=f"{hand}-{substance}", site=site)) for hand in ("S", "R")]
            if all(parts):
                terms = tuple(term for part in parts if part is not None for term in part.terms)
                exploratory = any(part.is_exploratory for part in parts if part is not None)
                key = OutputKey(analyte=substance, site=site)
                totals.append(Output(key=key, terms=terms, is_exploratory=exploratory))
    return (*model.outputs, *totals)
