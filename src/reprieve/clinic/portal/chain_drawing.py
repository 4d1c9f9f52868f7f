"""The chain of steps as lanes of a drawing on one time axis, from a minute to two weeks; the server draws it."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from reprieve.domain.pharmacology.mechanism import SeenIn, illustrative_level
from reprieve.knowledge.mechanism import StepWords

Array = npt.NDArray[np.float64]

WIDTH, LEFT, RIGHT, LANE, TOP = 720.0, 12.0, 12.0, 54.0, 30.0
_FIRST_MIN, _LAST_MIN = 1.0, 20160.0
_POINTS = 240
_HEIGHT_OF_FULL = 24.0
_MARKS = (
    (1, "1 min", False), (10, "10 min", True), (40, "40 min", False), (120, "2 h", True),
    (1440, "1 day", False), (4320, "3 days", True), (20160, "2 weeks", False),
)  # fmt: skip
_ANCHORS = {"1 min": "start", "2 weeks": "end"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """One step: its number and words, and its shape in the drawing."""

    number: int
    words: StepWords
    seen_in: SeenIn
    baseline: float
    label_at: float
    area: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A time on the axis. `anchor` keeps the outer labels inside the drawing; a phone leaves the minor ones out."""

    at: float
    label: str
    anchor: str
    minor: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainDrawing:
    """Everything that the template needs."""

    lanes: tuple[Lane, ...]
    marks: tuple[Mark, ...]
    height: float


def draw_chain(steps: tuple[StepWords, ...]) -> ChainDrawing:
    """Lanes in the order of the chain."""
    t_min = np.geomspace(_FIRST_MIN, _LAST_MIN, _POINTS)
    lanes = tuple(_lane(number, words, t_min) for number, words in enumerate(steps, start=1))
    marks = tuple(
        Mark(at=_across(float(minute)), label=label, anchor=_ANCHORS.get(label, "middle"), minor=minor)
        for minute, label, minor in _MARKS
    )
    return ChainDrawing(lanes=lanes, marks=marks, height=TOP + LANE * len(lanes) + 6.0)


def _lane(number: int, words: StepWords, t_min: Array) -> Lane:
    baseline = TOP + LANE * number
    level = illustrative_level(words.step, t_min)
    points = " L".join(
        f"{_across(float(minute)):.1f} {baseline - _HEIGHT_OF_FULL * float(share):.1f}"
        for minute, share in zip(t_min, level, strict=True)
    )
    area = f"M{_across(_FIRST_MIN):.1f} {baseline:.1f} L{points} L{_across(_LAST_MIN):.1f} {baseline:.1f} Z"
    return Lane(
        number=number,
        words=words,
        seen_in=words.step.seen_in,
        baseline=baseline,
        label_at=baseline - _HEIGHT_OF_FULL - 5.0,
        area=area,
    )


def _across(minute: float) -> float:
    """Place of a time on the logarithmic axis."""
    share = np.log(minute / _FIRST_MIN) / np.log(_LAST_MIN / _FIRST_MIN)
    return float(LEFT + share * (WIDTH - LEFT - RIGHT))
