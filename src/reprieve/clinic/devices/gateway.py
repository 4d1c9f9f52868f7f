"""The monitor gateway: takes HL7 v2 over MLLP, many monitors at once, and answers only what is safe in the database.

A socket that dies in the middle loses nothing: half a message was never filed, and a message without an answer is sent
again by its monitor and recognised. Plain TCP: keep it on a private network or behind a TLS tunnel.
"""

import asyncio
import signal
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial

import structlog

from reprieve.clinic.accounts.models import Clinic
from reprieve.clinic.devices.batching import Batcher, Unsaved
from reprieve.clinic.devices.services.filing import Reply, messages_file
from reprieve.clinic.devices.verdict import Incoming
from reprieve.interop.hl7v2.mllp import MAX_MESSAGE_BYTES, Frame, FrameFault, Framer, wrap

_READ_BYTES = 64 * 1024
_GRACE_S = 5.0
_log = structlog.get_logger("reprieve.gateway")


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewaySettings:
    """Where to listen and what to bear. `idle_s` ends a silent connection; `home` is this gateway's own clinic."""

    host: str = "127.0.0.1"
    port: int = 2575
    idle_s: float = 300.0
    max_connections: int = 512
    max_message_bytes: int = MAX_MESSAGE_BYTES
    linger_s: float = 0.002
    home: Clinic | None = None
    simulated_allowed: frozenset[str] = frozenset()


@dataclass(slots=True)
class Gateway:
    """A listening gateway; `port` is the real one, also when 0 was asked for."""

    settings: GatewaySettings
    port: int = 0
    _batcher: Batcher = field(init=False)
    _server: asyncio.Server = field(init=False)
    _writer_task: asyncio.Task[None] = field(init=False)
    _connections: dict[asyncio.StreamWriter, asyncio.StreamReader] = field(default_factory=dict)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def start(self) -> None:
        """Listen.  Raises: OSError when the address is taken."""
        settings = self.settings
        file = partial(messages_file, home=settings.home, simulated_allowed=settings.simulated_allowed)
        self._batcher = Batcher(file=file, linger_s=settings.linger_s)
        self._server = await asyncio.start_server(self._serve, settings.host, settings.port, limit=_READ_BYTES)
        self._writer_task = asyncio.create_task(self._batcher.run())
        self.port = self._server.sockets[0].getsockname()[1]
        _log.info("listening", host=settings.host, port=self.port)

    async def wait(self, stop: asyncio.Event) -> None:
        """Until asked to stop; a failing writer ends the gateway with its own exception."""
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait({stopping, self._writer_task}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if self._writer_task.done():
            self._writer_task.result()

    async def close(self) -> None:
        """Take no more; answer what was taken; then end."""
        self._server.close()
        for writer, reader in self._connections.items():
            writer.transport.pause_reading()  # type: ignore[attr-defined]  # sockets have it; the base class does not
            reader.feed_eof()
        await self._end_connections(0 if self._writer_task.done() else _GRACE_S)
        self._writer_task.cancel()
        await asyncio.wait({self._writer_task})
        await self._batcher.close()
        _log.info("closed")

    async def _end_connections(self, grace_s: float) -> None:
        """Let each send its last answers; cut off those that do not end in time."""
        if not self._tasks:
            return
        _, late = await asyncio.wait(self._tasks, timeout=grace_s)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None or len(self._connections) >= self.settings.max_connections:
            _log.warning("turned away", code="TOO-MANY-CONNECTIONS")
            await _hang_up(writer)
            return
        self._connections[writer] = reader
        self._tasks.add(task)
        try:
            await self._converse(reader, writer)
        except (ConnectionError, TimeoutError, Unsaved) as ending:
            _log.info("connection ended", code=type(ending).__name__)
        finally:
            self._tasks.discard(task)
            del self._connections[writer]
            await _hang_up(writer)

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        framer = Framer(max_bytes=self.settings.max_message_bytes)
        while data := await asyncio.wait_for(reader.read(_READ_BYTES), self.settings.idle_s):
            frames = framer.feed(data)
            for reply in await self._file(frames):
                writer.write(wrap(reply.ack))
            await writer.drain()
            if any(frame.fault is FrameFault.NOT_FRAMED for frame in frames):
                _log.warning("out of step", code=FrameFault.NOT_FRAMED)
                await _hear_out(reader, writer)
                return
        if framer.holds_a_part:
            _log.info("connection ended", code="MESSAGE-CUT")

    async def _file(self, frames: list[Frame]) -> list[Reply]:
        """All frames of one packet at once; answers in the order of the messages."""
        received_at = datetime.now(UTC)
        incoming = [Incoming(content=one.content, received_at=received_at, fault=one.fault) for one in frames]
        replies = await asyncio.gather(*(self._batcher.submit(one) for one in incoming))
        for reply in replies:
            if reply.code:
                _log.warning("not filed whole", code=reply.code, answer=reply.answer, message=reply.message_id)
        return replies


async def _hang_up(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with suppress(ConnectionError):
        await writer.wait_closed()


async def _hear_out(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Hang up without cutting off our answer: closing while bytes still come would reset the connection."""
    writer.write_eof()
    with suppress(TimeoutError):
        async with asyncio.timeout(_GRACE_S):
            while await reader.read(_READ_BYTES):
                pass


async def run_gateway(settings: GatewaySettings) -> None:
    """Serve until SIGINT or SIGTERM.  Raises: OSError when the address is taken."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    gateway = Gateway(settings=settings)
    await gateway.start()
    try:
        await gateway.wait(stop)
    finally:
        await gateway.close()
