"""What is known about exposure and told beside a curve, never applied to it: the label's ages, and mere directions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reprieve.domain.pharmacology.linear_model import Route
from reprieve.domain.quantities.findings import Finding, Param, Severity
from reprieve.domain.quantities.sources import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownDirection:
    """A change that was seen and not measured: `text` tells, and nothing is moved."""

    id: str
    route: Route
    text: str
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class AgeBand:
    """Exposure of older over younger adults in the label: a band beside the curve, never applied to it."""

    id: str
    from_age_y: float
    cmax: float
    auc: float
    source: Source


def age_findings(bands: Sequence[AgeBand], *, age_y: float | None) -> tuple[Finding, ...]:
    """The oldest band that this age reaches; an unknown age says that it is unknown."""
    if not bands:
        return ()
    if age_y is None:
        return (told("PK-EXP-AGE-UNKNOWN", bands[0].source),)
    reached = [band for band in bands if age_y >= band.from_age_y]
    if not reached:
        return ()
    band = max(reached, key=lambda entry: entry.from_age_y)
    params: dict[str, Param] = {"age_y": age_y, "from_age_y": band.from_age_y, "cmax": band.cmax, "auc": band.auc}
    return (told("PK-EXP-AGE-BAND", band.source, **params),)


def direction_findings(directions: Iterable[KnownDirection]) -> tuple[Finding, ...]:
    """What is known by direction only, as findings: nothing is moved for it."""
    return tuple(
        told("PK-EXP-DIRECTION", one.source, change=one.id, route=str(one.route), text=one.text) for one in directions
    )


def told(code: str, source: Source, **params: Param) -> Finding:
    """For reading only: it stops nothing."""
    return Finding(code=code, severity=Severity.INFO, source=source, params=params)
