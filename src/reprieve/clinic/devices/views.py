"""The quarantine: what monitors sent and no chart took."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from reprieve.clinic.accounts.access import CLINICAL, acting_user, staff
from reprieve.clinic.audit.services import Actor
from reprieve.clinic.devices.forms import CloseForm
from reprieve.clinic.devices.models import QuarantinedMessage
from reprieve.clinic.devices.presenters import entry_row, entry_rows, segment_lines
from reprieve.clinic.devices.selectors import quarantine_get, quarantine_of
from reprieve.clinic.devices.services.quarantine import quarantine_close
from reprieve.errors import InputError

_PAGE = 50


@require_GET
@staff(*CLINICAL)
def quarantine(request: HttpRequest) -> HttpResponse:
    """Open entries; the closed ones with `?show=closed`."""
    clinic, closed = acting_user(request).clinic, request.GET.get("show") == "closed"
    page = Paginator(quarantine_of(clinic, closed=closed), _PAGE).get_page(request.GET.get("page"))
    context = {
        "rows": entry_rows(page.object_list, timezone.now()),
        "page": page,
        "closed": closed,
        "open_count": quarantine_of(clinic).count(),
    }
    return render(request, "devices/quarantine.html", context)


@require_GET
@staff(*CLINICAL)
def quarantine_detail(request: HttpRequest, entry_id: int) -> HttpResponse:
    """One entry with its newest message, segment by segment."""
    return _detail(request, quarantine_get(acting_user(request).clinic, entry_id), CloseForm())


@require_POST
@staff(*CLINICAL)
def close(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Close an entry with a note."""
    user = acting_user(request)
    entry = quarantine_get(user.clinic, entry_id)
    form = CloseForm(request.POST)
    if not form.is_valid():
        return _detail(request, entry, form, status=422)
    try:
        quarantine_close(Actor.person(user), entry=entry, note=form.cleaned_data["note"], at=timezone.now())
    except InputError as problem:
        form.add_error(None, f"{problem.sentence} ({problem.code})")
        return _detail(request, entry, form, status=422)
    messages.success(request, _("Closed. The message stays on record."))
    return redirect("devices:quarantine")


def _detail(request: HttpRequest, entry: QuarantinedMessage, form: CloseForm, status: int = 200) -> HttpResponse:
    ours = entry.clinic_id is not None
    context = {
        "row": entry_row(entry, timezone.now()),
        "entry": entry,
        "form": form,
        "ours": ours,
        "segments": segment_lines(entry.last_message) if ours else [],
    }
    return render(request, "devices/quarantine_detail.html", context, status=status)
