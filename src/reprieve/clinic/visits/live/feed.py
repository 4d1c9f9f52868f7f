"""One running session in the memory of a web process, and the pages that follow it."""

import asyncio
import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg

from reprieve.clinic.visits.live import store
from reprieve.clinic.visits.live.snapshot import Message, changes, curve_message, state_message
from reprieve.domain.session.fold import SessionLog
from reprieve.knowledge.monitoring import load_limits

_QUEUE_LENGTH = 512
END = ""


def server_sent(kind: str, data: Any, *, event_id: int | None = None) -> str:
    """One event in the text of the stream."""
    number = "" if event_id is None else f"id: {event_id}\n"
    return f"{number}event: {kind}\ndata: {json.dumps(data, separators=(',', ':'))}\n\n"


@dataclass(slots=True, eq=False)
class Line:
    """One open page: texts on their way to it. A page too slow to take them is hung up on and comes back by itself."""

    texts: asyncio.Queue[str] = field(default_factory=lambda: asyncio.Queue(_QUEUE_LENGTH))

    def send(self, text: str) -> None:
        if self.texts.full():
            while not self.texts.empty():
                self.texts.get_nowait()
            text = END
        self.texts.put_nowait(text)


@dataclass(slots=True, eq=False)
class Feed:
    """A session's log, kept up to date event by event, and its pages."""

    session_id: UUID
    log: SessionLog = field(default_factory=lambda: SessionLog(limits=load_limits()))
    names: dict[UUID, str] = field(default_factory=dict)
    lines: set[Line] = field(default_factory=set)
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def refresh(self, connection: psycopg.AsyncConnection[Any], now_at: datetime) -> None:
        """Take what is new in the log and tell the pages."""
        async with self.turn:
            seen = self.log.last_seq
            for recorded in await store.events_after(connection, self.session_id, seen):
                self.log.apply(recorded)
            unknown = {entry.recorded.author_id for entry in self.log.entries[-64:]} - self.names.keys() - {None}
            if unknown:
                self.names |= await store.signatures(connection, {by for by in unknown if by is not None})
        if self.log.last_seq > seen and self.lines:
            self.tell(changes(self.log, self.names, after_seq=seen, now_at=now_at))

    def tell(self, messages: list[Message]) -> None:
        """The same text to every page."""
        for kind, data in messages:
            text = server_sent(kind, data, event_id=self.log.last_seq)
            for line in self.lines:
                line.send(text)

    def tick(self, now_at: datetime) -> None:
        """Time passes also when nothing happens: delivered dose, level, ages."""
        self.tell([state_message(self.log, self.names, now_at=now_at)])

    def greet(self, line: Line, *, after_seq: int, now_at: datetime) -> None:
        """Bring a page that has seen `after_seq` up to date."""
        messages = changes(self.log, self.names, after_seq=after_seq, now_at=now_at)
        if not any(kind == "curve" for kind, _ in messages):
            messages.append(curve_message(self.log, now_at=now_at))
        for kind, data in messages:
            line.send(server_sent(kind, data, event_id=self.log.last_seq))
