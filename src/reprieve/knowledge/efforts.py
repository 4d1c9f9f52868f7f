"""Owner and time of each kind of effort out of `facts/efforts.toml`."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from reprieve.domain.candidacy.efforts import EffortPolicy, Owner
from reprieve.domain.candidacy.facts import Effort
from reprieve.knowledge.loader import read_toml
from reprieve.knowledge.schema import KnowledgeError, read_sourced

_FILE = "facts/efforts.toml"


@cache
def effort_policies() -> Mapping[Effort, EffortPolicy]:
    """One policy for every effort.  Raises: KnowledgeError when one is missing or breaks the schema."""
    tables = read_toml(_FILE)
    if set(tables) != {str(effort) for effort in Effort}:
        raise KnowledgeError(_FILE, f"needs exactly {', '.join(Effort)}")
    return MappingProxyType({effort: read_policy(tables[effort], f"{_FILE}#{effort}") for effort in Effort})


def read_policy(table: Mapping[str, Any], where: str) -> EffortPolicy:
    """One table of the file.  Raises: KnowledgeError, UnknownUnit, IncompatibleUnits."""
    within = read_sourced(table["within"], f"{where}.within")
    try:
        return EffortPolicy(owner=Owner(table["owner"]), within_days=round(within.in_unit("d")), source=within.source)
    except ValueError as problem:
        raise KnowledgeError(where, str(problem)) from None
