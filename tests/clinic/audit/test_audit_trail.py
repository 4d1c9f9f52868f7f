"""The audit trail refuses change, and a row never outlives its write."""

import pytest
from django.db import IntegrityError, connection, transaction
from factories import make_clinic, make_user

from reprieve.clinic.audit.models import AuditEvent
from reprieve.clinic.audit.services import Actor, record


@pytest.fixture
def actor(db):
    clinic = make_clinic()
    return Actor.person(make_user(clinic))


def test_a_row_says_who_what_and_which(actor):
    record(actor, "order.sign", entity="DoseOrder", entity_id="o-1", detail={"regimen": "REG-IV-STD6-3W"})
    row = AuditEvent.objects.get()
    assert (row.user, row.action, row.entity_id) == (actor.user, "order.sign", "o-1")
    assert row.detail == {"regimen": "REG-IV-STD6-3W"}


@pytest.mark.parametrize(
    "statement",
    ["update audit_auditevent set action='x'", "delete from audit_auditevent", "truncate audit_auditevent"],
)
def test_the_database_refuses_change(actor, statement):
    record(actor, "order.sign", entity="DoseOrder", entity_id="o-1")
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute("alter table audit_auditevent enable trigger audit_no_truncate")
        with pytest.raises(IntegrityError, match="REP-APPEND-ONLY"), transaction.atomic():
            cursor.execute(statement)


def test_an_actor_is_a_person_or_a_program_part():
    with pytest.raises(ValueError, match="not both or neither"):
        Actor(clinic=None)
    with pytest.raises(ValueError, match="not both or neither"):
        Actor(clinic=None, user=object(), system="gateway")


@pytest.mark.django_db(transaction=True)
def test_a_row_belongs_to_a_transaction():
    program = Actor.program("gateway", make_clinic())
    with pytest.raises(RuntimeError, match="transaction"):
        record(program, "message.file", entity="DeviceMessage", entity_id=1)
    with transaction.atomic():
        record(program, "message.file", entity="DeviceMessage", entity_id=1)
    assert AuditEvent.objects.get().system == "gateway"
