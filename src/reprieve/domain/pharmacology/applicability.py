"""Why a model may not fit this person or dose: every reason at once; empty when nothing known speaks against it."""

from collections.abc import Iterator, Mapping, Sequence

from reprieve.domain.pharmacology.covariates import CAN_BE_UNKNOWN, Covariates
from reprieve.domain.pharmacology.formula import Formula, names
from reprieve.domain.pharmacology.linear_model import LinearModel, ModelPopulation, Route
from reprieve.domain.pharmacology.regimen import Dose
from reprieve.domain.quantities.findings import Finding, Param, Severity

_Note = tuple[str, Mapping[str, Param]]


def applicability_findings(
    model: LinearModel, *, covariates: Covariates, doses: Sequence[Dose] = (), bmi_kg_per_m2: float | None = None
) -> tuple[Finding, ...]:
    """Age, weight, build, route and dose against the people whom the model was made from, as INFO findings.

    An age, sex, meal or hold time that is unknown and that the model uses is said too: the typical value stands in.
    """
    population = model.population
    notes = [
        *_people(population),
        *_age(population, covariates),
        *_weight(population, covariates),
        *_build(population, bmi_kg_per_m2),
        *_routes(population, doses),
        *_doses(population, doses),
        *_pushes(population, doses),
        *_unknown(model, covariates, doses),
    ]
    return tuple(
        Finding(code=code, severity=Severity.INFO, source=population.source, params=_plain(params))
        for code, params in notes
    )


def _plain(params: Mapping[str, Param]) -> dict[str, Param]:
    """Whole numbers without a decimal point, for sentences."""
    return {
        name: int(value) if isinstance(value, float) and value.is_integer() else value for name, value in params.items()
    }


def _people(population: ModelPopulation) -> Iterator[_Note]:
    if population.healthy_only:
        yield "PK-POP-HEALTHY", {}
    if population.children_only:
        yield "PK-POP-CHILDREN", {}
    if population.intensive_care_only:
        yield "PK-POP-ICU", {}


def _age(population: ModelPopulation, covariates: Covariates) -> Iterator[_Note]:
    lower, upper = population.lower_age_years, population.upper_age_years
    if lower is None and upper is None:
        return
    if covariates.age_y is None:
        yield "PK-POP-AGE-UNKNOWN", {"lower": lower, "upper": upper}
    elif not (lower or 0.0) <= covariates.age_y or (upper is not None and covariates.age_y > upper + _LAST_YEAR):
        yield "PK-POP-AGE", {"age_years": covariates.age_y, "lower": lower, "upper": upper}


_LAST_YEAR = 0.999
"""An upper age of 75 years includes people until their 76th birthday."""


def _weight(population: ModelPopulation, covariates: Covariates) -> Iterator[_Note]:
    weight = covariates.weight_kg
    if population.upper_weight_kg is not None and weight > population.upper_weight_kg:
        yield "PK-POP-WT", {"weight_kg": weight, "upper": population.upper_weight_kg}
    if population.lower_weight_kg is not None and weight < population.lower_weight_kg:
        yield "PK-POP-WT-LOW", {"weight_kg": weight, "lower": population.lower_weight_kg}


def _build(population: ModelPopulation, bmi_kg_per_m2: float | None) -> Iterator[_Note]:
    lower, upper = population.lower_bmi_kg_per_m2, population.upper_bmi_kg_per_m2
    if lower is None and upper is None:
        return
    if bmi_kg_per_m2 is None:
        yield "PK-POP-HEIGHT", {}
    elif (lower is not None and bmi_kg_per_m2 < lower) or (upper is not None and bmi_kg_per_m2 > upper):
        yield "PK-POP-BMI", {"bmi_kg_per_m2": bmi_kg_per_m2, "lower": lower, "upper": upper}


def _routes(population: ModelPopulation, doses: Sequence[Dose]) -> Iterator[_Note]:
    for route in dict.fromkeys(dose.route for dose in doses):
        if population.routes and route not in population.routes:
            yield "PK-POP-ROUTE", {"route": str(route), "studied": tuple(map(str, population.routes))}


def _doses(population: ModelPopulation, doses: Sequence[Dose]) -> Iterator[_Note]:
    lower, upper = population.lower_dose_mg, population.upper_dose_mg
    for given in _sessions(doses):
        if given > 0.0 and ((lower is not None and given < lower) or (upper is not None and given > upper)):
            yield "PK-POP-DOSE", {"dose_mg": given, "lower": lower, "upper": upper}
            return


def _pushes(population: ModelPopulation, doses: Sequence[Dose]) -> Iterator[_Note]:
    after_min = population.venous_after_push_min
    if after_min is not None and any(dose.route is Route.IV and dose.duration_min == 0.0 for dose in doses):
        yield "PK-VENOUS-EARLY", {"after_min": after_min}


def variability_findings(model: LinearModel) -> tuple[Finding, ...]:
    """PK-NO-SPREAD where the source gives little or no variability: a band of virtual people is then too narrow."""
    if len(model.etas) > 1:
        return ()
    names = tuple(eta.name for eta in model.etas)
    return (Finding(code="PK-NO-SPREAD", severity=Severity.INFO, source=model.source, params={"on": names}),)


_NEXT_SESSION_MIN = 12 * 60.0
"""A dose that starts so long after the one before belongs to another session, and is judged alone."""


def _sessions(doses: Sequence[Dose]) -> list[float]:
    """mg of each session, in the order of time."""
    totals: list[float] = []
    last = -_NEXT_SESSION_MIN
    for dose in sorted(doses, key=lambda given: given.at_min):
        if dose.at_min - last >= _NEXT_SESSION_MIN:
            totals.append(0.0)
        totals[-1] += dose.amount_mg
        last = max(last, dose.end_min)
    return totals


def _unknown(model: LinearModel, covariates: Covariates, doses: Sequence[Dose]) -> Iterator[_Note]:
    """Covariates that the formulas read, that nobody gave, and for which a typical value stands in."""
    used = _used(model, doses)
    for name in sorted(CAN_BE_UNKNOWN & used):
        if getattr(covariates, name) is None:
            yield "PK-COV-TYPICAL", {"name": name, "typical": model.covariates.get(name)}


def unread_covariates(model: LinearModel, *, covariates: Covariates, doses: Sequence[Dose]) -> tuple[str, ...]:
    """What was told of sex, race, meal and mouth that this model does not read for these doses: nothing moved for it.

    A sex, meal or hold time that is known counts as told, and so do an Asian or Japanese person and a lozenge spat out.
    """
    known = {name for name in CAN_BE_UNKNOWN - {"age_y"} if getattr(covariates, name) is not None}
    said = {name for name in ("asian", "japanese") if getattr(covariates, name)}
    spat_out = set() if covariates.swallowed else {"swallowed"}
    return tuple(sorted((known | said | spat_out) - _used(model, doses)))


def _used(model: LinearModel, doses: Sequence[Dose]) -> set[str]:
    """Names that matter for these doses: those of the flows, and those of the inputs by which they are given."""
    ways = {(dose.drug, dose.route) for dose in doses}
    formulas: list[Formula | None] = [flow.rate for flow in model.flows]
    for entry in model.inputs:
        if (entry.drug, entry.route) in ways:
            formulas += [entry.fraction, entry.fraction_later, entry.zero_order_min, entry.lag_min]
    found = {name for formula in formulas if formula is not None for name in names(formula)}
    for name, formula in reversed(list(model.derived.items())):
        if name in found:
            found |= names(formula)
    return found
