"""Who gets in: an admitted record system with its token, from a browser only at a named origin. Refusals are JSON."""

from collections.abc import Callable
from functools import wraps
from typing import cast

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from reprieve.clinic.accounts.models import Clinic
from reprieve.clinic.api import selectors, services
from reprieve.clinic.api.clients import CdsClient, CdsClients, cds_clients
from reprieve.clinic.api.tokens import Caller, read_caller
from reprieve.clinic.audit.services import Actor
from reprieve.errors import InputError, SetupError
from reprieve.interop.cds_hooks.services import SERVICES, Service

LARGEST_BODY_BYTES = 8 * 1024 * 1024
SYSTEM = "cds-hooks"
_OPEN_HEADERS = {
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "authorization, content-type",
    "Access-Control-Max-Age": "600",
    "Vary": "Origin",
}
_STATUS = {"CDS-SERVICE": 404, "CDS-METHOD": 405, "CDS-TOO-LARGE": 413}


class Call:
    """One admitted call: who, for which clinic, and what was sent."""

    def __init__(self, request: HttpRequest, caller: Caller, clients: CdsClients, clinic: Clinic) -> None:
        self.request = request
        self.client: CdsClient = caller.client
        self.clients = clients
        self.clinic = clinic
        self.actor = Actor.program(SYSTEM, clinic)

    def body(self) -> bytes:
        """Raises: InputError CDS-TOO-LARGE."""
        content = self.request.read(LARGEST_BODY_BYTES + 1)
        if len(content) > LARGEST_BODY_BYTES:
            limit = LARGEST_BODY_BYTES // 1024**2
            raise InputError("CDS-TOO-LARGE", f"The body is larger than the {limit} MB that are read at once.")
        return content


Answer = Callable[..., HttpResponse]


def admitted(method: str) -> Callable[[Answer], Callable[..., HttpResponse]]:
    """Let in who shows a token of an admitted record system; refusals are one sentence with a code."""

    def decorate(view: Answer) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, service_id: str = "") -> HttpResponse:
            origin = request.headers.get("Origin", "")
            clients: CdsClients | None = None
            try:
                clients = cds_clients()
                if request.method == "OPTIONS" and clients is not None and clients.knows_origin(origin):
                    return _open_to(HttpResponse(status=204), origin)
                response = _answered(view, request, service_id, method, clients)
            except InputError as problem:
                response = _refused(problem)
            except SetupError as problem:
                response = _said(problem.code, problem.sentence, status=503)
            return _known_origin(response, clients, origin)

        return cast(Callable[..., HttpResponse], csrf_exempt(never_cache(guarded)))

    return decorate


def _answered(
    view: Answer, request: HttpRequest, service_id: str, method: str, clients: CdsClients | None
) -> HttpResponse:
    if clients is None:
        raise InputError("CDS-OFF", "No record system is admitted to this installation.")
    now = timezone.now()
    audience = clients.url_of(request.path)
    caller = read_caller(request.headers.get("Authorization", ""), clients, audience=audience, at=now)
    if request.method != method:
        raise InputError("CDS-METHOD", f"This address answers {method}.")
    clinic = selectors.clinic_of(caller.client.clinic)
    call = Call(request, caller, clients, clinic)
    services.call_admit(call.actor, caller=caller, service=service_id or "discovery", at=now)
    return view(call, _service(service_id)) if service_id else view(call)


def _service(service_id: str) -> Service:
    if service_id not in SERVICES:
        raise InputError("CDS-SERVICE", f"There is no service of this name; there are {', '.join(SERVICES)}.")
    return SERVICES[service_id]


def _refused(problem: InputError) -> HttpResponse:
    unknown_caller = problem.code.startswith("CDS-TOKEN") or problem.code == "CDS-OFF"
    response = _said(
        problem.code,
        problem.sentence,
        where=problem.where,
        status=401 if unknown_caller else _STATUS.get(problem.code, 400),
    )
    if unknown_caller:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _said(code: str, sentence: str, *, status: int, where: str = "") -> HttpResponse:
    place = {"where": where} if where else {}
    return JsonResponse({"code": code, "message": sentence, **place}, status=status)


def _known_origin(response: HttpResponse, clients: CdsClients | None, origin: str) -> HttpResponse:
    """Readable at an admitted origin, refusals too; without a readable list of clients no origin is admitted."""
    return _open_to(response, origin) if clients is not None and clients.knows_origin(origin) else response


def _open_to(response: HttpResponse, origin: str) -> HttpResponse:
    """CORS for a record system that runs in a browser at an admitted origin."""
    for name, value in _OPEN_HEADERS.items():
        response.headers[name] = value
    response.headers["Access-Control-Allow-Origin"] = origin
    return response
