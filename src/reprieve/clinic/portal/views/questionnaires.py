"""Phone pages of a patient: a questionnaire by link or signed in, and the own home page."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from reprieve.clinic.accounts.access import acting_user, staff
from reprieve.clinic.accounts.models import Clinic, Role
from reprieve.clinic.audit.services import Actor
from reprieve.clinic.outcomes.models import Invitation, Mode
from reprieve.clinic.outcomes.presenters import response_view
from reprieve.clinic.outcomes.selectors import invitation_of_token, open_invitations
from reprieve.clinic.outcomes.services import response_record
from reprieve.clinic.outcomes.trends import trend_of
from reprieve.clinic.portal import selectors
from reprieve.clinic.portal.forms import QuestionnaireForm
from reprieve.clinic.portal.presenters import fasting, help_of, help_without_clinic
from reprieve.domain.outcomes.instrument import Instrument
from reprieve.errors import InputError
from reprieve.knowledge.instruments import load_instrument

_ANSWERED = "answered_invitations"


@require_GET
@never_cache
@staff(Role.PATIENT)
def home(request: HttpRequest) -> HttpResponse:
    """What a patient needs today: the next session, open questions, the own curve, help."""
    user = acting_user(request)
    patient = selectors.patient_of(user)
    context: dict[str, object] = {"patient": patient, "help": help_of(user.clinic), "fasting": fasting()}
    if patient is not None:
        now = timezone.now()
        context |= {
            "next": selectors.next_session(patient, at=now),
            "invitations": open_invitations(patient, at=now),
            "view": response_view(trend_of(patient, at=now)),
        }
    return render(request, "portal/home.html", context)


@require_http_methods(["GET", "POST"])
@never_cache
@staff(Role.PATIENT)
def questionnaire(request: HttpRequest, invitation_id: UUID) -> HttpResponse:
    """Answer signed in."""
    user = acting_user(request)
    invitation = selectors.own_invitation(user, invitation_id)
    thanks_url = reverse("portal:questionnaire_thanks", args=[invitation_id])
    return _answer(request, invitation, actor=Actor.person(user), mode=Mode.PORTAL, thanks_url=thanks_url)


@require_GET
@never_cache
@staff(Role.PATIENT)
def questionnaire_thanks(request: HttpRequest, invitation_id: UUID) -> HttpResponse:
    """After answering signed in."""
    return _thanks(request, selectors.own_invitation(acting_user(request), invitation_id))


@require_http_methods(["GET", "POST"])
@never_cache
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """Answer by a link, without sign-in."""
    invitation = invitation_of_token(token)
    if invitation is None:
        return _dead(request, "unknown", None)
    actor = Actor.program("questionnaire-link", invitation.patient.clinic)
    thanks_url = reverse("portal:thanks", args=[token])
    with timezone.override(invitation.patient.clinic.zone):
        return _answer(request, invitation, actor=actor, mode=Mode.LINK, thanks_url=thanks_url)


@require_GET
@never_cache
def thanks(request: HttpRequest, token: str) -> HttpResponse:
    """After answering by a link; only the browser that answered sees it."""
    invitation = invitation_of_token(token)
    return _dead(request, "unknown", None) if invitation is None else _thanks(request, invitation)


def _answer(request: HttpRequest, invitation: Invitation, *, actor: Actor, mode: Mode, thanks_url: str) -> HttpResponse:
    """Show the form, or keep the answers; a second click of the same browser lands on the thanks page."""
    instrument = load_instrument(invitation.instrument_id)
    form = QuestionnaireForm(instrument, request.POST if request.method == "POST" else None)
    closed = _closed(invitation)
    if form.is_valid():
        closed = _keep(request, invitation, form, actor=actor, mode=mode)
    if closed is None and not form.is_valid():
        return _form_page(request, invitation, instrument, form)
    if closed is None or (closed == "used" and _answered_here(request, invitation)):
        return redirect(thanks_url)
    return _dead(request, closed, invitation)


def _closed(invitation: Invitation) -> str | None:
    """Why an invitation takes no answers, or None."""
    if invitation.used_at is not None:
        return "used"
    return "expired" if invitation.is_expired(timezone.now()) else None


def _keep(
    request: HttpRequest, invitation: Invitation, form: QuestionnaireForm, *, actor: Actor, mode: Mode
) -> str | None:
    """Record the answers; why not, when somebody was faster or the link ran out while it was being filled in."""
    try:
        response_record(actor, invitation=invitation, answers=form.answers(), mode=mode, at=timezone.now())
    except InputError as problem:
        return "expired" if problem.code == "LINK-EXPIRED" else "used"
    request.session[_ANSWERED] = [*request.session.get(_ANSWERED, []), str(invitation.id)]
    return None


def _form_page(
    request: HttpRequest, invitation: Invitation, instrument: Instrument, form: QuestionnaireForm
) -> HttpResponse:
    context = {
        "form": form,
        "instrument": instrument,
        "invitation": invitation,
        "questions": list(zip(instrument.items, form, strict=True)),
        "help": help_of(invitation.patient.clinic),
    }
    return render(request, "portal/questionnaire.html", context, status=422 if form.is_bound else 200)


def _thanks(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """A person who gets hold of a used link must not learn from this page what was answered."""
    if invitation.used_at is None or not _answered_here(request, invitation):
        return _dead(request, "used" if invitation.used_at else "expired", invitation)
    instrument = load_instrument(invitation.instrument_id)
    positive = instrument.tasks.get("positive")
    context = {
        "instrument": instrument,
        "help": help_of(invitation.patient.clinic),
        "told": bool(invitation.response.item9) and positive is not None,
        "within_h": int(positive.due_h) if positive else None,
    }
    return render(request, "portal/thanks.html", context)


def _answered_here(request: HttpRequest, invitation: Invitation) -> bool:
    return str(invitation.id) in request.session.get(_ANSWERED, [])


def _dead(request: HttpRequest, kind: str, invitation: Invitation | None) -> HttpResponse:
    return dead_link(request, kind, None if invitation is None else invitation.patient.clinic)


def dead_link(request: HttpRequest, kind: str, clinic: Clinic | None) -> HttpResponse:
    """A link that leads nowhere says so, and says whom to call."""
    titles = {
        "used": _("These questions have been answered"),
        "expired": _("This link is no longer open"),
        "unknown": _("This link does not work"),
    }
    known_help = help_without_clinic() if clinic is None else help_of(clinic)
    context = {"kind": kind, "title": titles[kind], "help": known_help}
    return render(request, "portal/dead_link.html", context, status=404 if kind == "unknown" else 410)
