"""The planner's what-if: another dose, time, start or route, drawn beside what papers disagree on. Stores nothing."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from reprieve.clinic.accounts.access import CLINICAL, acting_user, staff
from reprieve.clinic.courses.what_if.answer import what_if
from reprieve.clinic.courses.what_if.exposure import OnRecord, on_record
from reprieve.clinic.courses.what_if.form import WhatIfForm
from reprieve.clinic.courses.what_if.known import Known, known_of
from reprieve.clinic.courses.what_if.scenario import Way
from reprieve.clinic.courses.what_if.shown import shown
from reprieve.clinic.patients.selectors import patient_get

_USUAL = {
    "way": Way.INFUSION, "mg_per_kg": "0.5", "duration_min": "40",
    "device_count": "2", "dose_mg": "100", "hold_min": "10",
}  # fmt: skip
_UNPROCESSABLE = 422


@staff(*CLINICAL)
@require_GET
def page(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """The whole page; the question stands in its address, so that it can be passed on."""
    context = _context(request, patient_id)
    refused = bool(request.GET) and bool(context["form"].errors)
    return render(request, "courses/what_if.html", context, status=_UNPROCESSABLE if refused else 200)


@staff(*CLINICAL)
@require_GET
def result(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """The right half for what stands in the form now."""
    return render(request, "courses/_what_if.html", _context(request, patient_id))


def _context(request: HttpRequest, patient_id: UUID) -> dict[str, Any]:
    patient = patient_get(acting_user(request).clinic, patient_id)
    recorded = on_record(patient, on=timezone.localdate())
    known = known_of(patient, at=timezone.now())
    form = _form(request, recorded, known)
    answer = shown(what_if(form.scenario()), recorded) if form.is_bound and form.is_valid() else {"found": None}
    about = {"patient": patient, "recorded": recorded, "said": known.said, "liver_chosen": bool(known.values["liver"])}
    return {**about, "form": form, **answer}


def _form(request: HttpRequest, recorded: OnRecord, known: Known) -> WhatIfForm:
    """Without a question: the reference dose for the person as known, with the medicines on record."""
    if request.GET:
        return WhatIfForm(_with_record(request.GET, recorded, known))
    usual = {**_USUAL, **known.values, "others": list(recorded.changes)}
    return WhatIfForm(usual) if known.values["weight_kg"] else WhatIfForm(initial=usual)


def _with_record(asked: QueryDict, recorded: OnRecord, known: Known) -> QueryDict:
    """What a question does not mention is asked with the record: silence is no "none"; an empty field is "unknown"."""
    whole = asked.copy()
    if "liver" not in asked:
        whole.setlist("others", list(recorded.changes))
    for name in ("age_years", "height_cm", "liver"):
        if name not in asked:
            whole[name] = known.values[name]
    return whole
