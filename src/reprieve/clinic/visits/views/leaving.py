"""The discharge gate, the release and the signature."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.views.decorators.http import require_http_methods

from reprieve.clinic.accounts.access import CLINICAL, staff
from reprieve.clinic.accounts.models import User
from reprieve.clinic.audit.services import Actor
from reprieve.clinic.visits import selectors, services
from reprieve.clinic.visits.forms import entry_of, read
from reprieve.clinic.visits.models import DosingSession, Phase
from reprieve.clinic.visits.presenters import criterion_rows
from reprieve.clinic.visits.views.common import gate_page, now, page
from reprieve.domain.session import events as ev
from reprieve.domain.session.discharge import ANSWERED_CRITERIA, discharge_gate
from reprieve.domain.session.summary import summary
from reprieve.errors import InputError
from reprieve.knowledge.monitoring import load_limits


@require_http_methods(["GET", "POST"])
@staff(*CLINICAL)
def discharge_page(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Criteria, overrides, release with a named adult, signature."""
    return gate_page(request, session_id, name="discharge", take=_post, show=_context)


def _context(request: HttpRequest, session: DosingSession) -> dict[str, object]:
    at = now()
    state, names = selectors.session_state(session), selectors.signatures(session.clinic)
    gate = discharge_gate(state, load_limits().discharge, now_at=state.release.at if state.release else at)
    return page(
        request,
        session,
        state=state,
        gate=gate,
        rows=criterion_rows(gate, state, names),
        summary=summary(state, now_at=at),
        released_by=names.get(state.release.by_id, "") if state.release else "",
        signatures=[{"by": names.get(one.by_id, ""), "at": one.at} for one in state.signatures],
        is_observing=session.phase == Phase.OBSERVING,
        open_alarms=[alarm for alarm in state.alarms.current() if alarm.key not in state.alarms.answers],
    )


def _post(user: User, session: DosingSession, post: QueryDict, at: datetime) -> None:
    fields = post.dict()
    entry = entry_of(fields, zone=user.clinic.zone, at=at)  # type: ignore[arg-type]  # one value a field
    if post.get("action") == "override":
        events: list[ev.Event] = [read(ev.DischargeCriterionOverridden, fields)]  # type: ignore[arg-type]  # one value a field
    else:
        events = _answers(post)
    for event in events:
        services.session_command(Actor.person(user), session=session, event=event, entry=entry)


def _answers(post: QueryDict) -> list[ev.Event]:
    """All answers of the form at once; what was not answered stays open."""
    found: list[ev.Event] = []
    for criterion in ANSWERED_CRITERIA:
        answer = str(post.get(criterion, "")).strip()
        if not answer:
            continue
        number = _number(answer) if criterion == "DIS-ALD" else None
        met = answer == "yes" if number is None else True
        found.append(ev.DischargeCriterionRecorded(criterion=criterion, met=met, number=number))
    if not found:
        raise InputError("ANSWER-NONE", "Answer at least one criterion.")
    return found


def _number(text: str) -> float:
    if not text.isdecimal() or int(text) > 10:
        raise InputError("ALDRETE", "The Aldrete score is a whole number from 0 to 10.")
    return float(text)
