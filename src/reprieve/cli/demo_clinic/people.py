"""The invented people, read from `people.toml` and `bundles/`."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One invented person; what is not known of somebody just referred is None."""

    given: str
    family: str
    birth_on: date
    sex: str
    stage: str
    icd10: str
    weight_kg: float | None = None
    height_cm: float | None = None
    phq9: tuple[int, ...] = ()
    item9: int = 0
    sessions_done: int = 0
    sbp: float | None = None
    registry: bool = False


@cache
def people() -> tuple[Person, ...]:
    rows = tomllib.loads(_room().joinpath("people.toml").read_text(encoding="utf-8"))["person"]
    return tuple(Person(**{**row, "phq9": tuple(row.get("phq9", ()))}) for row in rows)


def bundles() -> tuple[Traversable, ...]:
    """FHIR bundles of people who came with a record."""
    found = (path for path in _room().joinpath("bundles").iterdir() if path.name.endswith(".json.gz"))
    return tuple(sorted(found, key=lambda path: path.name))


def _room() -> Traversable:
    return files("reprieve.cli.demo_clinic")
