"""What a model can show: its own outputs, S plus R where both are there, and the amount in any state."""

from functools import lru_cache

from reprieve.domain.pharmacology.linear_model import LinearModel, Output, OutputKey, Term
from reprieve.domain.pharmacology.regimen import RegimenError

_KEPT = 256
Seen = tuple[OutputKey, ...] | str | None
"""Which outputs are asked for: these, the amount in one state (its name), or all."""
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


@lru_cache(maxsize=_KEPT)
def outputs_for(model: LinearModel, seen: Seen) -> tuple[Output, ...]:
    """Raises: RegimenError PK-OUTPUT for an output that the model has not."""
    if isinstance(seen, str):
        return (Output(key=OutputKey(analyte=seen, site=model.default_site), terms=(Term(state=seen),)),)
    known = all_outputs(model)
    if seen is None:
        return known
    found = {output.key: output for output in known}
    missing = [key for key in seen if key not in found]
    if missing:
        raise RegimenError("PK-OUTPUT", analyte=missing[0].analyte, site=str(missing[0].site))
    return tuple(found[key] for key in seen)
