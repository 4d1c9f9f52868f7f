"""From what the prescriber enters to the computed order, for the preview and for the signature alike."""

from collections.abc import Container
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar

from django.utils.translation import gettext as _

from reprieve.clinic.courses import selectors
from reprieve.clinic.courses.models import PlannedSession
from reprieve.clinic.patients.models import Patient, Sex
from reprieve.domain.dosing.doses import DosePerKg
from reprieve.domain.dosing.order import BasisUnknown, DoseOrder, OrderRequest, compute_order
from reprieve.domain.dosing.weights import Body, DevineSex, WeightBasis, WeightOrigin, suggested_basis
from reprieve.errors import InputError
from reprieve.knowledge.formulary import bag_volumes_ml, diluents, vials
from reprieve.knowledge.regimens import dose_limits, regimens

_Product = TypeVar("_Product", str, Decimal)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderEntry:
    """The fields of the order form. `bag_volume_ml` None is undiluted;"""

    weight_kg: Decimal
    weighed_on: date
    weight_origin: WeightOrigin = WeightOrigin.MEASURED
    height_cm: Decimal | None = None
    basis: WeightBasis = WeightBasis.ACTUAL
    mg_per_kg: Decimal = Decimal("0.5")
    duration_min: Decimal = Decimal(40)
    vial_id: str = "ketamine-50"
    bag_volume_ml: Decimal | None = Decimal(100)
    diluent_id: str = "sodium-chloride-0.9"


def compute(planned_session: PlannedSession, entry: OrderEntry, *, ordered_on: date) -> DoseOrder:
    """The order as a value, with all findings.

    Raises: InputError for a basis that cannot be calculated, or a product that is not in the formulary.
    """
    patient = planned_session.course.patient
    request = OrderRequest(
        body=_body(patient, entry),
        basis=entry.basis,
        dose=DosePerKg(mg_per_kg=entry.mg_per_kg),
        regimen_dose=regimens()[planned_session.course.regimen_id].dose,
        duration_min=entry.duration_min,
        vial=vials()[_known(entry.vial_id, vials(), "PREP-VIAL")],
        bag_volume_ml=_bag(entry),
        previous_weight_kg=selectors.previous_weight_kg(patient),
        ordered_on=ordered_on,
    )
    try:
        return compute_order(request, dose_limits())
    except BasisUnknown:
        sentence = _("This weight basis needs a height of at least 60 inches (152.4 cm) and a sex of female or male.")
        raise InputError("REG-WT-FORM", sentence) from None


def usual_basis(patient: Patient, *, on: date) -> WeightBasis:
    """What the site suggests for the last known weight and height; ACTUAL while one of them is unknown."""
    weight_kg, height_cm = selectors.previous_weight_kg(patient), selectors.height_cm(patient)
    if weight_kg is None or height_cm is None:
        return WeightBasis.ACTUAL
    known = OrderEntry(weight_kg=weight_kg, weighed_on=on, height_cm=height_cm)
    return suggested_basis(_body(patient, known), dose_limits())


def _body(patient: Patient, entry: OrderEntry) -> Body:
    sexes = {Sex.FEMALE.value: DevineSex.FEMALE, Sex.MALE.value: DevineSex.MALE}
    return Body(
        actual_weight_kg=entry.weight_kg,
        weighed_on=entry.weighed_on,
        weight_origin=entry.weight_origin,
        height_cm=entry.height_cm,
        sex=sexes.get(patient.sex),
    )


def _bag(entry: OrderEntry) -> Decimal | None:
    """The bag, which needs a diluent of the formulary."""
    if entry.bag_volume_ml is None:
        return None
    _known(entry.diluent_id, diluents(), "PREP-BAG")
    return _known(entry.bag_volume_ml, bag_volumes_ml(), "PREP-BAG")


def _known(value: _Product, known: Container[_Product], code: str) -> _Product:
    if value not in known:
        raise InputError(code, _("%(product)s is not in the formulary.") % {"product": value})
    return value
