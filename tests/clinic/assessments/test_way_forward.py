"""Plan, settlement, override and letter: what they keep, whom they refuse, and that each leaves a trace."""

from datetime import UTC, datetime, timedelta

import pytest
from course_factories import person
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from factories import make_clinic, make_patient, make_user
from intake_answers import CLEAR

from reprieve.clinic.accounts.models import Role
from reprieve.clinic.assessments import selectors, services
from reprieve.clinic.assessments.models import ConflictSettlement, DeferralStep, OverrideEnd
from reprieve.clinic.assessments.papers.letter import letter_content, letter_pdf
from reprieve.clinic.audit.models import AuditEvent
from reprieve.clinic.audit.services import Actor
from reprieve.clinic.courses.models import CourseStatus
from reprieve.clinic.courses.services import course_close, course_create
from reprieve.errors import InputError

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
MARKUP = '<script>alert(1)</script> #panic("paper") $x$ ] #read("/etc/passwd")'
EPILEPSY = [{"system": "http://snomed.info/sct", "code": "84757009", "display": "Epilepsy"}]


@pytest.fixture
def clinic():
    return make_clinic(phone="555-0100")


@pytest.fixture
def patient(clinic):
    return make_patient(clinic)


@pytest.fixture
def doctor(clinic):
    return make_user(clinic)


def assessed(user, patient, *, at=AT, signed=True, **answers):
    actor = Actor.person(user)
    services.intake_record(actor, patient=patient, answers={**CLEAR, **answers}, at=at)
    made = services.assessment_make(actor, patient=patient, route="IV", indication_id="IND-TRD", at=at)
    if signed:
        services.assessment_sign(actor, assessment=made, at=at)
    return made


def login(client, clinic, role=Role.PRESCRIBER):
    user = make_user(clinic, role)
    client.force_login(user)
    return user


def disagree(patient):
    patient.conditions.create(
        fhir_id="Condition/1", clinical_status="active", verification_status="confirmed", codings=EPILEPSY
    )


# the deferral plan becomes work


def test_signing_a_not_yet_makes_its_steps_work(doctor, patient):
    made = assessed(doctor, patient, raised_icp=None, signed=False)
    assert made.decision == "DEFER" and not DeferralStep.objects.exists()
    services.assessment_sign(Actor.person(doctor), assessment=made, at=AT)
    steps = list(selectors.open_steps_of(patient))
    assert [step.facts for step in steps] == [row["facts"] for row in made.record["deferral_plan"]]
    assert all(step.owner and step.due_on >= AT.date() for step in steps) and steps
    assert AuditEvent.objects.filter(action="deferral.open", patient_id=patient.id).count() == 1


def test_a_second_not_yet_does_not_ask_twice(doctor, patient):
    assessed(doctor, patient, raised_icp=None)
    before = selectors.open_steps_of(patient).count()
    assessed(doctor, patient, at=AT + timedelta(days=1), raised_icp=None)
    assert selectors.open_steps_of(patient).count() == before


def test_a_candidate_has_no_steps(doctor, patient):
    made = assessed(doctor, patient)
    assert made.decision in {"ELIGIBLE", "CONDITIONAL"} and not DeferralStep.objects.exists()


def test_an_answer_from_before_there_were_plans_still_signs(doctor, patient):
    made = assessed(doctor, patient, raised_icp=None, signed=False)
    made.record = {key: value for key, value in made.record.items() if key != "deferral_plan"}
    services.assessment_sign(Actor.person(doctor), assessment=made, at=AT)
    assert not DeferralStep.objects.exists()


def test_a_step_stays_open_until_a_clinician_closes_it_with_a_note(client, clinic, doctor, patient):
    assessed(doctor, patient, raised_icp=None)
    step = selectors.open_steps_of(patient).first()
    nurse = login(client, clinic, Role.NURSE)
    address = reverse("assessments:step_close", args=[step.pk])
    client.post(address, {"note": "  "})
    step.refresh_from_db()
    assert step.closed_at is None
    answer = client.post(address, {"note": "CT read: no mass", "back": reverse("outcomes:tasks")})
    assert answer.headers["Location"] == reverse("outcomes:tasks")
    client.post(address, {"note": "again", "back": "https://elsewhere.example/"})
    step.refresh_from_db()
    assert (step.closed_by, step.closing_note) == (nurse, "CT read: no mass")
    assert AuditEvent.objects.filter(action="deferral.close", patient_id=patient.id).count() == 1


