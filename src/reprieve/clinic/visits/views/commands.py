"""What the buttons of the record post."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from reprieve.clinic.accounts.access import CLINICAL, acting_user, staff
from reprieve.clinic.audit.services import Actor
from reprieve.clinic.visits import selectors, services
from reprieve.clinic.visits.forms import entry_of, event_of
from reprieve.clinic.visits.models import DosingSession
from reprieve.clinic.visits.views.common import now
from reprieve.domain.session import events as ev
from reprieve.errors import InputError

_AFTER = {"start": "visits:record", "release": "visits:discharge", "sign": "visits:discharge"}


@require_POST
@staff(*CLINICAL)
def command(request: HttpRequest, session_id: UUID, verb: str) -> HttpResponse:
    """One event; 204 for a script, a redirect for plain HTML, 422 with one sentence for what cannot be."""
    user = acting_user(request)
    session = selectors.session_get(user.clinic, session_id)
    try:
        entry = entry_of(request.POST, zone=user.clinic.zone, at=now())
        event = event_of(verb, request.POST)
        if isinstance(event, ev.InfusionStopped):
            event = _with_early(session, event, entry)
        services.session_command(Actor.person(user), session=session, event=event, entry=entry)
    except InputError as problem:
        return _refused(request, session, verb, problem)
    if _is_script(request):
        return HttpResponse(status=204, headers={"HX-Trigger": "session-changed"})
    return redirect(_AFTER.get(verb, "visits:record"), session_id=session.pk)


def _with_early(session: DosingSession, event: ev.InfusionStopped, entry: services.Entry) -> ev.InfusionStopped:
    """Early when the bag was not yet through by the programme: that is computed, not asked."""
    given = selectors.command_state(session).delivery(entry.observed_at)
    bag_ml = float(session.order.bag_volume_ml)
    is_early = given is not None and given.programmed_ml < bag_ml * _THROUGH
    if is_early and not event.reason:
        raise InputError("STOP-REASON", "The bag is not through: say why the infusion is stopped early.")
    return ev.InfusionStopped(residual_ml=event.residual_ml, reason=event.reason, early=is_early)


_THROUGH = 0.98
"""A pump is stopped with a last drop in the line; that is not an early stop."""


def _refused(request: HttpRequest, session: DosingSession, verb: str, problem: InputError) -> HttpResponse:
    if _is_script(request):
        return JsonResponse({"code": problem.code, "sentence": problem.sentence}, status=422)
    messages.error(request, f"{problem.sentence} ({problem.code})")
    page = "visits:checklist" if verb == "start" else _AFTER.get(verb, "visits:record")
    return redirect(page, session_id=session.pk)


def _is_script(request: HttpRequest) -> bool:
    return bool(request.headers.get("HX-Request"))
