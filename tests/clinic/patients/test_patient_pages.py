"""Pages of patients: works, colleague may, other clinic 404, wrong role refused."""

import gzip
from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from factories import make_clinic, make_patient, make_user
from fhir_bundles import DIANA, ROSALINA, allergy, bundle, condition, observation, patient, request

from reprieve.clinic.accounts.models import Role
from reprieve.clinic.audit.services import Actor
from reprieve.clinic.patients.models import Consent, ImportJob, ImportState, Patient
from reprieve.clinic.patients.services.imports import bundle_import
from reprieve.clinic.patients.services.tasks import safety_task_open
from reprieve.clinic.patients.services.uploads import upload_import, upload_queue
from reprieve.errors import InputError

AT = datetime(2026, 3, 5, 9, tzinfo=UTC)


@pytest.fixture
def clinic(db):
    return make_clinic()


@pytest.fixture
def people(clinic, client):
    """Sign in as somebody of this or of another clinic."""

    def sign_in(role=Role.PRESCRIBER, *, at=None):
        user = make_user(at or clinic, role)
        client.force_login(user)
        return client

    return sign_in


NEW = {"given_name": "Ann", "family_name": "Reed", "birth_on": "1990-01-02", "sex": "female", "mrn": "12", "phone": ""}
DECISION = {"scope": "treatment", "permit": "yes", "version": "2026-01", "decided_at": "2026-03-05T09:00"}


def text(response):
    return " ".join(response.content.decode().split())


class TestList:
    def test_it_finds_by_name_and_record_number_in_this_clinic_only(self, clinic, people):
        make_patient(clinic, family_name="Okafor", mrn="A100")
        make_patient(clinic, family_name="Lindqvist", mrn="B200")
        make_patient(make_clinic(), family_name="Okafor", mrn="C300")
        client = people()
        assert text(client.get("/patients/")).count("patient-row") == 2
        for query, found in (("okaf", ["Okafor"]), ("b20", ["Lindqvist"]), ("jonah okafor", ["Okafor"]), ("zz", [])):
            page = text(client.get("/patients/", {"q": query}))
            assert [name for name in ("Okafor", "Lindqvist") if name in page] == found
        assert "Nobody found" in page

    def test_an_empty_clinic_is_told_what_to_do(self, people):
        assert "No patients yet" in text(people(Role.FRONT_DESK).get("/patients/"))

    def test_open_tasks_are_counted(self, clinic, people):
        person = make_patient(clinic)
        safety_task_open(Actor.program("test", clinic), patient=person, rule="SR-05", params={}, opened_at=AT)
        assert "1 task" in text(people().get("/patients/"))

    def test_many_people_take_pages_and_few_queries(self, clinic, people, django_assert_max_num_queries):
        for _ in range(30):
            make_patient(clinic)
        client = people()
        with django_assert_max_num_queries(6):
            first = text(client.get("/patients/"))
        assert first.count("patient-row") == 25 and "1 to 25 of 30" in first
        assert text(client.get("/patients/", {"page": 2})).count("patient-row") == 5

    def test_a_patient_is_refused(self, people):
        assert people(Role.PATIENT).get("/patients/").status_code == 403