def test_a_step_keeps_what_it_asked_and_is_never_deleted(doctor, patient):
    assessed(doctor, patient, raised_icp=None)
    for change in (
        lambda: DeferralStep.objects.update(owner="patient"),
        lambda: DeferralStep.objects.all().delete(),
    ):
        with pytest.raises(IntegrityError, match="REP-APPEND-ONLY"), transaction.atomic():
            change()


def test_the_worklist_and_the_patient_show_open_steps(client, clinic, doctor, patient):
    assessed(doctor, patient, raised_icp=None)
    login(client, clinic, Role.NURSE)
    for address in (reverse("outcomes:tasks"), reverse("assessments:decision", args=[patient.pk])):
        page = client.get(address).content.decode()
        assert "From not yet to yes" in page and "Close the step" in page and "Overdue" in page
    assert "Overdue" in client.get(reverse("assessments:card", args=[patient.pk])).content.decode()
    login(client, clinic, Role.FRONT_DESK)
    assert "From not yet to yes" not in client.get(reverse("outcomes:tasks")).content.decode()


# a disagreement is settled


def test_a_clinician_settles_and_the_next_decision_follows(client, clinic, doctor, patient):
    disagree(patient)
    before = assessed(doctor, patient, seizure_6_months=False)
    assert [row["fact"] for row in before.record["conflicts"]] == ["seizure_disorder"]
    user = login(client, clinic, Role.NURSE)
    fields = {"fact": "seizure_disorder", "value": "no", "reason": "Neurology letter: it was syncope."}
    services.conflict_settle(Actor.person(user), patient=patient, fact="seizure_disorder", value=False,
                             reason=fields["reason"], at=AT)  # fmt: skip
    later = AT + timedelta(minutes=1)
    after = services.assessment_make(
        Actor.person(doctor), patient=patient, route="IV", indication_id="IND-TRD", at=later
    )
    assert "CI-SEIZ" in {row["rule"] for row in before.record["findings"]}
    assert "CI-SEIZ" not in {row["rule"] for row in after.record["findings"]}
    page = client.get(reverse("assessments:decision", args=[patient.pk])).content.decode()
    assert "Settled by a clinician" in page and "it was syncope" in page
    assert AuditEvent.objects.filter(action="conflict.settle", patient_id=patient.id).exists()
    with pytest.raises(InputError, match="SETTLE-NO-CONFLICT"):
        services.conflict_settle(Actor.person(user), patient=patient, fact="seizure_disorder", value=False,
                                 reason="again", at=AT)  # fmt: skip


def test_settling_by_the_page(client, clinic, doctor, patient):
    disagree(patient)
    assessed(doctor, patient, at=timezone.now())
    login(client, clinic)
    address = reverse("assessments:settle", args=[patient.pk])
    record = selectors.latest_assessment(patient).record["conflicts"][0]
    fact = {"fact": "seizure_disorder", "seen": selectors.mark_of(record["believed"], record["other"])}
    client.post(address, {**fact, "value": "perhaps", "reason": "x"})
    client.post(address, {**fact, "value": "yes", "reason": ""})
    client.post(address, {**fact, "value": "yes", "reason": "x", "fact": "no_such_fact"})
    client.post(address, {**fact, "value": "yes", "reason": "what was seen is no more", "seen": "0" * 64})
    assert not ConflictSettlement.objects.exists()
    assert "Settle it" in client.get(reverse("assessments:decision", args=[patient.pk])).content.decode()
    client.post(address, {**fact, "value": "yes", "reason": "Seen the EEG"})
    client.post(address, {**fact, "value": "yes", "reason": "twice"})
    assert ConflictSettlement.objects.get().value is True
    for change in (lambda: ConflictSettlement.objects.update(value=False), ConflictSettlement.objects.all().delete):
        with pytest.raises(IntegrityError, match="REP-APPEND-ONLY"), transaction.atomic():
            change()


