"""Times are stored in UTC and shown in the zone of the clinic."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from reprieve.clinic.accounts.models import User


class ClinicTimeZoneMiddleware:
    """Switch the display zone to that of the signed-in person's clinic for the length of the request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if not isinstance(user, User):
            return self.get_response(request)
        with timezone.override(user.clinic.zone):
            return self.get_response(request)
