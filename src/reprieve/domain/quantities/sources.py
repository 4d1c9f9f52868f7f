"""Where a number comes from and how sure we are that it says so."""

from dataclasses import dataclass
from enum import StrEnum


class Confidence(StrEnum):
    """How a value was established. A recalled value may warn, never decide alone."""

    VERIFIED = "verified"
    RECALLED = "recalled"
    POLICY = "policy"
    SEED_CLAIM = "seed_claim"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Keys into `knowledge/sources.toml` with the confidence of the statement taken from them."""

    keys: tuple[str, ...]
    confidence: Confidence

    def __post_init__(self) -> None:
        if not self.keys:
            raise ValueError("a statement needs at least one source key")
