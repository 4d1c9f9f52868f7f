"""Axes and paths of a concentration drawn by the server: minutes to the right, ng/mL upwards."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

_NICE = (5, 10, 20, 30, 50, 100, 150, 200, 300, 400, 500, 600, 800, 1000, 1500, 2000, 3000, 5000)
_LEVELS = 5
_TICK_MIN = (10.0, 20.0, 30.0, 60.0, 120.0, 240.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A mark on an axis: where it is and what it says."""

    at: float
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The space of a drawing in its own units; `top` ng/mL is its upper edge, `end_min` its right one.

    `most_ticks`: how many times fit under it without running into each other.
    """

    end_min: float
    top: float
    width: float = 720.0
    height: float = 300.0
    left: float = 52.0
    right: float = 16.0
    above: float = 18.0
    below: float = 40.0
    most_ticks: int = 11

    @property
    def right_edge(self) -> float:
        return self.width - self.right

    @property
    def floor(self) -> float:
        """Where 0 ng/mL lies."""
        return self.height - self.below

    def across(self, minute: Array) -> Array:
        scaled: Array = self.left + minute / self.end_min * (self.right_edge - self.left)
        return scaled

    def up(self, level: Array) -> Array:
        scaled: Array = self.floor - level / self.top * (self.floor - self.above)
        return scaled

    def minute_ticks(self) -> tuple[Tick, ...]:
        step = next((each for each in _TICK_MIN if self.end_min / each < self.most_ticks), _TICK_MIN[-1])
        minutes = np.arange(0.0, self.end_min + 1e-9, step)
        return _ticks(self.across(minutes), minutes)

    def level_ticks(self) -> tuple[Tick, ...]:
        levels = np.linspace(0.0, self.top, _LEVELS)
        return _ticks(self.up(levels), levels)


def ceiling(level: float) -> float:
    """The smallest round number above the highest level."""
    return float(next((nice for nice in _NICE if nice >= level), level))


def path(x: Array, y: Array) -> str:
    """A line through the points."""
    return "M" + " L".join(f"{one:.1f} {other:.1f}" for one, other in zip(x, y, strict=True))


def area(x: Array, lower: Array, upper: Array) -> str:
    """The closed space between two lines."""
    return path(np.concatenate((x, x[::-1])), np.concatenate((upper, lower[::-1]))) + " Z"


def _ticks(places: Array, values: Array) -> tuple[Tick, ...]:
    return tuple(
        Tick(at=round(float(place), 1), label=f"{value:g}") for place, value in zip(places, values, strict=True)
    )
