"""The front door and the error pages."""

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render

from reprieve.clinic.accounts.access import acting_user, signed_in
from reprieve.clinic.accounts.models import Role

_FIRST_PAGE = {
    Role.PRESCRIBER: "visits:board",
    Role.NURSE: "visits:board",
    Role.FRONT_DESK: "patients:list",
    Role.PATIENT: "portal:home",
}


@signed_in
def home(request: HttpRequest) -> HttpResponse:
    """Each role starts where its day starts."""
    return redirect(_FIRST_PAGE[Role(acting_user(request).role)])


def health(request: HttpRequest) -> HttpResponse:
    """Is the program able to serve: answers 200 only when the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("select 1")
    return JsonResponse({"status": "ok"})


def no_permission(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "error.html", {"kind": "permission"}, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "error.html", {"kind": "missing"}, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    return render(request, "error.html", {"kind": "fault"}, status=500)


def no_mail(request: HttpRequest) -> HttpResponse:
    """In place of django-allauth's pages that send mail, which this program has no way to do."""
    return render(request, "error.html", {"kind": "mail"}, status=404)


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's protection against forged forms refused one, mostly because the page was open for too long."""
    return render(request, "error.html", {"kind": "expired"}, status=403)
