"""The page frame: who is signed in, where, and which rooms of the house that role uses."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reprieve.clinic.accounts.models import Role, User

_CLINICAL = frozenset({Role.PRESCRIBER, Role.NURSE})
_STAFF = _CLINICAL | {Role.FRONT_DESK}


@dataclass(frozen=True, slots=True)
class NavigationItem:
    """One entry of the main menu: `app` marks it current on every page of that Django app."""

    label: str | Promise
    icon: str
    url_name: str
    app: str
    roles: frozenset[Role]


ITEMS: tuple[NavigationItem, ...] = (
    NavigationItem(_("Floor"), "layout-board", "visits:board", "visits", _CLINICAL),
    NavigationItem(_("Patients"), "users", "patients:list", "patients", _STAFF),
    NavigationItem(_("Tasks"), "checklist", "outcomes:tasks", "outcomes", _STAFF),
    NavigationItem(_("Registry"), "chart-histogram", "research:dashboard", "research", _CLINICAL),
    NavigationItem(_("Quarantine"), "mailbox-off", "devices:quarantine", "devices", _CLINICAL),
    NavigationItem(_("My treatment"), "heart", "portal:home", "portal", frozenset({Role.PATIENT})),
)


def page_frame(request: HttpRequest) -> dict[str, Any]:
    """Template context of the frame; empty menu for somebody not signed in."""
    user = getattr(request, "user", None)
    items: tuple[NavigationItem, ...] = ()
    if isinstance(user, User) and user.is_authenticated:
        items = tuple(item for item in ITEMS if user.role in item.roles)
    return {
        "navigation": items,
        "current_app": _room(request),
        "reprieve_version": settings.VERSION,
        "dim": request.COOKIES.get("dim") == "1",
        "theme": "dark" if request.COOKIES.get("theme") == "dark" else "light",
    }


def _room(request: HttpRequest) -> str:
    """The menu entry that a page belongs to: what is about one patient belongs to the patients."""
    match = request.resolver_match
    if match is None:
        return ""
    about_one_patient = "patient_id" in match.kwargs or match.app_name in {"courses", "assessments"}
    return "patients" if about_one_patient else match.app_name
