"""The log as a chain: each entry's hash covers the entry and the hash of the one before, so no entry can be changed,
moved or taken out without the break showing."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from reprieve.domain.quantities.spans import require_aware

GENESIS = "0" * 64
Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One entry as it is stored."""

    session_id: UUID
    seq: int
    id: UUID
    kind: str
    payload: Mapping[str, Json]
    observed_at: datetime
    entered_at: datetime
    received_at: datetime
    author_id: UUID | None
    device: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """An entry with the two hashes stored beside it."""

    link: Link
    prev_hash: str
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """The first entry that does not hold. `problem` is a code: GAP, ORDER, CONTENT or END."""

    seq: int
    id: UUID | None
    problem: str


def canonical_json(value: Json | Mapping[str, Json]) -> bytes:
    """The one spelling of a JSON value: sorted keys, no spaces, a whole number without its point.

    Raises: ValueError for NaN and infinities.
    """
    text = json.dumps(_plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode()


def link_hash(link: Link, prev_hash: str) -> str:
    """sha256 over the envelope, the payload and the hash before, as hex."""
    return hashlib.sha256(
        canonical_json(
            {
                "session": str(link.session_id),
                "seq": link.seq,
                "id": str(link.id),
                "kind": link.kind,
                "payload": dict(link.payload),
                "observed_at": _instant(link.observed_at),
                "entered_at": _instant(link.entered_at),
                "received_at": _instant(link.received_at),
                "author": None if link.author_id is None else str(link.author_id),
                "device": link.device,
                "prev_hash": prev_hash,
            }
        )
    ).hexdigest()


def verify(entries: Iterable[Sealed], *, last_seq: int, last_hash: str) -> Break | None:
    """The first break of a chain in its stored order, or None when it holds.

    `last_seq` and `last_hash` are kept with the session and show when entries at the end are missing.
    """
    prev_hash, seq = GENESIS, 0
    for entry in entries:
        problem = _problem(entry, seq + 1, prev_hash)
        if problem:
            return Break(seq=entry.link.seq, id=entry.link.id, problem=problem)
        prev_hash, seq = entry.hash, entry.link.seq
    if (seq, prev_hash) != (last_seq, last_hash or GENESIS):
        return Break(seq=seq + 1, id=None, problem="END")
    return None


def _problem(entry: Sealed, expected_seq: int, prev_hash: str) -> str:
    if entry.link.seq != expected_seq:
        return "GAP"
    if entry.prev_hash != prev_hash:
        return "ORDER"
    return "" if entry.hash == link_hash(entry.link, prev_hash) else "CONTENT"


def _instant(at: datetime) -> str:
    return require_aware(at).astimezone(UTC).isoformat(timespec="microseconds")


def _plain(value: object) -> object:
    """A database may give 120.0 back as 120: they are one number and have one spelling."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
