"""The text of a stream, line by line, until the page or the server goes."""

import asyncio
from collections.abc import AsyncIterator

from reprieve.clinic.visits.live.feed import END, Line
from reprieve.clinic.visits.live.hub import Hub

_ALIVE_S = 15.0
_ALIVE = ": alive\n\n"


async def texts(hub: Hub, line: Line) -> AsyncIterator[str]:
    """What is sent down a line; a comment every 15 s shows that it is alive."""
    try:
        yield "retry: 2000\n\n"
        while not hub.closed:
            try:
                text = await asyncio.wait_for(line.texts.get(), _ALIVE_S)
            except TimeoutError:
                text = _ALIVE
            if text == END:
                return
            yield text
    finally:
        hub.leave(line)
