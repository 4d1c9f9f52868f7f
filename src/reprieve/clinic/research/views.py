"""The registry page."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from reprieve.clinic.accounts.access import CLINICAL, acting_user, staff
from reprieve.clinic.research import selectors
from reprieve.clinic.research.presenters import lineage_rows, measure_view, outcome_totals

_ROWS_A_PAGE = 25


@staff(*CLINICAL)
@require_GET
def dashboard(request: HttpRequest) -> HttpResponse:
    clinic = acting_user(request).clinic
    synthetic = request.GET.get("people") == "synthetic"
    answer = selectors.response_after_induction(synthetic=synthetic, generated_at=timezone.now())
    page = Paginator(selectors.submissions_of(clinic), _ROWS_A_PAGE).get_page(request.GET.get("page"))
    submissions = list(page.object_list)
    context = {
        "synthetic": synthetic,
        "has_synthetic": answer.has_synthetic,
        "view": None if answer.result is None else measure_view(answer.result),
        "page": page,
        "rows": lineage_rows(submissions, selectors.findings_of(each.session.patient_id for each in submissions)),
        "totals": outcome_totals(selectors.submission_counts(clinic), selectors.unsent_count(clinic)),
    }
    return render(request, "research/dashboard.html", context)
