"""Patient pages: list, chart, registration, consent, import."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from reprieve.clinic.accounts.access import ALL_STAFF, CLINICAL, acting_user, staff
from reprieve.clinic.accounts.models import Clinic
from reprieve.clinic.audit.services import Actor
from reprieve.clinic.patients import presenters, selectors
from reprieve.clinic.patients.forms import ConsentForm, RegistrationForm, UploadForm
from reprieve.clinic.patients.models import ConsentScope
from reprieve.clinic.patients.services.consents import consent_record
from reprieve.clinic.patients.services.registration import patient_register
from reprieve.clinic.patients.services.uploads import upload_queue
from reprieve.errors import InputError

PAGE_LENGTH = 25
CARDS = ("assessments", "courses", "visits", "outcomes")
_FORM_OVERHEAD_BYTES = 64 * 1024
_MEGABYTE = 1024 * 1024


@staff(*ALL_STAFF)
@require_GET
def patient_list(request: HttpRequest) -> HttpResponse:
    """Patients by name, or those whose name or record number matches `q`."""
    query = request.GET.get("q", "").strip()
    found = selectors.with_open_tasks(selectors.patients_of(acting_user(request).clinic, query))
    page = Paginator(found, PAGE_LENGTH).get_page(request.GET.get("page"))
    return render(request, "patients/list.html", {"page": page, "query": query})


@staff(*ALL_STAFF)
@require_GET
def patient_detail(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """One person: banner, the cards of the other rooms, chart and consents. The front desk sees no chart."""
    user = acting_user(request)
    patient = selectors.patient_get(user.clinic, patient_id)
    tab = request.GET.get("tab", "")
    tab = tab if tab in presenters.TABS else presenters.TABS[0]
    context = {
        "patient": patient,
        "tab": tab,
        "tabs": presenters.TABS,
        "sees_chart": user.role in CLINICAL,
        "consents": [(scope, selectors.consent_in_force(patient, scope.value)) for scope in ConsentScope],
        "now": timezone.localtime(),
        "cards": CARDS,
    }
    if user.role in CLINICAL:
        context |= presenters.chart_tab(patient, tab)
    return render(request, "patients/detail.html", context)


@staff(*ALL_STAFF)
@require_http_methods(["GET", "POST"])
def patient_new(request: HttpRequest) -> HttpResponse:
    """Register a person by hand."""
    form = RegistrationForm(request.POST or None)
    if form.is_valid():
        try:
            patient = patient_register(Actor.person(acting_user(request)), **form.cleaned_data)
        except InputError as problem:
            form.refuse(problem)
        else:
            return redirect("patients:detail", patient.id)
    return render(request, "patients/new.html", {"form": form}, status=422 if form.errors else 200)


@staff(*CLINICAL)
@require_POST
def consent(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Record a decision on treatment or registry."""
    user = acting_user(request)
    patient = selectors.patient_get(user.clinic, patient_id)
    form = ConsentForm(request.POST)
    if not form.is_valid():
        message = " ".join(str(error) for errors in form.errors.values() for error in errors)
        messages.error(request, message)
        return redirect("patients:detail", patient.id)
    consent_record(Actor.person(user), patient=patient, **form.cleaned_data)
    messages.success(request, _("The decision is on record."))
    return redirect("patients:detail", patient.id)


@csrf_exempt
@staff(*ALL_STAFF)
@require_http_methods(["GET", "POST"])
def import_page(request: HttpRequest) -> HttpResponse:
    """Choose a bundle. Its size is judged before a byte of it is parsed; the token is checked right after."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if int(length) > settings.UPLOAD_LIMIT_BYTES + _FORM_OVERHEAD_BYTES:
        problem = InputError("FHIR-TOO-LARGE", _("The file is larger than %(mb)s MB; nothing was kept of it. "
            "Import it with the command `reprieve import`, or export one person at a time.")
            % {"mb": settings.UPLOAD_LIMIT_BYTES // _MEGABYTE})  # fmt: skip
        return _import_form(request, acting_user(request).clinic, UploadForm(), problem, status=413)
    request.upload_handlers = [TemporaryFileUploadHandler(request)]
    return _import_checked(request)


@csrf_protect
def _import_checked(request: HttpRequest) -> HttpResponse:
    user = acting_user(request)
    if request.method != "POST":
        return _import_form(request, user.clinic, UploadForm())
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _import_form(request, user.clinic, form, status=422)
    upload = form.cleaned_data["file"]
    job = upload_queue(Actor.person(user), content=upload.read(), file_name=upload.name)
    return redirect("patients:import_status", job.id)


def _import_form(
    request: HttpRequest, clinic: Clinic, form: UploadForm, problem: InputError | None = None, *, status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "problem": problem,
        "limit_bytes": settings.UPLOAD_LIMIT_BYTES,
        "limit_mb": settings.UPLOAD_LIMIT_BYTES // _MEGABYTE,
        "documents": selectors.recent_documents(clinic),
    }
    return render(request, "patients/import.html", context, status=status)


@staff(*ALL_STAFF)
@require_GET
def import_status(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """How far an upload came and then its report; the id of a document shows the report of that import."""
    clinic = acting_user(request).clinic
    job = selectors.import_job_of(clinic, document_id)
    document = job.document if job else selectors.document_get(clinic, document_id)
    context = {"job": job, "document": document, "report": presenters.report_of(document) if document else None}
    return render(request, "patients/import_status.html", context)
