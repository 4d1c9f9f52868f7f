"""What the pages of a session share."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from reprieve.clinic.accounts.access import acting_user
from reprieve.clinic.accounts.models import Role
from reprieve.clinic.visits.models import DosingSession, Phase

now = timezone.now


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
