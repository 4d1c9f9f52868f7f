"""A file that is written whole or not at all."""

import os
from pathlib import Path

from reprieve.errors import InputError


def write_whole(path: Path, content: bytes, *, code: str) -> None:
    """Write beside the target, then rename over it.  Raises: InputError with this code."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        beside.write_bytes(content)
        beside.replace(path)
    except OSError as problem:
        beside.unlink(missing_ok=True)
        raise InputError(code, f"Cannot write {path}: {problem.strerror}.") from None
