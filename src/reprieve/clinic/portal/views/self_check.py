"""The self-check on a phone: by the link of a known patient, or open to anybody and kept nowhere (S16)."""

from allauth.core.ratelimit import consume
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from reprieve.clinic.assessments.models import SelfCheckLink
from reprieve.clinic.assessments.selectors import link_of_token
from reprieve.clinic.assessments.services import self_check_record
from reprieve.clinic.audit.services import Actor
from reprieve.clinic.portal.forms import SelfCheckForm
from reprieve.clinic.portal.outlook import outlook_of
from reprieve.clinic.portal.presenters import Help, check_view, help_of, help_without_clinic
from reprieve.clinic.portal.selectors import only_clinic
from reprieve.clinic.portal.views.questionnaires import dead_link
from reprieve.errors import InputError

_TOO_MANY, _UNPROCESSABLE = 429, 422


@require_http_methods(["GET", "POST"])
@never_cache
def open_page(request: HttpRequest) -> HttpResponse:
    """For anybody: nothing is kept, not even in the session."""
    clinic = only_clinic()
    known_help = help_without_clinic() if clinic is None else help_of(clinic)
    if request.method == "POST" and not consume(request, action="self_check"):
        return render(request, "portal/self_check_wait.html", {"help": known_help}, status=_TOO_MANY)
    form = SelfCheckForm(request.POST or None)
    if not form.is_valid():
        return _form_page(request, form, known_help, None)
    return _result_page(request, form, known_help, None)


@require_http_methods(["GET", "POST"])
@never_cache
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """For a known patient: the answers go into the record, said by the patient."""
    link = link_of_token(token)
    if link is None:
        return dead_link(request, "unknown", None)
    clinic = link.patient.clinic
    with timezone.override(clinic.zone):
        closed = _closed(link)
        form = SelfCheckForm(request.POST or None)
        if closed is None and not form.is_valid():
            return _form_page(request, form, help_of(clinic), link)
        if closed is None:
            closed = _keep(link, form)
        return (
            _result_page(request, form, help_of(clinic), link) if closed is None else dead_link(request, closed, clinic)
        )


def _closed(link: SelfCheckLink) -> str | None:
    if link.used_at is not None:
        return "used"
    return "expired" if link.is_expired(timezone.now()) else None


def _keep(link: SelfCheckLink, form: SelfCheckForm) -> str | None:
    """Record the answers; why not, when somebody was faster or the link ran out meanwhile."""
    actor = Actor.program("self-check-link", link.patient.clinic)
    try:
        self_check_record(actor, link=link, answers=form.answers(), at=timezone.now())
    except InputError as problem:
        return "expired" if problem.code == "LINK-EXPIRED" else "used"
    return None


def _form_page(request: HttpRequest, form: SelfCheckForm, known_help: Help, link: SelfCheckLink | None) -> HttpResponse:
    context = {"form": form, "questions": form.questions(), "help": known_help, "link": link}
    return render(request, "portal/self_check.html", context, status=_UNPROCESSABLE if form.errors else 200)


def _result_page(
    request: HttpRequest, form: SelfCheckForm, known_help: Help, link: SelfCheckLink | None
) -> HttpResponse:
    answers, complaint = form.answers(), form.complaint()
    found = outlook_of(answers, on=timezone.localdate(), complaint=complaint)
    context = {"view": check_view(found, answers, complaint), "help": known_help, "link": link}
    return render(request, "portal/self_check_result.html", context)
