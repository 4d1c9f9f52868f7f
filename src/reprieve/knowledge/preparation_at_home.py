"""What a patient does at home before an infusion, from `knowledge/preparation/before_infusion.toml`."""

from dataclasses import dataclass
from functools import cache

from reprieve.knowledge.loader import read_toml
from reprieve.knowledge.schema import Sourced, read_sourced


@dataclass(frozen=True, slots=True, kw_only=True)
class Fasting:
    """FAST-IV: hours without solid food and without clear liquids before the start."""

    solids: Sourced
    clear_liquids: Sourced


@cache
def load_fasting() -> Fasting:
    """The fast before an infusion.  Raises: KnowledgeError."""
    table = read_toml("preparation/before_infusion.toml")["fasting"]
    return Fasting(**{name: read_sourced(table[name], f"fasting.{name}") for name in ("solids", "clear_liquids")})
