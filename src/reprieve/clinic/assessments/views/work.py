"""What follows from a decision: a disagreement settled, a step closed, a letter printed, a self-check sent."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from reprieve.clinic.accounts.access import ALL_STAFF, CLINICAL, acting_user, staff
from reprieve.clinic.assessments import selectors, services
from reprieve.clinic.assessments.forms import SettleForm, StepCloseForm
from reprieve.clinic.assessments.papers.letter import letter_pdf
from reprieve.clinic.audit.services import Actor
from reprieve.clinic.patients.selectors import patient_get
from reprieve.errors import InputError


@staff(*CLINICAL)
@require_POST
def settle(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Say which of two statements holds."""
    user = acting_user(request)
    patient = patient_get(user.clinic, patient_id)
    form = SettleForm(request.POST)
    if not form.is_valid():
        messages.error(
            request,
            _("SETTLE-TEXT: Say what holds, and write in at most 2,000 characters how you know. Nothing was kept."),
        )
        return redirect("assessments:decision", patient_id=patient.id)
    try:
        services.conflict_settle(Actor.person(user), patient=patient, at=timezone.now(), **form.settled())
        messages.success(request, _("Your statement is kept. Assess again to decide with it."))
    except InputError as error:
        messages.error(request, str(error))
    return redirect("assessments:decision", patient_id=patient.id)


@staff(*CLINICAL)
@require_POST
def step_close(request: HttpRequest, step_id: UUID) -> HttpResponse:
    """Close a step of a plan with what came of it."""
    user = acting_user(request)
    step = selectors.step_get(user.clinic, step_id)
    form = StepCloseForm(request.POST)
    if form.is_valid():
        try:
            services.step_close(Actor.person(user), step=step, at=timezone.now(), **form.cleaned_data)
            messages.success(request, _("The step is closed, with your note and name."))
        except InputError as error:
            messages.warning(request, error.sentence)
    else:
        messages.error(
            request, _("STEP-NOTE: Write what came of it, at most 2,000 characters. The step is still open.")
        )
    return redirect(_back(request) or reverse("assessments:decision", args=[step.patient_id]))


@staff(*CLINICAL)
@require_GET
def letter(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """The letter to the referrer about the newest decision, once it is signed."""
    user, now = acting_user(request), timezone.now()
    patient = patient_get(user.clinic, patient_id)
    latest = selectors.latest_assessment(patient)
    try:
        if latest is None:
            raise InputError("LETTER-NONE", _("There is no decision yet to write about."))
        services.letter_issue(Actor.person(user), assessment=latest, at=now)
    except InputError as error:
        messages.error(request, str(error))
        return redirect("assessments:decision", patient_id=patient.id)
    name = f"candidacy-letter-{latest.made_at:%Y-%m-%d}-{str(latest.pk)[:8]}.pdf"
    return HttpResponse(
        letter_pdf(latest, printed_at=now),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )


@staff(*ALL_STAFF)
@require_POST
def self_check_invite(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Make a self-check link and show it this once."""
    user = acting_user(request)
    patient = patient_get(user.clinic, patient_id)
    sent, token = services.self_check_invite(Actor.person(user), patient=patient, at=timezone.now())
    link = request.build_absolute_uri(reverse("portal:self_check", args=[token]))
    context = {"patient": patient, "link": link, "expires_at": sent.expires_at}
    return render(request, "assessments/self_check_link.html", context)


def _back(request: HttpRequest) -> str | None:
    """Where the person came from, if that is a page of ours."""
    back = request.POST.get("back", "")
    return back if url_has_allowed_host_and_scheme(back, allowed_hosts=None) else None
