"""Quantiles over many people in bounded memory: everything kept while it fits, else a histogram with a stated error.

Both tallies of two parts of a population merge to the tally of the whole in any order, so that chunks, processes and
machines give one answer.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, expm1, log

import numpy as np
import numpy.typing as npt

from reprieve.domain.pharmacology.random_numbers import Numbers

Counts = npt.NDArray[np.int64]

_FLOOR_MG_PER_L = 1e-10
_CEILING_MG_PER_L = 1e5
"""Below the floor counts as 0; nobody survives the ceiling."""
_REACH = log(_CEILING_MG_PER_L / _FLOOR_MG_PER_L)
_BYTES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class QuantilePlan:
    """How the quantiles of `series` numbers a person are found within `memory_bytes`."""

    subjects: int
    series: int
    memory_bytes: int = 256 * 2**20

    def __post_init__(self) -> None:
        if self.subjects < 1 or self.series < 1 or self.memory_bytes < 1:
            raise ValueError("a population has people, numbers and memory")

    @property
    def is_exact(self) -> bool:
        """Everything fits, so quantiles are those of all values."""
        return self.subjects * self.series * _BYTES <= self.memory_bytes

    @property
    def bins(self) -> int:
        """Cells of each histogram, equally wide on the log scale."""
        return min(max(self.memory_bytes // (4 * _BYTES * self.series), 2_000), 20_000)

    @property
    def tally_bytes(self) -> int:
        """Size of one histogram tally."""
        return self.series * (self.bins + 1) * _BYTES

    @property
    def relative_error(self) -> float:
        """How far a quantile may be from the exact one; 0 when everything is kept."""
        return 0.0 if self.is_exact else expm1(_REACH / self.bins)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Kept:
    """All values of some people: (people, series)."""

    values: Numbers


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Histogram:
    """Counts per series and cell, (series, bins + 1); the first cell is zero."""

    counts: Counts


Tally = Kept | Histogram


def tally(plan: QuantilePlan, values: Numbers) -> Tally:
    """What one part of the population adds: `values` (people, series), mg/L."""
    if plan.is_exact:
        return Kept(values=values)
    above = np.maximum(values, _FLOOR_MG_PER_L)
    cell = np.minimum((np.log(above / _FLOOR_MG_PER_L) * (plan.bins / _REACH)).astype(np.int64), plan.bins - 1) + 1
    cell = np.where(values > _FLOOR_MG_PER_L, cell, 0) + np.arange(plan.series) * (plan.bins + 1)
    counts = np.bincount(cell.ravel(), minlength=plan.series * (plan.bins + 1)).astype(np.int64)
    return Histogram(counts=counts.reshape(plan.series, plan.bins + 1))


def merge(tallies: Iterable[Tally]) -> Tally:
    """The tally of all parts.  Raises: ValueError for no part or parts of different kinds."""
    kept: list[Numbers] = []
    counts: Counts | None = None
    for part in tallies:
        if isinstance(part, Kept):
            kept.append(part.values)
        else:
            counts = part.counts.copy() if counts is None else np.add(counts, part.counts, out=counts)
    if bool(kept) == (counts is not None):
        raise ValueError("parts of one population are of one kind, and at least one")
    return Kept(values=np.concatenate(kept)) if counts is None else Histogram(counts=counts)


def quantiles(plan: QuantilePlan, whole: Tally, probabilities: Numbers) -> Numbers:
    """(probabilities, series) in mg/L, between neighbouring people as usual; see `relative_error`."""
    if isinstance(whole, Kept):
        exact: Numbers = np.quantile(whole.values, probabilities, axis=0)
        return exact
    reached = np.cumsum(whole.counts, axis=1)
    found = np.empty((len(probabilities), plan.series))
    for row, probability in enumerate(probabilities):
        wanted = ceil(probability * (plan.subjects - 1)) + 1
        for series in range(plan.series):
            found[row, series] = _within(plan, reached[series], wanted)
    return found


def _within(plan: QuantilePlan, reached: Counts, wanted: int) -> float:
    """Value of the `wanted`-th smallest person, spaced evenly on the log scale inside its cell."""
    cell = int(np.searchsorted(reached, wanted))
    if cell == 0:
        return 0.0
    before = int(reached[cell - 1])
    share = (wanted - before - 0.5) / (int(reached[cell]) - before)
    return float(_FLOOR_MG_PER_L * np.exp((cell - 1 + share) * (_REACH / plan.bins)))
