"""What the pages of a session share."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone

from reprieve.clinic.accounts.access import acting_user
from reprieve.clinic.accounts.models import Role, User
from reprieve.clinic.visits import selectors
from reprieve.clinic.visits.models import DosingSession, Phase
from reprieve.errors import InputError

now = timezone.now
Take = Callable[[User, DosingSession, QueryDict, datetime], None]
Show = Callable[[HttpRequest, DosingSession], dict[str, object]]


def gate_page(request: HttpRequest, session_id: UUID, *, name: str, take: Take, show: Show) -> HttpResponse:
    """One of the gates of a session, before the start and before going home: `take` what was entered, or `show` it.

    `name` is that of the address and of the template.
    """
    user = acting_user(request)
    session = selectors.session_get(user.clinic, session_id)
    if request.method != "POST":
        return render(request, f"visits/{name}.html", show(request, session))
    try:
        take(user, session, request.POST, now())
    except InputError as problem:
        messages.error(request, f"{problem.sentence} ({problem.code})")
    return redirect(f"visits:{name}", session_id=session.pk)


def can_chart(request: HttpRequest, session: DosingSession) -> bool:
    """May this person still write in this record."""
    is_open = session.phase not in (Phase.DISCHARGED, Phase.SIGNED)
    return is_open and acting_user(request).role in (Role.PRESCRIBER, Role.NURSE)


def page(request: HttpRequest, session: DosingSession, **more: Any) -> dict[str, Any]:
    """The context that every page of a session has."""
    is_prescriber = acting_user(request).role == Role.PRESCRIBER
    return {
        "session": session,
        "patient": session.patient,
        "order": session.order,
        "can_chart": can_chart(request, session),
        "can_decide": is_prescriber,
        **more,
    }
