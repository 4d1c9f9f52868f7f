"""FHIR `MedicationRequest` and `MedicationStatement`, with the `Medication` that they may point to."""

from collections.abc import Mapping

import msgspec

from reprieve.domain.candidacy.chart import ChartMedication
from reprieve.interop.fhir.condition import kept_day
from reprieve.interop.fhir.datatypes import CodeableConcept, Period, Reference, Resource
from reprieve.interop.fhir.dosage import Dosage, as_needed, daily_dose_mg, given_by
from reprieve.interop.fhir.reading import Account, Reason

REQUEST_STATUS = frozenset({"active", "on-hold", "completed", "stopped"})
STATEMENT_STATUS = frozenset({"active", "completed", "intended", "stopped", "on-hold", "not-taken"})
_LEFT_STATUS = {
    "entered-in-error": Reason.ENTERED_IN_ERROR,
    "cancelled": Reason.CANCELLED,
    "draft": Reason.NOT_FINAL,
}
_ONLY_SUGGESTED = frozenset({"proposal", "option"})


class Medication(Resource, frozen=True):
    """The product itself."""

    code: CodeableConcept = CodeableConcept()


class _Medicated(Resource, frozen=True):
    subject: Reference = Reference()
    status: str = ""
    medication_codeable_concept: CodeableConcept = CodeableConcept()
    medication_reference: Reference = Reference()
    contained: tuple[msgspec.Raw, ...] = ()


class MedicationRequest(_Medicated, frozen=True):
    """The elements of the resource that we read. Intent `plan` is kept: exports list self-bought medicine so."""

    intent: str = ""
    do_not_perform: bool = False
    authored_on: str = ""
    dosage_instruction: tuple[Dosage, ...] = ()


class MedicationStatement(_Medicated, frozen=True):
    """The elements of the resource that we read."""

    effective_date_time: str = ""
    effective_period: Period = Period()
    dosage: tuple[Dosage, ...] = ()


class _Contained(Resource, frozen=True):
    resource_type: str = ""


_contained = msgspec.json.Decoder(_Contained)
_medication = msgspec.json.Decoder(Medication)
Products = Mapping[str, CodeableConcept]


def chart_request(
    request: MedicationRequest, products: Products, account: Account, path: str
) -> ChartMedication | Reason:
    """The ordered medicine, or why it is left. `products` are the Medications of the bundle by their names."""
    if request.status in _LEFT_STATUS:
        return _LEFT_STATUS[request.status]
    if request.do_not_perform:
        return Reason.DO_NOT_PERFORM
    if request.intent in _ONLY_SUGGESTED:
        return Reason.NOT_ORDERED
    product, name = _product(request, products)
    if not name:
        return Reason.NO_CODE
    return ChartMedication(
        codings=product.comparable(),
        name=name,
        status=request.status if request.status in REQUEST_STATUS else "unknown",
        started_on=kept_day(request.authored_on, account, "MedicationRequest.authoredOn", path),
        ended_on=None,
        daily_dose_mg=daily_dose_mg(request.dosage_instruction),
        as_needed=as_needed(request.dosage_instruction),
        given_by=given_by(request.dosage_instruction),
    )


def chart_statement(
    statement: MedicationStatement, products: Products, account: Account, path: str
) -> ChartMedication | Reason:
    """The medicine as somebody reported it, or why it is left."""
    if statement.status == "entered-in-error":
        return Reason.ENTERED_IN_ERROR
    product, name = _product(statement, products)
    if not name:
        return Reason.NO_CODE
    started = statement.effective_date_time or statement.effective_period.start
    return ChartMedication(
        codings=product.comparable(),
        name=name,
        status=statement.status if statement.status in STATEMENT_STATUS else "unknown",
        started_on=kept_day(started, account, "MedicationStatement.effective", path),
        ended_on=kept_day(statement.effective_period.end, account, "MedicationStatement.effective", path),
        daily_dose_mg=daily_dose_mg(statement.dosage),
        as_needed=as_needed(statement.dosage),
        given_by=given_by(statement.dosage),
    )


def _product(medicated: _Medicated, products: Products) -> tuple[CodeableConcept, str]:
    """The product and its name: given in place, contained, elsewhere in the bundle, or known by its label alone."""
    concept, pointer = medicated.medication_codeable_concept, medicated.medication_reference
    if pointer.reference.startswith("#"):
        concept = _in_place(medicated.contained, pointer.reference[1:]) or concept
    elif pointer.reference:
        concept = products.get(pointer.reference.partition("/_history/")[0], concept)
    return concept, concept.name() or pointer.display


def _in_place(contained: tuple[msgspec.Raw, ...], wanted_id: str) -> CodeableConcept | None:
    for raw in contained:
        peeked = _contained.decode(raw)
        if peeked.resource_type == "Medication" and peeked.id == wanted_id:
            return _medication.decode(raw).code
    return None
