"""Groups messages that arrive close together into one transaction, off the event loop."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import structlog
from django.db import InterfaceError, OperationalError, connection

from reprieve.clinic.devices.services.filing import Reply
from reprieve.clinic.devices.verdict import Incoming

File = Callable[[Sequence[Incoming]], list[Reply]]
RETRY_PAUSE_S = 0.2
_log = structlog.get_logger("reprieve.gateway")


class Unsaved(Exception):
    """The database did not take the messages. They are not answered, so their senders send them again."""


@dataclass(slots=True)
class Batcher:
    """One thread writes; what arrives during `linger_s` or while the last commit runs goes into the next one.

    One writer keeps the order of messages and makes commits large exactly when the load is high.
    """

    file: File
    linger_s: float = 0.002
    max_batch: int = 500
    _queue: asyncio.Queue[tuple[Incoming, asyncio.Future[Reply]]] = field(default_factory=asyncio.Queue)
    _thread: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "gateway-writer"))

    async def submit(self, incoming: Incoming) -> Reply:
        """The answer, once the message is safe.  Raises: Unsaved."""
        answer: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        self._queue.put_nowait((incoming, answer))
        return await answer

    async def run(self) -> None:
        """File batches until cancelled."""
        while True:
            batch = [await self._queue.get()]
            await asyncio.sleep(self.linger_s)
            while not self._queue.empty() and len(batch) < self.max_batch:
                batch.append(self._queue.get_nowait())
            await self._settle(batch)

    async def close(self) -> None:
        """End the writing thread and its database connection."""
        await asyncio.get_running_loop().run_in_executor(self._thread, _hang_up)
        self._thread.shutdown()

    async def _settle(self, batch: list[tuple[Incoming, asyncio.Future[Reply]]]) -> None:
        messages = [incoming for incoming, _ in batch]
        try:
            replies = await self._file_or_retry(messages)
        except (OperationalError, InterfaceError):
            _log.error("unsaved", code="DB-AWAY", messages=len(batch))
            for _, answer in batch:
                _set(answer, Unsaved())
            return
        for (_, answer), reply in zip(batch, replies, strict=True):
            _set(answer, reply)

    async def _file_or_retry(self, messages: list[Incoming]) -> list[Reply]:
        """Once more on a fresh connection: the database may have restarted, or two writers waited for each other."""
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._thread, self.file, messages)
        except (OperationalError, InterfaceError):
            await loop.run_in_executor(self._thread, _hang_up)
            await asyncio.sleep(RETRY_PAUSE_S)
            return await loop.run_in_executor(self._thread, self.file, messages)


def _hang_up() -> None:
    """Close the connection of the thread that calls this; each thread has its own."""
    connection.close()


def _set(answer: asyncio.Future[Reply], outcome: Reply | Unsaved) -> None:
    """A sender that has gone meanwhile no longer waits for its answer."""
    if answer.done():
        return
    if isinstance(outcome, Unsaved):
        answer.set_exception(outcome)
    else:
        answer.set_result(outcome)
