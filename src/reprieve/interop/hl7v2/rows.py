"""One OBX row: the metric, the number in our unit, the instant; or the reason why it gives none."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo

from reprieve.domain.quantities.units import IncompatibleUnits, convert
from reprieve.domain.session.plausible import Implausible, require_plausible
from reprieve.interop.hl7v2.er7 import Segment
from reprieve.interop.hl7v2.message import Flag, Left, LeftRow, MonitorObservation
from reprieve.interop.hl7v2.times import BadTime, has_offset, read_time
from reprieve.knowledge.monitor_codes import Metric, MonitorCodes

_DEVICE_LENGTH = 80
_STRUCTURE_STATUS = "X"
_FINAL = frozenset({"", "R", "F", "C"})


class NoObservation(Exception):
    """The row measures nothing that can be used."""

    def __init__(self, reason: Left) -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What a row falls back on: the site's zone, the message's own time and device, the code tables."""

    codes: MonitorCodes
    zone: tzinfo
    sent_at: datetime
    requested_at: datetime | None
    device: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RowReading:
    """Exactly one of `observation` and `left`, with what was assumed about time."""

    observation: MonitorObservation | None = None
    left: LeftRow | None = None
    flags: frozenset[Flag] = frozenset()


def read_row(row: int, segment: Segment, setting: Setting) -> RowReading:
    """The observation of one OBX, or why there is none."""
    try:
        return _observation(row, segment, setting)
    except NoObservation as nothing:
        return RowReading(left=LeftRow(row=row, reason=nothing.reason, code=segment.component(3)[:40]))


def _observation(row: int, segment: Segment, setting: Setting) -> RowReading:
    _require_measured(segment)
    metric, loinc = _metric(segment, setting.codes)
    value = _value(segment, metric, setting.codes)
    observed_at, flags = _time(segment, setting)
    observation = MonitorObservation(
        code=metric.code,
        loinc=loinc,
        value=value,
        unit=metric.unit,
        observed_at=observed_at,
        device=(segment.component(18) or setting.device)[:_DEVICE_LENGTH],
        row=row,
        channel=segment.component(4).rpartition(".")[0],
    )
    return RowReading(observation=observation, flags=flags)


def _require_measured(segment: Segment) -> None:
    status = segment.component(11)
    if status == _STRUCTURE_STATUS:
        raise NoObservation(Left.STRUCTURE)
    if status not in _FINAL:
        raise NoObservation(Left.NOT_FINAL)
    if segment.component(5) in {"", '""'}:
        raise NoObservation(Left.EMPTY)


def _metric(segment: Segment, codes: MonitorCodes) -> tuple[Metric, str | None]:
    """By the first code we know, in components 1-3 or the alternate 4-6; the LOINC that was sent, or the usual one."""
    for code, name, system in _codings(segment):
        if system == "LN" and code in codes.by_loinc:
            return codes.by_loinc[code], code
        metric = codes.metrics.get(code)
        if metric is not None and (system == "MDC" or name == metric.name):
            return metric, metric.loinc[0] if metric.loinc else None
    raise NoObservation(Left.UNKNOWN_CODE)


def _codings(segment: Segment) -> Iterator[tuple[str, str, str]]:
    components = [*segment.components(3), *[""] * 6]
    yield (components[0], components[1], components[2])
    yield (components[3], components[4], components[5])


def _value(segment: Segment, metric: Metric, codes: MonitorCodes) -> float:
    """In the metric's unit; nothing is clamped."""
    given = _number(segment.component(5), codes)
    try:
        value = round(convert(given, _unit(segment, codes), metric.unit), 4)
    except IncompatibleUnits:
        raise NoObservation(Left.UNIT_MISMATCH) from None
    if metric.charted is not None:
        _require_plausible(metric.charted, value)
    return value


def _require_plausible(sign: str, value: float) -> None:
    try:
        require_plausible(**{sign: value})
    except Implausible:
        raise NoObservation(Left.OUT_OF_RANGE) from None


def _number(text: str, codes: MonitorCodes) -> float:
    if text in codes.absent_texts:
        raise NoObservation(Left.ABSENT)
    if not text.lstrip("+-").replace(".", "", 1).isdecimal() or not text.isascii():
        raise NoObservation(Left.NOT_A_NUMBER)
    number = float(text)
    if number in codes.absent_numbers:
        raise NoObservation(Left.ABSENT)
    return number


def _unit(segment: Segment, codes: MonitorCodes) -> str:
    components = [text for text in segment.components(6) if text]
    if not components:
        raise NoObservation(Left.UNIT_MISSING)
    for text in components:
        if text in codes.ucum_of:
            return codes.ucum_of[text]
    raise NoObservation(Left.UNIT_UNKNOWN)


def _time(segment: Segment, setting: Setting) -> tuple[datetime, frozenset[Flag]]:
    """OBX-14; without it OBR-7; without that MSH-7."""
    stamp = segment.component(14)
    if stamp:
        try:
            flags = frozenset() if has_offset(stamp) else frozenset({Flag.NO_OFFSET})
            return read_time(stamp, setting.zone), flags
        except BadTime:
            raise NoObservation(Left.BAD_TIME) from None
    if setting.requested_at is not None:
        return setting.requested_at, frozenset({Flag.TIME_OF_REQUEST})
    return setting.sent_at, frozenset({Flag.TIME_OF_MESSAGE})
