"""What each mode holds at any time while drug enters as a staircase, and how much entered so far: exact."""

import numpy as np

from reprieve.domain.pharmacology.arrays import Array, Namespace
from reprieve.domain.pharmacology.staircase import Staircase

LARGEST = 4_000_000
"""Elements of an array of work; more subjects or rate changes than fit are taken in pieces."""


def amplitudes(rates: Array, given: Staircase, t_min: Array, xp: Namespace) -> Array:
    """Value of each mode at each time from 0 on: rates (n, m), times (t,) or (n, t) -> (n, m, t)."""
    place, starts, running = _last_step(given, t_min, xp)
    known = _at_steps(rates, given, place, xp)
    lost = xp.expm1(-rates[..., None] * (t_min - starts)[..., None, :])
    return known + (known - running[..., None, :] / rates[..., None]) * lost


def entered_until(given: Staircase, at: Array, xp: Namespace) -> Array:
    """mg that entered up to one instant: (n or 1, 1)."""
    starts, running, jumps = (xp.asarray(part, dtype=at.dtype) for part in (given.starts_min, given.rates, given.jumps))
    if starts.ndim == 1:
        starts, running, jumps = starts[None, :], running[None, :], jumps[None, :]
    infinite = xp.full((starts.shape[0], 1), np.inf, dtype=at.dtype)
    ends = xp.concat((starts[:, 1:], infinite), axis=1)
    span = xp.minimum(ends, xp.broadcast_to(at, ends.shape)) - starts
    ran = xp.where(
        (span > 0.0) & (running > 0.0), running * xp.where(span > 0.0, span, xp.zeros_like(span)), xp.zeros_like(span)
    )
    pushed = xp.where(starts <= at, jumps, xp.zeros_like(jumps))
    return xp.sum(ran + pushed, axis=1, keepdims=True)


def _last_step(given: Staircase, t_min: Array, xp: Namespace) -> tuple[Array, Array, Array]:
    """For each time the last step at or before it, when that began, and the rate since: (n or 1, t)."""
    if given.starts_min.ndim == 1:
        starts = xp.asarray(given.starts_min, dtype=t_min.dtype)
        held = xp.searchsorted(starts, xp.reshape(t_min, (-1,)), side="right") - 1
        rates = xp.asarray(given.rates, dtype=t_min.dtype)
        shape = t_min.shape if t_min.ndim == 2 else (1, *t_min.shape)
        return tuple(xp.reshape(part, shape) for part in (held, xp.take(starts, held), xp.take(rates, held)))
    starts, rates = (xp.asarray(part, dtype=t_min.dtype) for part in (given.starts_min, given.rates))
    begun = starts[:, None, :] <= (t_min if t_min.ndim == 2 else t_min[None, :])[:, :, None]
    place = xp.sum(xp.astype(begun, xp.int64), axis=-1) - 1
    return place, xp.take_along_axis(starts, place, axis=1), xp.take_along_axis(rates, place, axis=1)


def _at_steps(rates: Array, given: Staircase, wanted: Array, xp: Namespace) -> Array:
    """Value of each mode just after the steps `wanted` (n or 1, t) -> (n, m, t).

    A recurrence over the steps, done by doubling (all products are positive: nothing cancels), in pieces of bounded
    size, each starting from the end of the one before.
    """
    starts = xp.asarray(given.starts_min, dtype=rates.dtype)
    running, jumps = (xp.asarray(part, dtype=rates.dtype) for part in (given.rates, given.jumps))
    if starts.ndim == 1:
        starts, running, jumps = starts[None, :], running[None, :], jumps[None, :]
    steps = starts.shape[1]
    length = max(256, LARGEST // (rates.shape[0] * rates.shape[1]))
    value = rates[..., None] * 0.0 + jumps[:, None, :1]
    pieces = [value]
    for first in range(1, steps, length):
        last = min(steps, first + length)
        span = (starts[:, first:last] - starts[:, first - 1 : last - 1])[:, None, :]
        lost = xp.expm1(-rates[..., None] * span)
        gained = jumps[:, None, first:last] - lost * running[:, None, first - 1 : last - 1] / rates[..., None]
        pieces.append(_running(1.0 + lost, gained, pieces[-1][..., -1:], xp))
    known = pieces[0] if len(pieces) == 1 else xp.concat(pieces, axis=-1)
    if wanted.shape[0] == 1:
        return xp.take(known, wanted[0, :], axis=-1)
    known = xp.broadcast_to(known, (wanted.shape[0], *known.shape[1:]))
    indices = xp.broadcast_to(wanted[:, None, :], (*known.shape[:2], wanted.shape[-1]))
    return xp.take_along_axis(known, indices, axis=-1)


def _running(keep: Array, gain: Array, before: Array, xp: Namespace) -> Array:
    """x[k] = keep[k] x[k-1] + gain[k] with x[-1] = before, along the last axis."""
    gain = xp.concat((gain[..., :1] + keep[..., :1] * before, gain[..., 1:]), axis=-1)
    shift, length = 1, gain.shape[-1]
    while shift < length:
        gain = xp.concat((gain[..., :shift], gain[..., shift:] + keep[..., shift:] * gain[..., :-shift]), axis=-1)
        keep = xp.concat((keep[..., :shift], keep[..., shift:] * keep[..., :-shift]), axis=-1)
        shift *= 2
    return gain