class TestDetail:
    @pytest.fixture
    def person(self, clinic):
        pregnancy = observation("82810-3", id="o5", valueCodeableConcept={"coding": [{"system": "s", "code": "N",
                                "display": "Not pregnant"}]})  # fmt: skip
        del pregnancy["valueQuantity"]
        daily = {"doseAndRate": [{"doseQuantity": {"value": 50, "code": "mg"}}],
                 "timing": {"repeat": {"frequency": 2, "period": 1, "periodUnit": "d"}}}  # fmt: skip
        content = bundle(
            condition(),
            condition(id="c2", clinicalStatus={"coding": [{"code": "resolved"}]}, abatementDateTime="2021-02-03",
                      code={"coding": [{"system": "s", "code": "x", "display": "Normal pregnancy"}]}),
            condition(id="c3", code={"coding": [{"system": "s", "code": "y", "display": "Stress (finding)"}]}),
            condition(id="c4", verificationStatus={"coding": [{"code": "refuted"}]}),
            request(), request(id="m2", status="stopped", medicationCodeableConcept={"text": "old pill"}),
            request(id="m3", dosageInstruction=[{"asNeededBoolean": True}],
                    medicationCodeableConcept={"text": "rescue"}),
            allergy(), observation(value=72.5),
            observation("8480-6", 131, "mm[Hg]", id="o2"), observation("8462-4", 84, "mm[Hg]", id="o3"),
            observation("44261-6", 19, "{score}", id="o4"), pregnancy,
            request(id="m4", medicationCodeableConcept={"text": "daily pill"}, dosageInstruction=[daily]),
        )  # fmt: skip
        actor = Actor.person(make_user(clinic))
        return bundle_import(actor, content=content, file_name="a.json").document.patient

    def test_the_banner_says_who_it_is(self, people, person):
        page = text(people(Role.NURSE).get(f"/patients/{person.id}"))
        for words in ("Reed, Jonah K.", "17 May 1980", "Male", "72.5 kg", "5 Mar 2024", "Aspirin", "Record 77"):
            assert words in page

    def test_unknown_is_not_shown_as_none(self, clinic, people):
        page = text(people().get(f"/patients/{make_patient(clinic).id}"))
        assert "none recorded: ask" in page and "not measured" in page and "Not asked yet" in page
        assert "No active problem on record" in page

    def test_problems_are_folded_when_they_are_over(self, people, person):
        page = text(people().get(f"/patients/{person.id}"))
        shown, folded = page.split("chart-fold", 1)
        assert "Major depressive disorder" in shown and "Normal pregnancy" not in shown
        assert "1 findings and situations" in folded and "2 that are over" in folded and "refuted" in folded

    @pytest.mark.parametrize(
        ("tab", "words"),
        [
            ("medicines", ["sertraline", "1 stopped or completed", "old pill", "as needed", "100 mg/d"]),
            ("allergies", ["Aspirin", "active"]),
            ("measurements", ["131/84", "mmHg", "72.5", "19", "ago", "Not pregnant", "PHQ-9 total score"]),
            ("nonsense", ["Major depressive disorder"]),
        ],
    )
    def test_tabs(self, people, person, tab, words):
        page = text(people().get(f"/patients/{person.id}", {"tab": tab}))
        assert all(word in page for word in words)

    @pytest.mark.parametrize("tab", ["medicines", "allergies", "measurements"])
    def test_empty_tabs_do_not_say_none(self, clinic, people, tab):
        assert "empty-state" in text(people().get(f"/patients/{make_patient(clinic).id}", {"tab": tab}))

    def test_the_front_desk_sees_no_chart(self, people, person):
        page = text(people(Role.FRONT_DESK).get(f"/patients/{person.id}"))
        assert "Major depressive disorder" not in page and "Consents" in page

    def test_another_clinic_does_not_find_them(self, people, person):
        assert people(at=make_clinic()).get(f"/patients/{person.id}").status_code == 404

    def test_a_patient_is_refused(self, people, person):
        assert people(Role.PATIENT).get(f"/patients/{person.id}").status_code == 403


class TestRegistration:
    @pytest.mark.parametrize("role", [Role.PRESCRIBER, Role.NURSE, Role.FRONT_DESK])
    def test_staff_may(self, clinic, people, role):
        answer = people(role).post("/patients/new", NEW)
        assert answer.url == reverse("patients:detail", args=[Patient.objects.get(clinic=clinic).id])

    def test_it_is_of_the_clinic_of_who_registers(self, clinic, people):
        elsewhere = make_clinic()
        people(at=elsewhere).post("/patients/new", NEW)
        assert Patient.objects.get().clinic == elsewhere

    def test_a_patient_is_refused(self, people):
        assert people(Role.PATIENT).post("/patients/new", NEW).status_code == 403
        assert not Patient.objects.exists()

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"mrn": "TAKEN"}, "belongs to somebody already"),
            ({"birth_on": "2999-01-01"}, "lies in the future"),
            ({"family_name": ""}, "This field is required"),
        ],
    )
    def test_bad_input_is_said_at_its_field(self, clinic, people, changes, words):
        make_patient(clinic, mrn="TAKEN")
        answer = people().post("/patients/new", NEW | changes)
        assert answer.status_code == 422 and words in text(answer)
        assert Patient.objects.count() == 1

    def test_the_form_is_empty_at_first(self, people):
        assert people().get("/patients/new").status_code == 200


