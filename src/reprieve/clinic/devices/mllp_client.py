"""The monitor's end of an MLLP socket: a message is sent again until it is answered."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from reprieve.interop.hl7v2.er7 import Segment, read_segments
from reprieve.interop.hl7v2.mllp import Framer, wrap

_READ_BYTES = 16 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What the gateway said. `code` and `sentence` are empty for a plain AA."""

    answer: str
    control_id: str
    code: str = ""
    sentence: str = ""
    attempts: int = 1


@dataclass(slots=True)
class MonitorClient:
    """One connection to a gateway, made again with growing pauses when it breaks."""

    host: str
    port: int
    answer_within_s: float = 10.0
    first_pause_s: float = 0.25
    longest_pause_s: float = 10.0
    on_break: Callable[[str], None] = lambda _reason: None
    _framer: Framer = field(default_factory=Framer)
    _reader: asyncio.StreamReader | None = None
    _writer: asyncio.StreamWriter | None = None

    async def deliver(self, message: bytes) -> Answered:
        """Send until answered, however often the socket breaks; the gateway knows a message sent twice."""
        attempts, pause_s = 1, self.first_pause_s
        while True:
            try:
                return await self._exchange(message, attempts)
            except (OSError, TimeoutError, EOFError) as problem:
                await self.close()
                self.on_break(type(problem).__name__)
                await asyncio.sleep(pause_s)
                attempts, pause_s = attempts + 1, min(2 * pause_s, self.longest_pause_s)

    async def close(self) -> None:
        """Hang up."""
        writer, self._writer, self._reader = self._writer, None, None
        if writer is not None:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    async def _exchange(self, message: bytes, attempts: int) -> Answered:
        reader, writer = await self._connected()
        writer.write(wrap(message))
        await writer.drain()
        return await asyncio.wait_for(self._answer(reader, attempts), self.answer_within_s)

    async def _connected(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._reader is None or self._writer is None:
            self._framer = Framer()
            self._reader, self._writer = await asyncio.open_connection(self.host, self.port)
        return self._reader, self._writer

    async def _answer(self, reader: asyncio.StreamReader, attempts: int) -> Answered:
        while data := await reader.read(_READ_BYTES):
            frames = self._framer.feed(data)
            if frames:
                return read_ack(frames[0].content, attempts)
        raise EOFError


def read_ack(content: bytes, attempts: int = 1) -> Answered:
    """An ACK as a value.  Raises: InputError when it is no HL7."""
    segments = {segment.name: segment for segment in read_segments(content)}
    msa, err = segments.get("MSA"), segments.get("ERR")
    return Answered(
        answer=_text(msa, 1), control_id=_text(msa, 2), code=_text(err, 5), sentence=_text(err, 8), attempts=attempts
    )


def _text(segment: Segment | None, position: int) -> str:
    return segment.component(position) if segment else ""
