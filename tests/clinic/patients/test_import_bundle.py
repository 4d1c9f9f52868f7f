"""A bundle into the chart: all or nothing, once, and never into somebody else's record."""

import gzip
import json
import threading
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from factories import make_clinic, make_patient, make_user
from fhir_bundles import REAL, ROSALINA, allergy, bundle, condition, observation, patient, request

from reprieve.clinic.audit.models import AuditEvent
from reprieve.clinic.audit.services import Actor
from reprieve.clinic.patients import selectors
from reprieve.clinic.patients.models import Allergy, Condition, ImportedDocument, Medication, Observation, Patient
from reprieve.clinic.patients.presenters import measurements_of
from reprieve.clinic.patients.services.imports import bundle_import
from reprieve.clinic.patients.templatetags.patient_banner import banner_facts
from reprieve.errors import InputError
from reprieve.interop.fhir.bundle import read_bundle


@pytest.fixture
def actor(db):
    return Actor.person(make_user(make_clinic()))


def rows():
    return tuple(model.objects.count() for model in (Patient, Condition, Medication, Allergy, Observation))


@pytest.mark.parametrize("path", REAL, ids=lambda path: path.name)
def test_the_chart_read_back_equals_the_chart_of_the_bundle(actor, path):
    reading = read_bundle(path.read_bytes())
    imported = bundle_import(actor, content=path.read_bytes(), file_name=path.name)
    assert imported.changed
    assert selectors.chart_of(imported.document.patient) == reading.chart


def test_the_original_is_kept_byte_for_byte_with_its_report(actor):
    content = ROSALINA.read_bytes()
    document = ImportedDocument.objects.get(pk=bundle_import(actor, content=content, file_name="r.gz").document.pk)
    assert gzip.decompress(bytes(document.content)) == gzip.decompress(content)
    assert document.size_bytes == len(gzip.decompress(content))
    assert document.report["taken"]["Patient"] == 1 and document.report["new_patient"] is True
    assert sum(document.report["added"].values()) == sum(rows()) - 1


def test_an_import_has_its_audit_rows_without_a_name(actor):
    bundle_import(actor, content=bundle(condition()), file_name="a.json")
    events = list(AuditEvent.objects.values("action", "detail"))
    assert {event["action"] for event in events} == {"patient.register", "document.import"}
    assert "Reed" not in json.dumps(events)


def test_the_same_bundle_twice_changes_nothing_and_says_so(actor):
    plain = bundle(condition(), observation())
    first = bundle_import(actor, content=plain, file_name="a.json")
    before = rows()
    again = bundle_import(actor, content=gzip.compress(plain), file_name="b.json.gz")
    assert (again.changed, again.document, rows()) == (False, first.document, before)
    assert ImportedDocument.objects.count() == 1


def test_a_newer_bundle_adds_what_is_new_and_updates_what_changed(actor):
    bundle_import(actor, content=bundle(condition(), request(), observation()), file_name="1.json")
    newer = bundle(
        condition(clinicalStatus={"coding": [{"code": "resolved"}]}, abatementDateTime="2025-01-01"),
        request(), observation(), observation(id="o2", value=71.0), allergy(),
    )  # fmt: skip
    report = bundle_import(actor, content=newer, file_name="2.json").document.report
    assert report["added"] == {"Condition": 0, "Medication": 0, "Allergy": 1, "Observation": 1}
    assert report["updated"] == {"Condition": 1, "Medication": 0, "Allergy": 0, "Observation": 0}
    assert report["unchanged"] == {"Condition": 0, "Medication": 1, "Allergy": 0, "Observation": 1}
    (row,) = Condition.objects.all()
    assert (row.clinical_status, row.abated_on) == ("resolved", date(2025, 1, 1))
    assert Patient.objects.count() == 1


def test_an_older_export_does_not_overwrite_a_newer_one(actor):
    def version(status, day):
        meta = {"lastUpdated": f"2025-01-{day:02}T00:00:00Z"}
        return bundle(condition(clinicalStatus={"coding": [{"code": status}]}, meta=meta))

    bundle_import(actor, content=version("resolved", 20), file_name="new.json")
    bundle_import(actor, content=version("active", 10), file_name="old.json")
    assert Condition.objects.get().clinical_status == "resolved"


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"birthDate": "1981-05-17"}, "Patient.birthDate"),
        ({"name": [{"family": "Other", "given": ["Person"]}]}, "Patient.name"),
    ],
)
def test_somebody_else_with_the_same_record_number_is_refused(actor, changes, where):
    bundle_import(actor, content=bundle(), file_name="1.json")
    before = rows()
    with pytest.raises(InputError, match="belongs to somebody else") as caught:
        bundle_import(actor, content=bundle(condition(), person=patient(**changes)), file_name="2.json")
    assert (caught.value.code, caught.value.where, rows()) == ("IMPORT-OTHER-PERSON", where, before)


