"""A FHIR R4 Bundle of one person, read into the chart."""

import msgspec

from reprieve.domain.candidacy.chart import Chart
from reprieve.errors import InputError
from reprieve.interop.fhir.chart_reader import ChartReader, faults_of, products_of
from reprieve.interop.fhir.condition import kept_day
from reprieve.interop.fhir.document import DEFAULT_LIMIT_BYTES, RawEntry, entries_of, unpack
from reprieve.interop.fhir.identity import names_of
from reprieve.interop.fhir.patient import Patient, person_of, sex_of
from reprieve.interop.fhir.reading import BundleReading, chart_from, chart_of

_patients = msgspec.json.Decoder(Patient)


def read_bundle(content: bytes, *, limit_bytes: int = DEFAULT_LIMIT_BYTES) -> BundleReading:
    """Read a Bundle (or NDJSON), plain or gzipped, about exactly one person.

    Raises: InputError FHIR-JSON, FHIR-GZIP, FHIR-TOO-LARGE, FHIR-NOT-BUNDLE, FHIR-ENTRY, FHIR-NO-PATIENT,
    FHIR-TWO-PATIENTS, FHIR-PERSON, each with the path inside the document where there is one.
    """
    entries = entries_of(unpack(content, limit_bytes=limit_bytes))
    entry, patient = _only_patient(entries)
    person = person_of(patient, entry.path)
    reader = _read_all(entries, entry, patient)
    rows = reader.rows()
    return BundleReading(
        person=person,
        chart=chart_from(person, rows),
        rows=rows,
        taken=reader.account.taken(),
        left=reader.account.left(),
    )


def read_chart_only(content: bytes, *, limit_bytes: int = DEFAULT_LIMIT_BYTES) -> Chart:
    """As `read_bundle`, for an answer that is not filed: name and record number may be missing (de-identified data),
    and a date of birth known only to the year is unknown instead of an error.

    Raises: InputError as `read_bundle`, without FHIR-PERSON.
    """
    entries = entries_of(unpack(content, limit_bytes=limit_bytes))
    entry, patient = _only_patient(entries)
    reader = _read_all(entries, entry, patient)
    birth_on = kept_day(patient.birth_date, reader.account, "Patient.birthDate", entry.path)
    return chart_of(reader.rows(), birth_on=birth_on, sex=sex_of(patient))


def decode_patient(entry: RawEntry) -> Patient:
    """The Patient in an entry.  Raises: InputError FHIR-ENTRY, FHIR-JSON."""
    with faults_of(entry):
        return _patients.decode(entry.content)


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
    return found[0], decode_patient(found[0])


def _read_all(entries: list[RawEntry], entry: RawEntry, patient: Patient) -> ChartReader:
    reader = ChartReader(subject=names_of(entry, patient), products=products_of(entries))
    reader.account.take("Patient")
    for other in entries:
        if other is not entry:
            reader.read(other)
    return reader
