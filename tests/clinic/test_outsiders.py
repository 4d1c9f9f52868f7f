"""Every address of the program against everybody it is not for; a new view without a guard fails here.

One clinic holds one object of each kind. Outsiders ask for each of them at every address, by GET and by POST.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from factories import make_clinic, make_patient, make_user
from outcome_factories import make_dose, make_planned_course, make_score, total_of

from reprieve.clinic.accounts.models import Clinic, Role
from reprieve.clinic.assessments.models import DeferralStep
from reprieve.clinic.assessments.services import assessment_make, self_check_invite
from reprieve.clinic.audit.models import AuditEvent
from reprieve.clinic.audit.services import Actor
from reprieve.clinic.devices.models import DeviceMessage, Outcome, QuarantinedMessage
from reprieve.clinic.outcomes.services import invitation_send
from reprieve.clinic.patients.models import ImportedDocument, ImportJob, Patient, SafetyTask
from reprieve.interop.cds_hooks.services import SERVICES

pytestmark = pytest.mark.django_db

SECRET_NAME = "Quillfeather"
SIGN_IN = "/accounts/login/"
NOT_FOR_STRANGERS = {302, 401, 403, 404, 405}

OPEN_PAGES = {
    "health": "says only that the database answers",
    "portal:answer": "a questionnaire by a secret link",
    "portal:how_it_works": "tells how ketamine is thought to work; nothing about any person",
    "portal:thanks": "a questionnaire by a secret link",
    "portal:self_check": "a self-check by a secret link",
    "self_check": "a self-check for anybody, kept nowhere",
}
"""Addresses without sign-in, each with its reason. Those of django-allauth that serve signing in are named below."""

SIGNING_IN = {
    "account_login", "account_logout", "account_signup", "account_inactive",
    "account_reset_password_done", "account_reset_password_from_key", "account_reset_password_from_key_done",
    "account_confirm_email", "account_email_verification_sent", "mfa_authenticate",
}  # fmt: skip

FOR_MACHINES = {"api:cds_discovery", "api:cds_hook", "api:cds_feedback"}
"""Answered to a record system with its signed token alone (test_cds_services.py); a signed-in person is a stranger."""

FOR_PATIENTS = {"portal:home", "portal:questionnaire", "portal:questionnaire_thanks"}
FOR_EVERYBODY_SIGNED_IN = {"home"}
STREAM_WITHOUT_OBJECT = "visits:board_stream"
"""Answers a clinician without end; what it tells whom is tested in test_session_stream.py."""

FOR_THE_FRONT_DESK = {
    "patients:list", "patients:new", "patients:detail", "patients:import", "patients:import_status",
    "assessments:self_check_invite", "courses:card", "courses:detail", "visits:card", "outcomes:card",
    "outcomes:tasks", "outcomes:invite",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Address:
    """One URL pattern: its name with the name space, and the names of what stands in it."""

    name: str
    route: str
    keys: tuple[str, ...]


def addresses(resolver: URLResolver, above: Address) -> Iterator[Address]:
    """Every pattern below a resolver."""
    for entry in resolver.url_patterns:
        route, keys = above.route + str(entry.pattern), (*above.keys, *entry.pattern.regex.groupindex)
        if isinstance(entry, URLResolver):
            space = f"{above.name}{entry.namespace}:" if entry.namespace else above.name
            yield from addresses(entry, Address(space, route, keys))
        elif isinstance(entry, URLPattern):
            yield Address(f"{above.name}{entry.name}", route, keys)


ALL = list(addresses(get_resolver(), Address("", "", ())))
OURS = [address for address in ALL if not address.route.startswith("accounts/")]
GUARDED = [address for address in OURS if address.name not in OPEN_PAGES.keys() | FOR_MACHINES]
FOR_STAFF = [address for address in GUARDED if address.name not in FOR_PATIENTS | FOR_EVERYBODY_SIGNED_IN]


def every(found: list[Address]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("address", found, ids=[address.name for address in found])


class House:
    """A clinic with one object of each kind, and what each key of an address can name in it."""

    def __init__(self) -> None:
        self.clinic = make_clinic()
        self.doctor = make_user(self.clinic)
        self.account = make_user(self.clinic, Role.PATIENT)
        self.patient = make_patient(self.clinic, family_name=SECRET_NAME, given_name=SECRET_NAME, user=self.account)
        self.session = make_dose(make_planned_course(self.patient), signed=False)
        invitation, token = invitation_send(Actor.person(self.doctor), patient=self.patient, at=timezone.now())
        self.self_check_token = self_check_invite(Actor.person(self.doctor), patient=self.patient, at=timezone.now())[1]
        named = self._of_patient() | self._of_clinic()
        self.named: dict[str, list[Any]] = {
            **named,
            "invitation_id": [invitation.pk],
            "token": [token, self.self_check_token],
            "service_id": list(SERVICES),
        }

    def _of_patient(self) -> dict[str, list[Any]]:
        now, order = timezone.now(), self.session.order
        assessment = assessment_make(
            Actor.person(self.doctor), patient=self.patient, route="IV", indication_id="", at=now
        )
        step = DeferralStep.objects.create(
            assessment=assessment, patient=self.patient, number=1, effort="ask", owner="nurse", due_on=now.date(),
            rules=["SR-01"], facts=["cssrs_q1"], opened_at=now,
        )  # fmt: skip
        task = SafetyTask.objects.create(patient=self.patient, rule="SR-05", opened_at=now)
        return {
            "patient_id": [self.patient.pk],
            "assessment_id": [assessment.pk],
            "course_id": [order.planned_session.course_id],
            "planned_session_id": [order.planned_session_id, order.planned_session_id + 1],
            "order_id": [order.pk],
            "session_id": [self.session.pk],
            "verb": ["note"],
            "task_id": [task.pk],
            "step_id": [step.pk],
            "response_id": [make_score(self.patient, total_of(12), at=now - timedelta(days=1)).pk],
        }

    def _of_clinic(self) -> dict[str, list[Any]]:
        now = timezone.now()
        document = ImportedDocument.objects.create(
            clinic=self.clinic, patient=self.patient, file_name=f"{SECRET_NAME}.json", sha256="0" * 64, content=b"",
            size_bytes=0, received_by=self.doctor,
        )  # fmt: skip
        job = ImportJob.objects.create(
            clinic=self.clinic, uploaded_by=self.doctor, file_name=f"{SECRET_NAME}.json", size_bytes=0, content=b""
        )
        message = DeviceMessage.objects.create(
            clinic=self.clinic, sha256="1" * 64, content=SECRET_NAME.encode(), received_at=now, sender=SECRET_NAME,
            size_bytes=len(SECRET_NAME), outcome=Outcome.PARTLY, answer="AE",
        )  # fmt: skip
        entry = QuarantinedMessage.objects.create(
            clinic=self.clinic, message=message, last_message=message, code="UNKNOWN-CHAIR", sender=SECRET_NAME,
            sentence=SECRET_NAME, opened_at=now, last_at=now,
        )  # fmt: skip
        return {"document_id": [document.pk, job.pk], "entry_id": [entry.pk]}

    def paths(self, address: Address) -> list[str]:
        """The address with every object of this clinic that can stand in it."""
        missing = set(address.keys) - self.named.keys()
        assert not missing, f"{address.name}: give House an object for {missing}"
        first = {key: self.named[key][0] for key in address.keys}
        choices = [first | {key: value} for key in address.keys for value in self.named[key]] or [{}]
        return [reverse(address.name, kwargs=chosen) for chosen in choices]


@pytest.fixture(scope="module")
def house(django_db_setup: None, django_db_blocker: Any) -> Iterator[House]:
    """Built once, in a transaction around the tests; each test is rolled back to it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield House()
        transaction.set_rollback(True)


