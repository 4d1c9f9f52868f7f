"""How one infusion is thought to act: the steps with their words, from `knowledge/mechanism/steps.toml` (S21)."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from reprieve.domain.pharmacology.mechanism import SeenIn, Step
from reprieve.knowledge.loader import read_toml
from reprieve.knowledge.schema import read_source
from reprieve.knowledge.values import number

_FILE = "mechanism/steps.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class StepWords:
    """A step as it is told: to anybody (`plain`), to staff (`detail`), and what it rests on (`evidence`)."""

    step: Step
    name: str
    plain: str
    detail: str
    evidence: str


@cache
def load_steps() -> tuple[StepWords, ...]:
    """The chain in its order.  Raises: KnowledgeError when the file breaks its schema."""
    return tuple(_step(table) for table in read_toml(_FILE)["step"])


def _step(table: Mapping[str, Any]) -> StepWords:
    where = f"{_FILE}#{table['id']}"
    minutes = partial(number, table, unit="min", where=where)
    step = Step(
        id=table["id"],
        seen_in=SeenIn(table["seen_in"]),
        begins_min=minutes("begins"),
        full_min=minutes("full"),
        fades_from_min=minutes("fades_from"),
        gone_min=minutes("gone"),
        source=read_source(table, where),
    )
    return StepWords(
        step=step, name=table["name"], plain=table["plain"], detail=table["detail"], evidence=table["evidence"]
    )
