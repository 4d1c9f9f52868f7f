"""The live sandbox's own requests against the service: recorded, not made by hand (tests/data/cds_hooks/README.md)."""

import json
from datetime import date, timedelta

import pytest
from cds_calls import BASE, DATA, clients_file, token
from django.test import Client
from django.utils import timezone
from factories import make_clinic, make_patient

from reprieve.clinic.assessments.services import intake_record
from reprieve.clinic.audit.models import AuditEvent
from reprieve.clinic.audit.services import Actor

pytestmark = pytest.mark.django_db
ORIGIN = "http://localhost:8142"
RECORDED = sorted((DATA / "recorded").glob("*.json"))


@pytest.fixture
def clinic(tmp_path, settings):
    clinic = make_clinic()
    settings.CDS_CLIENTS = str(clients_file(tmp_path, clinic.slug, origins=[ORIGIN]))
    return clinic


def replay(name):
    """As the browser sends it: the preflight, then the call with the origin."""
    exchange = json.loads((DATA / "recorded" / f"{name}.json").read_text())
    path = exchange["path"]
    asked = Client().options(
        path,
        HTTP_ORIGIN=ORIGIN,
        HTTP_ACCESS_CONTROL_REQUEST_METHOD="POST",
        HTTP_ACCESS_CONTROL_REQUEST_HEADERS="authorization,content-type",
    )
    assert asked.status_code == 204 and asked.headers["Access-Control-Allow-Origin"] == ORIGIN
    response = Client(enforce_csrf_checks=True).post(
        path,
        json.dumps(exchange["body"]),
        content_type="application/json",
        HTTP_ORIGIN=ORIGIN,
        HTTP_AUTHORIZATION=f"Bearer {token(path)}",
    )
    assert response.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert response.status_code == 200, response.content
    return response.json()


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.stem)
def test_every_recorded_request_gets_an_answer_that_the_specification_allows(clinic, path):
    """CDS Hooks 2.0: summary under 140 characters, three indicators, a labelled source, absolute links."""
    for card in replay(path.stem).get("cards", ()):
        assert 0 < len(card["summary"]) < 140 and card["indicator"] in {"info", "warning", "critical"}
        assert card["source"]["label"] and card["uuid"] and card["detail"]
        assert all(link["type"] == "absolute" and link["url"].startswith(BASE) for link in card["links"])
        assert all(set(one) == {"code", "system", "display"} for one in card["overrideReasons"])


def test_opening_a_patient(clinic):
    (card,) = replay("patient_view")["cards"]
    assert card["summary"].startswith("Ketamine IV: Needs a review (REVIEW)") and card["indicator"] == "warning"
    assert "CI-ANEUR" in card["detail"] and "(Record, 2021-03-01)" in card["detail"]


def test_opening_a_patient_known_to_the_clinic(clinic):
    """The same request, and the record's aneurysm against the word of the patient: the safer counts, both are shown."""
    patient = make_patient(clinic, mrn="H-1003", birth_on=date(1979, 9, 9))
    answers = {"aneurysm": False, "seizure_disorder": True}
    said_at = timezone.now() - timedelta(days=2)
    intake_record(Actor.program("test", clinic), patient=patient, answers=answers, at=said_at)
    (card,) = replay("patient_view")["cards"]
    day = said_at.astimezone(clinic.zone).date().isoformat()
    assert f"Yes (Record, 2021-03-01) / No (Patient, {day})" in card["detail"] and "1 fact disputed" in card["summary"]
    assert f"Seizure disorder: Yes (Patient, {day})" in card["detail"]


def test_what_the_sandbox_could_not_fetch_is_a_card(clinic):
    decision, gap = replay("patient_view_incomplete")["cards"]
    assert "SR-01" in decision["summary"]
    assert gap["summary"] == "Reprieve did not get the whole record: reported medicines, laboratory, vital signs"


def test_an_order_form_without_a_medicine_yet_is_silence(clinic):
    assert replay("order_select_nothing_chosen") == {"cards": []}


def test_choosing_theophylline_for_somebody_on_esketamine(clinic):
    (card,) = replay("order_select_theophylline")["cards"]
    assert card["indicator"] == "warning"
    assert card["summary"].endswith("lowers the seizure threshold…"), "half of a clause reads as another one"


def test_choosing_ketamine(clinic):
    (card,) = replay("order_select_ketamine")["cards"]
    assert "The order names no route: decided for ketamine IV." in card["detail"]


def test_putting_a_card_aside_with_a_reason(clinic):
    assert replay("feedback_overridden") == {}
    detail = AuditEvent.objects.get(action="cds_hooks.feedback").detail
    assert (detail["outcome"], detail["reason"]) == ("overridden", "data-wrong")
