"""The highest point of a curve that can be computed exactly at any time."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_EVEN = 257
_AFTER_MIN = 0.25 * 2.0 ** np.arange(12)
_MANY = 400
_PARTS = np.linspace(0.0, 1.0, 9)
_ROUNDS = 9


def peak(at: Callable[[Floats], Floats], *, steps_min: Floats, end_min: float) -> tuple[Floats, Floats]:
    """Height and time of the maximum between 0 and `end_min`, each (n,); `at` takes (t,) or (n, t), gives (n, t).

    First a net over the whole span, denser after every change of input, since a peak comes at one or soon after
    (beyond 400 changes: at the changes only). Then the interval around the best point is divided by 8, nine times:
    the time is exact to 1e-8 of the interval, the height to rounding.
    """
    net = _net(steps_min, end_min)
    values = at(net)
    best = np.argmax(values, axis=-1)
    left, right = net[np.maximum(best - 1, 0)], net[np.minimum(best + 1, net.size - 1)]
    height, time = np.max(values, axis=-1), net[best]
    for _ in range(_ROUNDS):
        times = left[:, None] + (right - left)[:, None] * _PARTS
        found = at(times)
        place = np.argmax(found, axis=-1)[:, None]
        higher = np.take_along_axis(found, place, axis=-1)[:, 0]
        time = np.where(higher > height, np.take_along_axis(times, place, axis=-1)[:, 0], time)
        height = np.maximum(height, higher)
        left = np.take_along_axis(times, np.maximum(place - 1, 0), axis=-1)[:, 0]
        right = np.take_along_axis(times, np.minimum(place + 1, _PARTS.size - 1), axis=-1)[:, 0]
    return height, time


def _net(steps_min: Floats, end_min: float) -> Floats:
    inside = steps_min[(steps_min >= 0.0) & (steps_min <= end_min)]
    near = inside if inside.size > _MANY else (inside[:, None] + np.append(0.0, _AFTER_MIN)).reshape(-1)
    net = np.unique(np.concatenate((np.linspace(0.0, end_min, _EVEN), near)))
    return net[net <= end_min]
