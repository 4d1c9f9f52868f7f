"""The printed record."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from reprieve.clinic.accounts.access import CLINICAL, acting_user, staff
from reprieve.clinic.visits import selectors
from reprieve.clinic.visits.papers.record import record_pdf
from reprieve.clinic.visits.views.common import now


@require_GET
@staff(*CLINICAL)
def pdf(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """The record as PDF, from the same log as the screen."""
    session = selectors.session_get(acting_user(request).clinic, session_id)
    content = record_pdf(session, printed_at=now(), printed_by=acting_user(request).signature)
    name = f"infusion-record-{session.opened_at:%Y-%m-%d}-{str(session.pk)[:8]}.pdf"
    return HttpResponse(
        content, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'}
    )
