"""The planner's what-if: another dose, time, start or route, drawn beside what papers disagree on. Stores nothing."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from reprieve.clinic.accounts.access import CLINICAL, acting_user, staff
from reprieve.clinic.courses import selectors
from reprieve.clinic.courses.presenters import citations, finding_views
from reprieve.clinic.courses.what_if import wording
from reprieve.clinic.courses.what_if.answer import WhatIf, what_if
from reprieve.clinic.courses.what_if.exposure import OnRecord, beside_the_curve, on_record
from reprieve.clinic.courses.what_if.form import WhatIfForm
from reprieve.clinic.courses.what_if.picture import draw
from reprieve.clinic.courses.what_if.scenario import Way
from reprieve.clinic.courses.wording import finding_sentence
from reprieve.clinic.patients.models import Patient
from reprieve.clinic.patients.selectors import patient_get
from reprieve.domain.quantities.spans import age_years
from reprieve.knowledge.kinetics import load_model

_USUAL = {
    "way": Way.INFUSION, "mg_per_kg": "0.5", "duration_min": "40",
    "device_count": "2", "dose_mg": "100", "hold_min": "10",
}  # fmt: skip


@staff(*CLINICAL)
@require_GET
def page(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """The whole page; the question stands in its address, so that it can be passed on."""
    patient = patient_get(acting_user(request).clinic, patient_id)
    recorded = on_record(patient, on=timezone.localdate())
    form = _form(request, patient, recorded)
    context = {"patient": patient, "form": form, "recorded": recorded, **_result(form, patient, recorded)}
    return render(request, "courses/what_if.html", context, status=422 if form.is_bound and form.errors else 200)


@staff(*CLINICAL)
@require_GET
def result(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """The right half for what stands in the form now."""
    patient = patient_get(acting_user(request).clinic, patient_id)
    recorded = on_record(patient, on=timezone.localdate())
    form = _form(request, patient, recorded)
    context = {"patient": patient, "form": form, **_result(form, patient, recorded)}
    return render(request, "courses/_what_if.html", context)


def _form(request: HttpRequest, patient: Patient, recorded: OnRecord) -> WhatIfForm:
    """Without a question: the reference dose at the last known weight, with the medicines on record."""
    if request.GET:
        return WhatIfForm(_with_record(request.GET, recorded))
    weight_kg = selectors.previous_weight_kg(patient)
    usual = {
        **_USUAL,
        "weight_kg": "" if weight_kg is None else f"{weight_kg:.1f}",
        "others": list(recorded.changes),
    }
    return WhatIfForm(initial=usual) if weight_kg is None else WhatIfForm(usual)


def _with_record(asked: QueryDict, recorded: OnRecord) -> QueryDict:
    """A question that says nothing of medicines and liver is asked with the record: silence is no "none"."""
    if "liver" in asked:
        return asked
    whole = asked.copy()
    whole.setlist("others", list(recorded.changes))
    return whole


def _result(form: WhatIfForm, patient: Patient, recorded: OnRecord) -> dict[str, Any]:
    if not form.is_bound or not form.is_valid():
        return {"found": None}
    age = None if patient.birth_on is None else float(age_years(patient.birth_on, on=timezone.localdate()))
    height_cm = selectors.height_cm(patient)
    found = what_if(form.scenario(age_years=age, height_cm=None if height_cm is None else float(height_cm)))
    beside = beside_the_curve(recorded.directions, age_y=age, is_spray=found.scenario.way is Way.NASAL_SPRAY)
    return {
        "found": found,
        "picture": draw(found),
        "moved": [(wording.SITES[one.site], one) for one in found.moved],
        "exposure": finding_views((*found.exposure, *beside)),
        "sites": [(wording.SITES[curve.site], curve) for curve in found.curves],
        "second": _second(found),
        "models": _models(found),
        "left_out": [(name, wording.LEFT_OUT[why]) for name, why in found.disagreement.left_out],
        "reasons": [finding_sentence(reason) for reason in found.disagreement.reasons],
        "misfits": finding_views(found.misfits),
        "pressure": [
            (wording.PRESSURES[kind], mean, peak.quantile_mmhg(_MOST_PEOPLE)) for kind, mean, peak in found.pressure
        ],
        "occupancy_range": _range(found),
        "citations": citations(found.model.source),
    }


_MOST_PEOPLE = 0.95


def _second(found: WhatIf) -> dict[str, Any] | None:
    if found.second is None:
        return None
    return {"name": found.second.model_id, "site": wording.SITES[found.second.site]}


def _models(found: WhatIf) -> list[dict[str, Any]]:
    return [
        {
            "name": curve.model_id,
            "title": load_model(curve.model_id).title,
            "site": wording.SITES[curve.site],
            "peak": curve.cmax_mg_per_l * 1000.0,
            "area": curve.auc_mg_min_per_l * 1000.0 / 60.0,
            "clearance": curve.clearance_l_per_h,
        }
        for curve in found.disagreement.curves
    ]


def _range(found: WhatIf) -> tuple[float, float] | None:
    """Lowest and highest percent over all sets of constants."""
    shares = [share for _name, share in found.occupancy]
    return (min(shares) * 100.0, max(shares) * 100.0) if shares else None
