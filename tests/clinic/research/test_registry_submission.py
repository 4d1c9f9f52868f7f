"""Signing a session sends de-identified rows for whoever consented, once, and deletes them for whoever withdraws."""

from datetime import timedelta

import pyarrow.parquet as pq
import pytest
from factories import make_clinic, make_patient
from registry_sessions import (
    FIRST_DOSE_AT,
    make_course,
    make_registry_consent,
    make_score,
    make_signed_session,
    make_treated_patient,
)  # fmt: skip

from reprieve.clinic.audit.models import AuditEvent
from reprieve.clinic.audit.services import Actor
from reprieve.clinic.research import jobs
from reprieve.clinic.research.models import Outcome, RegistryParticipant, Submission
from reprieve.clinic.research.services import person_submit, registry_store, submission_make

pytestmark = pytest.mark.django_db
LATER = FIRST_DOSE_AT + timedelta(days=2)


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    settings.REGISTRY_STORE = tmp_path / "registry"
    return registry_store()


def program(patient) -> Actor:
    return Actor.program("registry", patient.clinic)


def rows(store, name):
    if not store.root.exists():
        return []
    with store.reading() as tables:
        return getattr(tables, name).to_pyarrow().to_pylist()


def actions(patient) -> list[str]:
    found = AuditEvent.objects.filter(patient_id=patient.pk, action__startswith="registry.")
    return list(found.order_by("id").values_list("action", flat=True))


def test_a_signed_session_becomes_a_row_with_lineage_back_to_its_log(store):
    patient, session = make_treated_patient()
    submission = submission_make(program(patient), session=session, at=LATER)
    (row,) = rows(store, "sessions")
    assert submission.outcome == Outcome.ACCEPTED
    assert row["row_id"] == str(submission.row_id)
    assert (submission.event_hash, submission.event_seq) == (session.last_hash, session.last_seq)
    assert (row["days_since_first_dose"], row["delivered_mg"], row["infusion_min"]) == (0, 40.0, 40.0)
    assert (row["baseline_systolic_mmhg"], row["peak_systolic_mmhg"], row["lowest_spo2_percent"]) == (122, 151, 95)
    assert (row["adverse_event_codes"], row["intervention_codes"]) == (["AE-NAUS"], ["antiemetic"])
    assert (row["baseline_phq9"], row["weight_basis"], row["released_after_min"]) == (18, "actual", 110.0)
    assert [score["total"] for score in rows(store, "scores")] == [18, 7]
    assert actions(patient) == ["registry.enrol", "registry.submit", "registry.accepted"]


def test_nothing_that_names_the_person_is_in_the_files(store):
    patient, session = make_treated_patient(
        family_name="Wolkenstein", given_name="Zebulon", mrn="MRN-77-4411", phone="555 0100"
    )
    submission_make(program(patient), session=session, at=LATER)
    files = list(store.root.rglob("*.parquet"))
    # uncompressed text of every value beside the raw bytes, since the files are compressed
    content = b"".join(path.read_bytes() + str(pq.read_table(path).to_pydict()).encode() for path in files)
    secrets = ["Wolkenstein", "Zebulon", "MRN-77-4411", "555 0100", "1980-05-17", "2026-03-02", "Mrs Reed", "Ruth",
               "ondansetron", str(patient.pk), str(session.pk), session.last_hash, patient.clinic.name]  # fmt: skip
    assert [secret for secret in secrets if secret.encode() in content] == []
    assert not any(str(patient.pk) in str(path) or "2026" in path.name for path in files)


def test_submitting_twice_changes_nothing(store):
    patient, session = make_treated_patient()
    first = submission_make(program(patient), session=session, at=LATER)
    files = {path.name: path.read_bytes() for path in store.root.rglob("*.parquet")}
    second = submission_make(program(patient), session=session, at=LATER + timedelta(hours=1))
    assert (first.row_id, first.submitted_at) == (second.row_id, second.submitted_at)
    assert {path.name: path.read_bytes() for path in store.root.rglob("*.parquet")} == files
    assert actions(patient) == ["registry.enrol", "registry.submit", "registry.accepted"]


@pytest.mark.parametrize("refuses", [False, True])
def test_without_consent_nothing_leaves_and_that_is_recorded(store, refuses):
    patient, session = make_treated_patient(consents=False)
    if refuses:
        make_registry_consent(patient, permit=False)
    submission = submission_make(program(patient), session=session, at=LATER)
    assert submission.outcome == Outcome.NO_CONSENT
    assert not store.root.exists()
    assert not RegistryParticipant.objects.exists()
    assert actions(patient) == ["registry.no_consent"]
    submission_make(program(patient), session=session, at=LATER)
    assert actions(patient) == ["registry.no_consent"]


