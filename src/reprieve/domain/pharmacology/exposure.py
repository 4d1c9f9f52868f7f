"""What another medicine, the liver, age, sex or a genotype does to exposure, put on the right parameter of a model.

Ketamine is cleared almost as fast as the liver is perfused: an inhibitor or inducer changes what survives the first
passage (by mouth, or swallowed from the nose) strongly, and clearance from a vein little. In a model with a liver the
factors therefore go to the intrinsic clearance and to the fraction that escapes the gut; elsewhere to the oral
fraction and to clearance. Factors are areas under the curve with the change, over areas without it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import isfinite, prod

from reprieve.domain.pharmacology.exposure_told import told
from reprieve.domain.pharmacology.linear_model import LinearModel, Parameter, Route
from reprieve.domain.pharmacology.well_stirred import Body, Liver
from reprieve.domain.quantities.findings import Finding, Param, Severity
from reprieve.domain.quantities.sources import Confidence, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class ExposureChange:
    """One reason for another exposure. A factor of None was not measured: nothing is moved, and a finding says so.

    `norketamine_auc` holds after a dose by vein; `nasal_source` None: that of the others. `severity` is that of its
    finding; ABSOLUTE: no prediction is made.
    """

    id: str
    source: Source
    oral_auc: float | None = None
    iv_auc: float | None = None
    nasal_auc: float | None = None
    norketamine_auc: float | None = None
    nasal_source: Source | None = None
    severity: Severity = Severity.CAUTION
    note: str = ""

    def __post_init__(self) -> None:
        given = (self.oral_auc, self.iv_auc, self.nasal_auc, self.norketamine_auc)
        if not all(factor is None or (isfinite(factor) and factor > 0.0) for factor in given):
            raise ValueError(f"{self.id}: a factor on exposure must be a positive number")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExposureTargets:
    """Which parameters of a model carry exposure; with a `liver` the other two of the parent are not used."""

    clearance: tuple[str, ...] = ()
    oral_fraction: tuple[str, ...] = ()
    norketamine_clearance: tuple[str, ...] = ()
    liver: Liver | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjusted:
    """The model with its parameters moved, and what a reader must know about it."""

    model: LinearModel
    findings: tuple[Finding, ...]


def apply_factors(
    model: LinearModel, changes: Sequence[ExposureChange], *, targets: ExposureTargets, routes: Iterable[Route]
) -> Adjusted:
    """The model as `changes` leave it, for doses by these routes.

    Several changes multiply, which nobody measured: a finding says so. In a model with a liver a factor by mouth that
    the gut alone cannot carry moves the intrinsic clearance only when a dose is given by mouth; for a nasal dose the
    gut goes to its limit and the rest is left out, because nasal exposure was seen to change far less. Where every dose
    is nasal, a factor measured by nose moves the intrinsic clearance until the nasal area of a first device changes by
    it; of the other factors of that change only the one on norketamine is used, which acts on norketamine alone.
    """
    asked = frozenset(routes)
    by_nose = asked == {Route.IN} and targets.liver is not None and targets.liver.nasal is not None
    if not changes:
        return Adjusted(model=model, findings=())
    missing = {change.id: _unmeasured(change, asked, targets) for change in changes}
    notes = [_announced(change, by_nose=by_nose) for change in changes if _is_told(change, missing[change.id], asked)]
    if len(notes) > 1:
        notes.append(told("PK-EXP-SEVERAL", changes[0].source, count=len(notes)))
    notes += [note for change in changes for note in missing[change.id]]
    factors = _Factors.of(changes, by_nose=by_nose)
    moved, limits = (
        _without_liver(model, factors, targets)
        if targets.liver is None
        else _with_liver(model, factors, targets.liver, is_oral=Route.PO in asked)
    )
    moved |= {name: 1.0 / factors.norketamine for name in targets.norketamine_clearance if factors.norketamine != 1.0}
    notes += [told(code, changes[0].source, model=model.id, **params) for code, params in limits]
    parameters = {name: _times(entry, moved.get(name, 1.0)) for name, entry in model.parameters.items()}
    return Adjusted(model=replace(model, parameters=parameters), findings=tuple(notes))


_Limit = tuple[str, dict[str, Param]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Factors:
    """Products; an unmeasured factor is 1. `iv_with_oral` is by vein of those changes that were measured by mouth.

    Where every dose is nasal, a change that was measured by nose gives `nasal` and `norketamine` only.
    """

    oral: float
    iv_with_oral: float
    iv: float
    nasal: float
    norketamine: float

    @classmethod
    def of(cls, changes: Sequence[ExposureChange], *, by_nose: bool) -> "_Factors":
        others = [change for change in changes if not (by_nose and change.nasal_auc is not None)]
        by_mouth = [change for change in others if change.oral_auc is not None]
        return cls(
            oral=prod(_or_one(change.oral_auc) for change in by_mouth),
            iv_with_oral=prod(_or_one(change.iv_auc) for change in by_mouth),
            iv=prod(_or_one(change.iv_auc) for change in others),
            nasal=prod(_or_one(change.nasal_auc) for change in changes) if by_nose else 1.0,
            norketamine=prod(_or_one(change.norketamine_auc) for change in changes),
        )


def _or_one(factor: float | None) -> float:
    return 1.0 if factor is None else factor


def _without_liver(
    model: LinearModel, factors: _Factors, targets: ExposureTargets
) -> tuple[dict[str, float], list[_Limit]]:
    """Clearance carries the factor by vein; the oral fraction carries what is left of the factor by mouth."""
    limits: list[_Limit] = []
    moved = dict.fromkeys(targets.clearance, 1.0 / factors.iv)
    if not targets.clearance and factors.iv != 1.0:
        limits.append(("PK-EXP-NO-TARGET", {"factor": factors.iv}))
    for name in targets.oral_fraction:
        wanted, most = factors.oral / factors.iv_with_oral, 1.0 / model.parameters[name].value
        moved[name] = min(wanted, most)
        if wanted > most:
            limits.append(("PK-EXP-LIMIT", {"wanted": wanted, "reached": most}))
    return moved, limits


def _with_liver(
    model: LinearModel, factors: _Factors, liver: Liver, *, is_oral: bool
) -> tuple[dict[str, float], list[_Limit]]:
    """Well-stirred liver, area per dose: by vein 1/intrinsic + 1/flow, by mouth gut/intrinsic."""
    body = Body.of(model, liver)
    change, change_with_oral = body.intrinsic_change(factors.iv), body.intrinsic_change(factors.iv_with_oral)
    if change is None or change_with_oral is None:
        return {}, [("PK-EXP-FLOW-LIMIT", {"wanted": factors.iv, "reached": body.least_iv_factor})]
    limits: list[_Limit] = []
    gut_change, most = factors.oral * change_with_oral, 1.0 / body.gut
    if gut_change > most and is_oral:
        change *= most / gut_change
        limits.append(("PK-EXP-LIVER-SHARE", {"intrinsic": change}))
    elif gut_change > most:
        limits.append(("PK-EXP-LIMIT", {"wanted": gut_change, "reached": most}))
    gut_change = min(gut_change, most)
    nasal_change = body.intrinsic_change_by_nose(factors.nasal, intrinsic=change, gut=gut_change)
    if nasal_change is None:
        reached = body.least_nasal_factor(intrinsic=change, gut=gut_change)
        limits.append(("PK-EXP-FLOW-LIMIT", {"wanted": factors.nasal, "reached": reached}))
    return dict.fromkeys(liver.intrinsic, change * (nasal_change or 1.0)) | {liver.gut: gut_change}, limits


def age_change(
    model: LinearModel, liver: Liver, *, age_y: float, from_age_y: float, flow_per_year: str, source: Source
) -> ExposureChange | None:
    """The fall of liver flow with age in `model`, as a factor by vein for models that know no age; None below."""
    years = age_y - from_age_y
    if years <= 0.0:
        return None
    body = Body.of(model, liver)
    older = body.flow - model.parameters[flow_per_year].value * years
    if older <= 0.0:
        raise ValueError("PK-EXP-AGE: no liver flow is left at this age")
    factor = (1.0 / body.intrinsic + 1.0 / older) / (1.0 / body.intrinsic + 1.0 / body.flow)
    return ExposureChange(id="age_liver_flow", source=source, iv_auc=factor, severity=Severity.INFO)


def _times(parameter: Parameter, factor: float) -> Parameter:
    return parameter if factor == 1.0 else replace(parameter, value=parameter.value * factor)


_HOW_SURE = {
    Confidence.VERIFIED: "PK-EXP-STUDIED",
    Confidence.RECALLED: "PK-EXP-RECALLED",
    Confidence.POLICY: "PK-EXP-DERIVED",
    Confidence.SEED_CLAIM: "PK-EXP-RECALLED",
}


def _announced(change: ExposureChange, *, by_nose: bool) -> Finding:
    source = (by_nose and change.nasal_source) or change.source
    factors = {"oral_auc": change.oral_auc, "iv_auc": change.iv_auc, "nasal_auc": change.nasal_auc}
    code = "PK-EXP-REFUSED" if change.severity is Severity.ABSOLUTE else _HOW_SURE[source.confidence]
    params: dict[str, Param] = {"change": change.id, **factors}
    return Finding(code=code, severity=change.severity, source=source, params=params)


def _unmeasured(change: ExposureChange, asked: frozenset[Route], targets: ExposureTargets) -> list[Finding]:
    """Routes of this regimen for which nobody measured this change.

    A factor by vein moves clearance and so every route; one by mouth moves the gut, where the model has one.
    """
    parenteral = asked & {Route.IV, Route.IM, Route.SC}
    missing = []
    if parenteral and change.iv_auc is None:
        missing += sorted(parenteral)
    if Route.PO in asked and change.oral_auc is None:
        missing.append(Route.PO)
    if Route.IN in asked and change.nasal_auc is None:
        missing.append(Route.IN)
    if Route.SL in asked:
        missing.append(Route.SL)
    through_gut = targets.liver is not None and change.oral_auc is not None
    moved = set(Route) if change.iv_auc is not None else _SWALLOWED_IN_PART if through_gut else set()
    return [
        told(_INFERRED if route in moved else _UNMEASURED, change.source, change=change.id, route=str(route))
        for route in missing
    ]


_INFERRED = "PK-EXP-INFERRED"
_UNMEASURED = "PK-EXP-UNMEASURED"
_SWALLOWED_IN_PART = frozenset({Route.IN, Route.SL})


def _is_told(change: ExposureChange, missing: Sequence[Finding], asked: frozenset[Route]) -> bool:
    """Whether something moves, or everything is refused; a change by no route of this regimen moves nothing."""
    untouched = [note for note in missing if note.code == _UNMEASURED]
    moves = len(untouched) < len(asked) or change.norketamine_auc is not None
    return moves or change.severity is Severity.ABSOLUTE
