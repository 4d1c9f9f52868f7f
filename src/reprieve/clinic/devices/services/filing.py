"""Files what monitors send: many messages in one transaction, each kept before it is answered.

The message table is itself the append-only record of device traffic, so a filed message has no second row in the audit
trail; what a person must look at has one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from django.db import DataError, IntegrityError, transaction

from reprieve.clinic.accounts.models import Clinic
from reprieve.clinic.devices.models import DeviceMessage, Outcome
from reprieve.clinic.devices.selectors import all_still_open, floor_now, messages_by_hash
from reprieve.clinic.devices.services.quarantine import quarantine_open
from reprieve.clinic.devices.verdict import Desk, Incoming, Verdict, judge
from reprieve.clinic.devices.wording import sentence
from reprieve.clinic.visits.services import vital_signs_append
from reprieve.interop.hl7v2.ack import Answer, Problem, write_ack
from reprieve.interop.hl7v2.er7 import read_segments
from reprieve.interop.hl7v2.message import LeftRow
from reprieve.interop.hl7v2.oru_r01 import Header, read_header

_SENTENCE_LENGTH = 400
_PLACE_LENGTH = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """The answer to one message and, for the log, what was decided."""

    ack: bytes
    answer: Answer
    code: str
    message_id: int
    is_repeat: bool


class NotTaken(Exception):
    """A session was closed between looking it up and writing to it."""


def messages_file(
    incoming: Sequence[Incoming], *, home: Clinic | None = None, simulated_allowed: frozenset[str] = frozenset()
) -> list[Reply]:
    """Keep, bind, chart and answer messages, all in one transaction; one answer each, in order.

    A message that came before changes nothing and gets its first answer again. Where one message spoils the
    transaction, each is filed alone, and the one that cannot be charted goes to quarantine.
    Raises: django.db.OperationalError or InterfaceError when the database is away; then nothing was kept or answered.
    """
    try:
        return _file_together(incoming, home, simulated_allowed)
    except (NotTaken, DataError, IntegrityError):
        return [_file_alone(one, home, simulated_allowed) for one in incoming]


@transaction.atomic
def _file_together(incoming: Sequence[Incoming], home: Clinic | None, simulated_allowed: frozenset[str]) -> list[Reply]:
    desk = Desk(floor=floor_now(), home=home, simulated_allowed=simulated_allowed)
    fresh, known = _sort_out(incoming)
    verdicts = {key: judge(one, desk) for key, one in fresh.items()}
    _chart(verdicts.values())
    return _keep(incoming, fresh, known, verdicts)


def _file_alone(one: Incoming, home: Clinic | None, simulated_allowed: frozenset[str]) -> Reply:
    try:
        return _file_together([one], home, simulated_allowed)[0]
    except (NotTaken, DataError, IntegrityError) as refusal:
        return _file_refused(one, home, simulated_allowed, str(refusal) or "closed")


@transaction.atomic
def _file_refused(one: Incoming, home: Clinic | None, simulated_allowed: frozenset[str], why: str) -> Reply:
    """Keep a message whose readings the session did not take."""
    desk = Desk(floor=floor_now(), home=home, simulated_allowed=simulated_allowed)
    fresh, known = _sort_out([one])
    problem = Problem(code="NOT-FILED", sentence=sentence("NOT-FILED", problem=why.splitlines()[0]))
    verdicts = {
        key: replace(judge(message, desk), answer=Answer.ERROR, outcome=Outcome.REFUSED, readings=(), problem=problem)
        for key, message in fresh.items()
    }
    return _keep([one], fresh, known, verdicts)[0]


def _sort_out(incoming: Sequence[Incoming]) -> tuple[dict[str, Incoming], dict[str, DeviceMessage]]:
    """What is new, once each, and what came before."""
    by_hash = {one.sha256: one for one in reversed(incoming)}
    known = messages_by_hash(by_hash)
    return {key: one for key, one in by_hash.items() if key not in known}, known


def _chart(verdicts: Iterable[Verdict]) -> None:
    """Into the session logs, whose rows are then locked: a session closed a moment ago took nothing."""
    readings = [reading for verdict in verdicts for reading in verdict.readings]
    if not readings:
        return
    vital_signs_append(readings=readings)
    if not all_still_open({reading.session_id for reading in readings}):
        raise NotTaken


def _keep(
    incoming: Sequence[Incoming],
    fresh: Mapping[str, Incoming],
    known: dict[str, DeviceMessage],
    verdicts: Mapping[str, Verdict],
) -> list[Reply]:
    """Store the new messages, open quarantine entries, and write every answer."""
    rows = [_row(key, one, verdicts[key]) for key, one in fresh.items()]
    for row in DeviceMessage.objects.bulk_create(rows):
        known[row.sha256] = row
        if row.code:
            quarantine_open(message=row)
    return [
        _reply(one, known[one.sha256], verdicts.get(one.sha256), is_repeat=fresh.get(one.sha256) is not one)
        for one in incoming
    ]


def _row(key: str, one: Incoming, verdict: Verdict) -> DeviceMessage:
    header, problem = verdict.header, verdict.problem
    return DeviceMessage(
        clinic=verdict.clinic,
        session=verdict.session,
        received_at=one.received_at,
        sender=_sender(header),
        control_id=header.control_id if header else "",
        sha256=key,
        content=one.content,
        size_bytes=len(one.content),
        outcome=verdict.outcome,
        answer=verdict.answer,
        code=problem.code if problem else "",
        sentence=problem.sentence[:_SENTENCE_LENGTH] if problem else "",
        place=problem.where[:_PLACE_LENGTH] if problem else "",
        readings=len(verdict.readings),
        left=[_left(row) for row in verdict.left],
        flags=sorted(verdict.message.flags) if verdict.message else [],
    )


def _sender(header: Header | None) -> str:
    """`MON · WARD`."""
    names = (header.sending_application, header.sending_facility) if header else ()
    return " · ".join(name for name in names if name)[:200]


def _left(row: LeftRow) -> dict[str, str | int]:
    return {"row": row.row, "reason": str(row.reason), "code": row.code}


def _reply(one: Incoming, row: DeviceMessage, verdict: Verdict | None, *, is_repeat: bool) -> Reply:
    header = verdict.header if verdict else _header_again(one, row)
    problem = Problem(code=row.code, sentence=row.sentence, where=row.place) if row.code else None
    answer = Answer(row.answer)
    ack = write_ack(header, answer, at=one.received_at, ack_id=row.sha256[:20], problem=problem)
    return Reply(ack=ack, answer=answer, code=row.code, message_id=row.pk, is_repeat=is_repeat)


def _header_again(one: Incoming, row: DeviceMessage) -> Header | None:
    """A repeat is answered without judging it again."""
    return read_header(read_segments(one.content)) if row.control_id else None
