"""Reads the log outside of Django's threads, over one asyncio connection of the web process."""

from typing import Any
from uuid import UUID

import psycopg
from django.db import connections

from reprieve.clinic.accounts.models import User
from reprieve.clinic.visits.codec import decode
from reprieve.domain.session.events import Event, Recorded

_EVENTS = """
select id, seq, kind, payload, observed_at, entered_at, received_at, author_id, device
from visits_sessionevent where session_id = %s and seq > %s order by seq
"""
_NAMES = "select id, username, first_name, last_name, credential from accounts_user where id = any(%s)"
_CLINIC = "select clinic_id from visits_dosingsession where id = %s"


async def connect() -> psycopg.AsyncConnection[Any]:
    """A connection of its own to Django's database, in autocommit."""
    parameters = connections["default"].get_connection_params()
    allowed = {
        name: value
        for name, value in parameters.items()
        if name not in {"cursor_factory", "context", "prepare_threshold"}
    }
    return await psycopg.AsyncConnection.connect(**allowed, autocommit=True)


async def events_after(connection: psycopg.AsyncConnection[Any], session_id: UUID, seq: int) -> list[Recorded[Event]]:
    """Events of one session after a number, in order."""
    cursor = await connection.execute(_EVENTS, [session_id, seq])
    return [
        Recorded(
            event=decode(kind, payload), id=event_id, seq=number, observed_at=observed_at, entered_at=entered_at,
            received_at=received_at, author_id=author_id, device=device,
        )
        async for event_id, number, kind, payload, observed_at, entered_at, received_at, author_id, device in cursor
    ]  # fmt: skip


async def signatures(connection: psycopg.AsyncConnection[Any], ids: set[UUID]) -> dict[UUID, str]:
    """Names as they stand on a record."""
    cursor = await connection.execute(_NAMES, [list(ids)])
    return {
        user_id: User(username=username, first_name=first, last_name=last, credential=credential).signature
        async for user_id, username, first, last, credential in cursor
    }


async def clinic_of(connection: psycopg.AsyncConnection[Any], session_id: UUID) -> UUID | None:
    """Whose session it is."""
    row = await (await connection.execute(_CLINIC, [session_id])).fetchone()
    return None if row is None else row[0]
