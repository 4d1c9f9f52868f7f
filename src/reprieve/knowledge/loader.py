"""Reads the knowledge files that are shipped inside the package."""

import hashlib
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Any

_ROOT = files("reprieve.knowledge")


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceEntry:
    """A paper, label, guideline or policy that a value can name. `link` is a DOI, address or registry id, or empty."""

    key: str
    citation: str
    link: str = ""


def read_toml(relative_path: str) -> dict[str, Any]:
    """One knowledge file, as a fresh dictionary.

    Raises: FileNotFoundError; tomllib.TOMLDecodeError when the file is not TOML.
    """
    return tomllib.loads(_ROOT.joinpath(relative_path).read_text(encoding="utf-8"))


@cache
def content_hash() -> str:
    """sha256 over every knowledge file, path by path: two programs with the same hash hold the same medicine."""
    digest = hashlib.sha256()
    for path, file in sorted(_toml_files(_ROOT, "")):
        content = file.read_bytes()
        digest.update(f"{path}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def toml_paths() -> tuple[str, ...]:
    """Relative paths of all knowledge files, sorted."""
    return tuple(sorted(path for path, _ in _toml_files(_ROOT, "")))


@cache
def sources() -> Mapping[str, SourceEntry]:
    """Every source that a value may name, by key."""
    entries = read_toml("sources.toml")
    return MappingProxyType({key: SourceEntry(key=key, **entry) for key, entry in entries.items()})


def _toml_files(folder: Traversable, prefix: str) -> Iterator[tuple[str, Traversable]]:
    for child in folder.iterdir():
        if child.is_dir():
            yield from _toml_files(child, f"{prefix}{child.name}/")
        elif child.name.endswith(".toml"):
            yield f"{prefix}{child.name}", child
