"""The dose planner: form, live calculation, signature; cancelling; the blind second check."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from reprieve.clinic.accounts.access import CLINICAL, acting_user, staff
from reprieve.clinic.accounts.models import Role
from reprieve.clinic.audit.services import Actor
from reprieve.clinic.courses import ordering, selectors, services
from reprieve.clinic.courses.curve import Curve, curve_of
from reprieve.clinic.courses.forms import OrderForm, SecondCheckForm, order_initial
from reprieve.clinic.courses.models import DoseOrder as DoseOrderRow
from reprieve.clinic.courses.models import OrderStatus, PlannedSession
from reprieve.clinic.courses.presenters import basis_views, citations, difference_views, finding_views, numbers_shown
from reprieve.domain.dosing.order import DoseOrder
from reprieve.domain.pharmacology.applicability import applicability_findings
from reprieve.domain.pharmacology.covariates import Covariates
from reprieve.domain.quantities.spans import age_years
from reprieve.errors import InputError
from reprieve.knowledge.formulary import diluents
from reprieve.knowledge.kinetics import load_model
from reprieve.knowledge.regimens import regimens


@staff(*CLINICAL)
@require_http_methods(["GET", "POST"])
def order(request: HttpRequest, planned_session_id: int) -> HttpResponse:
    """The planner, and the signed order to read once there is one.

    `calculate` shows the order, `sign` signs it if its numbers are those that were shown.
    """
    user = acting_user(request)
    planned = selectors.planned_session_get(user.clinic, planned_session_id)
    existing = selectors.live_order(planned)
    if existing is not None:
        return _signed(request, planned, existing)
    if user.role != Role.PRESCRIBER:
        raise PermissionDenied
    form = OrderForm(request.POST or None, initial=_initial(planned))
    computed = _computed(form, planned)
    if request.method == "POST" and request.POST.get("action") == "sign" and computed is not None:
        try:
            _check_shown(request, computed)
            services.order_sign(
                Actor.person(user), planned_session=planned, entry=form.entry(),
                reason=form.cleaned_data["reason"], at=timezone.now(),
            )  # fmt: skip
        except InputError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The order is signed and waits for the second check."))
            return redirect("courses:detail", planned.course_id)
    context = {
        "form": form,
        "is_live": False,
        **_page(planned),
        **_result(planned, computed, form.data.get("diluent_id", "")),
    }
    return render(request, "courses/order.html", context, status=422 if form.errors else 200)


@staff(Role.PRESCRIBER)
@require_POST
def preview(request: HttpRequest, planned_session_id: int) -> HttpResponse:
    """The right half of the planner for what stands in the form now; nothing is stored."""
    planned = selectors.planned_session_get(acting_user(request).clinic, planned_session_id)
    form = OrderForm(request.POST)
    computed = _computed(form, planned)
    context = {
        "form": form,
        "is_live": True,
        **_page(planned),
        **_result(planned, computed, form.data.get("diluent_id", "")),
    }
    return render(request, "courses/_computed.html", context)


def _signed(request: HttpRequest, planned: PlannedSession, row: DoseOrderRow) -> HttpResponse:
    """The signed order, to read and to prepare from."""
    check = row.second_checks.select_related("by").last()
    is_prescriber = acting_user(request).role == Role.PRESCRIBER
    context = {
        **_page(planned), "row": row, "check": check,
        "may_cancel": is_prescriber and not hasattr(row, "dosing_session"),
        "differences": difference_views(check.differences) if check else [],
        **_result(planned, selectors.order_value(row), row.diluent_id),
    }  # fmt: skip
    return render(request, "courses/signed.html", context)


def _initial(planned: PlannedSession) -> dict[str, Any]:
    regimen, patient = regimens()[planned.course.regimen_id], planned.course.patient
    today = timezone.localdate()
    return order_initial(
        today=today, height_cm=selectors.height_cm(patient), basis=ordering.usual_basis(patient, on=today),
        mg_per_kg=regimen.dose.mg_per_kg, duration_min=regimen.duration_min,
    )  # fmt: skip


def _computed(form: OrderForm, planned: PlannedSession) -> DoseOrder | None:
    """The order of a complete form; what stops the calculation is said on the form."""
    if not form.is_bound or not form.is_valid():
        return None
    try:
        return ordering.compute(planned, form.entry(), ordered_on=timezone.localdate())
    except InputError as refusal:
        form.add_error("basis", str(refusal))
        return None


def _check_shown(request: HttpRequest, computed: DoseOrder) -> None:
    if request.POST.get("shown") != numbers_shown(computed):
        raise InputError("ORDER-CHANGED", _("The order changed after it was shown. Read the numbers again, then sign."))


def _page(planned: PlannedSession) -> dict[str, Any]:
    patient = planned.course.patient
    return {
        "planned": planned, "patient": patient, "course": planned.course,
        "regimen": regimens().get(planned.course.regimen_id), "previous": selectors.last_order(patient),
        "previous_weight_kg": selectors.previous_weight_kg(patient),
    }  # fmt: skip


def _result(planned: PlannedSession, computed: DoseOrder | None, diluent_id: str) -> dict[str, Any]:
    if computed is None:
        return {"order": None}
    patient, model = planned.course.patient, load_model("k2s")
    body = computed.request.body
    misfits = applicability_findings(
        model,
        covariates=Covariates(
            weight_kg=float(body.actual_weight_kg), age_y=age_years(patient.birth_on, on=timezone.localdate())
        ),
        bmi_kg_per_m2=None if body.bmi_kg_per_m2 is None else float(body.bmi_kg_per_m2),
    )
    return {
        "order": computed, "bases": basis_views(computed), "findings": finding_views(computed.findings),
        "shown": numbers_shown(computed), "curve": _curve(computed), "misfits": finding_views(misfits),
        "model_citations": citations(model.source), "diluent": diluents().get(diluent_id, ""),
    }  # fmt: skip


def _curve(computed: DoseOrder) -> Curve | None:
    """No curve for an order that is impossible: its picture would look like a plan."""
    if computed.blocking and any(finding.code in _IMPOSSIBLE for finding in computed.blocking):
        return None
    return curve_of(
        dose_mg=float(computed.dose.mg),
        duration_min=float(computed.request.duration_min),
        weight_kg=float(computed.request.body.actual_weight_kg),
    )


_IMPOSSIBLE = frozenset({"WT-POUNDS", "WT-RANGE", "HT-RANGE", "BMI-RANGE", "DOSE-TENFOLD", "REG-DURATION-HARD"})


@staff(Role.PRESCRIBER)
@require_POST
def cancel(request: HttpRequest, order_id: UUID) -> HttpResponse:
    user = acting_user(request)
    row = selectors.order_get(user.clinic, order_id)
    try:
        services.order_cancel(Actor.person(user), order=row, at=timezone.now())
    except InputError as refusal:
        messages.error(request, str(refusal))
        return redirect("courses:detail", row.planned_session.course_id)
    messages.success(request, _("The order is cancelled."))
    return redirect("courses:order", row.planned_session_id)


@staff(*CLINICAL)
@require_http_methods(["GET", "POST"])
def second_check(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Enter blind. The page holds none of the order's numbers until somebody has entered theirs."""
    user = acting_user(request)
    row = selectors.order_get(user.clinic, order_id)
    form = SecondCheckForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.second_check_enter(Actor.person(user), order=row, at=timezone.now(), **form.cleaned_data)
        except InputError as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("courses:second_check", row.id)
    check = row.second_checks.select_related("by").last()
    context = {
        "order": row, "planned": row.planned_session, "patient": row.patient, "course": row.planned_session.course,
        "form": form, "check": check, "is_signer": row.signed_by_id == user.pk,
        "needs_cosignature": selectors.order_value(row).needs_cosignature,
        "is_waiting": row.status == OrderStatus.SIGNED,
        "differences": difference_views(check.differences) if check else [],
    }  # fmt: skip
    return render(request, "courses/second_check.html", context, status=422 if form.errors else 200)