def test_consent_given_later_sends_the_earlier_session(store):
    patient, session = make_treated_patient(consents=False)
    submission_make(program(patient), session=session, at=LATER)
    make_registry_consent(patient, day=3)
    person_submit(program(patient), patient=patient, at=LATER + timedelta(days=2))
    assert Submission.objects.get(session=session).outcome == Outcome.ACCEPTED
    assert len(rows(store, "sessions")) == 1


def test_withdrawal_deletes_the_rows_and_coming_back_makes_a_new_person(store):
    patient, session = make_treated_patient()
    before = submission_make(program(patient), session=session, at=LATER)
    study_id = RegistryParticipant.objects.get().study_id
    make_registry_consent(patient, permit=False, day=3)
    person_submit(program(patient), patient=patient, at=LATER + timedelta(days=2))
    assert rows(store, "people") == rows(store, "sessions") == rows(store, "scores") == []
    assert Submission.objects.get().outcome == Outcome.WITHDRAWN
    assert actions(patient)[-1] == "registry.withdraw"
    person_submit(program(patient), patient=patient, at=LATER + timedelta(days=3))
    assert actions(patient).count("registry.withdraw") == 1

    make_registry_consent(patient, day=6)
    person_submit(program(patient), patient=patient, at=LATER + timedelta(days=5))
    after = Submission.objects.get()
    assert after.outcome == Outcome.ACCEPTED
    assert after.row_id != before.row_id
    assert RegistryParticipant.objects.get().study_id != study_id
    assert [row["study_id"] for row in rows(store, "people")] == [str(RegistryParticipant.objects.get().study_id)]


def test_a_later_score_is_brought_in_by_the_refresh(store):
    patient, session = make_treated_patient()
    submission_make(program(patient), session=session, at=LATER)
    make_score(patient, day=20, total=4)
    jobs.refresh_person(patient_id=str(patient.pk))
    assert [score["total"] for score in rows(store, "scores")] == [18, 7, 4]
    (person,) = rows(store, "people")
    assert person["version"] == 2
    assert person["follow_up_closed"]


def test_an_impossible_session_is_refused_with_its_reason(store):
    patient = make_patient(make_clinic())
    make_registry_consent(patient)
    session = make_signed_session(make_course(patient), infusion_min=241)
    submission = submission_make(program(patient), session=session, at=LATER)
    assert submission.outcome == Outcome.REJECTED
    (finding,) = submission.findings
    assert finding == {
        "rule": "DQ09", "severity": "E", "sentence": "The infusion lasts longer than 4 hours.",
    }  # fmt: skip
    assert rows(store, "people") == []
    assert RegistryParticipant.objects.get().findings[0]["rule"] == "DQ03"


def test_a_session_without_a_dose_has_no_row(store):
    patient = make_patient(make_clinic())
    make_registry_consent(patient)
    session = make_signed_session(make_course(patient), dosed=False)
    submission = submission_make(program(patient), session=session, at=LATER)
    assert (submission.outcome, submission.findings[0]["rule"]) == (Outcome.REJECTED, "REG-NO-DOSE")
    assert rows(store, "people") == []


def test_two_sessions_of_one_course(store):
    _, first = make_treated_patient()
    second = make_signed_session(first.order.planned_session.course, day=3, number=2)
    jobs.submit_session(session_id=str(second.pk))
    assert [row["days_since_first_dose"] for row in rows(store, "sessions")] == [0, 3]
    assert set(Submission.objects.values_list("outcome", flat=True)) == {Outcome.ACCEPTED}
    (person,) = rows(store, "people")
    assert (person["induction_sessions"], person["last_induction_day"], person["baseline_phq9"]) == (2, 3, 18)


def test_a_store_that_cannot_be_written_leaves_the_session_waiting_and_a_retry_sends_it(store):
    patient, session = make_treated_patient()
    store.root.write_text("in the way")
    with pytest.raises(OSError, match="registry"):
        submission_make(program(patient), session=session, at=LATER)
    assert Submission.objects.get().outcome == Outcome.WAITING
    store.root.unlink()
    assert submission_make(program(patient), session=session, at=LATER).outcome == Outcome.ACCEPTED
    assert RegistryParticipant.objects.count() == 1


def test_the_nightly_job_asks_for_everybody_with_a_signed_session():
    patient, _ = make_treated_patient()
    make_patient(make_clinic())
    queued = []
    from procrastinate import testing
    from procrastinate.contrib.django import app

    with app.replace_connector(testing.InMemoryConnector()) as memory:
        jobs.refresh_everyone(timestamp=0)
        queued = [job["args"] for job in memory.connector.jobs.values()]
    assert queued == [{"patient_id": str(patient.pk)}]


def test_a_person_nobody_has_treated_has_nothing_to_send(store):
    patient = make_patient(make_clinic())
    make_registry_consent(patient)
    person_submit(program(patient), patient=patient, at=LATER)
    assert not store.root.exists()
