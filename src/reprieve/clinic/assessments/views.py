"""Intake, decision, signature, card."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from reprieve.clinic.accounts.access import ALL_STAFF, CLINICAL, acting_user, staff
from reprieve.clinic.accounts.models import Role
from reprieve.clinic.assessments import selectors, services
from reprieve.clinic.assessments.forms import (
    MEDICINE_ROWS,
    TRIAL_ROWS,
    AssessForm,
    IntakeForm,
    OverrideForm,
    read_lists,
)
from reprieve.clinic.assessments.models import Assessment
from reprieve.clinic.assessments.presenters import DecisionPresenter, intake_themes
from reprieve.clinic.audit.services import Actor
from reprieve.clinic.patients.models import Patient
from reprieve.clinic.patients.selectors import patient_get
from reprieve.domain.candidacy.rules import Route
from reprieve.domain.candidacy.screening import screen
from reprieve.errors import InputError
from reprieve.knowledge.candidacy import load_rule_base
from reprieve.knowledge.chart_map import load_chart_map

UNPROCESSABLE = 422


@staff(*CLINICAL)
@require_http_methods(["GET", "POST"])
def intake(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Ask what the record does not say."""
    user = acting_user(request)
    patient = patient_get(user.clinic, patient_id)
    at = timezone.now()
    case = selectors.case_of(patient, at=at)
    indication = selectors.indication_of(patient, case)
    screening = screen(case, load_rule_base(), load_chart_map(), route=Route.IV, indication=indication)
    facts = screening.reading.facts
    told = {fact.key: fact.value_on(case.on) for fact in case.statements}
    known = {key: value for key, value in told.items() if value is not None}
    form = IntakeForm(request.POST or None, keys=selectors.relevant_facts(indication), known=known)
    problem = ""
    if request.method == "POST" and form.is_valid():
        try:
            answers: dict[str, Any] = {**form.answers(), **_changed_lists(patient, request)}
            if answers:
                services.intake_record(
                    Actor.person(user), patient=patient, answers=answers, at=at, said_by=form.cleaned_data["said_by"]
                )
            messages.success(request, _("%(count)d answers kept.") % {"count": len(answers)})
            return redirect("assessments:decision", patient_id=patient.id)
        except InputError as error:
            problem = str(error)
    needed = {key for item in screening.assessment.data_needed for key in item.facts}
    context = {
        "patient": patient,
        "form": form,
        "problem": problem,
        "themes": intake_themes(form, facts, needed),
        "open_count": len(needed & set(form.fields)),
        "medications": [row for row in case.chart.medications if row.status == "active"],
        **_list_rows(patient, request),
    }
    return render(request, "assessments/intake.html", context, status=UNPROCESSABLE if problem or form.errors else 200)


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
    return render(request, "assessments/decision.html", _decision_context(request, patient, latest, form))


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
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return redirect("assessments:decision", patient_id=assessment.patient_id)
    try:
        services.override_sign(Actor.person(user), assessment=assessment, at=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Your signature is kept."))
    except InputError as error:
        messages.error(request, str(error))
    return redirect("assessments:decision", patient_id=assessment.patient_id)


@staff(*ALL_STAFF)
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
        "clinical": user.role in CLINICAL,
    }
    return render(request, "assessments/card.html", context)


def _decision_context(
    request: HttpRequest, patient: Patient, latest: Assessment | None, form: AssessForm
) -> dict[str, Any]:
    user = acting_user(request)
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
        "earlier": list(selectors.assessments_of(patient)[1:6]),
    }


def _changed_lists(patient: Patient, request: HttpRequest) -> dict[str, list[dict[str, Any]]]:
    held = selectors.current_lists(patient)
    given = read_lists({key: value for key, value in request.POST.items() if isinstance(value, str)})
    return {key: rows for key, rows in given.items() if rows != held[key]}


def _list_rows(patient: Patient, request: HttpRequest) -> dict[str, list[dict[str, Any]]]:
    """Rows of trials and medicines to show: what was just typed, else what is kept, then empty ones."""
    held = selectors.current_lists(patient)
    if request.method == "POST":
        trials = [_typed(request, "trial", row) for row in range(TRIAL_ROWS)]
        return {"trials": trials, "medicines": [_typed(request, "medicine", row) for row in range(MEDICINE_ROWS)]}
    shown = [{key: _as_word(value) for key, value in row.items()} for row in held[selectors.TRIALS]]
    medicines = held[selectors.MEDICATIONS]
    return {
        "trials": [*shown, *({} for _row in range(TRIAL_ROWS - len(shown)))],
        "medicines": [*medicines, *({} for _row in range(MEDICINE_ROWS - len(medicines)))],
    }


def _typed(request: HttpRequest, kind: str, row: int) -> dict[str, Any]:
    prefix = f"{kind}-{row}-"
    return {key.removeprefix(prefix): value for key, value in request.POST.items() if key.startswith(prefix)}


def _as_word(value: object) -> object:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value
