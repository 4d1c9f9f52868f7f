"""A FHIR R4 Bundle of one person, read into the chart."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

import msgspec

from reprieve.domain.candidacy.chart import ChartAllergy, ChartCondition, ChartMedication, ChartObservation
from reprieve.errors import InputError
from reprieve.interop.fhir.allergy_intolerance import AllergyIntolerance, chart_allergy
from reprieve.interop.fhir.condition import Condition, chart_condition
from reprieve.interop.fhir.datatypes import CodeableConcept, Reference, Resource
from reprieve.interop.fhir.document import DEFAULT_LIMIT_BYTES, RawEntry, decode_failure, entries_of, unpack
from reprieve.interop.fhir.identity import names_of, points_to, stable_id, updated_at
from reprieve.interop.fhir.medication import (
    Medication,
    MedicationRequest,
    MedicationStatement,
    chart_request,
    chart_statement,
)
from reprieve.interop.fhir.observation import Observation, chart_observations
from reprieve.interop.fhir.patient import Patient, person_of
from reprieve.interop.fhir.reading import (
    Account,
    BundleReading,
    Person,
    Reason,
    Row,
    chart_from,
    rows_in_order,
)
from reprieve.knowledge.measurements import measurement_codes

Coded = TypeVar("Coded", ChartCondition, ChartMedication, ChartAllergy)
_patients = msgspec.json.Decoder(Patient)
_medications = msgspec.json.Decoder(Medication)
_conditions = msgspec.json.Decoder(Condition)
_allergies = msgspec.json.Decoder(AllergyIntolerance)
_requests = msgspec.json.Decoder(MedicationRequest)
_statements = msgspec.json.Decoder(MedicationStatement)
_observations = msgspec.json.Decoder(Observation)


def read_bundle(content: bytes, *, limit_bytes: int = DEFAULT_LIMIT_BYTES) -> BundleReading:
    """Read a Bundle (or NDJSON), plain or gzipped, about exactly one person.

    Raises: InputError FHIR-JSON, FHIR-GZIP, FHIR-TOO-LARGE, FHIR-NOT-BUNDLE, FHIR-ENTRY, FHIR-NO-PATIENT,
    FHIR-TWO-PATIENTS, FHIR-PERSON, each with the path inside the document where there is one.
    """
    entries = entries_of(unpack(content, limit_bytes=limit_bytes))
    entry, patient = _only_patient(entries)
    reader = _Reader(
        person=person_of(patient, entry.path),
        subject=names_of(entry, patient),
        products=_products(entries),
    )
    reader.account.take("Patient")
    for other in entries:
        if other is not entry:
            reader.read(other)
    return reader.result()


def _only_patient(entries: list[RawEntry]) -> tuple[RawEntry, Patient]:
    found = [entry for entry in entries if entry.resource_type == "Patient"]
    if not found:
        raise InputError("FHIR-NO-PATIENT", "The bundle holds no Patient, so nobody knows whose record it is.")
    if len(found) > 1:
        raise InputError(
            "FHIR-TWO-PATIENTS",
            f"The bundle holds {len(found)} Patients; export one person at a time.",
            where=found[1].path,
        )
    with _faults_of(found[0]):
        return found[0], _patients.decode(found[0].content)


def _products(entries: list[RawEntry]) -> dict[str, CodeableConcept]:
    products: dict[str, CodeableConcept] = {}
    for entry in entries:
        if entry.resource_type == "Medication":
            with _faults_of(entry):
                medication = _medications.decode(entry.content)
            products |= dict.fromkeys(names_of(entry, medication), medication.code)
    return products


@contextmanager
def _faults_of(entry: RawEntry) -> Iterator[None]:
    try:
        yield
    except UnicodeDecodeError:
        raise InputError("FHIR-JSON", "This part is not UTF-8 text.", where=entry.path) from None
    except (msgspec.DecodeError, RecursionError) as problem:
        raise decode_failure(problem, entry.path) from None


@dataclass(slots=True, kw_only=True)
class _Reader:
    """Reads one entry after the other and keeps the account."""

    person: Person
    subject: frozenset[str]
    products: Mapping[str, CodeableConcept]
    account: Account = field(default_factory=Account)
    conditions: list[Row[ChartCondition]] = field(default_factory=list)
    medications: list[Row[ChartMedication]] = field(default_factory=list)
    allergies: list[Row[ChartAllergy]] = field(default_factory=list)
    observations: list[Row[ChartObservation]] = field(default_factory=list)
    _seen: set[str] = field(default_factory=set)

    def read(self, entry: RawEntry) -> None:
        """Take or leave one entry; either way it is counted once."""
        kind = entry.resource_type
        take = _TAKE.get(kind)
        if take is None:
            self.account.leave(kind or "entry", Reason.NOT_READ if kind else Reason.NO_RESOURCE, entry.path)
            return
        with _faults_of(entry):
            refused = take(self, entry)
        if refused is None:
            self.account.take(kind)
        else:
            self.account.leave(kind, refused, entry.path)

    def result(self) -> BundleReading:
        rows = rows_in_order(
            conditions=self.conditions,
            medications=self.medications,
            allergies=self.allergies,
            observations=self.observations,
        )
        return BundleReading(
            person=self.person,
            chart=chart_from(self.person, rows),
            rows=rows,
            taken=self.account.taken(),
            left=self.account.left(),
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


def _take_condition(reader: _Reader, entry: RawEntry) -> Reason | None:
    resource = _conditions.decode(entry.content)
    misplaced = reader.misplaced(entry, resource, resource.subject)
    found = misplaced or chart_condition(resource, reader.account, entry.path)
    return _keep(reader, reader.conditions, entry, resource, found)


def _take_allergy(reader: _Reader, entry: RawEntry) -> Reason | None:
    resource = _allergies.decode(entry.content)
    found = reader.misplaced(entry, resource, resource.patient) or chart_allergy(resource)
    return _keep(reader, reader.allergies, entry, resource, found)


def _take_request(reader: _Reader, entry: RawEntry) -> Reason | None:
    resource = _requests.decode(entry.content)
    misplaced = reader.misplaced(entry, resource, resource.subject)
    found = misplaced or chart_request(resource, reader.products, reader.account, entry.path)
    return _keep(reader, reader.medications, entry, resource, found)


def _take_statement(reader: _Reader, entry: RawEntry) -> Reason | None:
    resource = _statements.decode(entry.content)
    misplaced = reader.misplaced(entry, resource, resource.subject)
    found = misplaced or chart_statement(resource, reader.products, reader.account, entry.path)
    return _keep(reader, reader.medications, entry, resource, found)


def _take_observation(reader: _Reader, entry: RawEntry) -> Reason | None:
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


def _take_medication(_reader: _Reader, _entry: RawEntry) -> Reason | None:
    """Read beforehand, for the requests and statements that point to it."""
    return None


def _keep(
    reader: _Reader, rows: list[Row[Coded]], entry: RawEntry, resource: Resource, found: Coded | Reason
) -> Reason | None:
    if isinstance(found, Reason):
        return found
    fhir_id = stable_id(entry, resource)
    if reader.is_repeated(fhir_id):
        return Reason.DUPLICATE
    rows.append(Row(fhir_id=fhir_id, item=found, codings=found.codings, updated_at=updated_at(resource)))
    return None


_TAKE: Mapping[str, Callable[[_Reader, RawEntry], Reason | None]] = {
    "Condition": _take_condition,
    "AllergyIntolerance": _take_allergy,
    "MedicationRequest": _take_request,
    "MedicationStatement": _take_statement,
    "Medication": _take_medication,
    "Observation": _take_observation,
}