@pytest.mark.parametrize(
    ("fact", "sides", "control", "answers"),
    [
        ("sud_history", ("moderate_severe", "none"), 'value="mild"', ("some", "mild", "mild")),
        ("months_since_stroke", (3.0, 20.0), "(months)", ("9000", "4.5", 4.5)),
        ("psychotherapy_tried", (False, True), 'value="no"', ("1", "yes", True)),
    ],
)
def test_words_numbers_and_plain_answers_are_settled_by_the_page(  # noqa: PLR0917 three are fixtures
    client, doctor, patient, fact, sides, control, answers
):
    clinician, patient_says = sides
    wrong, settled, value = answers
    now = timezone.now()
    assessed(doctor, patient, at=now - timedelta(days=1))
    by_clinician = {"answers": {fact: clinician}, "at": now - timedelta(minutes=9), "said_by": "clinician"}
    services.intake_record(Actor.person(doctor), patient=patient, **by_clinician)
    made = assessed(doctor, patient, at=now, **{fact: patient_says})
    record = next(row for row in made.record["conflicts"] if row["fact"] == fact)
    assert (record["believed"]["value"], record["other"]["value"]) == (clinician, patient_says)
    client.force_login(doctor)
    page = client.get(reverse("assessments:decision", args=[patient.pk])).content.decode()
    seen = selectors.mark_of(record["believed"], record["other"])
    assert "They disagree" in page and control in page and seen in page
    given = {"fact": fact, "seen": seen, "reason": "Read the letter of the ward."}
    client.post(reverse("assessments:settle", args=[patient.pk]), {**given, "value": wrong})
    assert not ConflictSettlement.objects.exists()
    client.post(reverse("assessments:settle", args=[patient.pk]), {**given, "value": settled})
    assert ConflictSettlement.objects.get().value == value
    after = services.assessment_make(
        Actor.person(doctor), patient=patient, route="IV", indication_id="IND-TRD", at=timezone.now()
    )
    assert fact not in {row["fact"] for row in after.record["conflicts"]}
    assert fact in {row["stated"]["fact"] for row in after.record["settled"]}


def test_an_answer_that_knowledge_no_longer_takes_for_possible_is_not_read(doctor, patient):
    services.intake_record(Actor.person(doctor), patient=patient, answers={"madrs": 34.0}, at=AT)
    patient.intake_answers.create(fact="madrs", value=900, said_by="clinician", answered_at=AT, recorded_by=doctor)
    case = selectors.case_of(patient, at=AT)
    assert [fact.value for fact in case.statements if fact.key == "madrs"] == [34.0]


def test_what_is_said_after_a_settlement_opens_it_again(doctor, patient):
    disagree(patient)
    assessed(doctor, patient)
    services.conflict_settle(Actor.person(doctor), patient=patient, fact="seizure_disorder", value=False,
                             reason="syncope", at=AT)  # fmt: skip
    later = assessed(doctor, patient, at=AT + timedelta(days=2))
    assert [row["fact"] for row in later.record["conflicts"]] == ["seizure_disorder"]


def test_a_settlement_needs_a_clinician_and_a_reason(clinic, doctor, patient):
    disagree(patient)
    assessed(doctor, patient)
    desk = Actor.person(make_user(clinic, Role.FRONT_DESK))
    with pytest.raises(InputError, match="ASSESSMENT-ROLE"):
        services.conflict_settle(desk, patient=patient, fact="seizure_disorder", value=False, reason="x", at=AT)
    with pytest.raises(InputError, match="SETTLE-REASON"):
        services.conflict_settle(Actor.person(doctor), patient=patient, fact="seizure_disorder", value=False,
                                 reason=" ", at=AT)  # fmt: skip


# an override ends with its series


def overridden(clinic, doctor, patient):
    made = assessed(doctor, patient, psychosis_other_ever=True)
    actor = Actor.person(doctor)
    services.override_sign(actor, assessment=made, risk_benefit="Severe", mitigation="Watched", at=AT)
    second = Actor.person(make_user(clinic, Role.NURSE))
    services.override_sign(second, assessment=made, risk_benefit="", mitigation="", at=AT)
    return made


