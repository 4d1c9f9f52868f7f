"""Streams of server-sent events; each is checked like a page before its first byte."""

from uuid import UUID

from asgiref.sync import sync_to_async
from django.core.exceptions import PermissionDenied
from django.db import close_old_connections
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

from reprieve.clinic.accounts.access import CLINICAL
from reprieve.clinic.accounts.models import Clinic, User
from reprieve.clinic.visits.live.feed import Line
from reprieve.clinic.visits.live.hub import Hub, hub
from reprieve.clinic.visits.live.stream import texts
from reprieve.clinic.visits.selectors import session_get


async def session_stream(request: HttpRequest, session_id: UUID) -> HttpResponseBase:
    """What happens in one session, as it happens; `Last-Event-ID` resumes where the page left off."""
    clinic = await _clinic(request)
    if clinic is None:
        return HttpResponse(status=401)
    await sync_to_async(session_get)(clinic, session_id)
    await _release_database()
    found = hub()
    return _streamed(found, await found.follow(session_id, _seen(request)))


async def board_stream(request: HttpRequest) -> HttpResponseBase:
    """That something changed at some chair of the clinic."""
    clinic = await _clinic(request)
    if clinic is None:
        return HttpResponse(status=401)
    await _release_database()
    found = hub()
    return _streamed(found, await found.follow_board(clinic.pk))


async def _clinic(request: HttpRequest) -> Clinic | None:
    """The clinic of a clinician; None for a stranger.  Raises: PermissionDenied for other roles."""
    user = await request.auser()
    if not isinstance(user, User):
        return None
    if user.role not in CLINICAL:
        raise PermissionDenied
    return await sync_to_async(lambda: user.clinic)()


async def _release_database() -> None:
    """Django would keep the request's connection until its answer ends: a hundred open pages would take them all."""
    await sync_to_async(close_old_connections)()


def _seen(request: HttpRequest) -> int | None:
    text = request.headers.get("Last-Event-ID", "") or request.GET.get("after", "")
    return int(text) if text.isdecimal() else None


def _streamed(found: Hub, line: Line) -> StreamingHttpResponse:
    response = StreamingHttpResponse(texts(found, line), content_type="text/event-stream")
    response["Cache-Control"] = "no-cache, no-transform"
    response["X-Accel-Buffering"] = "no"
    return response
