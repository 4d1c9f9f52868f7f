"""Answers in: scored once, kept for good, and a person is asked where the answers ask for one."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from factories import make_clinic, make_patient, make_user
from outcome_factories import FIRST_DOSE_AT as AT
from outcome_factories import (
    answered,
    make_dose,
    make_imported_total,
    make_planned_course,
    make_score,
    total_of,
)

from reprieve.clinic.accounts.models import Role
from reprieve.clinic.audit.models import AuditEvent
from reprieve.clinic.audit.services import Actor
from reprieve.clinic.outcomes import selectors
from reprieve.clinic.outcomes.models import Invitation, Mode, QuestionnaireResponse
from reprieve.clinic.outcomes.selectors import Provenance
from reprieve.clinic.outcomes.services import invitation_send, response_record
from reprieve.clinic.patients.models import Observation, SafetyTask
from reprieve.clinic.patients.services.tasks import safety_task_close
from reprieve.domain.outcomes.scoring import ScoreStatus
from reprieve.errors import InputError

pytestmark = pytest.mark.django_db


@pytest.fixture
def patient():
    return make_patient(make_clinic())


def rules(patient):
    return list(SafetyTask.objects.filter(patient=patient).values_list("rule", flat=True))


def test_the_secret_of_a_link_is_not_kept(patient):
    invitation, token = invitation_send(Actor.program("test", patient.clinic), patient=patient, at=AT)
    stored = Invitation.objects.values().get()
    assert token not in str(stored)
    assert selectors.invitation_of_token(token) == invitation
    assert selectors.invitation_of_token(token[:-1]) is None
    assert invitation.expires_at == AT + timedelta(days=7)
    assert AuditEvent.objects.filter(action="invitation.send", patient_id=patient.id).count() == 1


def test_an_unknown_questionnaire_cannot_be_sent(patient):
    with pytest.raises(KeyError):
        invitation_send(Actor.program("test", patient.clinic), patient=patient, instrument_id="mood", at=AT)


def test_a_complete_form_is_scored_and_its_total_enters_the_chart(patient):
    response = make_score(patient, answered(2, 2, 2, 2, 1, 1, 2, 0, 0, 1), at=AT)
    # [V] HL7 SDC example: total 12
    assert (response.status, response.total, response.item9, response.missing) == ("complete", 12, 0, [])
    observation = Observation.objects.get(patient=patient)
    assert (observation.loinc, observation.value, observation.unit) == ("44261-6", 12.0, "{score}")
    assert response.observation == observation
    assert response.answers["10"] == 1
    assert len(response.knowledge_hash) == 64
    assert AuditEvent.objects.filter(action="response.record").count() == 1


def test_a_missing_answer_is_kept_as_missing(patient):
    response = make_score(patient, answered(2, 2, 2, 2, 2, 2, None, 2, 2), at=AT)
    assert (response.status, response.total, response.missing) == ("prorated", 18, [7])  # [D] 16 x 9 / 8
    assert response.answers["7"] is None


def test_three_missing_answers_leave_no_total_anywhere(patient):
    response = make_score(patient, answered(3, 3, 3, None, None, None, 3, 3, 0), at=AT)
    assert (response.status, response.total, response.observation) == ("not_scorable", None, None)
    assert not Observation.objects.exists()
    [point] = selectors.scores_of(patient)
    assert (point.total, point.status) == (None, ScoreStatus.NOT_SCORABLE)


def test_gad7_enters_the_chart_under_its_own_code(patient):
    response = make_score(patient, answered(2, 1, 2, 1, 0, 1, 0), at=AT, instrument_id="gad-7")
    assert (response.total, response.item9) == (7, None)  # [V] KTC example
    assert Observation.objects.get().loinc == "70274-6"
    assert selectors.scores_of(patient) == []
    assert len(selectors.scores_of(patient, "gad-7")) == 1


def test_item_9_opens_a_task_that_only_a_person_with_a_note_closes(patient):
    response = make_score(patient, answered(0, 0, 0, 0, 0, 0, 0, 0, 1), at=AT)
    task = SafetyTask.objects.get()
    assert (task.rule, task.due_at) == ("SR-05", AT + timedelta(hours=24))  # FU-SI-ESC: within 24 h
    assert task.params == {"instrument": "phq-9", "item": 9, "value": 1, "response": str(response.id)}
    make_score(patient, total_of(0), at=AT + timedelta(days=1))
    assert list(selectors.open_tasks(patient.clinic)) == [task]  # a later good answer closes nothing
    nurse = make_user(patient.clinic, Role.NURSE)
    with pytest.raises(InputError, match="Write what was done"):
        safety_task_close(Actor.person(nurse), task=task, by=nurse, note="  ", closed_at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        SafetyTask.objects.filter(pk=task.pk).update(closed_at=AT)
    safety_task_close(Actor.person(nurse), task=task, by=nurse, note="C-SSRS low, plan renewed.", closed_at=AT)
    assert not selectors.open_tasks(patient.clinic).exists()
    assert list(selectors.recently_closed_tasks(patient.clinic, at=AT)) == [task]


def test_item_9_not_answered_opens_its_own_task(patient):
    make_score(patient, answered(0, 0, 0, 0, 0, 0, 0, 0, None), at=AT)
    assert rules(patient) == ["PHQ9-ITEM9-MISSING"]


def test_item_9_without_a_total_still_opens_a_task(patient):
    response = make_score(patient, {9: 2}, at=AT)
    assert response.total is None
    assert rules(patient) == ["SR-05"]


def test_a_rise_of_five_points_after_a_dose_asks_for_a_call(patient):
    make_score(patient, total_of(10), at=AT - timedelta(days=3))
    make_dose(make_planned_course(patient))
    make_score(patient, total_of(14), at=AT + timedelta(days=2))
    assert rules(patient) == []
    make_score(patient, total_of(19), at=AT + timedelta(days=4))
    task = SafetyTask.objects.get()
    assert (task.rule, task.params["before"], task.params["after"]) == ("FU-WORSE", 14, 19)
    assert task.due_at == AT + timedelta(days=6)  # FU-WORSE: within 48 h


def test_a_rise_without_any_dose_is_no_effect_of_treatment(patient):
    make_score(patient, total_of(5), at=AT - timedelta(days=9))
    make_score(patient, total_of(20), at=AT - timedelta(days=1))
    assert rules(patient) == []


def test_an_answer_off_the_form_is_refused_and_nothing_is_kept(patient):
    with pytest.raises(InputError, match="ANSWER"):
        make_score(patient, {1: 4}, at=AT)
    assert not QuestionnaireResponse.objects.exists()
    assert Invitation.objects.get().used_at is None


def test_a_link_takes_one_set_of_answers(patient):
    actor = Actor.program("test", patient.clinic)
    invitation, _ = invitation_send(actor, patient=patient, at=AT)
    response_record(actor, invitation=invitation, answers=total_of(5), mode=Mode.LINK, at=AT)
    with pytest.raises(InputError, match="LINK-USED"):
        response_record(actor, invitation=invitation, answers=total_of(20), mode=Mode.LINK, at=AT)
    assert QuestionnaireResponse.objects.get().total == 5


def test_an_expired_link_takes_none(patient):
    actor = Actor.program("test", patient.clinic)
    invitation, _ = invitation_send(actor, patient=patient, at=AT, valid_days=1)
    with pytest.raises(InputError, match="LINK-EXPIRED"):
        response_record(actor, invitation=invitation, answers=total_of(5), mode=Mode.LINK, at=AT + timedelta(days=1))


def test_answers_are_never_changed_or_deleted(patient):
    response = make_score(patient, total_of(5), at=AT)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        QuestionnaireResponse.objects.filter(pk=response.pk).update(total=0)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        response.delete()


def test_minutes_since_the_last_dose_count_an_unsigned_session(patient):
    course = make_planned_course(patient)
    before = make_score(patient, total_of(15), at=AT - timedelta(days=1))
    make_dose(course, at=AT, signed=False)
    after = make_score(patient, total_of(12), at=AT + timedelta(hours=2))
    assert (before.minutes_since_dose, after.minutes_since_dose) == (None, 120)


def test_imported_totals_are_marked_and_never_counted_twice(patient):
    make_imported_total(patient, 21.0, at=AT - timedelta(days=30))
    make_imported_total(patient, 45.0, at=AT - timedelta(days=20))
    make_imported_total(patient, 12.5, at=AT - timedelta(days=10))
    make_score(patient, total_of(15), at=AT)
    points = selectors.scores_of(patient)
    assert [(point.total, point.provenance) for point in points] == [
        (21, Provenance.IMPORTED),
        (None, Provenance.IMPORTED),  # 45 and 12.5 are no PHQ-9 totals: shown, not rounded, not dropped
        (None, Provenance.IMPORTED),
        (15, Provenance.ANSWERED),
    ]
    assert points[0].item9 is None


def test_doses_carry_what_was_given_once_signed(patient, django_assert_num_queries):
    course = make_planned_course(patient)
    make_dose(course, 1, at=AT)
    make_dose(course, 2, at=AT + timedelta(days=1))
    make_dose(course, 3, at=AT + timedelta(days=2), signed=False)
    with django_assert_num_queries(3):  # not one a session
        doses = selectors.doses_of(patient)
    assert [dose.mg_per_kg and round(dose.mg_per_kg, 3) for dose in doses] == [0.5, 0.5, None]  # [D] 40 mg / 80 kg


def test_tasks_of_another_clinic_do_not_exist(patient):
    make_score(patient, {9: 1}, at=AT)
    assert not selectors.open_tasks(make_clinic("Elsewhere")).exists()


def test_tasks_due_first_stand_first(patient):
    make_score(patient, {9: 1}, at=AT)
    other = make_patient(patient.clinic)
    make_score(other, {9: 1}, at=AT - timedelta(hours=5))
    assert [task.patient for task in selectors.open_tasks(patient.clinic)] == [other, patient]
