"""How drug enters: a staircase of constant rates with jumps, per minute since the start."""

from dataclasses import dataclass

import numpy as np

from reprieve.domain.pharmacology.arrays import Array, Namespace


@dataclass(frozen=True, slots=True, kw_only=True)
class Staircase:
    """From `starts_min[k]` on drug runs at `rates[k]` mg/min, and `jumps[k]` mg enter at that instant.

    The first start is 0. Shape (k,) where everybody gets the same, (n, k) where lag or duration differ between n
    subjects.
    """

    starts_min: Array
    rates: Array
    jumps: Array
    total_mg: float


def staircase(*, starts_min: Array, amounts_mg: Array, durations_min: Array) -> Staircase:
    """What these doses add up to; touching and overlapping infusions are merged. NumPy, set-up only."""
    start, amount, duration = (np.asarray(part, dtype=np.float64) for part in (starts_min, amounts_mg, durations_min))
    runs = duration > 0.0
    pushes = ~runs
    rate = amount[runs] / duration[runs]
    times = np.concatenate((start[pushes], start[runs], start[runs] + duration[runs], [0.0]))
    steps, place = _distinct(times)
    pushed, ran, length = start.size - rate.size, rate.size, steps.size
    on, off = place[pushed : pushed + ran], place[pushed + ran : pushed + 2 * ran]
    jumps = np.bincount(place[:pushed], amount[pushes], length)
    change = np.bincount(on, rate, length) - np.bincount(off, rate, length)
    active = np.bincount(on, minlength=length) - np.bincount(off, minlength=length)
    rates = np.where(np.cumsum(active) > 0, np.cumsum(change), 0.0)
    return Staircase(starts_min=steps, rates=np.maximum(rates, 0.0), jumps=jumps, total_mg=float(np.sum(amount)))


def _distinct(times: Array) -> tuple[Array, Array]:
    """Each time once, in order, and the place of every given one among them."""
    order = np.argsort(times, kind="stable")
    rising = times[order]
    is_new = np.concatenate(([True], rising[1:] > rising[:-1]))
    place = np.empty(times.size, dtype=np.int64)
    place[order] = np.cumsum(is_new) - 1
    return rising[is_new], place


def shifted_staircase(base: Staircase, *, lag_min: Array, spread_min: Array | None, xp: Namespace) -> Staircase:
    """Pushes that begin `lag_min` later and are spread evenly over `spread_min`, one of each for every subject (n,).

    Raises: nothing; a spread must be positive.
    """
    starts = xp.asarray(base.starts_min, dtype=lag_min.dtype)[None, :] + lag_min[:, None]
    jumps = xp.broadcast_to(xp.asarray(base.jumps, dtype=lag_min.dtype)[None, :], starts.shape)
    zero = xp.zeros((starts.shape[0], 1), dtype=starts.dtype)
    if spread_min is None:
        return Staircase(
            starts_min=xp.concat((zero, starts), axis=1),
            rates=xp.zeros((starts.shape[0], starts.shape[1] + 1), dtype=starts.dtype),
            jumps=xp.concat((zero, jumps), axis=1),
            total_mg=base.total_mg,
        )
    rate = jumps / spread_min[:, None]
    times = xp.concat((zero, starts, starts + spread_min[:, None]), axis=1)
    order = xp.argsort(times, axis=1, stable=True)
    change = xp.take_along_axis(xp.concat((zero, rate, -rate), axis=1), order, axis=1)
    rates = xp.cumulative_sum(change, axis=1)
    return Staircase(
        starts_min=xp.take_along_axis(times, order, axis=1),
        rates=xp.where(rates > 1e-12 * xp.max(rate, axis=1, keepdims=True), rates, xp.zeros_like(rates)),
        jumps=xp.zeros_like(times),
        total_mg=base.total_mg,
    )