def test_an_override_ends_with_the_series_that_followed_it(client, clinic, doctor, patient):
    made = overridden(clinic, doctor, patient)
    actor = Actor.person(doctor)
    course = course_create(actor, patient=patient, regimen_id="REG-IV-STD6-3W", indication_id="IND-TRD",
                           starts_on=AT.date(), at=AT)  # fmt: skip
    assert selectors.permits_course(patient)
    course_close(actor, course=course, status=CourseStatus.COMPLETED, reason="Six given", at=AT)
    assert not selectors.permits_course(patient)
    assert OverrideEnd.objects.get().assessment == made
    assert AuditEvent.objects.filter(action="assessment.override_end", patient_id=patient.id).exists()
    with pytest.raises(InputError, match="COURSE-CANDIDACY"):
        course_create(actor, patient=patient, regimen_id="REG-IV-STD6-3W", indication_id="IND-TRD",
                      starts_on=AT.date(), at=AT)  # fmt: skip
    login(client, clinic)
    page = client.get(reverse("assessments:decision", args=[patient.pk])).content.decode()
    assert "Ended with its series" in page and "Assess again before another series" in page


def test_a_series_from_before_the_override_does_not_end_it(clinic, doctor, patient):
    overridden(clinic, doctor, patient)
    ended = services.overrides_end(person(clinic), patient=patient, series_began_at=AT - timedelta(days=1), at=AT)
    assert ended == [] and selectors.permits_course(patient)


# the letter


def test_a_letter_goes_out_only_about_a_signed_and_newest_decision(client, clinic, doctor, patient):
    login(client, clinic, Role.NURSE)
    address = reverse("assessments:letter", args=[patient.pk])
    assert client.get(address).status_code == 302
    made = assessed(doctor, patient, raised_icp=None, signed=False)
    answer = client.get(address, follow=True)
    assert "LETTER-UNSIGNED" in answer.content.decode()
    assert not AuditEvent.objects.filter(action="assessment.letter").exists()
    services.assessment_sign(Actor.person(doctor), assessment=made, at=AT)
    printed = client.get(address)
    assert printed.headers["Content-Type"] == "application/pdf" and printed.content.startswith(b"%PDF")
    assert AuditEvent.objects.filter(action="assessment.letter", patient_id=patient.id).count() == 1
    services.assessment_make(Actor.person(doctor), patient=patient, route="IV", indication_id="IND-TRD",
                             at=AT + timedelta(minutes=1))  # fmt: skip
    assert client.get(address).status_code == 302
    with pytest.raises(InputError, match="LETTER-OLD"):
        services.letter_issue(Actor.person(doctor), assessment=made, at=AT)


def test_the_letter_says_decision_reasons_steps_contact_and_version(doctor, patient):
    made = assessed(doctor, patient, raised_icp=None, systolic_mmhg=150)
    paper = letter_content(made, printed_at=AT)
    assert paper["decision"] == "Not yet" and "555-0100" in paper["closing"]
    assert "CI-HTN-140" in {row[3] for row in paper["reasons"]}
    assert paper["steps"] and all(what and who and by for what, who, by in paper["steps"])
    assert made.knowledge_hash[:12] in paper["version"] and "Ada Ward" in paper["signed"] and paper["emergency"] == ""


def test_the_letter_of_an_emergency_says_so_first(doctor, patient):
    made = assessed(doctor, patient, cssrs_q1=True, cssrs_q2=True, cssrs_q3=True, cssrs_q4=True, cssrs_q5=True)
    paper = letter_content(made, printed_at=AT)
    assert paper["decision"] == "Emergency first" and "988" in paper["emergency"]


def test_the_letter_of_a_passing_exclusion_says_that_it_passes(doctor, patient):
    patient.clinic.phone = ""
    made = assessed(doctor, patient, medications=[{"name": "theophylline", "daily_dose_mg": 400}])
    assert "for now" in letter_content(made, printed_at=AT)["meaning"]
    assert "write to us" in letter_content(made, printed_at=AT)["closing"]


