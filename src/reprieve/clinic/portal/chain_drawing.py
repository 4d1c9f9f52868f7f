"""The chain of steps as lanes of a drawing on one time axis, from a minute to two weeks; the server draws it."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from reprieve.domain.pharmacology.covariates import Covariates
from reprieve.domain.pharmacology.linear_model import Drug, OutputKey, Route, Site
from reprieve.domain.pharmacology.mechanism import SeenIn, illustrative_level
from reprieve.domain.pharmacology.regimen import Dose
from reprieve.domain.pharmacology.simulate import simulate
from reprieve.knowledge.kinetics import load_model
from reprieve.knowledge.mechanism import StepWords

Array = npt.NDArray[np.float64]

_FIRST_MIN, _LAST_MIN = 1.0, 20160.0
_POINTS = 240
_HEIGHT_OF_FULL = 24.0
_MARKS = (
    (1, "1 min", False), (10, "10 min", True), (40, "40 min", False), (120, "2 h", True),
    (1440, "1 day", False), (4320, "3 days", True), (20160, "2 weeks", False),
)  # fmt: skip
_BLOOD = "MECH-BLOOD"
_WEIGHT_KG = 70.0
_USUAL = Dose(drug=Drug.RACEMIC_KETAMINE, route=Route.IV, at_min=0.0, amount_mg=0.5 * _WEIGHT_KG, duration_min=40.0)
_ANCHORS = {"1 min": "start", "2 weeks": "end"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The space of one drawing in its own units; a phone gets a narrow one and leaves the minor times out."""

    size: str
    width: float
    margin: float = 12.0
    lane: float = 54.0
    top: float = 30.0
    keeps_minor: bool = True

    @property
    def right_edge(self) -> float:
        return self.width - self.margin

    def across(self, minute: float) -> float:
        """Place of a time on the logarithmic axis."""
        share = np.log(minute / _FIRST_MIN) / np.log(_LAST_MIN / _FIRST_MIN)
        return float(self.margin + share * (self.width - 2.0 * self.margin))


_SHEETS = (
    Sheet(size="wide", width=720.0),
    Sheet(size="narrow", width=340.0, margin=4.0, lane=50.0, keeps_minor=False),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """One step: its number and words, and its shape in the drawing: calculated by a model, or an illustration."""

    number: int
    words: StepWords
    seen_in: SeenIn
    baseline: float
    label_at: float
    area: str
    is_calculated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A time on the axis. `anchor` keeps the outer labels inside the drawing."""

    at: float
    label: str
    anchor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainDrawing:
    """Everything that the template needs."""

    sheet: Sheet
    lanes: tuple[Lane, ...]
    marks: tuple[Mark, ...]
    height: float


def draw_chain(steps: tuple[StepWords, ...]) -> tuple[ChainDrawing, ...]:
    """Lanes in the order of the chain, once a size."""
    return tuple(_draw(steps, sheet) for sheet in _SHEETS)


def _draw(steps: tuple[StepWords, ...], sheet: Sheet) -> ChainDrawing:
    t_min = _times()
    marks = tuple(
        Mark(at=sheet.across(float(minute)), label=label, anchor=_ANCHORS.get(label, "middle"))
        for minute, label, minor in _MARKS
        if sheet.keeps_minor or not minor
    )
    return ChainDrawing(
        sheet=sheet,
        lanes=tuple(_lane(number, words, t_min, sheet) for number, words in enumerate(steps, start=1)),
        marks=marks,
        height=sheet.top + sheet.lane * len(steps) + 6.0,
    )


def _lane(number: int, words: StepWords, t_min: Array, sheet: Sheet) -> Lane:
    baseline = sheet.top + sheet.lane * number
    is_calculated = words.step.id == _BLOOD
    level = _blood_level() if is_calculated else illustrative_level(words.step, t_min)
    points = " L".join(
        f"{sheet.across(float(minute)):.1f} {baseline - _HEIGHT_OF_FULL * float(share):.1f}"
        for minute, share in zip(t_min, level, strict=True)
    )
    area = f"M{sheet.across(_FIRST_MIN):.1f} {baseline:.1f} L{points} L{sheet.across(_LAST_MIN):.1f} {baseline:.1f} Z"
    return Lane(
        number=number,
        words=words,
        seen_in=words.step.seen_in,
        baseline=baseline,
        label_at=baseline - _HEIGHT_OF_FULL - 5.0,
        area=area,
        is_calculated=is_calculated,
    )


def _times() -> Array:
    """Evenly spaced on the axis, with the end of the infusion among them so that its peak is drawn."""
    times: Array = np.union1d(np.geomspace(_FIRST_MIN, _LAST_MIN, _POINTS), [_USUAL.end_min])
    return times


@cache
def _blood_level() -> Array:
    """Arterial ketamine by K2S at `_times`, 0.5 mg/kg over 40 minutes at 70 kg, as a share of its highest value."""
    key = OutputKey(analyte="ketamine", site=Site.ARTERIAL)
    person = Covariates(weight_kg=_WEIGHT_KG)
    curves = simulate(load_model("k2s"), [_USUAL], t_min=_times(), covariates=person, outputs=[key])
    level: Array = np.asarray(curves.of(key.analyte, key.site)) / float(curves.peak(key.analyte, key.site)[0])
    return level
