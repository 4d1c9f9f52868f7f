"""Who the patient is, as far as a model asks: numbers for one person, or arrays for many."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite

import numpy as np

from reprieve.domain.pharmacology.arrays import Scalar, on_host
from reprieve.domain.pharmacology.linear_model import LinearModel

_NAMES = ("weight_kg", "age_y", "female", "asian", "japanese", "fed", "hold_min", "swallowed")
STANDARD_COVARIATES = frozenset(_NAMES)
"""Names that every model may use; a model that uses one that can be unknown declares its typical value."""

CAN_BE_UNKNOWN = frozenset({"age_y", "female", "fed", "hold_min"})


_LIGHTEST_KG = float(np.finfo(np.float64).tiny)
"""Anything above nothing."""


class CovariateError(ValueError):
    """A covariate that cannot be, or that the model needs and nobody gave; words are made in the shell."""

    def __init__(self, code: str, **params: float | str) -> None:
        self.code = code
        self.params = params
        super().__init__(f"{code} {params}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Covariates:
    """None is unknown: the model's typical value is used, and `applicability_findings` says so.

    Raises: CovariateError PK-COV-WEIGHT, PK-COV-AGE, PK-COV-HOLD, PK-COV-VALUE.
    """

    weight_kg: Scalar
    age_y: Scalar | None = None
    female: Scalar | None = None
    asian: Scalar = False
    japanese: Scalar = False
    fed: Scalar | None = None
    hold_min: Scalar | None = None
    swallowed: Scalar = True
    extra: Mapping[str, Scalar] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _check("PK-COV-WEIGHT", self.weight_kg, above=0.0)
        _check("PK-COV-AGE", self.age_y, least=0.0)
        _check("PK-COV-HOLD", self.hold_min, least=0.0)

    def check_arrays(self) -> None:
        """Every number of an array as if it stood alone.  Raises: CovariateError."""
        for code, values, lowest in (
            ("PK-COV-WEIGHT", self.weight_kg, _LIGHTEST_KG),
            ("PK-COV-AGE", self.age_y, 0.0),
            ("PK-COV-HOLD", self.hold_min, 0.0),
        ):
            if values is not None and not isinstance(values, int | float):
                wrong = np.asarray(on_host(values), dtype=np.float64).reshape(-1)
                wrong = wrong[~((wrong >= lowest) & (wrong < np.inf))]
                if wrong.size:
                    raise CovariateError(code, value=float(wrong[0]))

    def given(self) -> dict[str, Scalar]:
        """Every covariate that is known, by name: floats (yes is 1) or arrays."""
        known = [(name, getattr(self, name)) for name in _NAMES] + list(self.extra.items())
        return {name: _number(value) for name, value in known if value is not None}

    def values_for(self, model: LinearModel) -> dict[str, Scalar]:
        """Every covariate by name; unknown ones at the model's typical value.

        Raises: CovariateError PK-COV-NAME for an extra one that the model does not declare.
        """
        stray = sorted(set(self.extra) - set(model.covariates))
        if stray:
            raise CovariateError("PK-COV-NAME", name=stray[0])
        return {**model.covariates, **self.given()}


def _number(value: Scalar) -> Scalar:
    """Yes and no as 1 and 0; whole numbers as floats."""
    return float(value) if isinstance(value, bool | int | float) else value


def _check(code: str, value: Scalar | None, *, above: float | None = None, least: float | None = None) -> None:
    """Plain numbers only: arrays are checked where they are made (an array may be a tracer without values)."""
    if not isinstance(value, int | float):
        return
    if not isfinite(value) or (above is not None and not value > above) or (least is not None and value < least):
        raise CovariateError(code, value=float(value))
