"""Measurements taken in this clinic."""

from datetime import datetime
from uuid import uuid4

from django.db import transaction

from reprieve.clinic.audit.services import Actor, record
from reprieve.clinic.patients.models import Observation, Patient
from reprieve.domain.candidacy.chart import LOINC
from reprieve.domain.quantities.measurements import OutsideItsScale
from reprieve.domain.quantities.units import IncompatibleUnits, UnknownUnit
from reprieve.errors import InputError
from reprieve.knowledge.measurements import measurement_codes


@transaction.atomic
def observation_record(  # noqa: PLR0913  a measurement has these properties
    actor: Actor,
    *,
    patient: Patient,
    loinc: str,
    value: float,
    unit: str,
    effective_at: datetime,
    display: str = "",
    source: str = "local",
) -> Observation:
    """Add a measured value to the chart, in the unit we keep for its code. `source` says which room measured it.

    Raises: InputError OBSERVATION-CODE, OBSERVATION-UNIT, OBSERVATION-VALUE.
    """
    kept, kept_unit, title = _canonical(loinc, value, unit)
    observation = Observation.objects.create(
        patient=patient,
        fhir_id=f"{source}/{uuid4()}",
        codings=[{"system": LOINC, "code": loinc, "display": display or title}],
        loinc=loinc,
        effective_at=effective_at,
        value=kept,
        unit=kept_unit,
        display=display or title,
    )
    record(actor, "observation.record", entity="Observation", entity_id=observation.id, patient_id=patient.id,
           detail={"loinc": loinc, "source": source})  # fmt: skip
    return observation


def _canonical(loinc: str, value: float, unit: str) -> tuple[float, str, str]:
    code = measurement_codes().get(loinc)
    if code is None or not code.unit:
        raise InputError("OBSERVATION-CODE", f"LOINC {loinc} is not a measurement that Reprieve keeps.")
    try:
        return code.canonical(value, unit), code.unit, code.title
    except (UnknownUnit, IncompatibleUnits):
        sentence = f"{code.title} is kept in {code.unit}; {unit or 'a number without a unit'} cannot be converted."
        raise InputError("OBSERVATION-UNIT", sentence) from None
    except OutsideItsScale:
        raise InputError("OBSERVATION-VALUE", f"{value:g} {unit} is not on the scale of {code.title}.") from None
