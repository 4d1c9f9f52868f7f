"""What other medicines, the liver and age do to exposure: from the options to a moved model and what must be known."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from reprieve.cli.simulate import numbers
from reprieve.domain.pharmacology.exposure import Adjusted, ExposureChange, apply_factors
from reprieve.domain.pharmacology.exposure_told import KnownDirection, age_findings, direction_findings
from reprieve.domain.pharmacology.linear_model import Drug, LinearModel, Route
from reprieve.domain.pharmacology.regimen import Dose
from reprieve.domain.quantities.findings import Finding, Severity
from reprieve.errors import InputError
from reprieve.knowledge.chart_map import load_chart_map
from reprieve.knowledge.exposure_changes import (
    age_bands,
    age_change_by_vein,
    changes_of_ingredients,
    directions_of_ingredients,
    exposure_changes,
    ingredients_with_effect,
    targets_of,
)

_LIVER = "child_pugh_"
_OLDEST_Y = 120.0


class ChildPugh(StrEnum):
    A = "A"
    B = "B"
    C = "C"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The options about exposure; nothing told leaves the model as it is published."""

    others: tuple[str, ...]
    child_pugh: str | None
    age_y: float | None
    age_liver_flow: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposed:
    """The model that is left, and which changes moved it."""

    adjusted: Adjusted
    changes: tuple[str, ...]


def exposed(model: LinearModel, doses: Sequence[Dose], told: Told) -> Exposed:
    """Raises: InputError SIM-WITH, SIM-WORD, SIM-AGE-FLOW, PK-EXP-REFUSED."""
    taken = [_known(text) for text in told.others]
    changes = {change.id: change for found, _ in taken for change in found}
    changes |= {change.id: change for change in (*_liver(told), *_age(model, told))}
    _refuse(changes.values())
    adjusted = apply_factors(
        model, tuple(changes.values()), targets=targets_of(model.id), routes={dose.route for dose in doses}
    )
    directions = {one.id: one for _, found in taken for one in found}
    notes = (*adjusted.findings, *direction_findings(directions.values()), *_band(doses, told))
    return Exposed(adjusted=Adjusted(model=adjusted.model, findings=notes), changes=tuple(changes))


def _known(text: str) -> tuple[tuple[ExposureChange, ...], tuple[KnownDirection, ...]]:
    """By the id of a change, or by the name or brand of an ingredient."""
    by_id = None if text.startswith(_LIVER) else exposure_changes().get(text.lower())
    if by_id is not None:
        return (by_id,), ()
    names = [drug.name for drug in load_chart_map().named_in(text)]
    changes, directions = changes_of_ingredients(names), directions_of_ingredients(names)
    if not changes and not directions:
        known = dict.fromkeys((*ingredients_with_effect(), *exposure_changes()))
        listed = ", ".join(name for name in known if not name.startswith(_LIVER))
        sentence = f"What {text!r} does to exposure is not known here; known are {listed}."
        raise InputError("SIM-WITH", sentence, where="--with")
    return changes, directions


def _liver(told: Told) -> tuple[ExposureChange, ...]:
    if told.child_pugh is None:
        return ()
    grade = numbers.word(ChildPugh, told.child_pugh.upper(), option="--child-pugh")
    return (exposure_changes()[f"{_LIVER}{grade.lower()}"],)


def _age(model: LinearModel, told: Told) -> tuple[ExposureChange, ...]:
    """The fall of liver flow with age as an option by vein; a model with a liver has it already."""
    if not told.age_liver_flow:
        return ()
    if told.age_y is None or not 0.0 <= told.age_y <= _OLDEST_Y:
        raise InputError("SIM-AGE-FLOW", "Liver flow by age needs --age-y, up to 120 years.", where="--age-liver-flow")
    if targets_of(model.id).liver is not None:
        raise InputError("SIM-AGE-FLOW", f"Model {model.id} holds age already.", where="--age-liver-flow")
    change = age_change_by_vein(told.age_y)
    return () if change is None else (change,)


def _band(doses: Sequence[Dose], told: Told) -> tuple[Finding, ...]:
    """The label's band of older adults is of the nasal spray."""
    is_spray = any((dose.drug, dose.route) == (Drug.ESKETAMINE, Route.IN) for dose in doses)
    return age_findings(age_bands(), age_y=told.age_y) if is_spray else ()


def _refuse(changes: Iterable[ExposureChange]) -> None:
    for change in changes:
        if change.severity is Severity.ABSOLUTE:
            sentence = f"{change.id.replace('_', ' ')}: {change.note}"
            raise InputError("PK-EXP-REFUSED", sentence, where="--child-pugh")