def client_of(clinic: Clinic, role: Role) -> Client:
    client = Client()
    client.force_login(make_user(clinic, role))
    return client


def statuses(client: Client, path: str) -> set[int]:
    return {client.get(path).status_code, client.post(path).status_code}


def test_there_are_addresses_to_walk():
    names = [address.name for address in ALL]
    assert len(OURS) > 40 and len(names) == len(set(names))
    named_here = (
        OPEN_PAGES.keys() | FOR_MACHINES | SIGNING_IN | FOR_PATIENTS | FOR_EVERYBODY_SIGNED_IN | FOR_THE_FRONT_DESK
    )
    assert named_here <= set(names), "a page named here is gone"


@every([address for address in GUARDED if address.keys])
@pytest.mark.parametrize("role", [Role.PRESCRIBER, Role.NURSE])
def test_clinicians_of_another_clinic_find_nothing(house, address, role):
    client, written = client_of(make_clinic(), role), AuditEvent.objects.count()
    refused = {403} if role != Role.PRESCRIBER or address.name in FOR_PATIENTS else set()
    for path in house.paths(address):
        found = statuses(client, path)
        assert found & ({404} | refused) and found <= {404, 405} | refused, path
    assert AuditEvent.objects.count() == written


@every([address for address in FOR_STAFF if not address.keys and address.name != STREAM_WITHOUT_OBJECT])
def test_lists_name_nobody_of_another_clinic(house, address):
    """The same list shows the name to the clinic itself, or the page has no list."""
    path = reverse(address.name)
    assert SECRET_NAME not in client_of(make_clinic(), Role.PRESCRIBER).get(path).content.decode()


