"""The quarantine: shown to clinical roles of the one clinic, closed by a person with a note, kept for good."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from factories import make_clinic, make_user

from reprieve.clinic.accounts.models import Role
from reprieve.clinic.audit.models import AuditEvent
from reprieve.clinic.audit.services import Actor
from reprieve.clinic.devices.models import DeviceMessage, QuarantinedMessage
from reprieve.clinic.devices.presenters import age
from reprieve.clinic.devices.services.quarantine import quarantine_close, quarantine_open
from reprieve.errors import InputError

pytestmark = pytest.mark.django_db
AT = datetime(2026, 1, 15, 15, 5, tzinfo=UTC)


def make_message(clinic, *, content=b"MSH|^~\\&|MON\rPID|||MRN9\r", code="UNKNOWN-PATIENT", at=AT, **fields):
    fields = {"outcome": "refused", "answer": "AE", "sender": "MON|WARD", "control_id": "M1", **fields}
    return DeviceMessage.objects.create(
        clinic=clinic, received_at=at, sha256=f"{DeviceMessage.objects.count():064d}", content=content,
        size_bytes=len(content), code=code, sentence="No patient here has the record number MRN9.", **fields,
    )  # fmt: skip


def test_the_same_trouble_again_counts_up(client):
    clinic = make_clinic()
    first = quarantine_open(message=make_message(clinic))
    again = quarantine_open(message=make_message(clinic, at=AT + timedelta(minutes=1)))
    assert again.pk == first.pk
    entry = QuarantinedMessage.objects.get()
    assert (entry.count, entry.last_at) == (2, AT + timedelta(minutes=1))
    assert [row.action for row in AuditEvent.objects.all()] == ["quarantine.open"]


def test_closing_keeps_the_message_and_the_next_trouble_opens_anew():
    clinic = make_clinic()
    nurse = make_user(clinic, Role.NURSE)
    entry = quarantine_open(message=make_message(clinic))
    quarantine_close(Actor.person(nurse), entry=entry, note="Wristband corrected.", at=AT)
    with pytest.raises(InputError, match="already closed"):
        quarantine_close(Actor.person(nurse), entry=entry, note="Again.", at=AT)
    assert quarantine_open(message=make_message(clinic)).pk != entry.pk
    assert AuditEvent.objects.filter(action="quarantine.close", user=nurse).count() == 1


def test_closing_needs_a_note():
    clinic = make_clinic()
    entry = quarantine_open(message=make_message(clinic))
    with pytest.raises(InputError, match="QUARANTINE-NOTE"):
        quarantine_close(Actor.person(make_user(clinic)), entry=entry, note="  ", at=AT)


@pytest.mark.parametrize("statement", ["update {} set answer='AA'", "delete from {}", "truncate {} cascade"])
def test_messages_cannot_be_changed(statement):
    make_message(make_clinic())
    with pytest.raises(IntegrityError, match="REP-APPEND-ONLY"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute("alter table devices_devicemessage enable trigger device_message_no_truncate")
        cursor.execute(statement.format("devices_devicemessage"))


def test_a_nurse_sees_and_closes_an_entry(client):
    clinic = make_clinic()
    entry = quarantine_open(message=make_message(clinic, left=[{"row": 5, "reason": "ROW-EMPTY", "code": "150456"}]))
    client.force_login(make_user(clinic, Role.NURSE))
    listing = client.get(reverse("devices:quarantine")).content.decode()
    assert "Unknown patient" in listing
    detail = client.get(reverse("devices:quarantine_detail", args=[entry.pk])).content.decode()
    assert "<b>PID</b>|||MRN9" in detail
    assert "ROW-EMPTY" in detail
    url = reverse("devices:quarantine_close", args=[entry.pk])
    assert client.post(url, {"note": ""}).status_code == 422
    assert client.get(url).status_code == 405
    assert client.post(url, {"note": "Fixed."}).status_code == 302
    assert client.post(url, {"note": "Fixed."}).status_code == 422
    assert "Fixed." in client.get(reverse("devices:quarantine") + "?show=closed").content.decode()
    assert "Every message found its chart" in client.get(reverse("devices:quarantine")).content.decode()


@pytest.mark.parametrize(("role", "status"), [(Role.PRESCRIBER, 200), (Role.FRONT_DESK, 403), (Role.PATIENT, 403)])
def test_only_clinical_roles_read_messages(client, role, status):
    client.force_login(make_user(make_clinic(), role))
    assert client.get(reverse("devices:quarantine")).status_code == status


def test_another_clinics_entry_does_not_exist(client):
    entry = quarantine_open(message=make_message(make_clinic()))
    client.force_login(make_user(make_clinic(), Role.NURSE))
    assert client.get(reverse("devices:quarantine_detail", args=[entry.pk])).status_code == 404
    assert client.post(reverse("devices:quarantine_close", args=[entry.pk]), {"note": "x"}).status_code == 404
    assert QuarantinedMessage.objects.get().closed_at is None


def test_a_message_for_no_clinic_is_seen_without_its_content(client):
    entry = quarantine_open(message=make_message(None, code="UNKNOWN-CLINIC"))
    assert not AuditEvent.objects.exists()
    client.force_login(make_user(make_clinic(), Role.NURSE))
    detail = client.get(reverse("devices:quarantine_detail", args=[entry.pk])).content.decode()
    assert "PID" not in detail
    assert "names no clinic" in detail


def test_a_hundred_entries_cost_no_more_queries(client, django_assert_max_num_queries):
    clinic = make_clinic()
    for number in range(60):
        quarantine_open(message=make_message(clinic, code=f"C{number}"))
    client.force_login(make_user(clinic, Role.NURSE))
    with django_assert_max_num_queries(8):
        assert "Older" in client.get(reverse("devices:quarantine")).content.decode()


@pytest.mark.parametrize(
    ("span", "text"),
    [(timedelta(seconds=30), "now"), (timedelta(minutes=5), "5 min"), (timedelta(hours=3), "3 h"),
     (timedelta(days=2), "2 days")],
)  # fmt: skip
def test_age_is_short(span, text):
    assert age(span) == text
