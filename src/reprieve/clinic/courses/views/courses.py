"""Choose a regimen, see the course, move a session, end the course; the card on the patient's page."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from reprieve.clinic.accounts.access import ALL_STAFF, CLINICAL, acting_user, staff
from reprieve.clinic.accounts.models import Role
from reprieve.clinic.assessments.selectors import latest_assessment, permits_course
from reprieve.clinic.audit.services import Actor
from reprieve.clinic.courses import selectors, services
from reprieve.clinic.courses.forms import CloseForm, CourseForm, MoveForm
from reprieve.clinic.courses.models import CourseStatus
from reprieve.clinic.courses.presenters import citations, regimen_card
from reprieve.clinic.courses.wording import INDICATIONS
from reprieve.clinic.patients.models import Patient
from reprieve.clinic.patients.selectors import patient_get
from reprieve.errors import InputError
from reprieve.knowledge.regimens import regimens


@staff(Role.PRESCRIBER)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    user = acting_user(request)
    patient = patient_get(user.clinic, patient_id)
    form = CourseForm(request.POST or None, initial=_initial(request, patient))
    if request.method == "POST" and form.is_valid():
        try:
            course = services.course_create(Actor.person(user), patient=patient, at=timezone.now(), **form.cleaned_data)
        except InputError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The course is planned."))
            return redirect("courses:detail", course.id)
    indication_id = str(form["indication_id"].value())
    cards = sorted(
        (regimen_card(regimen, indication_id) for regimen in regimens().values()),
        key=lambda card: not card.is_for_indication,
    )
    context = {
        "patient": patient, "form": form, "cards": cards, "permitted": permits_course(patient),
        "running": selectors.active_course(patient), "indication": INDICATIONS.get(indication_id, indication_id),
    }  # fmt: skip
    return render(request, "courses/new.html", context, status=422 if form.errors else 200)


def _initial(request: HttpRequest, patient: Patient) -> dict[str, object]:
    assessment = latest_assessment(patient)
    assessed = assessment.indication_id if assessment else ""
    return {
        "indication_id": request.GET.get("indication", assessed or "IND-TRD"),
        "regimen_id": request.GET.get("regimen", ""),
        "starts_on": timezone.localdate(),
    }


@staff(*ALL_STAFF)
@require_GET
def detail(request: HttpRequest, course_id: UUID) -> HttpResponse:
    user = acting_user(request)
    course = selectors.course_get(user.clinic, course_id)
    regimen = regimens().get(course.regimen_id)
    context = {
        "course": course, "patient": course.patient, "rows": selectors.session_rows(course), "regimen": regimen,
        "citations": citations(regimen.source) if regimen else (), "today": timezone.localdate(),
        "indication": INDICATIONS.get(course.indication_id, course.indication_id), "close_form": CloseForm(),
        "may_order": user.role == Role.PRESCRIBER and course.status == CourseStatus.ACTIVE,
        "may_check": user.role in CLINICAL, "move_form": MoveForm(),
    }  # fmt: skip
    return render(request, "courses/detail.html", context)


@staff(*CLINICAL)
@require_POST
def move(request: HttpRequest, planned_session_id: int) -> HttpResponse:
    user = acting_user(request)
    planned = selectors.planned_session_get(user.clinic, planned_session_id)
    form = MoveForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("COURSE-DATE: Choose a date."))
        return redirect("courses:detail", planned.course_id)
    try:
        services.planned_session_move(
            Actor.person(user), planned_session=planned, at=timezone.now(), **form.cleaned_data
        )
    except InputError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Session %(number)s has a new date.") % {"number": planned.number})
    return redirect("courses:detail", planned.course_id)


@staff(Role.PRESCRIBER)
@require_POST
def close(request: HttpRequest, course_id: UUID) -> HttpResponse:
    user = acting_user(request)
    course = selectors.course_get(user.clinic, course_id)
    form = CloseForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("COURSE-REASON: Write why the course ends."))
        return redirect("courses:detail", course.id)
    try:
        services.course_close(
            Actor.person(user), course=course, status=CourseStatus(form.cleaned_data["status"]),
            reason=form.cleaned_data["reason"], at=timezone.now(),
        )  # fmt: skip
    except InputError as refusal:
        messages.error(request, str(refusal))
    return redirect("courses:detail", course.id)


@staff(*ALL_STAFF)
@require_GET
def card(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    user = acting_user(request)
    patient = patient_get(user.clinic, patient_id)
    course = selectors.active_course(patient) or selectors.courses_of(patient).first()
    rows = selectors.session_rows(course) if course else []
    context = {
        "patient": patient, "course": course, "rows": rows,
        "regimen": regimens().get(course.regimen_id) if course else None,
        "next_row": next((row for row in rows if row.dosing_session is None), None),
        "permitted": permits_course(patient), "may_begin": user.role == Role.PRESCRIBER,
    }  # fmt: skip
    return render(request, "courses/card.html", context)
