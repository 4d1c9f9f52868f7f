"""How far published bioavailabilities lie apart, from `knowledge/routes/bioavailability.toml`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from reprieve.domain.pharmacology.linear_model import Drug, Route
from reprieve.domain.pharmacology.regimen import Dose
from reprieve.domain.quantities.findings import Finding, Severity
from reprieve.domain.quantities.sources import Confidence, Source
from reprieve.knowledge.loader import read_toml
from reprieve.knowledge.schema import read_sourced

_FILE = "routes/bioavailability.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Lowest and highest published share of a dose that reaches the circulation; `swallowed` None: either way."""

    drug: Drug
    route: Route
    swallowed: bool | None
    lower: float
    upper: float
    source: Source


@cache
def load_spans() -> tuple[Span, ...]:
    """Every span.  Raises: KnowledgeError."""
    return tuple(_span(row) for row in read_toml(_FILE)["span"])


def span_findings(doses: Iterable[Dose], *, swallowed: bool) -> tuple[Finding, ...]:
    """PK-F-SPAN for each way of giving on which papers differ: the band is wide, and one curve says little."""
    ways = dict.fromkeys((dose.drug, dose.route) for dose in doses)
    return tuple(
        Finding(
            code="PK-F-SPAN",
            severity=Severity.INFO,
            source=span.source,
            params={"drug": str(span.drug), "route": str(span.route), "lower": span.lower, "upper": span.upper},
        )
        for span in load_spans()
        if (span.drug, span.route) in ways and span.swallowed in {None, swallowed}
    )


def _span(row: Mapping[str, Any]) -> Span:
    lower, upper = (read_sourced(row[key], f"{_FILE}.{key}") for key in ("lower", "upper"))
    confidence = max(lower.source.confidence, upper.source.confidence, key=list(Confidence).index)
    keys = tuple(dict.fromkeys((*lower.source.keys, *upper.source.keys)))
    return Span(
        drug=Drug(row["drug"]),
        route=Route(row["route"]),
        swallowed=row.get("swallowed"),
        lower=lower.in_unit("1"),
        upper=upper.in_unit("1"),
        source=Source(keys=keys, confidence=confidence),
    )
