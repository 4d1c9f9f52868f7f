"""The live record, its snapshot and flowsheet, the floor board and the patient's card."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from reprieve.clinic.accounts.access import ALL_STAFF, CLINICAL, acting_user, staff
from reprieve.clinic.patients.models import Patient
from reprieve.clinic.visits import selectors
from reprieve.clinic.visits.live.snapshot import snapshot
from reprieve.clinic.visits.models import DosingSession
from reprieve.clinic.visits.presenters import GRADES, flowsheet
from reprieve.clinic.visits.views.common import now, page
from reprieve.domain.session.summary import SessionSummary, summary
from reprieve.knowledge.monitoring import load_adverse_terms, load_observed_alarms


def event_terms() -> list[tuple[str, str]]:
    """Chips beside the chair: the common events, then the alarms that a person sees."""
    quick = [(term.id, term.term) for term in load_adverse_terms().values() if term.quick]
    return quick + [(alarm.id, alarm.label) for alarm in load_observed_alarms().values()]


@require_GET
@staff(*CLINICAL)
def record(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """The page beside the chair; complete without its script."""
    session = selectors.session_get(acting_user(request).clinic, session_id)
    log, names = selectors.session_log(session), selectors.signatures(session.clinic)
    context = page(
        request,
        session,
        live=snapshot(session.pk, log, names, now_at=now()),
        rows=flowsheet(log, names),
        event_terms=event_terms(),
        event_grades=GRADES,
    )
    return render(request, "visits/record.html", context)


@require_GET
@never_cache
@staff(*CLINICAL)
def live(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """The whole state as JSON: the fallback when the stream is down."""
    session = selectors.session_get(acting_user(request).clinic, session_id)
    log, names = selectors.session_log(session), selectors.signatures(session.clinic)
    return JsonResponse(snapshot(session.pk, log, names, now_at=now()))


@require_GET
@staff(*CLINICAL)
def flowsheet_fragment(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """The table behind the chart."""
    session = selectors.session_get(acting_user(request).clinic, session_id)
    rows = flowsheet(selectors.session_log(session), selectors.signatures(session.clinic))
    return render(request, "visits/record_flowsheet.html", page(request, session, rows=rows))


@require_GET
@staff(*CLINICAL)
def board(request: HttpRequest) -> HttpResponse:
    """Every chair at once; htmx asks for the cards alone."""
    at = now()
    cards = selectors.board(acting_user(request).clinic, at)
    name = "visits/board_cards.html" if request.headers.get("HX-Request") else "visits/board.html"
    return render(request, name, {"cards": cards, "now_at": at})


@require_GET
@staff(*ALL_STAFF)
def card(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """The sessions of one patient on their page."""
    patient = get_object_or_404(Patient, clinic=acting_user(request).clinic, pk=patient_id)
    shown = [{"session": one, "given": _given(one)} for one in selectors.sessions_of(patient)[:6]]
    may_open = acting_user(request).role in CLINICAL
    return render(request, "visits/card.html", {"patient": patient, "sessions": shown, "may_open": may_open})


def _given(session: DosingSession) -> SessionSummary | None:
    """What was delivered, without reading what monitors sent: a card need not fold six whole logs."""
    if session.ended_at is None:
        return None
    return summary(selectors.command_state(session), now_at=session.ended_at)
