"""Open a session, and the checklist that leads to its start."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from reprieve.clinic.accounts.access import CLINICAL, acting_user, staff
from reprieve.clinic.accounts.models import User
from reprieve.clinic.audit.services import Actor
from reprieve.clinic.courses.models import DoseOrder
from reprieve.clinic.visits import selectors, services
from reprieve.clinic.visits.forms import entry_of, read
from reprieve.clinic.visits.models import Chair, DosingSession
from reprieve.clinic.visits.presenters import checklist_rows
from reprieve.clinic.visits.views.common import gate_page, now, page
from reprieve.domain.session import events as ev
from reprieve.domain.session.checklist import ANSWERED_ITEMS, checklist
from reprieve.errors import InputError
from reprieve.knowledge.monitoring import load_limits


@require_POST
@staff(*CLINICAL)
def open_session(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Seat the patient at the chair named, or at the first free one."""
    user = acting_user(request)
    order = get_object_or_404(
        DoseOrder.objects.select_related("planned_session__course__patient"),
        pk=order_id,
        planned_session__course__patient__clinic=user.clinic,
    )
    known = DosingSession.objects.filter(order=order).first()
    if known is not None:
        return redirect("visits:checklist", session_id=known.pk)
    try:
        session = services.session_open(
            Actor.person(user), order=order, chair=_chair(user, request.POST.get("chair", "")), at=now()
        )
    except InputError as problem:
        messages.error(request, f"{problem.sentence} ({problem.code})")
        return redirect("courses:detail", course_id=order.planned_session.course_id)
    return redirect("visits:checklist", session_id=session.pk)


def _chair(user: User, code: str) -> Chair:
    if code:
        return get_object_or_404(Chair, clinic=user.clinic, code=code)
    chair = selectors.chairs_free(user.clinic).first()
    if chair is None:
        raise InputError("CHAIR-NONE", "Every chair is taken; release a patient first.")
    return chair


@require_http_methods(["GET", "POST"])
@staff(*CLINICAL)
def checklist_page(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Go or not: answers, resting values, the decision on a hold, two attestations, the start."""
    return gate_page(request, session_id, name="checklist", take=_post, show=_context)


def _context(request: HttpRequest, session: DosingSession) -> dict[str, object]:
    state = selectors.command_state(session)
    found = checklist(state, load_limits().checklist, now_at=now())
    names = selectors.signatures(session.clinic)
    return page(
        request,
        session,
        state=state,
        found=found,
        outcome=found.outcome.value,
        rows=checklist_rows(found, state, names),
        attested=[{"by": names.get(one.by_id, ""), "at": one.at} for one in state.attestations],
        has_attested=any(one.by_id == acting_user(request).pk for one in state.attestations),
        hold_by="" if state.hold is None else names.get(state.hold.by_id, ""),
    )


def _post(user: User, session: DosingSession, post: QueryDict, at: datetime) -> None:
    entry = entry_of(post.dict(), zone=user.clinic.zone, at=at)  # type: ignore[arg-type]  # one value a field
    action = post.get("action", "")
    if any("\0" in str(value) for _, values in post.lists() for value in values):
        raise InputError("FORM", "This text holds a character that cannot be kept.")
    if action not in _EVENTS:
        raise InputError("ACTION", "Choose what is to be recorded.")
    for event in _EVENTS[action](post):
        services.session_command(Actor.person(user), session=session, event=event, entry=entry)


def _answers(post: QueryDict) -> list[ev.Event]:
    """All answers of the form at once; what was not answered stays open."""
    found: list[ev.Event] = []
    for item in ANSWERED_ITEMS:
        answer = str(post.get(item, ""))
        if answer in ev.Answer.__members__:
            note = str(post.get(f"{item}-note", "")).strip()
            found.append(ev.ChecklistItemRecorded(item=item, answer=ev.Answer(answer), note=note))
    if not found:
        raise InputError("ANSWER-NONE", "Answer at least one item.")
    return found


def _baseline(post: QueryDict) -> list[ev.Event]:
    taken = read(ev.BaselineTaken, post.dict())  # type: ignore[arg-type]  # one value a field
    if taken == ev.BaselineTaken():
        raise InputError("BASELINE-EMPTY", "Enter at least one resting value.")
    return [taken]


def _attest(post: QueryDict) -> list[ev.Event]:
    found = [str(value) for value in post.getlist("identifier")]
    if len(set(found)) < 2:
        raise InputError("IDENTITY-TWO-IDENTIFIERS", "Match two identifiers: name, date of birth or record number.")
    return [ev.IdentityAttested(identifiers=(found[0], found[1]))]


def _hold(post: QueryDict) -> list[ev.Event]:
    return [read(ev.HoldAccepted, post.dict())]  # type: ignore[arg-type]  # one value a field


_EVENTS: dict[str, Callable[[QueryDict], list[ev.Event]]] = {
    "answers": _answers,
    "baseline": _baseline,
    "attest": _attest,
    "hold": _hold,
}