def test_the_lists_of_the_clinic_itself_do_name_its_people(house):
    """So that the test above cannot pass because a list is empty."""
    client = client_of(house.clinic, Role.PRESCRIBER)
    lists = {"patients:list", "patients:import", "outcomes:tasks", "devices:quarantine", "visits:board"}
    assert {name for name in lists if SECRET_NAME in client.get(reverse(name)).content.decode()} == lists


@every(FOR_STAFF)
def test_patients_open_no_page_of_the_staff_not_even_about_themselves(house, address):
    client = Client()
    client.force_login(house.account)
    written = AuditEvent.objects.count()
    for path in house.paths(address):
        found = statuses(client, path)
        assert found & {403, 404} and found <= {403, 404, 405}, path
    assert AuditEvent.objects.count() == written


@every([address for address in OURS if address.name in FOR_PATIENTS and address.keys])
@pytest.mark.parametrize("is_neighbour", [True, False])
def test_patients_find_nothing_of_other_patients(house, address, is_neighbour):
    clinic = house.clinic if is_neighbour else make_clinic()
    client, account = Client(), make_user(clinic, Role.PATIENT)
    make_patient(clinic, user=account)
    client.force_login(account)
    for path in house.paths(address):
        found = statuses(client, path)
        assert 404 in found and found <= {404, 405}, path


@every(FOR_STAFF)
def test_the_front_desk_opens_what_it_needs_and_nothing_clinical(house, address):
    client = client_of(house.clinic, Role.FRONT_DESK)
    for path in house.paths(address):
        found = statuses(client, path)
        if address.name in FOR_THE_FRONT_DESK:
            assert 403 not in found, path
        else:
            assert 403 in found and found <= {403, 405}, path


@every(GUARDED)
def test_strangers_are_asked_to_sign_in(house, address):
    written = AuditEvent.objects.count()
    for path in house.paths(address):
        for answer in (Client().get(path), Client().post(path)):
            assert answer.status_code in {302, 401, 405}, path
            assert answer.status_code != 302 or answer.headers["Location"].startswith(SIGN_IN), path
        assert statuses(Client(), path) != {405}, path
    assert AuditEvent.objects.count() == written


@every([address for address in OURS if address.name in FOR_MACHINES])
@pytest.mark.parametrize("role", [None, *Role])
def test_people_are_strangers_where_only_machines_are_admitted(house, address, role):
    client = Client() if role is None else client_of(house.clinic, role)
    written = AuditEvent.objects.count()
    for path in house.paths(address):
        assert statuses(client, path) == {401}, path
    assert AuditEvent.objects.count() == written


@every([address for address in OURS if address.name in OPEN_PAGES])
def test_open_pages_name_nobody(house, address):
    for path in house.paths(address):
        assert SECRET_NAME not in Client().get(path).content.decode()


@every([address for address in ALL if address not in OURS and not address.keys and address.name not in SIGNING_IN])
def test_the_pages_of_an_account_are_for_its_owner(address):
    answer = Client().get(reverse(address.name))
    assert answer.status_code in NOT_FOR_STRANGERS
    assert answer.status_code != 302 or answer.headers["Location"].startswith(SIGN_IN)


def test_an_unknown_secret_of_a_link_opens_nothing(house):
    assert Patient.objects.get().family_name == SECRET_NAME
    for name in ("portal:answer", "portal:thanks", "portal:self_check"):
        assert Client().get(reverse(name, kwargs={"token": "x" * 43})).status_code == 404
