"""The addresses of CDS Hooks: discovery, one call a hook, feedback."""

from datetime import datetime

from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone

from reprieve.clinic.api import presenters, selectors, services
from reprieve.clinic.api.admission import Call, admitted
from reprieve.clinic.patients.models import Patient
from reprieve.interop.cds_hooks.cards import Desk, order_select_cards, patient_view_cards
from reprieve.interop.cds_hooks.orders import read_orders
from reprieve.interop.cds_hooks.prefetch import read_prefetch
from reprieve.interop.cds_hooks.request import read_feedback, read_request
from reprieve.interop.cds_hooks.services import ORDER_SELECT, Service
from reprieve.knowledge.candidacy import load_rule_base
from reprieve.knowledge.chart_map import load_chart_map


@admitted("GET")
def discovery(call: Call) -> HttpResponse:
    """Which services there are and what each asks for."""
    return JsonResponse(presenters.discovery())


@admitted("POST")
def hook(call: Call, service: Service) -> HttpResponse:
    """The cards for one call of a hook."""
    asked = read_request(call.body(), service)
    record = read_prefetch(asked)
    match = selectors.same_person(call.clinic, call.client, record)
    at = timezone.now()
    told = selectors.told_of(match, record, at=at)
    desk = _desk(call, at)
    if service.hook == ORDER_SELECT:
        is_treated = selectors.is_treated(match.patient)
        cards = order_select_cards(desk, record, read_orders(asked), told, treated_here=is_treated)
    else:
        cards = patient_view_cards(desk, record, told)
    sharing = None
    if match.patient is not None and told.count and cards:
        sharing = services.Sharing(patient_id=match.patient.pk, told=told.count, iss=call.client.iss)
    services.answer_record(
        call.actor,
        service=service.id,
        hook_instance=asked.hook_instance,
        cards=presenters.kinds_of(cards),
        sharing=sharing,
    )
    return JsonResponse(presenters.answer(cards, _place(call, match.patient)))


@admitted("POST")
def feedback(call: Call, service: Service) -> HttpResponse:
    """What became of cards."""
    for item in read_feedback(call.body()).feedback:
        services.feedback_record(
            call.actor,
            service=service.id,
            card=item.card,
            outcome=item.outcome,
            reason=item.override_reason.reason.code,
        )
    return JsonResponse({})


def _desk(call: Call, at: datetime) -> Desk:
    zone = call.clinic.zone
    return Desk(
        base=load_rule_base(),
        chart_map=load_chart_map(),
        on=at.astimezone(zone).date(),
        zone=zone,
        usual_route=call.client.route,
    )


def _place(call: Call, patient: Patient | None) -> presenters.Place:
    path = reverse("patients:list") if patient is None else reverse("assessments:decision", args=[patient.pk])
    return presenters.Place(
        base_url=call.clients.base_url,
        record_url=call.clients.url_of(path),
        is_known_here=patient is not None,
        clinic=call.clinic.name,
    )
