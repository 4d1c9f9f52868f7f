"""ALG-03: an emergency blocks routine treatment until a person has settled it, whatever the rules decide."""

from datetime import UTC, datetime

import pytest
from course_factories import make_permitted_patient
from factories import make_clinic, make_user

from reprieve.clinic.accounts.models import Role
from reprieve.clinic.assessments.selectors import permits_course
from reprieve.clinic.audit.services import Actor
from reprieve.clinic.patients.services.tasks import safety_task_close, safety_task_open

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize("rule", ["SR-03", "SR-06"])
def test_an_open_emergency_closes_the_way_to_a_course(rule):
    patient = make_permitted_patient(make_clinic())
    user = make_user(patient.clinic, Role.PRESCRIBER)
    assert permits_course(patient)
    task = safety_task_open(Actor.person(user), patient=patient, rule=rule, params={}, opened_at=AT)
    assert not permits_course(patient)
    safety_task_close(
        Actor.person(user), task=task, by=user, note="Seen by psychiatry, safety plan signed.", closed_at=AT
    )
    assert permits_course(patient)


def test_a_question_that_only_asks_for_a_screener_does_not():
    rule = "SR-05"
    patient = make_permitted_patient(make_clinic())
    user = make_user(patient.clinic, Role.PRESCRIBER)
    safety_task_open(Actor.person(user), patient=patient, rule=rule, params={}, opened_at=AT)
    assert permits_course(patient)
