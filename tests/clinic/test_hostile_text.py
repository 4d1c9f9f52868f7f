"""Text that is no text: a NUL is refused in one sentence, markup and paper commands are printed as they are."""

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from factories import make_clinic, make_patient, make_user
from tests.clinic.session_factories import Scene

from reprieve.clinic.assessments.models import IntakeAnswer
from reprieve.clinic.assessments.services import assessment_make
from reprieve.clinic.audit.services import Actor
from reprieve.domain.session.checklist import ANSWERED_ITEMS

pytestmark = pytest.mark.django_db
MARKUP = '<script>alert(1)</script> #panic("paper") $x$ ] #read("/etc/passwd")'


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def said(answer) -> str:
    return " ".join(str(message) for message in get_messages(answer.wsgi_request))


def test_a_search_for_a_nul_finds_nobody_and_breaks_nothing():
    clinic = make_clinic()
    make_patient(clinic)
    page = client_of(make_user(clinic)).get(reverse("patients:list"), {"q": "Zz\0"})
    assert page.status_code == 200 and not page.context["page"].object_list


@pytest.mark.parametrize("field", ["trial-0-drug", "medicine-0-name"])
def test_the_intake_refuses_a_nul(field):
    clinic = make_clinic()
    address = reverse("assessments:intake", args=[make_patient(clinic).pk])
    page = client_of(make_user(clinic)).post(address, {"said_by": "patient", field: "a\0b"})
    assert page.status_code == 422 and "INTAKE-TEXT" in page.content.decode()
    assert not IntakeAnswer.objects.exists()


def test_an_override_with_a_nul_is_refused_in_words():
    clinic = make_clinic()
    doctor, patient = make_user(clinic), make_patient(clinic)
    made = assessment_make(Actor.person(doctor), patient=patient, route="IV", indication_id="", at=timezone.now())
    answer = client_of(doctor).post(reverse("assessments:override", args=[made.pk]), {"risk_benefit": "a\0"})
    assert answer.status_code == 302 and "OVERRIDE-TEXT" in said(answer)
    assert not made.override_signatures.exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"action": "attest", "identifier": ["name\0", "born"]},
        {"action": "answers", min(ANSWERED_ITEMS): "GO", f"{min(ANSWERED_ITEMS)}-note": "\0"},
    ],
)
def test_the_checklist_refuses_a_nul(fields):
    scene = Scene()
    before = scene.session.last_seq
    answer = client_of(scene.nurse).post(reverse("visits:checklist", args=[scene.session.pk]), fields)
    assert answer.status_code == 302 and "cannot be kept" in said(answer)
    scene.session.refresh_from_db()
    assert scene.session.last_seq == before


@pytest.mark.parametrize(
    "entered_at", ["0001-01-01T00:00:00+14:00", "2001-01-01T00:00:00Z", "9999-12-31T23:59:59-14:00"]
)
def test_a_page_cannot_say_that_it_was_typed_in_another_age(entered_at):
    scene = Scene()
    address = reverse("visits:command", args=[scene.session.pk, "note"])
    fields = {"text": "x", "entered_at": entered_at}
    answer = client_of(scene.nurse).post(address, fields, headers={"HX-Request": "true"})
    assert answer.status_code == 422 and answer.json()["code"].startswith("TIME-")


def test_markup_in_names_and_notes_is_printed_and_never_run():
    scene = Scene().run()
    patient = scene.session.patient
    patient.family_name = patient.given_name = MARKUP
    patient.save()
    client = client_of(scene.nurse)
    client.post(reverse("visits:command", args=[scene.session.pk, "note"]), {"text": MARKUP})
    assert client.get(reverse("visits:pdf", args=[scene.session.pk])).content.startswith(b"%PDF")
    pages = ["visits:record", "visits:checklist", "visits:discharge", "visits:flowsheet"]
    addresses = [reverse(name, args=[scene.session.pk]) for name in pages]
    addresses += [reverse(name, args=[patient.pk]) for name in ("patients:detail", "visits:card", "outcomes:card")]
    for address in [*addresses, reverse("visits:board"), reverse("patients:list")]:
        assert "<script>alert" not in client.get(address).content.decode(), address
