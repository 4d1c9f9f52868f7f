"""The response view as SVG shapes: severity bands, limits, scores and doses on one time axis.

Nothing clinical is decided here. The shape of a point says its source, filling its completeness, a ring its recall
window; colour only repeats it. Shapes carry class names; the style sheet gives them light, dark and dim colours.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import dateformat, timezone
from django.utils.translation import gettext as _

from reprieve.clinic.outcomes.selectors import Provenance, ScorePoint
from reprieve.clinic.outcomes.trends import Trend
from reprieve.domain.outcomes.response import response_limit
from reprieve.domain.outcomes.scoring import ScoreStatus
from reprieve.domain.outcomes.trend import Placed, Window

_STEPS_DAYS = (7, 14, 28, 56, 91, 182, 365, 730, 1825)
_DOSE_LABEL_ROOM = 26
_INSET = 16.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """Size of a picture and the margins around its plot; one unit is about a pixel at the width it is meant for."""

    name: str
    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    max_dates: int
    bands_inside: bool

    @property
    def plot_right(self) -> float:
        return self.width - self.right

    @property
    def plot_bottom(self) -> float:
        return self.height - self.bottom


WIDE = Frame(
    name="wide", width=900, height=420, left=50, right=158, top=18, bottom=84, max_dates=8, bands_inside=False
)  # fmt: skip
NARROW = Frame(
    name="narrow", width=350, height=400, left=28, right=4, top=12, bottom=84, max_dates=4, bands_inside=True
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One SVG element: its name, class, attributes and the words inside it."""

    tag: str
    css: str
    attributes: dict[str, str]
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A frame with everything that is drawn in it, back to front."""

    frame: Frame
    shapes: tuple[Shape, ...]


def draw(trend: Trend, frame: Frame) -> Picture:
    """The picture of a trend in one frame."""
    scale = _Scale(trend=trend, frame=frame)
    parts = (_bands, _totals, _dates, _limits, _doses, _runs, _marks)
    return Picture(frame=frame, shapes=tuple(shape for part in parts for shape in part(scale)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scale:
    trend: Trend
    frame: Frame

    def x(self, at: datetime) -> float:
        share = (at - self.trend.start_at) / max(self.trend.end_at - self.trend.start_at, timedelta(days=1))
        return self.frame.left + _INSET + share * (self.frame.plot_right - self.frame.left - 2 * _INSET)

    def y(self, total: float) -> float:
        share = total / self.trend.instrument.max_total
        return self.frame.plot_bottom - share * (self.frame.plot_bottom - self.frame.top)

    def point(self, score: ScorePoint) -> tuple[float, float]:
        """A score without a total lies on the floor of the plot."""
        return self.x(score.at), self.frame.plot_bottom - 10 if score.total is None else self.y(score.total)


def _text(x: float, y: float, css: str, words: str, *, anchor: str = "start") -> Shape:
    return Shape(tag="text", css=css, attributes={"x": f"{x:.1f}", "y": f"{y:.1f}", "text-anchor": anchor}, words=words)


def _line(css: str, *, x1: float, y1: float, x2: float, y2: float) -> Shape:
    ends = {"x1": x1, "y1": y1, "x2": x2, "y2": y2}
    return Shape(tag="line", css=css, attributes={name: f"{value:.1f}" for name, value in ends.items()})


def _rect(css: str, *, x: float, y: float, width: float, height: float) -> Shape:
    box = {"x": x, "y": y, "width": width, "height": height}
    return Shape(tag="rect", css=css, attributes={name: f"{value:.1f}" for name, value in box.items()})


def _circle(css: str, x: float, y: float, radius: float) -> Shape:
    return Shape(tag="circle", css=css, attributes={"cx": f"{x:.1f}", "cy": f"{y:.1f}", "r": f"{radius:g}"})


def _bands(scale: _Scale) -> Iterator[Shape]:
    """Severity bands, mildest at the floor, each with its name and range."""
    frame, instrument = scale.frame, scale.trend.instrument
    for rank, band in enumerate(instrument.bands, start=1):
        top = scale.y(min(band.upper + 0.5, instrument.max_total))
        floor = scale.y(max(band.lower - 0.5, 0))
        width = frame.plot_right - frame.left
        yield _rect(f"stripe stripe-{rank}", x=frame.left, y=top, width=width, height=floor - top)
        words = f"{band.label} {band.lower}–{band.upper}"
        if frame.bands_inside:
            y = floor - 5 if any(abs(top + 13 - taken) < 13 for taken in _limit_label_heights(scale)) else top + 13
            yield _text(frame.left + 5, y, "band-label", words)
        else:
            yield _text(frame.plot_right + 8, (top + floor) / 2 + 4, "band-label", words)


def _totals(scale: _Scale) -> Iterator[Shape]:
    frame = scale.frame
    yield _line("axis", x1=frame.left, y1=frame.top, x2=frame.left, y2=frame.plot_bottom)
    for total in range(0, scale.trend.instrument.max_total + 1, 5):
        yield _text(frame.left - 7, scale.y(total) + 4, "tick", str(total), anchor="end")


def _dates(scale: _Scale) -> Iterator[Shape]:
    """Whole local days; the steps widen with the stretch of time."""
    frame, trend = scale.frame, scale.trend
    yield _line("axis", x1=frame.left, y1=frame.plot_bottom, x2=frame.plot_right, y2=frame.plot_bottom)
    days = (trend.end_at - trend.start_at) / timedelta(days=1)
    step = next((step for step in _STEPS_DAYS if days / step <= frame.max_dates), _STEPS_DAYS[-1])
    first = timezone.localtime(trend.start_at)
    for number in range(int(days / step) + 1):
        at = first + timedelta(days=step * number)
        words = dateformat.format(at, "M Y" if step > 91 else "j M")
        yield _text(scale.x(at), frame.height - 6, "tick", words, anchor="middle")


def _limits(scale: _Scale) -> Iterator[Shape]:
    """Each limit lies just above the highest total that still meets it; response only from the baseline on.

    The words stand left, where scores are few: before the baseline, and under the remission line.
    """
    frame, trend = scale.frame, scale.trend
    y = _remission_y(scale)
    yield _line("limit limit-remission", x1=frame.left, y1=y, x2=frame.plot_right, y2=y)
    words = _("remission: below %(n)d") % {"n": trend.instrument.change.remission_below.value}
    yield _text(frame.left + 5, y + 14, "limit-label halo", words)
    highest = _highest_response(trend)
    if highest is not None and trend.baseline is not None:
        x, y = scale.x(trend.baseline.at), scale.y(highest + 0.5)
        yield _line("limit limit-response", x1=x, y1=y, x2=frame.plot_right, y2=y)
        yield _text(x - 6, y + 4, "limit-label halo", _("response: %(n)d or less") % {"n": highest}, anchor="end")


def _limit_label_heights(scale: _Scale) -> Iterator[float]:
    yield _remission_y(scale) + 14
    highest = _highest_response(scale.trend)
    if highest is not None:
        yield scale.y(highest + 0.5) + 4


def _remission_y(scale: _Scale) -> float:
    return scale.y(scale.trend.instrument.change.remission_below.value - 0.5)


def _highest_response(trend: Trend) -> int | None:
    if trend.baseline is None or trend.baseline.total is None:
        return None
    return response_limit(trend.instrument.change, baseline=trend.baseline.total)


def _doses(scale: _Scale) -> Iterator[Shape]:
    """A lane of ticks under the plot. A label that would run into the one before is left to the table."""
    frame, free_from = scale.frame, 0.0
    lane = frame.plot_bottom + 22
    if scale.trend.doses:
        yield _text(frame.left, frame.height - 26, "tick", _("doses, mg/kg given"))
    for dose in scale.trend.doses:
        x = scale.x(dose.at)
        yield _line("dose", x1=x, y1=frame.plot_bottom + 4, x2=x, y2=lane - 4)
        if dose.mg_per_kg is not None and x >= free_from:
            yield _text(x, lane + 9, "dose-label", f"{dose.mg_per_kg:.2g}", anchor="middle")
            free_from = x + _DOSE_LABEL_ROOM


def _runs(scale: _Scale) -> Iterator[Shape]:
    for run in scale.trend.runs:
        css = "run run-spans" if run[0].window is Window.SPANS_DOSE else "run"
        places = [scale.point(one.score) for one in run]
        yield Shape(tag="polyline", css=css, attributes={"points": " ".join(f"{x:.1f},{y:.1f}" for x, y in places)})


def _marks(scale: _Scale) -> Iterator[Shape]:
    """Baseline and latest carry their number; the rest are in the table."""
    trend = scale.trend
    latest = None if trend.latest is None else trend.latest.score
    for one in trend.placed:
        yield from _mark(one, scale)
        if one.score.total is not None and (one.score is latest or one.score is trend.baseline):
            x, y = scale.point(one.score)
            yield _text(x, y - 13, "mark-label halo", str(one.score.total), anchor="middle")


def _mark(one: Placed[ScorePoint], scale: _Scale) -> Iterator[Shape]:
    x, y = scale.point(one.score)
    if one.score.total is None:
        yield Shape(tag="path", css="mark mark-cross", attributes={"d": f"M{x - 5:.1f} {y - 5:.1f}l10 10m0-10l-10 10"})
        return
    if one.window is Window.SPANS_DOSE:
        yield _circle("ring", x, y, 9)
    css = "mark mark-hollow" if one.score.status is ScoreStatus.PRORATED else "mark"
    if one.score.provenance is Provenance.IMPORTED:
        yield _rect(css, x=x - 4.5, y=y - 4.5, width=9, height=9)
    else:
        yield _circle(css, x, y, 5)
