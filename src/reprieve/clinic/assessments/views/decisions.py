"""Decision, signature, card."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from reprieve.clinic.accounts.access import CLINICAL, acting_user, staff
from reprieve.clinic.accounts.models import Role
from reprieve.clinic.assessments import selectors, services
from reprieve.clinic.assessments.forms import (
    AssessForm,
    OverrideForm,
)
from reprieve.clinic.assessments.models import Assessment
from reprieve.clinic.assessments.presenters import (
    DecisionPresenter,
    has_moved_on,
    planned_steps,
    route_columns,
    step_rows,
)
from reprieve.clinic.assessments.presenters.routes import RouteColumn
from reprieve.clinic.audit.services import Actor
from reprieve.clinic.patients.models import Patient
from reprieve.clinic.patients.selectors import patient_get
from reprieve.errors import InputError

UNPROCESSABLE = 422


@staff(*CLINICAL)
@require_http_methods(["GET", "POST"])
def decision(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """The newest decision, and the form that makes a new one."""
    user = acting_user(request)
    patient = patient_get(user.clinic, patient_id)
    latest = selectors.latest_assessment(patient)
    initial = {"route": latest.route, "indication_id": latest.indication_id} if latest else {}
    form = AssessForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        services.assessment_make(
            Actor.person(user),
            patient=patient,
            route=form.cleaned_data["route"],
            indication_id=form.cleaned_data["indication_id"],
            at=timezone.now(),
        )
        return redirect("assessments:decision", patient_id=patient.id)
    context = _decision_context(request, patient, latest, form)
    return render(request, "assessments/decision.html", context, status=UNPROCESSABLE if form.errors else 200)


@staff(Role.PRESCRIBER)
@require_POST
def sign(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """Sign the newest decision."""
    user = acting_user(request)
    assessment = selectors.assessment_get(user.clinic, assessment_id)
    try:
        services.assessment_sign(Actor.person(user), assessment=assessment, at=timezone.now())
        messages.success(request, _("The decision is signed."))
    except InputError as error:
        messages.error(request, str(error))
    return redirect("assessments:decision", patient_id=assessment.patient_id)


@staff(*CLINICAL)
@require_POST
def override(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """One of the two signatures that let a review go ahead."""
    user = acting_user(request)
    assessment = selectors.assessment_get(user.clinic, assessment_id)
    form = OverrideForm(request.POST)
    if not form.is_valid():
        messages.error(
            request, _("OVERRIDE-TEXT: Each reason is plain text of at most 4,000 characters. Nothing was kept.")
        )
        return redirect("assessments:decision", patient_id=assessment.patient_id)
    try:
        services.override_sign(Actor.person(user), assessment=assessment, at=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Your signature is kept."))
    except InputError as error:
        messages.error(request, str(error))
    return redirect("assessments:decision", patient_id=assessment.patient_id)


@staff(*CLINICAL)
@require_GET
def card(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Candidacy on the patient page."""
    user = acting_user(request)
    patient = patient_get(user.clinic, patient_id)
    latest = selectors.latest_assessment(patient)
    context = {
        "patient": patient,
        "assessment": latest,
        "shown": DecisionPresenter(latest) if latest else None,
        "signed": latest is not None and selectors.is_signed(latest),
        "steps": step_rows(selectors.open_steps_of(patient), today=timezone.localdate()),
        "links": selectors.open_links(patient, at=timezone.now()),
    }
    return render(request, "assessments/card.html", context)


def _decision_context(
    request: HttpRequest, patient: Patient, latest: Assessment | None, form: AssessForm
) -> dict[str, Any]:
    user = acting_user(request)
    now, today = timezone.now(), timezone.localdate()
    routes = _routes(patient, latest, now) if latest else []
    overrides = list(latest.override_signatures.select_related("signed_by")) if latest else []
    return {
        "patient": patient,
        "assessment": latest,
        "shown": DecisionPresenter(latest) if latest else None,
        "signed": latest is not None and selectors.is_signed(latest),
        "may_sign": user.role == Role.PRESCRIBER,
        "may_override": latest is not None
        and latest.decision == "REVIEW"
        and user.id not in {row.signed_by_id for row in overrides}
        and (bool(overrides) or user.role == Role.PRESCRIBER),
        "overrides": overrides,
        "overridden": latest is not None and selectors.is_overridden(latest),
        "override_form": OverrideForm(),
        "permits_course": selectors.permits_course(patient),
        "form": form,
        "override_ended": latest is not None and selectors.override_has_ended(latest),
        "routes": routes,
        "moved_on": latest is not None and has_moved_on(routes, latest.decision),
        "steps": step_rows(selectors.open_steps_of(patient), today=today),
        "plan": planned_steps(latest.record) if latest else (),
        "settlements": {row.fact: row for row in patient.conflict_settlements.select_related("settled_by")},
        "earlier": [DecisionPresenter(row) for row in selectors.assessments_of(patient)[1:6]],
    }


def _routes(patient: Patient, latest: Assessment, at: datetime) -> list[RouteColumn]:
    compared = selectors.routes_compared(patient, indication=latest.indication_id or None, at=at)
    return route_columns(compared, asked=latest.route)