class TestConsent:
    @pytest.mark.parametrize("role", [Role.PRESCRIBER, Role.NURSE])
    def test_clinicians_may(self, clinic, people, role):
        person = make_patient(clinic)
        answer = people(role).post(f"/patients/{person.id}/consents", DECISION, follow=True)
        assert "The decision is on record" in text(answer) and "form 2026-01" in text(answer)
        assert Consent.objects.get().permit is True

    def test_a_refusal_is_shown(self, clinic, people):
        person = make_patient(clinic)
        answer = people().post(f"/patients/{person.id}/consents", DECISION | {"permit": "no"}, follow=True)
        assert "Refused or withdrawn" in text(answer)

    def test_another_clinic_does_not_find_them(self, clinic, people):
        person = make_patient(clinic)
        assert people(at=make_clinic()).post(f"/patients/{person.id}/consents", DECISION).status_code == 404
        assert not Consent.objects.exists()

    @pytest.mark.parametrize("role", [Role.FRONT_DESK, Role.PATIENT])
    def test_other_roles_are_refused(self, clinic, people, role):
        assert people(role).post(f"/patients/{make_patient(clinic).id}/consents", DECISION).status_code == 403

    def test_the_future_cannot_be_signed(self, clinic, people):
        later = (timezone.now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
        person = make_patient(clinic)
        answer = people().post(f"/patients/{person.id}/consents", DECISION | {"decided_at": later}, follow=True)
        assert "cannot be signed in the future" in text(answer) and not Consent.objects.exists()


def upload(client, content, name="a.json", **extra):
    return client.post("/patients/import", {"file": SimpleUploadedFile(name, content)}, **extra)


class TestImport:
    @pytest.mark.parametrize("role", [Role.PRESCRIBER, Role.NURSE, Role.FRONT_DESK])
    def test_an_upload_is_queued_and_then_imported(self, people, role):
        client = people(role)
        status = upload(client, bundle(condition(), observation(valueQuantity={"value": 154}))).url
        waiting = text(client.get(status))
        assert "Waiting for its turn" in waiting and "every 1s" in waiting
        upload_import(job_id=ImportJob.objects.get().id)
        done = text(client.get(status))
        assert "A new patient with chart is on record" in done and "Open Reed, Jonah K." in done
        assert "The unit is missing or not coded in UCUM" in done and "entry[2].resource" in done
        assert "every 1s" not in done
        assert bytes(ImportJob.objects.get().content) == b""

    def test_working_a_job_off_twice_does_nothing_more(self, people):
        upload(people(), bundle())
        job_id = ImportJob.objects.get().id
        upload_import(job_id=job_id)
        upload_import(job_id=job_id)
        assert ImportJob.objects.get().state == ImportState.DONE and Patient.objects.count() == 1

    def test_the_same_file_again_says_so(self, people):
        client = people()
        for _ in range(2):
            status = upload(client, gzip.compress(bundle()), "a.json.gz").url
            upload_import(job_id=status.rsplit("/", 1)[1])
        assert "This bundle was imported before" in text(client.get(status))

    def test_a_broken_file_names_the_place_and_keeps_nothing(self, people):
        client = people()
        status = upload(client, bundle(patient(id="p2"))).url
        upload_import(job_id=ImportJob.objects.get().id)
        page = text(client.get(status))
        assert "This file was not imported" in page and "entry[1].resource" in page and "FHIR-TWO-PATIENTS" in page
        assert not Patient.objects.exists()

    def test_another_clinic_does_not_find_the_report(self, clinic, people):
        status = upload(people(), bundle()).url
        upload_import(job_id=ImportJob.objects.get().id)
        document = ImportJob.objects.get().document
        stranger = people(at=make_clinic())
        assert stranger.get(status).status_code == 404
        assert stranger.get(f"/patients/import/{document.id}").status_code == 404

    def test_a_patient_is_refused(self, people):
        client = people(Role.PATIENT)
        assert upload(client, bundle()).status_code == 403 and client.get("/patients/import").status_code == 403
        assert not ImportJob.objects.exists()

    def test_no_file_is_one_sentence(self, people):
        answer = people().post("/patients/import", {})
        assert answer.status_code == 422 and "Choose a file first" in text(answer)
        assert "The file is empty" in text(upload(people(), b""))

    def test_200_megabytes_are_answered_before_they_are_read(self, people):
        class Unreadable:
            def read(self, *_):
                raise AssertionError("the body was read")

            readline = read

        answer = people().generic(
            "POST", "/patients/import", b"", content_type="multipart/form-data; boundary=x",
            CONTENT_LENGTH=str(200 * 1024 * 1024), **{"wsgi.input": Unreadable()},
        )  # fmt: skip
        assert answer.status_code == 413
        assert "The file is larger than 64 MB; nothing was kept of it" in text(answer)
        assert not ImportJob.objects.exists()

    def test_an_upload_without_a_token_is_refused(self, clinic):
        from django.test import Client

        strict = Client(enforce_csrf_checks=True)
        strict.force_login(make_user(clinic))
        assert upload(strict, bundle()).status_code == 403
        assert not ImportJob.objects.exists()

    def test_earlier_imports_are_listed_with_their_reports(self, clinic, people):
        client = people()
        assert "Nothing imported yet" in text(client.get("/patients/import"))
        actor = Actor.program("reprieve import", clinic)
        document = bundle_import(actor, content=DIANA.read_bytes(), file_name="diana.json.gz").document
        assert "diana.json.gz" in text(client.get("/patients/import"))
        page = text(client.get(f"/patients/import/{document.id}"))
        assert "resources that Reprieve does not use" in page and "every row that Reprieve uses could be read" in page

    def test_a_program_cannot_upload(self, clinic):
        with pytest.raises(InputError, match="UPLOAD-PERSON"):
            upload_queue(Actor.program("x", clinic), content=b"x", file_name="x")


@pytest.mark.django_db(transaction=True)
def test_progress_is_seen_from_outside_while_the_import_is_unfinished(client):
    clinic = make_clinic()
    client.force_login(make_user(clinic))
    upload(client, ROSALINA.read_bytes(), "r.json.gz")
    job = ImportJob.objects.get()
    upload_import(job_id=job.id)
    job.refresh_from_db()
    assert (job.state, job.rows_done) == (ImportState.DONE, job.rows_total) and job.rows_total > 500


@pytest.mark.django_db(transaction=True)
def test_the_queue_knows_the_job(client):
    from procrastinate.contrib.django import app

    client.force_login(make_user(make_clinic()))
    upload(client, bundle())
    app.with_connector(app.connector.get_worker_connector()).run_worker(
        wait=False, install_signal_handlers=False, listen_notify=False
    )
    assert ImportJob.objects.get().state == ImportState.DONE
