"""ACK: the answer to a message, HL7 v2.6, with MSA and, where something is wrong, one ERR."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from reprieve.interop.hl7v2.er7 import escape
from reprieve.interop.hl7v2.oru_r01 import Header
from reprieve.interop.hl7v2.times import write_time

_OUR_NAME = "REPRIEVE"
_VERSION = "2.6"
_HL7_CODES = {
    "HL7-SEGMENT": "100^Segment sequence error",
    "HL7-PATIENTS": "100^Segment sequence error",
    "HL7-MSH": "100^Segment sequence error",
    "HL7-CONTROL-ID": "101^Required field missing",
    "HL7-TIME": "102^Data type error",
    "HL7-CHARSET": "103^Table value not found",
    "HL7-TYPE": "200^Unsupported message type",
    "SIMULATED": "202^Unsupported processing id",
    "UNKNOWN-PATIENT": "204^Unknown key identifier",
    "UNKNOWN-CHAIR": "204^Unknown key identifier",
    "UNKNOWN-CLINIC": "204^Unknown key identifier",
}
_OTHER = "207^Application internal error"


class Answer(StrEnum):
    """MSA-1. AA: filed, or nothing to file. AE: understood and not filed. AR: not understood."""

    ACCEPTED = "AA"
    ERROR = "AE"
    REJECTED = "AR"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Our code with one sentence for a person and the place in the message, as `segment` or `segment-field`."""

    code: str
    sentence: str
    where: str = ""


def write_ack(
    header: Header | None, answer: Answer, *, at: datetime, ack_id: str, problem: Problem | None = None
) -> bytes:
    """The answer; without a header (the message could not be read) it goes to nobody by name."""
    control_id = header.control_id if header else ""
    sender = (header.sending_application, header.sending_facility) if header else ("", "")
    ours = header.receiving_facility if header else ""
    processing_id = header.processing_id if header else "P"
    routing = [_OUR_NAME, ours, *sender]
    msh = ["MSH", "^~\\&", *map(escape, routing), write_time(at), "", "ACK^R01^ACK", escape(ack_id)]
    msh += [escape(processing_id), _VERSION, "", "", "", "", "", "UNICODE UTF-8"]
    lines = ["|".join(msh), f"MSA|{answer}|{escape(control_id)}"]
    if problem is not None:
        lines.append(_err(answer, problem))
    return ("\r".join(lines) + "\r").encode()


def _err(answer: Answer, problem: Problem) -> str:
    """ERR-2 place, ERR-3 HL7 code, ERR-4 severity, ERR-5 our code, ERR-8 the sentence."""
    place = problem.where.replace("-", "^1^") if "-" in problem.where else escape(problem.where)
    severity = "W" if answer is Answer.ACCEPTED else "E"
    coded = _HL7_CODES.get(problem.code, _OTHER)
    return f"ERR||{place}|{coded}^HL70357|{severity}|{escape(problem.code)}|||{escape(problem.sentence)}"
