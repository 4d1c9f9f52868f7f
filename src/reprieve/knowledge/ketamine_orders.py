"""How an order of another system is known to be one for ketamine or esketamine (`terminology/ketamine_orders.toml`)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from reprieve.domain.candidacy.chart import RXNORM, Coding
from reprieve.domain.candidacy.rules import Route
from reprieve.knowledge.loader import read_toml
from reprieve.knowledge.schema import read_source

FILE = "terminology/ketamine_orders.toml"
_NOT_ROUTES = frozenset({"source", "confidence"})


@dataclass(frozen=True, slots=True, kw_only=True)
class DrugNames:
    """A drug by the words and the RxNorm codes that name it."""

    words: re.Pattern[str]
    rxcui: frozenset[str]

    def is_named(self, text: str, codings: Iterable[Coding]) -> bool:
        """By a whole word of any text, or by its code."""
        codes = {coding.code for coding in codings if coding.system == RXNORM}
        return self.words.search(text.lower()) is not None or bool(codes & self.rxcui)


@dataclass(frozen=True, slots=True, kw_only=True)
class KetamineOrders:
    """Both drugs, and the route that each SNOMED CT code means."""

    racemic_ketamine: DrugNames
    esketamine: DrugNames
    route_of_code: Mapping[str, Route]


@cache
def ketamine_orders() -> KetamineOrders:
    """Raises: KnowledgeError when the file breaks its schema."""
    table = read_toml(FILE)
    for name, part in table.items():
        read_source(part, f"{FILE}:{name}")
    codes = {
        code: Route(name) for name, listed in table["routes"].items() if name not in _NOT_ROUTES for code in listed
    }
    return KetamineOrders(
        racemic_ketamine=_drug(table["racemic_ketamine"]),
        esketamine=_drug(table["esketamine"]),
        route_of_code=MappingProxyType(codes),
    )


def _drug(table: Mapping[str, Any]) -> DrugNames:
    words = "|".join(re.escape(name) for name in table["names"])
    return DrugNames(words=re.compile(rf"(?<![a-z])(?:{words})(?![a-z])"), rxcui=frozenset(table["rxcui"]))
