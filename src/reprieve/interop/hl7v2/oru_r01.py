"""ORU^R01: vital signs of a bedside monitor, in the layout of IHE PCD-01 and the layouts that monitors really send."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from reprieve.errors import InputError
from reprieve.interop.hl7v2.er7 import Segment, read_segments
from reprieve.interop.hl7v2.message import Flag, Left, LeftRow, MonitorMessage, MonitorObservation
from reprieve.interop.hl7v2.rows import RowReading, Setting, read_row
from reprieve.interop.hl7v2.times import BadTime, has_offset, read_time
from reprieve.knowledge.monitor_codes import MonitorCodes, load_monitor_codes

_KNOWN = frozenset(
    {
        "MSH", "SFT", "UAC", "PID", "PD1", "NTE", "NK1", "PV1", "PV2", "ORC", "OBR", "TQ1", "TQ2", "CTD", "OBX", "FT1",
        "CTI", "SPM", "DSC", "PRT",
    }
)  # fmt: skip
_CONTROL_ID_LENGTH = 199


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """Who sent what to whom (MSH). `sent_at` is None where MSH-7 is empty."""

    control_id: str
    sending_application: str
    sending_facility: str
    receiving_facility: str
    processing_id: str
    message_type: str
    device: str
    sent_stamp: str


@dataclass(slots=True)
class _Reading:
    """Rows as they are gathered."""

    observations: list[MonitorObservation] = field(default_factory=list)
    left: list[LeftRow] = field(default_factory=list)
    flags: set[Flag] = field(default_factory=set)
    signal_quality: dict[str, float] = field(default_factory=dict)

    def add(self, reading: RowReading) -> None:
        self.flags |= reading.flags
        if reading.observation is not None:
            self.observations.append(reading.observation)
        if reading.left is not None:
            self.left.append(reading.left)


def read_header(segments: Sequence[Segment]) -> Header:
    """The MSH of any message, enough to answer it."""
    msh = segments[0]
    return Header(
        control_id=msh.component(10)[:_CONTROL_ID_LENGTH],
        sending_application=msh.component(3),
        sending_facility=msh.component(4),
        receiving_facility=msh.component(6),
        processing_id=msh.component(11) or "P",
        message_type="^".join(msh.components(9)[:2]),
        device=msh.component(3, 2) or msh.component(3) or msh.component(4) or "unnamed monitor",
        sent_stamp=msh.component(7),
    )


def parse_oru_r01(content: bytes, *, zone: tzinfo, codes: MonitorCodes | None = None) -> MonitorMessage:
    """What one message reports. `zone` is the site's, used for stamps without an offset and then flagged.

    Raises: InputError when it is no ORU^R01 that can be read; its code is for the ACK (`HL7-...`), the answer AR.
    """
    return read_oru_r01(read_segments(content), zone=zone, codes=codes or load_monitor_codes())


def read_oru_r01(segments: Sequence[Segment], *, zone: tzinfo, codes: MonitorCodes) -> MonitorMessage:
    """As `parse_oru_r01`, from segments that are read already."""
    header = read_header(segments)
    _require_layout(header, segments)
    sent_at, flags = _sent_at(header, zone)
    reading = _rows(segments, sent_at, header.device, zone, codes)
    observations, doubled = _best_of_each(reading, codes)
    return MonitorMessage(
        control_id=header.control_id,
        sending_application=header.sending_application,
        sending_facility=header.sending_facility,
        receiving_facility=header.receiving_facility,
        processing_id=header.processing_id,
        sent_at=sent_at,
        mrn=_mrn(segments),
        chair_code=_chair(segments),
        device=observations[0].device if observations else header.device,
        observations=observations,
        left=tuple(sorted((*reading.left, *doubled), key=lambda row: row.row)),
        flags=frozenset(reading.flags | flags),
    )


def _require_layout(header: Header, segments: Sequence[Segment]) -> None:
    if header.message_type != "ORU^R01":
        named = header.message_type or "no type"
        raise InputError("HL7-TYPE", f"Only ORU^R01 is taken here; this message says {named}.", where="MSH-9")
    if not header.control_id:
        raise InputError("HL7-CONTROL-ID", "The message has no control id, so it cannot be answered.", where="MSH-10")
    names = [segment.name for segment in segments]
    for number, name in enumerate(names, start=1):
        if name not in _KNOWN and not name.startswith("Z"):
            raise InputError("HL7-SEGMENT", f"Segment {name} does not belong in ORU^R01.", where=f"segment {number}")
    _require_order(names)


def _require_order(names: list[str]) -> None:
    if names.count("MSH") > 1 or names.count("PID") > 1:
        raise InputError("HL7-PATIENTS", "One message carries one header and at most one patient.", where="PID")
    if "OBX" not in names:
        raise InputError("HL7-SEGMENT", "The message has no OBX segment.", where="OBX")
    if "OBR" not in names[: names.index("OBX")]:
        raise InputError("HL7-SEGMENT", "An OBX stands before any OBR.", where=f"segment {names.index('OBX') + 1}")


def _sent_at(header: Header, zone: tzinfo) -> tuple[datetime, set[Flag]]:
    try:
        at = read_time(header.sent_stamp, zone)
    except BadTime:
        raise InputError("HL7-TIME", "MSH-7 is not a date and time to the minute.", where="MSH-7") from None
    return at, set() if has_offset(header.sent_stamp) else {Flag.NO_OFFSET}


def _rows(segments: Sequence[Segment], sent_at: datetime, device: str, zone: tzinfo, codes: MonitorCodes) -> _Reading:
    """Every OBX with the time of the OBR above it."""
    reading, row = _Reading(), 0
    setting = Setting(codes=codes, zone=zone, sent_at=sent_at, requested_at=None, device=device)
    for segment in segments:
        if segment.name == "OBR":
            requested_at = _requested_at(segment, zone)
            setting = Setting(codes=codes, zone=zone, sent_at=sent_at, requested_at=requested_at, device=device)
        elif segment.name == "OBX":
            row += 1
            _note_signal_quality(segment, codes, reading)
            reading.add(read_row(row, segment, setting))
    return reading


def _requested_at(obr: Segment, zone: tzinfo) -> datetime | None:
    try:
        return read_time(obr.component(7), zone)
    except BadTime:
        return None


def _note_signal_quality(segment: Segment, codes: MonitorCodes, reading: _Reading) -> None:
    value = segment.component(5)
    if segment.component(3) == codes.signal_quality_code and value.replace(".", "", 1).isdecimal():
        reading.signal_quality[segment.component(4).rpartition(".")[0]] = float(value)


def _best_of_each(reading: _Reading, codes: MonitorCodes) -> tuple[tuple[MonitorObservation, ...], list[LeftRow]]:
    """One observation for each metric and instant: that with the better signal, else the first."""
    rivals: dict[tuple[str, datetime], list[MonitorObservation]] = defaultdict(list)
    for observation in reading.observations:
        rivals[(observation.code, observation.observed_at)].append(observation)
    kept = {
        max(group, key=lambda one: (reading.signal_quality.get(one.channel, 0.0), -one.row)).row
        for group in rivals.values()
    }
    doubled = [
        LeftRow(row=one.row, reason=Left.SAME_METRIC, code=one.code)
        for one in reading.observations
        if one.row not in kept
    ]
    return tuple(one for one in reading.observations if one.row in kept), doubled


def _mrn(segments: Sequence[Segment]) -> str | None:
    """PID-3: the identifier of type MR, else the first one given."""
    pid = next((segment for segment in segments if segment.name == "PID"), None)
    if pid is None:
        return None
    identifiers = [components for components in pid.repetitions(3) if components[0] and components[0] != '""']
    typed = [components for components in identifiers if components[4:5] == ["MR"]]
    return (typed or identifiers)[0][0] if identifiers else None


def _chair(segments: Sequence[Segment]) -> str | None:
    """PV1-3: the bed, else the room, else the point of care."""
    pv1 = next((segment for segment in segments if segment.name == "PV1"), None)
    if pv1 is None:
        return None
    place = [_first_subcomponent(text, pv1) for text in (*pv1.components(3), "", "", "")[:3]]
    return next((text for text in reversed(place) if text), None)


def _first_subcomponent(text: str, segment: Segment) -> str:
    return next((part for part in text.split(segment.delimiters.subcomponent) if part), "")