def test_a_new_family_name_alone_is_the_same_person(actor):
    bundle_import(actor, content=bundle(), file_name="1.json")
    married = patient(name=[{"family": "Stone", "given": ["Jonah", "K."]}])
    bundle_import(actor, content=bundle(condition(), person=married), file_name="2.json")
    assert rows()[:2] == (1, 1)


def test_the_same_record_number_in_another_clinic_is_another_person(actor):
    bundle_import(actor, content=bundle(), file_name="1.json")
    other = Actor.person(make_user(make_clinic()))
    assert bundle_import(other, content=bundle(), file_name="1.json").changed
    assert Patient.objects.count() == 2 and selectors.patients_of(other.clinic).count() == 1


@pytest.mark.parametrize(
    "content", [bundle(condition())[:-40], bundle(patient(id="p2")), b"", bundle(condition(code=[]))]
)
def test_a_bad_file_leaves_nothing(actor, content):
    with pytest.raises(InputError, match="FHIR-"):
        bundle_import(actor, content=content, file_name="bad.json")
    assert rows() == (0, 0, 0, 0, 0) and not ImportedDocument.objects.exists()
    assert not AuditEvent.objects.exists()


def test_a_fault_in_the_middle_of_writing_leaves_nothing(actor):
    def fail(_done, _total):
        raise ConnectionError

    with pytest.raises(ConnectionError):
        bundle_import(actor, content=bundle(condition(), observation()), file_name="a.json", on_progress=fail)
    assert rows() == (0, 0, 0, 0, 0) and not ImportedDocument.objects.exists()


def test_progress_ends_at_the_number_of_rows(actor):
    heard = []
    bundle_import(actor, content=ROSALINA.read_bytes(), file_name="r", on_progress=lambda *step: heard.append(step))
    total = read_bundle(ROSALINA.read_bytes()).rows.count
    assert heard[-1] == (total, total) and [done for done, _ in heard] == sorted(done for done, _ in heard)


@pytest.mark.django_db(transaction=True)
def test_two_imports_at_once_leave_one_chart():
    actor = Actor.person(make_user(make_clinic()))
    content = ROSALINA.read_bytes()
    start, changed = threading.Barrier(2), []

    def work():
        try:
            start.wait()
            changed.append(bundle_import(actor, content=content, file_name="r.gz").changed)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(changed) == [False, True]
    reading = read_bundle(content)
    assert rows()[0] == 1 and sum(rows()[1:]) == reading.rows.count
    assert selectors.chart_of(Patient.objects.get()) == reading.chart


def test_the_latest_observation_is_the_newest(actor):
    early = observation(id="1", value=80.0, effectiveDateTime="2020-01-01T00:00:00Z")
    late = observation(id="2", value=90.0, effectiveDateTime="2021-01-01T00:00:00Z")
    person = bundle_import(actor, content=bundle(late, early), file_name="a.json").document.patient
    latest = selectors.latest_observation(person, "29463-7")
    assert (latest.value, latest.effective_at) == (90.0, datetime(2021, 1, 1, tzinfo=UTC))
    assert selectors.latest_observation(person, "8302-2") is None


def test_a_person_typed_in_before_is_met_by_record_number(actor):
    known = make_patient(actor.clinic, mrn="77", birth_on=date(1980, 5, 17))
    assert bundle_import(actor, content=bundle(condition()), file_name="a.json").document.patient == known


def test_a_value_given_as_above_a_limit_is_stored_as_an_interval_and_shown_so(actor):
    quantity = {"value": 200, "comparator": ">", "system": "http://unitsofmeasure.org", "code": "kg"}
    content = bundle(observation() | {"valueQuantity": quantity})
    imported = bundle_import(actor, content=content, file_name="a.json")
    row = Observation.objects.get()
    assert (row.value, row.interval["lower"], row.interval["lower_open"]) == (None, 200.0, True)
    patient = imported.document.patient
    assert selectors.chart_of(patient) == read_bundle(content).chart
    assert banner_facts(patient).weight_range == "> 200"
    (line,) = measurements_of(patient)
    assert line.value == "> 200"
