"""Who may open a page. Which rows they then see is decided by selectors, which always take the clinic."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from reprieve.clinic.accounts.models import Role, User

View = Callable[..., HttpResponse]

signed_in = login_required


def staff(*roles: Role) -> Callable[[View], View]:
    """Let these roles in; others signed in get the no-permission page, strangers the sign-in page."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if acting_user(request).role not in roles:
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return cast(View, login_required(guarded))

    return decorate


CLINICAL = (Role.PRESCRIBER, Role.NURSE)
ALL_STAFF = (Role.PRESCRIBER, Role.NURSE, Role.FRONT_DESK)


def acting_user(request: HttpRequest) -> User:
    """The signed-in person, typed.  Raises: PermissionDenied when nobody is signed in."""
    user = request.user
    if not isinstance(user, User):
        raise PermissionDenied
    return user
