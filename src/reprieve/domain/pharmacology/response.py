"""Modes driven by what was given: exact values at any time, and exact areas."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import prod
from typing import Any

import numpy as np

from reprieve.domain.pharmacology import compiled
from reprieve.domain.pharmacology.amplitudes import LARGEST, amplitudes, entered_until
from reprieve.domain.pharmacology.arrays import Array, Namespace, on_host
from reprieve.domain.pharmacology.modes import Modes
from reprieve.domain.pharmacology.staircase import Staircase

_WORTH_COMPILING = 1_000_000
"""Exponentials from which loading the compiled kernels (half a second, once) pays."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """Modes and what drives them. `shape` are the leading axes of the subjects; `rows` are the outputs.

    `apart` holds subjects whose poles nearly coincide: their places in the batch, and their own wider modes.
    """

    modes: Modes
    inputs: tuple[Staircase, ...]
    shape: tuple[int, ...]
    apart: tuple[Array, Modes, tuple[Staircase, ...]] | None
    xp: Namespace
    is_traced: bool

    def at(self, t_min: Array) -> Array:
        """(..., rows, t): values of all rows at times (t,)."""
        return self._whole(
            evaluate(self.modes, self.inputs, t_min, self.xp, is_traced=self.is_traced),
            lambda places, modes, inputs: evaluate(modes, inputs, t_min, self.xp, is_traced=False),
        )

    def row(self, row: int) -> "Response":
        """The response of one output."""
        apart = self.apart
        if apart is not None:
            apart = (apart[0], _one_row(apart[1], row), apart[2])
        return replace(self, modes=_one_row(self.modes, row), apart=apart)

    def flat_at(self, t_min: Array) -> Any:
        """The first row as a NumPy array (n, t), at times (t,) or, for each of n subjects, (n, t)."""
        times = self.xp.asarray(t_min, dtype=self.modes.rates.dtype)
        found = self._whole(
            evaluate(self.modes, self.inputs, times, self.xp, is_traced=False),
            lambda places, modes, inputs: evaluate(
                modes,
                inputs,
                times if times.ndim == 1 else self.xp.take(times, self.xp.asarray(places), axis=0),
                self.xp,
                is_traced=False,
            ),
        )
        return on_host(found).reshape(prod(self.shape), -1)

    def steps(self) -> Array:
        """Every instant at which an input changes, of all subjects, sorted (NumPy)."""
        return np.unique(np.concatenate([on_host(given.starts_min).reshape(-1) for given in self.inputs]))

    def areas(self, until_min: float) -> Array:
        """(..., rows): areas from 0."""
        return self._whole(
            areas(self.modes, self.inputs, until_min, self.xp),
            lambda places, modes, inputs: areas(modes, inputs, until_min, self.xp),
        )

    def _whole(self, found: Array, again: Callable[[Array, Modes, tuple[Staircase, ...]], Array]) -> Array:
        xp = self.xp
        count = prod(self.shape)
        if found.shape[0] != count:
            found = xp.broadcast_to(found, (count, *found.shape[1:]))
        if self.apart is not None:
            places, modes, inputs = self.apart
            order = np.arange(count)
            order[places] = count + np.arange(len(places))
            found = xp.take(xp.concat((found, again(places, modes, inputs)), axis=0), xp.asarray(order), axis=0)
        return xp.reshape(found, (*self.shape, *found.shape[1:]))


def _one_row(modes: Modes, row: int) -> Modes:
    return replace(modes, weights=modes.weights[:, row : row + 1, ...])


def evaluate(modes: Modes, inputs: Sequence[Staircase], t_min: Array, xp: Namespace, *, is_traced: bool) -> Array:
    """Outputs at each time: modes of (n, m), times (t,) or (n, t) -> (n, outputs, t).

    Much work in NumPy's float64 on evenly spaced times is done by the compiled kernels, where Numba is installed.
    """
    if isinstance(modes.rates, np.ndarray) and t_min.ndim == 1 and modes.rates.size * t_min.size > _WORTH_COMPILING:
        found = _compiled(modes, inputs, t_min)
        if found is not None:
            return found
    count, width = modes.rates.shape[0], modes.rates.shape[-1] * (t_min.shape[-1] + 1)
    piece = count if is_traced else max(1, LARGEST // width)
    if piece >= count:
        return _evaluate(modes, inputs, t_min, xp)
    parts = [
        _evaluate(
            _rows(modes, start, start + piece),
            [_steps(given, start, start + piece) for given in inputs],
            t_min if t_min.ndim == 1 else t_min[start : start + piece, :],
            xp,
        )
        for start in range(0, count, piece)
    ]
    return xp.concat(parts, axis=0)


def _compiled(modes: Modes, inputs: Sequence[Staircase], t_min: Array) -> Array | None:
    """None where the kernels do not serve."""
    if modes.rates.dtype != np.float64 or not compiled.is_available():
        return None
    from reprieve.domain.pharmacology.compiled.on_grid import curves_on_grid, even_step  # noqa: PLC0415 - slow to load

    step = even_step(t_min)
    return None if step is None else curves_on_grid(modes.rates, modes.weights, inputs, t_min, step)


def areas(modes: Modes, inputs: Sequence[Staircase], until_min: float, xp: Namespace) -> Array:
    """Area of every output from 0 to `until_min`, exactly: what entered a mode less what is left, over its rate.

    (n, outputs), in unit of output x min.
    """
    at = xp.asarray([until_min], dtype=modes.rates.dtype)
    found = None
    for index, given in enumerate(inputs):
        left = amplitudes(modes.rates, given, at, xp)[..., 0]
        gone = (entered_until(given, at, xp) - left) / modes.rates
        part = xp.sum(modes.weights[:, :, index, :] * gone[:, None, :], axis=-1)
        found = part if found is None else found + part
    return found


def _evaluate(modes: Modes, inputs: Sequence[Staircase], t_min: Array, xp: Namespace) -> Array:
    found = None
    for index, given in enumerate(inputs):
        part = modes.weights[:, :, index, :] @ amplitudes(modes.rates, given, t_min, xp)
        found = part if found is None else found + part
    return found


def _rows(modes: Modes, start: int, stop: int) -> Modes:
    return Modes(rates=modes.rates[start:stop, :], weights=modes.weights[start:stop, ...])


def _steps(given: Staircase, start: int, stop: int) -> Staircase:
    if given.starts_min.ndim == 1 or given.starts_min.shape[0] == 1:
        return given
    return Staircase(
        starts_min=given.starts_min[start:stop, :],
        rates=given.rates[start:stop, :],
        jumps=given.jumps[start:stop, :],
        total_mg=given.total_mg,
    )
