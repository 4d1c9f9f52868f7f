"""The definition of treatment resistance that decides at the clinic: seen by clinicians, chosen by a prescriber."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from reprieve.clinic.accounts.access import CLINICAL, acting_user, staff
from reprieve.clinic.accounts.models import Role
from reprieve.clinic.assessments import selectors, services
from reprieve.clinic.assessments.forms import TrialDefinitionForm
from reprieve.clinic.audit.services import Actor
from reprieve.knowledge.chart_map import load_chart_map

UNPROCESSABLE = 422


@staff(*CLINICAL)
@require_http_methods(["GET", "POST"])
def trial_definition(request: HttpRequest) -> HttpResponse:
    """Show the definition in use and, to a prescriber, the choice."""
    user = acting_user(request)
    may_choose = user.role == Role.PRESCRIBER
    choice = selectors.trial_definition_of(user.clinic)
    in_use = load_chart_map().trial_criteria[0].id if choice is None else choice.definition
    form = TrialDefinitionForm(request.POST or None, initial={"definition": in_use})
    if request.method == "POST" and not may_choose:
        raise PermissionDenied
    if form.is_valid():
        services.trial_definition_choose(Actor.person(user), at=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Kept. Decisions from now on use it; decisions already made stay as they are."))
        return redirect("assessments:trial_definition")
    context = {"form": form, "choice": choice, "may_choose": may_choose}
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "assessments/trial_definition.html", context, status=status)
