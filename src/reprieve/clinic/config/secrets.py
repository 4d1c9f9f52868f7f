"""The signing key: given by the clinic, or made once and kept in its home folder, readable by its owner only."""

import secrets
from pathlib import Path

from reprieve.clinic.config import environment

_OWNER_ONLY = 0o600


def secret_key(home: Path) -> str:
    """`REPRIEVE_SECRET_KEY`, else the key kept under `home`, made at first use."""
    given = environment.text("REPRIEVE_SECRET_KEY")
    if given:
        return given
    path = home / "secret-key"
    if not path.exists():
        home.mkdir(parents=True, exist_ok=True)
        path.touch(mode=_OWNER_ONLY)
        path.write_text(secrets.token_urlsafe(50), encoding="utf-8")
    return path.read_text(encoding="utf-8")
