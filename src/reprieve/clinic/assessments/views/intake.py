"""Asking what the record does not say."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from reprieve.clinic.accounts.access import CLINICAL, acting_user, staff
from reprieve.clinic.assessments import selectors, services
from reprieve.clinic.assessments.forms import MEDICINE_ROWS, TRIAL_ROWS, IntakeForm, read_lists, row_numbers
from reprieve.clinic.assessments.presenters import intake_progress, intake_themes, told_apart
from reprieve.clinic.audit.services import Actor
from reprieve.clinic.patients.models import Patient
from reprieve.clinic.patients.selectors import patient_get
from reprieve.domain.candidacy.rules import Route
from reprieve.domain.candidacy.screening import decide
from reprieve.domain.candidacy.what_changes import open_questions
from reprieve.errors import InputError
from reprieve.knowledge.candidacy import fact_words, load_rule_base
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
    base = load_rule_base()
    reading, answer = decide(case, base, load_chart_map(), route=Route.IV, indication=indication)
    told = {fact.key: fact.value_on(case.on) for fact in case.statements}
    known = {key: value for key, value in told.items() if value is not None}
    form = IntakeForm(request.POST or None, keys=selectors.relevant_facts(indication), known=known)
    problem = ""
    if request.method == "POST" and form.is_valid():
        try:
            answers: dict[str, Any] = form.answers()
            answers |= _changed_lists(patient, request, confirmed=answers.get("medication_list_complete") is True)
            if answers:
                services.intake_record(
                    Actor.person(user), patient=patient, answers=answers, at=at, said_by=form.cleaned_data["said_by"]
                )
            messages.success(request, _("%(count)d answers kept.") % {"count": len(answers)})
            return redirect("assessments:decision", patient_id=patient.id)
        except InputError as error:
            problem = str(error)
    needed = {key for item in answer.data_needed for key in item.facts}
    order = [item.fact for item in open_questions(base, answer)]
    context = {
        "patient": patient,
        "form": form,
        "problem": problem,
        "themes": intake_themes(form, reading.facts, case.statements, needed),
        "progress": intake_progress(set(form.fields) & set(fact_words()), reading.facts, order),
        "open_count": len(needed & set(form.fields)),
        "medications": [row for row in case.chart.medications if row.status == "active"],
        **_list_rows(patient, request),
        "told": told_apart(selectors.lists_told(patient)),
    }
    return render(request, "assessments/intake.html", context, status=UNPROCESSABLE if problem or form.errors else 200)


def _changed_lists(patient: Patient, request: HttpRequest, *, confirmed: bool) -> dict[str, list[dict[str, Any]]]:
    """Lists that differ from what is kept; who calls the list of medicines complete says every row of it, too."""
    held = selectors.current_lists(patient)
    given = read_lists({key: value for key, value in request.POST.items() if isinstance(value, str)})
    said_again = {selectors.MEDICATIONS} if confirmed else set()
    return {key: rows for key, rows in given.items() if rows != held[key] or (rows and key in said_again)}


def _list_rows(patient: Patient, request: HttpRequest) -> dict[str, list[dict[str, Any]]]:
    """Rows of trials and medicines to show: what was just typed, else what is kept, then empty ones."""
    held = selectors.current_lists(patient)
    if request.method == "POST":
        posted = {
            kind: [_typed(request, kind, row) for row in row_numbers(request.POST, kind)]
            for kind in ("trial", "medicine")
        }
        return {"trials": posted["trial"], "medicines": posted["medicine"]}
    shown = [{key: _as_word(value) for key, value in row.items()} for row in held[selectors.TRIALS]]
    medicines = held[selectors.MEDICATIONS]
    return {
        "trials": [*shown, *({} for _row in range(max(1, TRIAL_ROWS - len(shown))))],
        "medicines": [*medicines, *({} for _row in range(max(1, MEDICINE_ROWS - len(medicines))))],
    }


def _typed(request: HttpRequest, kind: str, row: int) -> dict[str, Any]:
    prefix = f"{kind}-{row}-"
    return {key.removeprefix(prefix): value for key, value in request.POST.items() if key.startswith(prefix)}


def _as_word(value: object) -> object:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value
