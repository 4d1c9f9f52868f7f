"""Reads resource after resource about one person into rows of the chart, and keeps the account."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

import msgspec

from reprieve.domain.candidacy.chart import ChartAllergy, ChartCondition, ChartMedication, ChartObservation
from reprieve.errors import InputError
from reprieve.interop.fhir.allergy_intolerance import AllergyIntolerance, chart_allergy
from reprieve.interop.fhir.condition import Condition, chart_condition
from reprieve.interop.fhir.datatypes import CodeableConcept, Reference, Resource
from reprieve.interop.fhir.document import RawEntry, decode_failure
from reprieve.interop.fhir.identity import names_of, points_to, stable_id, updated_at
from reprieve.interop.fhir.medication import (
    Medication,
    MedicationRequest,
    MedicationStatement,
    chart_request,
    chart_statement,
)
from reprieve.interop.fhir.observation import Observation, chart_observations
from reprieve.interop.fhir.reading import Account, Reason, Row, Rows, rows_in_order
from reprieve.knowledge.measurements import measurement_codes

Coded = TypeVar("Coded", ChartCondition, ChartMedication, ChartAllergy)
_medications = msgspec.json.Decoder(Medication)
_conditions = msgspec.json.Decoder(Condition)
_allergies = msgspec.json.Decoder(AllergyIntolerance)
_requests = msgspec.json.Decoder(MedicationRequest)
_statements = msgspec.json.Decoder(MedicationStatement)
_observations = msgspec.json.Decoder(Observation)


def products_of(entries: Iterable[RawEntry]) -> dict[str, CodeableConcept]:
    """The Medications of a document by every name that requests and statements may use.  Raises: InputError."""
    products: dict[str, CodeableConcept] = {}
    for entry in entries:
        if entry.resource_type == "Medication":
            with faults_of(entry):
                medication = _medications.decode(entry.content)
            products |= dict.fromkeys(names_of(entry, medication), medication.code)
    return products


@contextmanager
def faults_of(entry: RawEntry) -> Iterator[None]:
    """Turn a resource that cannot be decoded into one sentence with its path."""
    try:
        yield
    except UnicodeDecodeError:
        raise InputError("FHIR-JSON", "This part is not UTF-8 text.", where=entry.path) from None
    except (msgspec.DecodeError, RecursionError) as problem:
        raise decode_failure(problem, entry.path) from None


@dataclass(slots=True, kw_only=True)
class ChartReader:
    """Reads one entry after the other and keeps the account. `subject`: every name of the person in references."""

    subject: frozenset[str]
    products: Mapping[str, CodeableConcept]
    account: Account = field(default_factory=Account)
    conditions: list[Row[ChartCondition]] = field(default_factory=list)
    medications: list[Row[ChartMedication]] = field(default_factory=list)
    allergies: list[Row[ChartAllergy]] = field(default_factory=list)
    observations: list[Row[ChartObservation]] = field(default_factory=list)
    _seen: set[str] = field(default_factory=set)

    def read(self, entry: RawEntry) -> None:
        """Take or leave one entry; either way it is counted once.  Raises: InputError FHIR-ENTRY, FHIR-JSON."""
        kind = entry.resource_type
        take = _TAKE.get(kind)
        if take is None:
            self.account.leave(kind or "entry", Reason.NOT_READ if kind else Reason.NO_RESOURCE, entry.path)
            return
        with faults_of(entry):
            refused = take(self, entry)
        if refused is None:
            self.account.take(kind)
        else:
            self.account.leave(kind, refused, entry.path)

    def rows(self) -> Rows:
        """Everything taken so far, newest last."""
        return rows_in_order(
            conditions=self.conditions,
            medications=self.medications,
            allergies=self.allergies,
            observations=self.observations,
        )

    def misplaced(self, entry: RawEntry, resource: Resource, subject: Reference) -> Reason | None:
        """Why the resource cannot belong to this chart, whatever it says."""
        if not subject.reference:
            return Reason.NO_SUBJECT
        if not points_to(subject.reference, self.subject):
            return Reason.OTHER_SUBJECT
        return None if stable_id(entry, resource) else Reason.NO_ID

    def is_repeated(self, fhir_id: str) -> bool:
        """Has the document given this resource before? The first one counts: histories begin with the newest."""
        if fhir_id in self._seen:
            return True
        self._seen.add(fhir_id)
        return False


def _take_condition(reader: ChartReader, entry: RawEntry) -> Reason | None:
    resource = _conditions.decode(entry.content)
    misplaced = reader.misplaced(entry, resource, resource.subject)
    found = misplaced or chart_condition(resource, reader.account, entry.path)
    return _keep(reader, reader.conditions, entry, resource, found)


def _take_allergy(reader: ChartReader, entry: RawEntry) -> Reason | None:
    resource = _allergies.decode(entry.content)
    found = reader.misplaced(entry, resource, resource.patient) or chart_allergy(resource)
    return _keep(reader, reader.allergies, entry, resource, found)


def _take_request(reader: ChartReader, entry: RawEntry) -> Reason | None:
    resource = _requests.decode(entry.content)
    misplaced = reader.misplaced(entry, resource, resource.subject)
    found = misplaced or chart_request(resource, reader.products, reader.account, entry.path)
    return _keep(reader, reader.medications, entry, resource, found)


def _take_statement(reader: ChartReader, entry: RawEntry) -> Reason | None:
    resource = _statements.decode(entry.content)
    misplaced = reader.misplaced(entry, resource, resource.subject)
    found = misplaced or chart_statement(resource, reader.products, reader.account, entry.path)
    return _keep(reader, reader.medications, entry, resource, found)


def _take_observation(reader: ChartReader, entry: RawEntry) -> Reason | None:
    resource = _observations.decode(entry.content)
    misplaced = reader.misplaced(entry, resource, resource.subject)
    found = misplaced or chart_observations(resource, measurement_codes(), reader.account, entry.path)
    if isinstance(found, Reason):
        return found
    fhir_id, changed_at = stable_id(entry, resource), updated_at(resource)
    if reader.is_repeated(fhir_id):
        return Reason.DUPLICATE
    for loinc, (item, concept) in found.items():
        row_id = f"{fhir_id}#{loinc}" if resource.component else fhir_id
        reader.observations.append(Row(fhir_id=row_id, item=item, codings=concept.comparable(), updated_at=changed_at))
    return None


def _take_medication(_reader: ChartReader, _entry: RawEntry) -> Reason | None:
    """Read beforehand, for the requests and statements that point to it."""
    return None


def _keep(
    reader: ChartReader, rows: list[Row[Coded]], entry: RawEntry, resource: Resource, found: Coded | Reason
) -> Reason | None:
    if isinstance(found, Reason):
        return found
    fhir_id = stable_id(entry, resource)
    if reader.is_repeated(fhir_id):
        return Reason.DUPLICATE
    rows.append(Row(fhir_id=fhir_id, item=found, codings=found.codings, updated_at=updated_at(resource)))
    return None


_TAKE: Mapping[str, Callable[[ChartReader, RawEntry], Reason | None]] = {
    "Condition": _take_condition,
    "AllergyIntolerance": _take_allergy,
    "MedicationRequest": _take_request,
    "MedicationStatement": _take_statement,
    "Medication": _take_medication,
    "Observation": _take_observation,
}
