"""Taking a FHIR bundle into the chart: all of it or nothing."""

import gzip
import hashlib
from collections.abc import Callable
from dataclasses import asdict, dataclass

from django.db import connection, transaction

from reprieve.clinic.audit.services import Actor, Detail, record
from reprieve.clinic.patients.models import ImportedDocument, Patient
from reprieve.clinic.patients.services.chart_rows import Written, chart_write
from reprieve.errors import InputError
from reprieve.interop.fhir.bundle import read_bundle
from reprieve.interop.fhir.document import unpack
from reprieve.interop.fhir.reading import BundleReading, Person

Progress = Callable[[int, int], None]
_FAST = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import left behind. `changed` is False when the same bundle had been imported before."""

    document: ImportedDocument
    changed: bool


def _silent(_done: int, _total: int) -> None:
    """Nobody watches."""


def bundle_import(actor: Actor, *, content: bytes, file_name: str, on_progress: Progress = _silent) -> Imported:
    """Read a bundle and write its person, chart and original in one transaction.

    The same bundle (by the digest of its JSON) changes nothing a second time; a newer one of the same record number
    adds new rows and updates changed ones. `on_progress` hears rows written of rows in all.

    Raises: InputError as `read_bundle`, and IMPORT-OTHER-PERSON when the record number belongs to somebody else here.
    """
    original = unpack(content)
    digest = hashlib.sha256(original).hexdigest()
    earlier = _already_imported(actor, digest)
    if earlier is not None:
        return Imported(document=earlier, changed=False)
    return _write(actor, original, digest, file_name, on_progress)


def _write(actor: Actor, original: bytes, digest: str, file_name: str, on_progress: Progress) -> Imported:
    reading = read_bundle(original)
    compressed = gzip.compress(original, compresslevel=_FAST, mtime=0)
    with transaction.atomic():
        _one_at_a_time(actor, reading.person)
        earlier = _already_imported(actor, digest)
        if earlier is not None:
            return Imported(document=earlier, changed=False)
        patient, is_new = _patient_of(actor, reading.person)
        document = ImportedDocument.objects.create(
            clinic=actor.clinic,
            patient=patient,
            file_name=file_name,
            sha256=digest,
            content=compressed,
            size_bytes=len(original),
            received_by=actor.user,
        )
        written = chart_write(patient=patient, document=document, rows=reading.rows, on_progress=on_progress)
        document.report = _report(reading, written, is_new=is_new)
        document.save(update_fields=["report"])
        record(actor, "document.import", entity="ImportedDocument", entity_id=document.id, patient_id=patient.id,
               detail=_audited(written))  # fmt: skip
    return Imported(document=document, changed=True)


def _already_imported(actor: Actor, digest: str) -> ImportedDocument | None:
    return (
        ImportedDocument.objects.filter(clinic=actor.clinic, sha256=digest)
        .defer("content")
        .select_related("patient")
        .first()
    )


def _one_at_a_time(actor: Actor, person: Person) -> None:
    """Two imports of one record number wait for each other until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"import {actor.clinic.pk} {person.mrn}"]
        )


def _patient_of(actor: Actor, person: Person) -> tuple[Patient, bool]:
    patient = Patient.objects.select_for_update().filter(clinic=actor.clinic, mrn=person.mrn).first()
    if patient is not None:
        _refuse_somebody_else(patient, person)
        return patient, False
    patient = Patient.objects.create(
        clinic=actor.clinic,
        mrn=person.mrn,
        family_name=person.family_name,
        given_name=person.given_name,
        birth_on=person.birth_on,
        sex=person.sex.value,
        phone=person.phone,
    )
    record(actor, "patient.register", entity="Patient", entity_id=patient.id, patient_id=patient.id)
    return patient, True


def _refuse_somebody_else(patient: Patient, person: Person) -> None:
    here = f"Record number {person.mrn} belongs to somebody else in this clinic"
    if patient.birth_on != person.birth_on:
        raise InputError("IMPORT-OTHER-PERSON", f"{here}: the date of birth differs.", where="Patient.birthDate")
    names = ((patient.family_name, person.family_name), (patient.given_name, person.given_name))
    if all(ours.casefold() != theirs.casefold() for ours, theirs in names):
        raise InputError("IMPORT-OTHER-PERSON", f"{here}: family and given name differ.", where="Patient.name")


def _report(reading: BundleReading, written: Written, *, is_new: bool) -> dict[str, object]:
    return {
        "new_patient": is_new,
        "taken": dict(reading.taken),
        "left": [asdict(one) for one in reading.left],
        "added": written.added,
        "updated": written.updated,
        "unchanged": written.unchanged,
    }


def _audited(written: Written) -> Detail:
    return {
        "added": sum(written.added.values()),
        "updated": sum(written.updated.values()),
        "unchanged": sum(written.unchanged.values()),
    }
