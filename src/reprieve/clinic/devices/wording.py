"""The sentences of the gateway: one for each reason, for the sender's log and for the person at the quarantine page."""

from collections.abc import Iterable

from reprieve.interop.hl7v2.message import Left, LeftRow
from reprieve.interop.hl7v2.mllp import FrameFault

_SENTENCES = {
    "UNKNOWN-CLINIC": "MSH-6 names no clinic of this installation ({facility}).",
    "UNKNOWN-PATIENT": "No patient here has the record number {mrn}.",
    "UNKNOWN-CHAIR": "No chair here has the code {chair}.",
    "NO-SESSION": "No dosing session is running for {subject}.",
    "TWO-SESSIONS": "More than one dosing session is running for record number {mrn}; the message does not say which.",
    "NOT-ADDRESSED": "The message names neither a patient (PID-3) nor a chair (PV1-3).",
    "CHAIR-PATIENT-MISMATCH": "Record number {mrn} and chair {chair} do not belong to the same running session.",
    "SIMULATED": "Training messages (MSH-11 {processing}) are not let into the charts of this clinic.",
    "CLOCK-AHEAD": "The monitor's clock is ahead by {seconds} s: its values were not filed.",
    "CLOCK-BEHIND": "Values came more than a minute late: the clock of the monitor is slow or it sent a backlog.",
    "BEFORE-SESSION": "The values were measured before the session at {chair} was opened.",
    "ROWS-REFUSED": "Rows that cannot be used: {rows}.",
    "NOT-FILED": "The session did not take the readings ({problem}).",
}
_FRAME_SENTENCES = {
    FrameFault.NOT_FRAMED: "The bytes are not framed as MLLP: a message starts with 0B and ends with 1C 0D.",
    FrameFault.TOO_LARGE: "The message is larger than {kib} KiB, the most that is taken; its head was kept.",
}
_ROW_REASONS = {
    Left.NOT_A_NUMBER: "is not a number",
    Left.UNIT_MISSING: "has no unit",
    Left.UNIT_UNKNOWN: "has a unit that is not known here",
    Left.UNIT_MISMATCH: "has a unit that does not fit what it measures",
    Left.OUT_OF_RANGE: "is a value that cannot be",
    Left.BAD_TIME: "has no readable time",
    Left.PRESSURE_PAIR: "is half a pressure, or one the wrong way round",
}
_ROWS_SHOWN = 4


def sentence(code: str, **params: object) -> str:
    """One plain sentence for a reason code."""
    return _SENTENCES[code].format(**params)


def frame_sentence(fault: FrameFault, max_bytes: int) -> str:
    """One plain sentence for bytes that are no message."""
    return _FRAME_SENTENCES[fault].format(kib=max_bytes // 1024)


def rows_sentence(rows: Iterable[LeftRow]) -> str:
    """`Rows that cannot be used: 5 (150456) is a value that cannot be.`"""
    named = [f"{row.row} ({row.code}) {_ROW_REASONS[row.reason]}" for row in rows]
    more = f"; and {len(named) - _ROWS_SHOWN} more" if len(named) > _ROWS_SHOWN else ""
    return sentence("ROWS-REFUSED", rows="; ".join(named[:_ROWS_SHOWN]) + more)
