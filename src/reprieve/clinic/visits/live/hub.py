"""One LISTEN for a whole web process: what is committed anywhere reaches every open page of that session at once."""

import asyncio
import contextlib
import json
import logging
import signal
from collections import defaultdict
from collections.abc import Callable
from types import FrameType
from typing import Any
from uuid import UUID

import psycopg
from django.utils import timezone

from reprieve.clinic.visits.live import store
from reprieve.clinic.visits.live.feed import END, Feed, Line, server_sent
from reprieve.clinic.visits.services import CHANNEL
from reprieve.errors import InputError

_log = logging.getLogger(__name__)
_RETRY_S = 1.0
_TICK_S = 5.0
_FRESH_PAGE_EVENTS = 120
"""A page that has just been rendered may have missed what came until it listened: minutes of it are sent again."""
now: Callable[[], Any] = timezone.now


class Hub:
    """Feeds of the sessions somebody looks at, and lines of the boards, by clinic."""

    def __init__(self) -> None:
        self.feeds: dict[UUID, Feed] = {}
        self.boards: defaultdict[UUID, set[Line]] = defaultdict(set)
        self.connection: psycopg.AsyncConnection[Any] | None = None
        self.closed = False
        self._tasks: list[asyncio.Task[None]] = []
        self._listening = asyncio.Event()
        self._clinics: dict[UUID, UUID | None] = {}

    async def start(self) -> None:
        """Connect and listen; returns once nothing can be missed any more."""
        if not self._tasks:
            self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._tick())]
        await self._listening.wait()

    async def follow(self, session_id: UUID, after_seq: int | None) -> Line:
        """A line for one page of one session, brought up to date from the event it has seen (None: a fresh page)."""
        await self.start()
        feed = self.feeds.setdefault(session_id, Feed(session_id))
        line = Line()
        await feed.refresh(self._reader(), now())
        since = max(0, feed.log.last_seq - _FRESH_PAGE_EVENTS) if after_seq is None else after_seq
        feed.greet(line, after_seq=since, now_at=now())
        feed.lines.add(line)
        return line

    async def follow_board(self, clinic_id: UUID) -> Line:
        """A line that hears of every change in one clinic."""
        await self.start()
        line = Line()
        self.boards[clinic_id].add(line)
        return line

    def leave(self, line: Line) -> None:
        """The page is gone; a session nobody looks at is forgotten."""
        for session_id, feed in list(self.feeds.items()):
            feed.lines.discard(line)
            if not feed.lines and not feed.turn.locked():
                del self.feeds[session_id]
        for lines in self.boards.values():
            lines.discard(line)

    def hang_up(self) -> None:
        """End every line, so that the server can stop without cutting one off."""
        self.closed = True
        for line in self._lines():
            line.send(END)

    async def close(self) -> None:
        """Hang up, stop listening, disconnect."""
        self.hang_up()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self.connection is not None:
            await self.connection.close()

    def _lines(self) -> list[Line]:
        return [line for feed in self.feeds.values() for line in feed.lines] + [
            line for lines in self.boards.values() for line in lines
        ]

    def _reader(self) -> psycopg.AsyncConnection[Any]:
        if self.connection is None:
            raise RuntimeError("the hub has not been started")
        return self.connection

    async def _listen(self) -> None:
        """Hear notifications; when the connection breaks, come back and catch up."""
        while not self.closed:
            try:
                async with await store.connect() as listener, await store.connect() as reader:
                    self.connection = reader
                    await listener.execute(f"listen {CHANNEL}")
                    self._listening.set()
                    await asyncio.gather(*(self._refresh(*one) for one in list(self.feeds.items())))
                    async for notification in listener.notifies():
                        await self._heard(json.loads(notification.payload))
            except psycopg.OperationalError as problem:
                self._listening.clear()
                _log.warning("the database is away, the hub tries again: %s", type(problem).__name__)
                await asyncio.sleep(_RETRY_S)

    async def _heard(self, payload: dict[str, Any]) -> None:
        session_id = UUID(payload["session"])
        feed = self.feeds.get(session_id)
        if feed is not None:
            await self._refresh(session_id, feed)
        if any(self.boards.values()):
            await self._tell_boards(session_id)

    async def _refresh(self, session_id: UUID, feed: Feed) -> None:
        """A log that cannot be read ends its own pages, which then say so; every other page goes on."""
        try:
            await feed.refresh(self._reader(), now())
        except (InputError, ValueError) as problem:
            _log.error("session %s cannot be followed: %s", session_id, type(problem).__name__)
            del self.feeds[session_id]
            for line in feed.lines:
                line.send(END)

    async def _tell_boards(self, session_id: UUID) -> None:
        if session_id not in self._clinics:
            self._clinics[session_id] = await store.clinic_of(self._reader(), session_id)
        clinic_id = self._clinics[session_id]
        if clinic_id is not None:
            for line in self.boards.get(clinic_id, ()):
                line.send(server_sent("changed", {"session": str(session_id)}))

    async def _tick(self) -> None:
        while not self.closed:
            await asyncio.sleep(_TICK_S)
            for feed in list(self.feeds.values()):
                feed.tick(now())


_hubs: dict[int, Hub] = {}


def hub() -> Hub:
    """The hub of this process (of its event loop)."""
    loop = asyncio.get_running_loop()
    found = _hubs.get(id(loop))
    if found is None or found.closed:
        _hubs.clear()
        found = _hubs[id(loop)] = Hub()
        _hang_up_on_stop(found, loop)
    return found


def _hang_up_on_stop(found: Hub, loop: asyncio.AbstractEventLoop) -> None:
    """Streams never end by themselves, so the server's own stop signal ends them before it waits for them."""
    for number in (signal.SIGTERM, signal.SIGINT):
        before = signal.getsignal(number)
        if not callable(before):
            continue

        def stop(received: int, frame: FrameType | None, before: Callable[..., Any] = before) -> None:
            loop.call_soon_threadsafe(found.hang_up)
            before(received, frame)

        with contextlib.suppress(ValueError):  # not the main thread: whoever runs the loop stops it
            signal.signal(number, stop)
