"""What speaks against an order. All checks run; each finding carries its numbers, the sentence is made in the shell.

ABSOLUTE and WORKUP stop the order, CAUTION asks for a reason, INFO only tells.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from reprieve.domain.dosing.doses import Dose, DosePerKg
from reprieve.domain.dosing.limits import DoseLimits, Range
from reprieve.domain.dosing.preparation import Preparation, Vial
from reprieve.domain.dosing.weights import Body, WeightBasis, WeightOrigin
from reprieve.domain.quantities.findings import Finding, Param, Severity
from reprieve.domain.quantities.sources import Source

_KG_PER_POUND = Decimal("0.45359237")
_SLIP = Decimal(10)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFacts:
    """What the checks look at."""

    body: Body
    basis: WeightBasis
    suggested_basis: WeightBasis
    dose: Dose
    per_kg: DosePerKg
    regimen_dose: DosePerKg
    duration_min: Decimal
    vial: Vial
    preparation: Preparation
    previous_weight_kg: Decimal | None
    ordered_on: date


def order_findings(facts: OrderFacts, limits: DoseLimits) -> tuple[Finding, ...]:
    """All findings, strongest first."""
    checks = (_weight_checks, _body_checks, _basis_checks, _dose_checks, _duration_checks, _product_checks, _bag_checks)
    found = [finding for check in checks for finding in check(facts, limits)]
    return tuple(sorted(found, key=lambda finding: finding.severity.rank))


def _finding(code: str, severity: Severity, source: Source, **params: Param | Decimal) -> Finding:
    shown = {name: str(value) if isinstance(value, Decimal) else value for name, value in params.items()}
    return Finding(code=code, severity=severity, source=source, params=shown)


def _weight_checks(facts: OrderFacts, limits: DoseLimits) -> Iterator[Finding]:
    """REG-WT-ACT: weighed, lately, and not suddenly another person or another unit."""
    age_limit, body = limits.weight_age_days, facts.body
    if body.weight_origin is WeightOrigin.STATED:
        yield _finding("REG-WT-ACT-STATED", Severity.WORKUP, age_limit.source, weight_kg=body.actual_weight_kg)
    age_days = (facts.ordered_on - body.weighed_on).days
    if not 0 <= age_days <= age_limit.value:
        yield _finding("REG-WT-ACT-AGE", Severity.WORKUP, age_limit.source, days=age_days, upper=age_limit.value)
    previous = facts.previous_weight_kg
    if previous is None:
        return
    change = abs(body.actual_weight_kg - previous) / previous * 100
    if _looks_like_pounds(body.actual_weight_kg, previous):
        yield _finding("WT-POUNDS", Severity.ABSOLUTE, age_limit.source, weight_kg=body.actual_weight_kg,
                       previous_kg=previous, converted_kg=round(body.actual_weight_kg * _KG_PER_POUND, 1))  # fmt: skip
    elif change >= limits.weight_change_percent.value:
        yield _finding("REG-WT-ACT-CHANGE", Severity.CAUTION, limits.weight_change_percent.source,
                       weight_kg=body.actual_weight_kg, previous_kg=previous, percent=round(change, 1))  # fmt: skip


def _looks_like_pounds(weight_kg: Decimal, previous_kg: Decimal) -> bool:
    """The number entered as kilograms is what the last weight would be in pounds, within 10 %."""
    return abs(weight_kg * _KG_PER_POUND / previous_kg - 1) <= Decimal("0.1")


def _body_checks(facts: OrderFacts, limits: DoseLimits) -> Iterator[Finding]:
    weight, height, bmi = facts.body.actual_weight_kg, facts.body.height_cm, facts.body.bmi_kg_per_m2
    if not limits.possible_weight_kg.holds(weight):
        yield _outside("WT-RANGE", limits.possible_weight_kg, Severity.ABSOLUTE, weight)
    if height is not None and not limits.possible_height_cm.holds(height):
        yield _outside("HT-RANGE", limits.possible_height_cm, Severity.ABSOLUTE, height)
    elif bmi is not None and not limits.possible_bmi_kg_per_m2.holds(bmi):
        yield _outside("BMI-RANGE", limits.possible_bmi_kg_per_m2, Severity.ABSOLUTE, bmi)


def _outside(code: str, bounds: Range, severity: Severity, value: Decimal) -> Finding:
    return _finding(code, severity, bounds.source, value=value, lower=bounds.lower, upper=bounds.upper)


def _basis_checks(facts: OrderFacts, limits: DoseLimits) -> Iterator[Finding]:
    """REG-WT-IBW and REG-WT-FORM: sources disagree about obesity, so the prescriber confirms the basis."""
    rule, body, bmi = limits.ideal_weight_from_bmi_kg_per_m2, facts.body, facts.body.bmi_kg_per_m2
    if bmi is None:
        yield _finding("REG-WT-IBW-HEIGHT", Severity.CAUTION, rule.source)
    elif bmi >= rule.value:
        severity = Severity.INFO if facts.basis is facts.suggested_basis else Severity.CAUTION
        yield _finding("REG-WT-IBW", severity, rule.source, bmi=bmi, limit=rule.value, basis=facts.basis,
                       suggested=facts.suggested_basis)  # fmt: skip
        if body.sex is None:
            yield _finding("REG-WT-FORM-SEX", Severity.CAUTION, rule.source)
    if body.is_below_devine:
        yield _finding("REG-WT-FORM", Severity.CAUTION, rule.source, height_cm=body.height_cm or Decimal(0))
    ideal = body.ideal_weight_kg
    if facts.basis is not WeightBasis.ACTUAL and ideal is not None and ideal > body.actual_weight_kg:
        yield _finding("REG-WT-FORM-ACTUAL", Severity.INFO, rule.source, ideal_kg=ideal,
                       weight_kg=body.actual_weight_kg)  # fmt: skip


def _dose_checks(facts: OrderFacts, limits: DoseLimits) -> Iterator[Finding]:
    per_kg, hard, hard_mg = facts.per_kg.mg_per_kg, limits.hard_upper_mg_per_kg, limits.hard_upper_mg
    if _is_tenfold(per_kg, facts.regimen_dose.mg_per_kg):
        yield _finding("DOSE-TENFOLD", Severity.ABSOLUTE, hard.source, mg_per_kg=per_kg,
                       regimen=facts.regimen_dose.mg_per_kg)  # fmt: skip
    if per_kg > hard.value:
        yield _finding("REG-DOSE-MAX-M", Severity.ABSOLUTE, hard.source, mg_per_kg=per_kg, upper=hard.value)
    elif per_kg > limits.soft_upper_mg_per_kg.value:
        soft = limits.soft_upper_mg_per_kg
        yield _finding("REG-DOSE-MAX-M-SOFT", Severity.CAUTION, soft.source, mg_per_kg=per_kg, upper=soft.value)
    if facts.dose.mg > hard_mg.value:
        yield _finding("REG-DOSE-MAX-M-MG", Severity.ABSOLUTE, hard_mg.source, mg=facts.dose.mg, upper=hard_mg.value)
    if per_kg < limits.studied_mg_per_kg.lower:
        yield _outside("DOSE-LOW", limits.studied_mg_per_kg, Severity.ABSOLUTE, per_kg)
    elif per_kg < limits.usual_mg_per_kg.lower:
        yield _outside("REG-DOSE-RANGE", limits.usual_mg_per_kg, Severity.CAUTION, per_kg)


def _is_tenfold(one: Decimal, other: Decimal) -> bool:
    """A decimal point in the wrong place: a factor of ten either way, within 5 %."""
    factor = max(one, other) / min(one, other)
    return abs(factor / _SLIP - 1) <= Decimal("0.05")


def _duration_checks(facts: OrderFacts, limits: DoseLimits) -> Iterator[Finding]:
    duration = facts.duration_min
    if not limits.possible_duration_min.holds(duration):
        yield _outside("REG-DURATION-HARD", limits.possible_duration_min, Severity.ABSOLUTE, duration)
    elif not limits.usual_duration_min.holds(duration):
        yield _outside("REG-DURATION", limits.usual_duration_min, Severity.CAUTION, duration)


def _product_checks(facts: OrderFacts, limits: DoseLimits) -> Iterator[Finding]:
    """PREP-100, PREP-10 and a vial that is too small for the dose."""
    vial, is_diluted = facts.vial, facts.preparation.is_diluted
    undiluted, never = limits.undiluted_upper_mg_per_ml, limits.never_dilute_mg_per_ml
    if not is_diluted and vial.mg_per_ml > undiluted.value:
        yield _finding("PREP-100", Severity.ABSOLUTE, undiluted.source, vial=vial.mg_per_ml, upper=undiluted.value)
    if is_diluted and vial.mg_per_ml == never.value:
        yield _finding("PREP-10", Severity.INFO, never.source, vial=vial.mg_per_ml)
    if facts.dose.mg > vial.content_mg:
        yield _finding("PREP-VIAL", Severity.CAUTION, never.source, mg=facts.dose.mg, content_mg=vial.content_mg)
    drawn_mg = facts.preparation.draw_volume_ml * vial.mg_per_ml
    error = abs(drawn_mg - facts.dose.mg) / facts.dose.mg * 100
    if error > limits.draw_rounding_percent.value:
        yield _finding("PREP-CALC", Severity.CAUTION, limits.draw_rounding_percent.source, mg=facts.dose.mg,
                       drawn_mg=drawn_mg, percent=round(error, 1))  # fmt: skip


def _bag_checks(facts: OrderFacts, limits: DoseLimits) -> Iterator[Finding]:
    made, usual = facts.preparation, limits.usual_upper_mg_per_ml
    if made.draw_volume_ml > made.final_volume_ml:
        yield _finding("PREP-BAG", Severity.ABSOLUTE, usual.source, draw_ml=made.draw_volume_ml,
                       bag_ml=made.final_volume_ml)  # fmt: skip
    if not limits.possible_mg_per_ml.holds(made.concentration_mg_per_ml):
        yield _outside("PREP-CONC-HARD", limits.possible_mg_per_ml, Severity.ABSOLUTE, made.concentration_mg_per_ml)
    elif made.concentration_mg_per_ml > usual.value:
        yield _finding("PREP-CONC", Severity.CAUTION, usual.source, mg_per_ml=made.concentration_mg_per_ml,
                       upper=usual.value)  # fmt: skip
    if not limits.pump_ml_per_h.holds(made.rate_ml_per_h):
        yield _outside("PREP-PUMP", limits.pump_ml_per_h, Severity.ABSOLUTE, made.rate_ml_per_h)
