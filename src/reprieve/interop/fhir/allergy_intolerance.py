"""FHIR `AllergyIntolerance`."""

from reprieve.domain.candidacy.chart import ChartAllergy
from reprieve.interop.fhir.datatypes import CodeableConcept, Reference, Resource
from reprieve.interop.fhir.reading import Reason

CLINICAL = frozenset({"active", "inactive", "resolved"})


class AllergyIntolerance(Resource, frozen=True):
    """The elements of the resource that we read."""

    patient: Reference = Reference()
    clinical_status: CodeableConcept = CodeableConcept()
    verification_status: CodeableConcept = CodeableConcept()
    code: CodeableConcept = CodeableConcept()


def chart_allergy(allergy: AllergyIntolerance) -> ChartAllergy | Reason:
    """The allergy, or why it is left. One known by its name alone is kept: a person can still read it."""
    left = {"entered-in-error": Reason.ENTERED_IN_ERROR, "refuted": Reason.REFUTED}
    verification = allergy.verification_status.first_code()
    if verification in left:
        return left[verification]
    name = allergy.code.name()
    if not name:
        return Reason.NO_CODE
    clinical = allergy.clinical_status.first_code()
    return ChartAllergy(
        codings=allergy.code.comparable(),
        name=name,
        clinical_status=clinical if clinical in CLINICAL else "unknown",
    )
