"""Blood pressure and heart rate of a session as a small SVG for the paper; shapes carry the meaning, not colour."""

from reprieve.domain.quantities.spans import minutes_between
from reprieve.domain.session.fold import SessionLog
from reprieve.domain.session.measuring import Measured, readings
from reprieve.domain.session.state import Reading, Signal

_WIDTH, _HEIGHT, _LEFT, _BOTTOM = 720.0, 200.0, 34.0, 22.0
_LOW, _HIGH, _STEP = 40, 200, 40
_STREAM_GAP_MIN = 2.0


def pressure_chart(log: SessionLog) -> str:
    """SVG text; empty when there is nothing to draw."""
    origin_at = log.state.started_at or log.state.opened_at
    if origin_at is None:
        return ""
    marks = [
        (minutes_between(origin_at, reading.at), reading)
        for entry in log.entries
        if isinstance(entry.fact, Measured)
        for reading in readings(entry.observed_at, entry.recorded, entry.fact)
        if reading.signal in (Signal.PRESSURE, Signal.HEART_RATE)
    ]
    if not marks:
        return ""
    first, last = min(t for t, _ in marks), max(t for t, _ in marks)
    span = max(last - first, 10.0)

    def x(t: float) -> float:
        return _LEFT + (t - first) / span * (_WIDTH - _LEFT - 8.0)

    drawn = "".join(_mark(x(t), reading) for t, reading in _thinned(marks))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH:g} {_HEIGHT:g}" font-size="10" '
        f'font-family="Liberation Sans">{_grid(first, span)}{drawn}</svg>'
    )


def _thinned(marks: list[tuple[float, Reading]]) -> list[tuple[float, Reading]]:
    """Every pressure, and of the heart rate one mark every two minutes."""
    kept, last_rate = [], float("-inf")
    for t, reading in sorted(marks, key=lambda mark: mark[0]):
        if reading.signal is Signal.HEART_RATE:
            if t - last_rate < _STREAM_GAP_MIN:
                continue
            last_rate = t
        kept.append((t, reading))
    return kept


def _y(value: float) -> float:
    inside = min(max(value, _LOW), _HIGH)
    return (_HEIGHT - _BOTTOM) - (inside - _LOW) / (_HIGH - _LOW) * (_HEIGHT - _BOTTOM - 8.0)


def _mark(x: float, reading: Reading) -> str:
    if reading.signal is Signal.HEART_RATE:
        return f'<circle cx="{x:.1f}" cy="{_y(reading.value):.1f}" r="2" fill="#1f5c3a"/>'
    top, low = _y(reading.value), _y(reading.diastolic_mmhg or reading.value)
    return (
        f'<path d="M{x - 4:.1f} {top - 4:.1f}L{x:.1f} {top:.1f}L{x + 4:.1f} {top - 4:.1f}M{x:.1f} {top:.1f}'
        f'V{low:.1f}M{x - 4:.1f} {low + 4:.1f}L{x:.1f} {low:.1f}L{x + 4:.1f} {low + 4:.1f}" '
        'stroke="#6b1f1f" stroke-width="1.2" fill="none"/>'
    )


def _grid(first: float, span: float) -> str:
    lines = []
    for value in range(_LOW, _HIGH + 1, _STEP):
        y = _y(value)
        lines.append(f'<path d="M{_LEFT} {y:.1f}H{_WIDTH - 8}" stroke="#ccc" stroke-width="0.5"/>')
        lines.append(f'<text x="{_LEFT - 5}" y="{y + 3:.1f}" text-anchor="end">{value}</text>')
    step = 15 if span <= 150 else 30
    start = int(first // step) * step
    for minute in range(start, int(first + span) + 1, step):
        if minute >= first:
            place = _LEFT + (minute - first) / span * (_WIDTH - _LEFT - 8.0)
            lines.append(f'<text x="{place:.1f}" y="{_HEIGHT - 6}" text-anchor="middle">{minute}</text>')
    return "".join(lines)
