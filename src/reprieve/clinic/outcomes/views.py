"""Pages of tasks and scores."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from reprieve.clinic.accounts.access import ALL_STAFF, CLINICAL, acting_user, staff
from reprieve.clinic.assessments.presenters import step_rows
from reprieve.clinic.assessments.selectors import open_steps
from reprieve.clinic.audit.services import Actor
from reprieve.clinic.outcomes import selectors, services
from reprieve.clinic.outcomes.forms import TaskCloseForm
from reprieve.clinic.outcomes.presenters import answer_rows, dose_before_words, response_view, syndrome_words, task_row
from reprieve.clinic.outcomes.trends import trend_of
from reprieve.clinic.patients.models import SafetyTask
from reprieve.clinic.patients.selectors import patient_get
from reprieve.clinic.patients.services.tasks import safety_task_close
from reprieve.errors import InputError
from reprieve.knowledge.instruments import load_instrument


@require_GET
@staff(*ALL_STAFF)
def tasks(request: HttpRequest) -> HttpResponse:
    """Open safety tasks first, then those closed of late."""
    return _tasks_page(request)


@require_POST
@staff(*CLINICAL)
def task_close(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """Close a task with a note; a person's name stands beside it."""
    user = acting_user(request)
    task = selectors.task_get(user.clinic, task_id)
    form = TaskCloseForm(request.POST)
    if not form.is_valid():
        return _tasks_page(request, failed=task, form=form)
    try:
        note = form.cleaned_data["note"]
        safety_task_close(Actor.person(user), task=task, by=user, note=note, closed_at=timezone.now())
    except InputError as problem:
        messages.warning(request, problem.sentence)
    else:
        messages.success(request, _("The task is closed, with your note and name."))
    return redirect("outcomes:tasks")


@require_GET
@staff(*CLINICAL)
def trend(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """The response view of one person."""
    user = acting_user(request)
    patient = patient_get(user.clinic, patient_id)
    now, whole = timezone.now(), request.GET.get("span") == "all"
    shown = response_view(trend_of(patient, at=now, whole=whole))
    context = {
        "patient": patient, "view": shown, "trend": shown.trend, "whole": whole,
        "task_count": selectors.open_task_count(patient),
        "invitations": selectors.open_invitations(patient, at=now),
    }  # fmt: skip
    return render(request, "outcomes/trend.html", context)


@require_POST
@staff(*ALL_STAFF)
def invite(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Make a PHQ-9 link and show it this once."""
    user = acting_user(request)
    patient = patient_get(user.clinic, patient_id)
    invitation, token = services.invitation_send(Actor.person(user), patient=patient, at=timezone.now())
    link = request.build_absolute_uri(reverse("portal:answer", args=[token]))
    context = {"patient": patient, "link": link, "expires_at": invitation.expires_at}
    return render(request, "outcomes/link.html", context)


@require_GET
@staff(*ALL_STAFF)
def card(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """The card on the patient's page."""
    user = acting_user(request)
    patient = patient_get(user.clinic, patient_id)
    now = timezone.now()
    context = {
        "patient": patient,
        "view": response_view(trend_of(patient, at=now)) if user.role in CLINICAL else None,
        "task_count": selectors.open_task_count(patient),
        "invitations": selectors.open_invitations(patient, at=now),
    }
    return render(request, "outcomes/card.html", context)


@require_GET
@staff(*CLINICAL)
def response(request: HttpRequest, response_id: UUID) -> HttpResponse:
    """One filled questionnaire, answer by answer."""
    answered = selectors.response_get(acting_user(request).clinic, response_id)
    instrument = load_instrument(answered.instrument_id)
    context = {
        "patient": answered.patient, "response": answered, "instrument": instrument, "rows": answer_rows(answered),
        "band": None if answered.total is None else instrument.band_of(answered.total),
        "syndrome": syndrome_words(answered, instrument), "since_dose": dose_before_words(answered),
    }  # fmt: skip
    return render(request, "outcomes/response.html", context)


def _tasks_page(
    request: HttpRequest, *, failed: SafetyTask | None = None, form: TaskCloseForm | None = None
) -> HttpResponse:
    user, now = acting_user(request), timezone.now()
    context = {
        "open": [task_row(task, at=now) for task in selectors.open_tasks(user.clinic)],
        "closed": [task_row(task, at=now) for task in selectors.recently_closed_tasks(user.clinic, at=now)],
        "may_close": user.role in CLINICAL,
        "steps": step_rows(open_steps(user.clinic), today=timezone.localdate()) if user.role in CLINICAL else (),
        "failed": failed,
        "form": form or TaskCloseForm(),
    }
    return render(request, "outcomes/tasks.html", context, status=422 if failed else 200)