def test_hostile_text_is_printed_and_never_run(client, clinic, doctor, patient):
    patient.family_name = patient.given_name = MARKUP
    patient.save()
    patient.clinic.name = MARKUP
    made = assessed(doctor, patient, medications=[{"name": MARKUP, "daily_dose_mg": 2}], raised_icp=None)
    made.patient.clinic.name = MARKUP
    assert letter_pdf(made, printed_at=AT).startswith(b"%PDF")
    login(client, clinic)
    for name in ("decision", "intake", "card"):
        page = client.get(reverse(f"assessments:{name}", args=[patient.pk])).content.decode()
        assert "<script>alert" not in page, name


# pages


def test_the_routes_stand_side_by_side(client, clinic, doctor, patient):
    patient.conditions.create(
        fhir_id="Condition/2", clinical_status="active", verification_status="confirmed",
        codings=[{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "I61.9", "display": "Haemorrhage"}],
    )  # fmt: skip
    assessed(doctor, patient, months_since_haemorrhage=60)
    login(client, clinic)
    answer = client.get(reverse("assessments:decision", args=[patient.pk]))
    columns = {column.words.word: column for column in answer.context["routes"]}
    assert len(answer.context["routes"]) == 4 and "Not a candidate" in columns
    assert "CI-ICH" in {reason.rule for reason in columns["Not a candidate"].reasons}  # esketamine alone excludes it


def test_the_intake_shows_who_said_what_until_when_and_what_matters_most(client, clinic, doctor, patient):
    disagree(patient)
    assessed(doctor, patient, at=timezone.now(), raised_icp=None)
    login(client, clinic, Role.NURSE)
    page = client.get(reverse("assessments:intake", args=[patient.pk])).content.decode()
    for text in ("good until", "Matter most now", "known</label>", "mmHg</span>", "hint-other", "Epilepsy"):
        assert text in page, text


@pytest.mark.parametrize("name", ["decision", "intake"])
def test_pages_ask_the_database_a_bounded_number_of_times(client, doctor, patient, name, django_assert_max_num_queries):
    disagree(patient)
    for day in range(3):
        assessed(doctor, patient, at=AT + timedelta(days=day), raised_icp=None)
    login(client, patient.clinic)
    with django_assert_max_num_queries(35):
        client.get(reverse(f"assessments:{name}", args=[patient.pk]))


# words of steps and letter


def test_a_step_says_what_to_do_and_a_question_can_be_answered(doctor, patient):
    made = assessed(doctor, patient, raised_icp=None, medications=[{"name": "alprazolam", "daily_dose_mg": 2}])
    said = " ".join(what for what, _who, _by in letter_content(made, printed_at=AT)["steps"])
    assert "Find out: Raised intracranial pressure, brain mass" in said and "yes or no" not in said
    assert "Taper plan with the prescriber." in said  # DDI-BZD-8: alprazolam 2 mg is 40 mg of diazepam (ASHTON)


def test_the_letter_of_a_review_says_who_decides(clinic, doctor, patient):
    made = assessed(doctor, patient, psychosis_other_ever=True)
    assert "have to weigh risk and benefit" in letter_content(made, printed_at=AT)["no_steps"]
    actor = Actor.person(doctor)
    services.override_sign(actor, assessment=made, risk_benefit="Severe", mitigation="Watched", at=AT)
    second = Actor.person(make_user(clinic, Role.NURSE))
    services.override_sign(second, assessment=made, risk_benefit="", mitigation="", at=AT)
    assert "decided to go ahead" in letter_content(made, printed_at=AT)["no_steps"]
    later = assessed(doctor, patient, psychosis_other_ever=False, at=AT + timedelta(hours=1))
    assert "nothing further" in letter_content(later, printed_at=AT)["no_steps"]


def test_the_page_says_when_an_old_decision_no_longer_holds(client, clinic, doctor, patient):
    assessed(doctor, patient, at=timezone.now() - timedelta(days=200))
    login(client, clinic)
    assert "assess again" in client.get(reverse("assessments:decision", args=[patient.pk])).content.decode()
    assessed(doctor, patient, at=timezone.now())
    assert "assess again" not in client.get(reverse("assessments:decision", args=[patient.pk])).content.decode()
