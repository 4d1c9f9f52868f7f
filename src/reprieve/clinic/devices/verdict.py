"""What becomes of one message: the answer, the readings for the log, and the reason where something stays behind."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from reprieve.clinic.accounts.models import Clinic
from reprieve.clinic.devices.binding import NotBound, bind, clinic_for
from reprieve.clinic.devices.models import Outcome
from reprieve.clinic.devices.selectors import Floor
from reprieve.clinic.devices.wording import frame_sentence, rows_sentence, sentence
from reprieve.clinic.visits.models import DosingSession
from reprieve.domain.session.readings import DeviceReading
from reprieve.errors import InputError
from reprieve.interop.hl7v2.ack import Answer, Problem
from reprieve.interop.hl7v2.er7 import Segment, read_segments
from reprieve.interop.hl7v2.message import LeftRow, MonitorMessage
from reprieve.interop.hl7v2.mllp import MAX_MESSAGE_BYTES, FrameFault
from reprieve.interop.hl7v2.oru_r01 import Header, read_header, read_oru_r01
from reprieve.interop.hl7v2.readings import to_readings
from reprieve.knowledge.monitor_codes import load_monitor_codes

CLOCK_TOLERANCE = timedelta(seconds=60)
_SIMULATED_MARK = "SIM "
_DEVICE_LENGTH = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """One frame from the wire with the instant of its last byte."""

    content: bytes
    received_at: datetime
    fault: FrameFault | None = None

    @property
    def sha256(self) -> str:
        return sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What one gateway works with: the floor at this moment, its own clinic, and who lets training messages in."""

    floor: Floor
    home: Clinic | None = None
    simulated_allowed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """`problem` with an outcome of FILED is a matter for a person although everything was filed (a slow clock)."""

    answer: Answer
    outcome: Outcome
    header: Header | None = None
    clinic: Clinic | None = None
    session: DosingSession | None = None
    message: MonitorMessage | None = None
    readings: tuple[DeviceReading, ...] = ()
    left: tuple[LeftRow, ...] = ()
    problem: Problem | None = None


class _Refused(Exception):
    def __init__(self, code: str, where: str, **params: object) -> None:
        self.problem = Problem(code=code, sentence=sentence(code, **params), where=where)
        super().__init__(code)


def judge(incoming: Incoming, desk: Desk) -> Verdict:
    """Read, bind and convert one message. Writes nothing."""
    if incoming.fault is not None:
        text = frame_sentence(incoming.fault, MAX_MESSAGE_BYTES)
        return _unreadable(Problem(code=incoming.fault, sentence=text), None, _addressed_to("", desk))
    try:
        segments = read_segments(incoming.content)
    except InputError as problem:
        return _unreadable(_problem(problem), None, _addressed_to("", desk))
    return _judge_segments(segments, incoming, desk)


def _judge_segments(segments: Sequence[Segment], incoming: Incoming, desk: Desk) -> Verdict:
    header = read_header(segments)
    clinic = _addressed_to(header.receiving_facility, desk)
    try:
        message = read_oru_r01(segments, zone=clinic.zone if clinic else UTC, codes=load_monitor_codes())
    except InputError as problem:
        return _unreadable(_problem(problem), header, clinic)
    verdict = Verdict(answer=Answer.ERROR, outcome=Outcome.REFUSED, header=header, clinic=clinic, message=message)
    try:
        return _file(verdict, message, incoming.received_at, desk)
    except (NotBound, _Refused) as refusal:
        return replace(verdict, problem=refusal.problem)


def _file(verdict: Verdict, message: MonitorMessage, received_at: datetime, desk: Desk) -> Verdict:
    clinic = verdict.clinic
    if clinic is None:
        raise _Refused("UNKNOWN-CLINIC", "MSH-6", facility=message.receiving_facility or "empty")
    if message.is_simulated and clinic.slug not in desk.simulated_allowed:
        raise _Refused("SIMULATED", "MSH-11", processing=message.processing_id)
    session = bind(message, clinic, desk.floor)
    filing = to_readings(message, session_id=session.pk, received_at=received_at, codes=load_monitor_codes())
    bound = replace(verdict, session=session, left=(*message.left, *filing.left))
    readings = _require_honest_clock(filing.readings, received_at)
    fresh = tuple(one for one in readings if one.observed_at >= session.opened_at.replace(microsecond=0))
    if readings and not fresh:
        raise _Refused("BEFORE-SESSION", "OBX-14", chair=session.chair.code if session.chair else "no chair")
    return _settle(bound, _marked(fresh, message), received_at)


def _require_honest_clock(readings: tuple[DeviceReading, ...], received_at: datetime) -> tuple[DeviceReading, ...]:
    """A value from the future would look fresh for too long, so it is not filed."""
    ahead = max((one.observed_at - received_at for one in readings), default=timedelta(0))
    if ahead > CLOCK_TOLERANCE:
        raise _Refused("CLOCK-AHEAD", "OBX-14", seconds=round(ahead.total_seconds()))
    return readings


def _marked(readings: tuple[DeviceReading, ...], message: MonitorMessage) -> tuple[DeviceReading, ...]:
    """A simulated value says so wherever its device is shown."""
    if not message.is_simulated:
        return readings
    return tuple(replace(one, device=f"{_SIMULATED_MARK}{one.device}"[:_DEVICE_LENGTH]) for one in readings)


def _settle(bound: Verdict, readings: tuple[DeviceReading, ...], received_at: datetime) -> Verdict:
    refused = [row for row in bound.left if row.is_refused]
    if refused:
        problem = Problem(code="ROWS-REFUSED", sentence=rows_sentence(refused), where="OBX-5")
        if not readings:
            return replace(bound, problem=problem)
        return replace(bound, answer=Answer.ACCEPTED, outcome=Outcome.PARTLY, readings=readings, problem=problem)
    outcome = Outcome.FILED if readings else Outcome.NOTHING
    return replace(
        bound, answer=Answer.ACCEPTED, outcome=outcome, readings=readings, problem=_slow_clock(bound, received_at)
    )


def _slow_clock(bound: Verdict, received_at: datetime) -> Problem | None:
    if bound.message is None or received_at - bound.message.sent_at <= CLOCK_TOLERANCE:
        return None
    return Problem(code="CLOCK-BEHIND", sentence=sentence("CLOCK-BEHIND"), where="MSH-7")


def _addressed_to(facility: str, desk: Desk) -> Clinic | None:
    return clinic_for(facility, desk.floor, desk.home)


def _unreadable(problem: Problem, header: Header | None, clinic: Clinic | None) -> Verdict:
    return Verdict(answer=Answer.REJECTED, outcome=Outcome.UNREADABLE, header=header, clinic=clinic, problem=problem)


def _problem(refusal: InputError) -> Problem:
    return Problem(code=refusal.code, sentence=refusal.sentence, where=refusal.where)
