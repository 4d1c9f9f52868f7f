"""The record systems that may ask (`REPRIEVE_CDS_CLIENTS`, a TOML file). Nobody is admitted without that file."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from reprieve.clinic.api.keys import PublicKey, read_keys
from reprieve.domain.candidacy.rules import Route
from reprieve.errors import SetupError

_TOP = {"base_url", "client"}
_CLIENT = {"iss", "clinic", "jwks", "origins", "route", "mrn_system", "answers"}
_REMEDY = "Mend the file that REPRIEVE_CDS_CLIENTS names (docs/how-to/connect-cds-hooks.md)."


@dataclass(frozen=True, slots=True, kw_only=True)
class CdsClient:
    """One record system: who it says it is, the clinic it belongs to, its keys, and its browser origins.

    `mrn_system`: only identifiers of this system are record numbers of the clinic; any when empty. `answers`: whether
    what people told the clinic counts in answers to this system.
    """

    iss: str
    clinic: str
    keys: Mapping[str, PublicKey]
    origins: frozenset[str] = frozenset()
    route: Route = Route.IV
    mrn_system: str = ""
    answers: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class CdsClients:
    """Everybody admitted, and the address under which they reach us (it stands in every token as `aud`)."""

    base_url: str
    by_iss: Mapping[str, CdsClient]

    def url_of(self, path: str) -> str:
        return self.base_url + path

    def knows_origin(self, origin: str) -> bool:
        """Some admitted system runs in a browser at this origin."""
        return any(origin in client.origins for client in self.by_iss.values())


def cds_clients() -> CdsClients | None:
    """None when the services are switched off. A changed file counts from the next call on.

    Raises: SetupError CDS-CLIENTS.
    """
    if not settings.CDS_CLIENTS:
        return None
    path = Path(settings.CDS_CLIENTS)
    try:
        files = [path, *sorted(path.parent.glob("*.json"))]
        return _read(path, tuple(file.stat().st_mtime_ns for file in files))
    except OSError as problem:
        name = Path(problem.filename).name
        raise SetupError("CDS-CLIENTS", f"Cannot read {name}: {problem.strerror}.", remedy=_REMEDY) from None


@lru_cache(maxsize=4)
def _read(path: Path, _changed_at: tuple[int, ...]) -> CdsClients:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        _only(table, _TOP)
        clients = [_client(entry, path.parent) for entry in table["client"]]
        return CdsClients(base_url=_base_url(table["base_url"]), by_iss={client.iss: client for client in clients})
    except KeyError as problem:
        raise SetupError("CDS-CLIENTS", f"{path.name} lacks {problem}.", remedy=_REMEDY) from None
    except (ValueError, TypeError) as problem:
        raise SetupError("CDS-CLIENTS", f"{path.name}: {problem}.", remedy=_REMEDY) from None


def _client(entry: Mapping[str, Any], folder: Path) -> CdsClient:
    _only(entry, _CLIENT)
    file = folder / entry["jwks"]
    try:
        keys = read_keys(file.read_bytes())
    except ValueError as problem:
        raise ValueError(f"{file.name}: {problem}") from None
    return CdsClient(
        iss=str(entry["iss"]),
        clinic=str(entry["clinic"]),
        keys=keys,
        origins=frozenset(str(origin) for origin in entry.get("origins", ())),
        route=Route(entry.get("route", Route.IV)),
        mrn_system=str(entry.get("mrn_system", "")),
        answers=_flag(entry, "answers", default=True),
    )


def _flag(entry: Mapping[str, Any], key: str, *, default: bool) -> bool:
    value = entry.get(key, default)
    if not isinstance(value, bool):
        raise TypeError(f"{key} must be true or false")
    return value


def _only(table: Mapping[str, Any], known: set[str]) -> None:
    strange = set(table) - known
    if strange:
        raise ValueError(f"{sorted(strange)[0]!r} is not known; known are {', '.join(sorted(known))}")


def _base_url(text: str) -> str:
    parts = urlsplit(text)
    local = parts.hostname in {"localhost", "127.0.0.1"}
    if not parts.hostname or (parts.scheme != "https" and not (local and parts.scheme == "http")):
        raise ValueError("base_url must begin with https:// (http:// only for localhost)")
    return text.rstrip("/")
