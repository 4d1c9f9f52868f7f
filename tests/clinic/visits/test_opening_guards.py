"""Who may be seated where, and when nobody may."""

from datetime import UTC, datetime

import pytest
from course_factories import check, make_order
from factories import make_clinic, make_user

from reprieve.clinic.accounts.models import Role
from reprieve.clinic.audit.models import AuditEvent
from reprieve.clinic.audit.services import Actor
from reprieve.clinic.patients.services.tasks import safety_task_close, safety_task_open
from reprieve.clinic.visits.models import DosingSession
from reprieve.clinic.visits.services import chair_create, session_open
from reprieve.errors import InputError

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 15, tzinfo=UTC)


@pytest.fixture
def clinic():
    return make_clinic()


@pytest.fixture
def nurse(clinic):
    return make_user(clinic, Role.NURSE)


def test_a_chair_is_added_once_a_code(clinic, nurse):
    chair = chair_create(Actor.person(nurse), name="Chair 1", code="CHAIR-1")
    assert chair.clinic == clinic
    assert AuditEvent.objects.filter(action="chair.create", entity_id=str(chair.pk)).exists()
    with pytest.raises(InputError, match="CHAIR-CODE: Another chair has the code CHAIR-1"):
        chair_create(Actor.person(nurse), name="Chair 2", code="CHAIR-1")


def test_nobody_is_seated_while_an_emergency_is_open(clinic, nurse):  # ALG-03
    order = make_order(clinic)
    check(order, Actor.person(make_user(clinic, Role.NURSE)))
    patient = order.patient
    actor, chair = Actor.person(nurse), chair_create(Actor.person(nurse), name="Chair 1", code="CHAIR-1")
    task = safety_task_open(actor, patient=patient, rule="SR-03", params={}, opened_at=AT)
    with pytest.raises(InputError, match="EMERGENCY-OPEN"):
        session_open(actor, order=order, chair=chair, at=AT)
    assert not DosingSession.objects.exists()
    safety_task_close(actor, task=task, by=nurse, note="Assessed by psychiatry.", closed_at=AT)
    assert session_open(actor, order=order, chair=chair, at=AT).chair == chair
