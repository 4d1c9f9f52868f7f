"""One regimen given to many virtual people, in parts that any process or machine may compute.

A part is a pure function of the plan and its number. Parts merge in any order to the same prediction interval.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from reprieve.domain.pharmacology.covariates import Covariates
from reprieve.domain.pharmacology.linear_model import LinearModel, OutputKey, ResidualContext
from reprieve.domain.pharmacology.population import (
    Spread,
    residual_for,
    sample_covariates,
    sample_etas,
    sample_rows,
    with_residual,
)
from reprieve.domain.pharmacology.random_numbers import LARGEST_SEED, Numbers, Stream, normals
from reprieve.domain.pharmacology.regimen import Dose, RegimenError
from reprieve.domain.pharmacology.simulate import simulate
from reprieve.domain.pharmacology.spread import QuantilePlan, Tally, quantiles, tally

_PART_NUMBERS = 2_000_000
_SMALLEST_PART, _LARGEST_PART = 16, 4_096
LARGEST_POPULATION = 10**9


@dataclass(frozen=True, kw_only=True)
class VirtualTrial:
    """Who is simulated and what is asked.

    `covariates` holds what everybody shares; `spreads` are sampled one by one, `rows` are sampled whole.
    `residual` None: what is in plasma; else what an assay of that context would read.
    Raises: RegimenError PK-SUBJECTS, PK-SEED.
    """

    model: LinearModel
    doses: tuple[Dose, ...]
    t_min: tuple[float, ...]
    outputs: tuple[OutputKey, ...]
    covariates: Covariates
    subjects: int
    seed: int = 1
    spreads: Mapping[str, Spread] = field(default_factory=dict)
    rows: Mapping[str, Numbers] = field(default_factory=dict)
    residual: ResidualContext | None = None
    memory_bytes: int = 256 * 2**20

    def __post_init__(self) -> None:
        if not 2 <= self.subjects <= LARGEST_POPULATION:
            raise RegimenError("PK-SUBJECTS", subjects=self.subjects, upper=LARGEST_POPULATION)
        if not 0 <= self.seed <= LARGEST_SEED:
            raise RegimenError("PK-SEED", seed=str(self.seed))

    @cached_property
    def quantile_plan(self) -> QuantilePlan:
        """How the quantiles are found, and how far they may be off."""
        series = len(self.outputs) * len(self.t_min)
        return QuantilePlan(subjects=self.subjects, series=series, memory_bytes=self.memory_bytes)

    @property
    def part_size(self) -> int:
        """People in one part: as many as keep it near 16 MB. It depends on what is asked only, never on the machine."""
        fitting = _PART_NUMBERS // self.quantile_plan.series
        return max(_SMALLEST_PART, min(fitting, _LARGEST_PART))

    @property
    def parts(self) -> int:
        """How many parts the population has."""
        return -(-self.subjects // self.part_size)

    def part(self, number: int) -> Tally:
        """What part `number` (from 0) adds to the whole."""
        return tally(self.quantile_plan, self.people(number))

    def people(self, number: int) -> Numbers:
        """Concentrations of the people of one part: (people, outputs x times), mg/L.

        The last of several parts is computed whole, so that its people are solved in the same way, to the last digit,
        as in a larger population.
        """
        first = number * self.part_size
        count = self.part_size if self.parts > 1 else self.subjects
        curves = simulate(
            self.model,
            self.doses,
            t_min=np.array(self.t_min),
            covariates=self._covariates(first, count),
            etas=sample_etas(self.model, subjects=count, seed=self.seed, first=first),
            outputs=self.outputs,
        )
        values = np.broadcast_to(curves.values_mg_per_l, (count, len(self.outputs), len(self.t_min)))
        return self._read(values, first).reshape(count, -1)[: self.subjects - first]

    def band(self, whole: Tally, interval: float) -> tuple[Numbers, Numbers]:
        """Where the middle `interval` of people lie: lower and upper, each (outputs, times) in mg/L."""
        if not 0.0 < interval < 1.0:
            raise RegimenError("PK-INTERVAL", interval=interval)
        tails = np.array([(1.0 - interval) / 2.0, (1.0 + interval) / 2.0])
        lower, upper = quantiles(self.quantile_plan, whole, tails)
        shape = (len(self.outputs), len(self.t_min))
        return lower.reshape(shape), upper.reshape(shape)

    def _covariates(self, first: int, count: int) -> Covariates:
        drawn: dict[str, Any] = {}
        drawn |= sample_covariates(self.spreads, subjects=count, seed=self.seed, first=first)
        if self.rows:
            drawn |= sample_rows(self.rows, subjects=count, seed=self.seed, first=first)
        return replace(self.covariates, **drawn) if drawn else self.covariates

    def _read(self, values: Numbers, first: int) -> Numbers:
        """The same values, or what an assay would read; its errors have a stream of their own."""
        if self.residual is None:
            return values
        each = len(self.outputs) * len(self.t_min)
        standard = normals(seed=self.seed, stream=Stream.RESIDUAL, first=first, subjects=len(values), each=each)
        errors, found = standard.reshape(values.shape), np.array(values)
        for index, key in enumerate(self.outputs):
            error = residual_for(self.model, key.analyte, self.residual)
            if error is not None:
                found[:, index] = with_residual(error, found[:, index], errors[:, index])
        return found
