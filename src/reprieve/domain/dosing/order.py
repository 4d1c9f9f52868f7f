"""The dose order as a value: what was asked, what follows from it, and what speaks against it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from reprieve.domain.dosing.doses import Dose, DosePerKg
from reprieve.domain.dosing.guardrails import OrderFacts, order_findings
from reprieve.domain.dosing.limits import DoseLimits
from reprieve.domain.dosing.preparation import Preparation, Vial, prepare
from reprieve.domain.dosing.weights import Body, WeightBasis, suggested_basis, weight_on_basis
from reprieve.domain.quantities.findings import Finding, Severity

_COSIGNED = "REG-DOSE-MAX-M-SOFT"
_BLOCKING = frozenset({Severity.EMERGENCY, Severity.ABSOLUTE, Severity.RELATIVE, Severity.WORKUP})


class BasisUnknown(ValueError):
    """The chosen weight basis needs a height of at least 60 inches and a sex; one of them is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRequest:
    """What the prescriber enters. `bag_volume_ml` None is undiluted; `previous_weight_kg` is from the last session."""

    body: Body
    basis: WeightBasis
    dose: DosePerKg
    regimen_dose: DosePerKg
    duration_min: Decimal
    vial: Vial
    bag_volume_ml: Decimal | None
    previous_weight_kg: Decimal | None
    ordered_on: date

    def __post_init__(self) -> None:
        volumes = () if self.bag_volume_ml is None else (self.bag_volume_ml,)
        for value in (self.duration_min, self.body.actual_weight_kg, *volumes):
            if not (value.is_finite() and value > 0):
                raise ValueError(f"an order cannot be made with {value}")


@dataclass(frozen=True, slots=True, kw_only=True)
class BasisDose:
    """The same mg/kg on one weight basis, so that bases can be compared in milligrams."""

    basis: WeightBasis
    weight_kg: Decimal
    dose: Dose


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseOrder:
    """One order. It may be signed when nothing blocks it, and with a reason when something cautions."""

    request: OrderRequest
    dosing_weight_kg: Decimal
    dose: Dose
    preparation: Preparation
    by_basis: tuple[BasisDose, ...]
    suggested_basis: WeightBasis
    findings: tuple[Finding, ...]

    @property
    def mg_per_actual_kg(self) -> Decimal:
        """The dose for each kilogram of actual weight, whatever the basis was."""
        return self.dose.per_kg_of(self.request.body.actual_weight_kg)

    @property
    def mg_per_min(self) -> float:
        """Constant delivery rate, for the kinetics."""
        return float(self.dose.mg / self.request.duration_min)

    @property
    def blocking(self) -> tuple[Finding, ...]:
        """What must be changed before anybody can sign."""
        return tuple(finding for finding in self.findings if finding.severity in _BLOCKING)

    @property
    def needs_cosignature(self) -> bool:
        """REG-DOSE-MAX-M: above the soft limit a reason is not enough, a second clinician signs as well."""
        return any(finding.code == _COSIGNED for finding in self.findings)

    @property
    def cautions(self) -> tuple[Finding, ...]:
        """What a prescriber may go past by giving a reason."""
        return tuple(finding for finding in self.findings if finding.severity is Severity.CAUTION)


def compute_order(request: OrderRequest, limits: DoseLimits) -> DoseOrder:
    """Everything that follows from the request, with all findings, not only the first.

    Raises: BasisUnknown.  Source: PREP-CALC arithmetic; limits carry their own sources.
    """
    weight_kg = weight_on_basis(request.body, request.basis)
    if weight_kg is None:
        raise BasisUnknown(request.basis)
    dose = request.dose.times(weight_kg)
    preparation = prepare(
        dose=dose, vial=request.vial, bag_volume_ml=request.bag_volume_ml, duration_min=request.duration_min
    )
    suggestion = suggested_basis(request.body, limits)
    facts = OrderFacts(
        body=request.body, basis=request.basis, suggested_basis=suggestion, dose=dose, per_kg=request.dose,
        regimen_dose=request.regimen_dose, duration_min=request.duration_min, vial=request.vial,
        preparation=preparation, previous_weight_kg=request.previous_weight_kg, ordered_on=request.ordered_on,
    )  # fmt: skip
    return DoseOrder(
        request=request,
        dosing_weight_kg=weight_kg,
        dose=dose,
        preparation=preparation,
        by_basis=_by_basis(request),
        suggested_basis=suggestion,
        findings=order_findings(facts, limits),
    )


def _by_basis(request: OrderRequest) -> tuple[BasisDose, ...]:
    weights = ((basis, weight_on_basis(request.body, basis)) for basis in WeightBasis)
    return tuple(
        BasisDose(basis=basis, weight_kg=weight_kg, dose=request.dose.times(weight_kg))
        for basis, weight_kg in weights
        if weight_kg is not None
    )
