"""Settings that come from outside, read once; a bad value stops start-up with a sentence."""

import os
from pathlib import Path

from reprieve.errors import SetupError

_TRUE = frozenset({"1", "true", "yes", "on"})
_FALSE = frozenset({"0", "false", "no", "off", ""})


def text(name: str, default: str = "") -> str:
    """A setting, also from the file named by `NAME_FILE` (a mounted secret)."""
    file_name = os.environ.get(f"{name}_FILE")
    if file_name:
        return Path(file_name).read_text(encoding="utf-8").strip()
    return os.environ.get(name, default)


def flag(name: str, *, default: bool) -> bool:
    """A yes-or-no setting.  Raises: SetupError for anything else."""
    raw = text(name, "1" if default else "0").strip().lower()
    if raw in _TRUE:
        return True
    if raw in _FALSE:
        return False
    raise SetupError("ENV-FLAG", f"{name}={raw!r} is neither yes nor no.", remedy="Use 1 or 0.")


def number(name: str, *, default: int) -> int:
    """A whole-number setting.  Raises: SetupError for anything else."""
    raw = text(name, str(default))
    if not raw.isdecimal():
        raise SetupError("ENV-NUMBER", f"{name}={raw!r} is not a whole number.", remedy="Use digits only.")
    return int(raw)


def home() -> Path:
    """The folder where this installation keeps its data (`REPRIEVE_HOME`, else `.reprieve` beside the caller)."""
    return Path(text("REPRIEVE_HOME", ".reprieve")).resolve()
