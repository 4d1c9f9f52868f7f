"""A self-check by link: what is kept, what is not, and what it opens (S16, A8, SR-01)."""

from datetime import UTC, datetime, timedelta

import pytest
from factories import make_clinic, make_patient, make_user

from reprieve.clinic.accounts.models import Role
from reprieve.clinic.assessments import selectors, services
from reprieve.clinic.assessments.models import IntakeAnswer, SelfCheckLink
from reprieve.clinic.audit.models import AuditEvent
from reprieve.clinic.audit.services import Actor
from reprieve.clinic.patients.models import SafetyTask
from reprieve.errors import InputError
from reprieve.knowledge.self_check import self_check_questions

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
NOTHING = {fact: False for fact, question in self_check_questions().items() if not question.is_number}


@pytest.fixture
def patient():
    return make_patient(make_clinic())


def sent(patient, at=AT):
    return services.self_check_invite(
        Actor.person(make_user(patient.clinic, Role.FRONT_DESK)), patient=patient, at=at, valid_days=14
    )


def answer(link, at=AT, **answers):
    actor = Actor.program("self-check-link", link.patient.clinic)
    services.self_check_record(actor, link=link, answers={"age_years": 44.0, **NOTHING, **answers}, at=at)


def test_only_the_hash_of_the_secret_is_kept(patient):
    link, token = sent(patient)
    assert token not in str(SelfCheckLink.objects.values().get())
    assert selectors.link_of_token(token) == link and selectors.link_of_token("x") is None
    assert AuditEvent.objects.filter(action="self_check.invite", patient_id=patient.id).exists()


def test_answers_are_kept_as_said_by_the_patient_without_reassurance_about_suicide(patient):
    answer(sent(patient)[0], ketamine_allergy=None)
    kept = dict(IntakeAnswer.objects.values_list("fact", "value"))
    assert kept["aneurysm"] is False and kept["age_years"] == 44
    assert not {"cssrs_q2", "cssrs_q4", "cssrs_behaviour_3_months", "ketamine_allergy"} & kept.keys()
    assert set(IntakeAnswer.objects.values_list("said_by", flat=True)) == {"patient"}
    assert not SafetyTask.objects.exists()
    assert AuditEvent.objects.filter(action="self_check.record", patient_id=patient.id).exists()


def test_intent_on_a_phone_is_an_emergency_for_the_clinic(patient):
    answer(sent(patient)[0], cssrs_q2=True, cssrs_q4=True)
    assert set(SafetyTask.objects.values_list("rule", flat=True)) == {"SR-03", "SR-06"}
    assert all("self_check" in task.params and task.due_at == AT for task in SafetyTask.objects.all())


def test_thoughts_on_a_phone_ask_for_a_person(patient):
    answer(sent(patient)[0], cssrs_q2=True)
    task = SafetyTask.objects.get()
    assert task.rule == "SR-05" and AT < task.due_at <= AT + timedelta(days=1)


def test_a_link_works_once(patient):
    link, _ = sent(patient)
    answer(link)
    with pytest.raises(InputError, match="LINK-USED"):
        answer(link)
    assert not selectors.open_links(patient, at=AT).exists()


def test_a_link_runs_out(patient):
    link, _ = sent(patient)
    with pytest.raises(InputError, match="LINK-EXPIRED"):
        answer(link, at=AT + timedelta(days=14))
    assert not IntakeAnswer.objects.exists()
