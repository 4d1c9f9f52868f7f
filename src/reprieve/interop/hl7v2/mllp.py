"""MLLP framing: `0x0B` message `0x1C 0x0D`, on a stream that cuts anywhere.

Lenient where monitors are sloppy and nothing can be misread: a missing carriage return after `0x1C`, blank bytes
between frames. A start byte inside a frame means that the sender began again: the half before it was never answered,
so its sender still holds it.
Source: HL7 v2.6 transport specification, MLLP release 1.
"""

import re
from dataclasses import dataclass, field
from enum import StrEnum

START, END, CARRIAGE_RETURN = b"\x0b", b"\x1c", b"\x0d"
MAX_MESSAGE_BYTES = 256 * 1024
_BLANK = b"\r\n\x00 \t"
_END_OF_BLOCK = re.compile(rb"\x1c(?:[\r\n]|(?=\x0b))")


class FrameFault(StrEnum):
    """Why a block of bytes is no message."""

    NOT_FRAMED = "HL7-FRAME"
    TOO_LARGE = "HL7-SIZE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The bytes between start and end; with a `fault`, the head of what came instead."""

    content: bytes
    fault: FrameFault | None = None


def wrap(content: bytes) -> bytes:
    """A message as it goes on the wire."""
    return START + content + END + CARRIAGE_RETURN


@dataclass(slots=True)
class Framer:
    """Cuts a byte stream into frames; keeps what is not complete yet, never more than `max_bytes`."""

    max_bytes: int = MAX_MESSAGE_BYTES
    _buffer: bytearray = field(default_factory=bytearray)
    _skipping: bool = False

    def feed(self, data: bytes) -> list[Frame]:
        """The frames that these bytes complete, in order."""
        self._buffer += data
        frames = []
        while (frame := self._next()) is not None:
            frames.append(frame)
        return frames

    @property
    def holds_a_part(self) -> bool:
        """True while a message has begun and not ended: when the stream dies now, its sender must send it again."""
        return bool(self._buffer)

    def _next(self) -> Frame | None:
        if self._skipping and not self._found_next_start():
            return None
        end = _END_OF_BLOCK.search(self._buffer)
        if end is None:
            return self._unfinished()
        block = bytes(self._buffer[: end.start()])
        del self._buffer[: end.end()]
        self._drop_blank()
        return self._frame(block)

    def _found_next_start(self) -> bool:
        """After a block that was too large: drop everything up to the next start byte."""
        start = self._buffer.find(START)
        del self._buffer[: start if start >= 0 else len(self._buffer)]
        self._skipping = start < 0
        return start >= 0

    def _unfinished(self) -> Frame | None:
        """Nothing yet; but a block that has grown past the limit is reported once and its rest skipped."""
        self._drop_blank()
        if len(self._buffer) <= self.max_bytes + 1:
            return None
        block = bytes(self._buffer)
        self._buffer.clear()
        self._skipping = True
        return self._frame(block)

    def _frame(self, block: bytes) -> Frame:
        start = block.rfind(START)
        content = block[start + 1 :]
        head = content[: self.max_bytes]
        if start < 0:
            return Frame(content=head, fault=FrameFault.NOT_FRAMED)
        return Frame(content=head, fault=FrameFault.TOO_LARGE if len(content) > self.max_bytes else None)

    def _drop_blank(self) -> None:
        kept = self._buffer.lstrip(_BLANK)
        if len(kept) != len(self._buffer):
            self._buffer[:] = kept
