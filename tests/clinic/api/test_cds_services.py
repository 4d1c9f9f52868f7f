"""The addresses of CDS Hooks: who is admitted, what they get, and that nothing of the patient stays."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from cds_calls import (
    BASE,
    EC_KEY,
    ISS,
    ORDER_SELECT,
    PATIENT_VIEW,
    clients_file,
    encoded,
    key_set,
    number,
    ordering,
    sent,
    signature,
    token,
)
from django.test import Client
from factories import make_clinic, make_patient
from outcome_factories import make_planned_course

from reprieve.clinic.api import admission, presenters
from reprieve.clinic.api.clients import cds_clients
from reprieve.clinic.api.models import UsedToken
from reprieve.clinic.audit.models import AuditEvent
from reprieve.domain.candidacy.assessment import DataNeeded, Decision
from reprieve.domain.candidacy.case import Case
from reprieve.domain.candidacy.facts import Fact, Teller
from reprieve.domain.candidacy.rules import Route
from reprieve.domain.candidacy.screening import decide
from reprieve.errors import SetupError
from reprieve.interop.cds_hooks.cards import DecisionCard
from reprieve.knowledge.candidacy import load_rule_base
from reprieve.knowledge.chart_map import load_chart_map

pytestmark = pytest.mark.django_db
DISCOVERY = "/cds-services"
SANDBOX = "https://sandbox.cds-hooks.org"
BORN_ON = date(1965, 12, 23)


@pytest.fixture
def clinic():
    return make_clinic()


@pytest.fixture
def admit(tmp_path, settings, clinic):
    """The record system of the clinic, admitted."""

    def write(slug=clinic.slug, **more):
        settings.CDS_CLIENTS = str(clients_file(tmp_path, slug, **more))

    write()
    return write


def call(path, body=None, *, bearer=None, **headers):
    bearer = token(path) if bearer is None else bearer
    headers = {"HTTP_AUTHORIZATION": f"Bearer {bearer}", **headers}
    if body is None:
        return Client(raise_request_exception=False).get(path, **headers)
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Client(enforce_csrf_checks=True).post(path, content, content_type="application/json", **headers)


def refusal(response):
    body = response.json()
    assert body["message"].endswith(".") and "\n" not in body["message"]
    return response.status_code, body["code"]


def test_discovery_names_both_services(admit):
    services = call(DISCOVERY).json()["services"]
    assert [(one["hook"], one["id"]) for one in services] == [
        ("patient-view", "reprieve-patient-view"),
        ("order-select", "reprieve-order-select"),
    ]
    for one in services:
        assert one["title"] and one["description"]
        assert one["prefetch"]["patient"] == "Patient/{{context.patientId}}"


@pytest.mark.parametrize("key", ["ec", "rsa"])
def test_the_sandbox_opens_a_patient_and_gets_the_decision(admit, clinic, key):
    response = call(PATIENT_VIEW, sent(), bearer=token(PATIENT_VIEW, key=key))
    (card,) = response.json()["cards"]
    assert response.status_code == 200 and response.headers["Cache-Control"].startswith("max-age=0")
    assert card["summary"].startswith("Ketamine IV: Not yet (DEFER)") and len(card["summary"]) < 140
    assert card["indicator"] == "info" and card["source"] == {
        "label": "Reprieve, ketamine candidacy rules", "url": BASE,
    }  # fmt: skip
    assert card["links"] == [{"label": "Open Reprieve", "url": f"{BASE}/patients/", "type": "absolute"}]
    assert "Not known, and it matters" in card["detail"] and "suggestions" not in card
    assert "Adams" not in response.content.decode()


def test_a_person_known_here_is_linked_and_only_in_the_own_clinic(admit, clinic):
    make_patient(make_clinic(), mrn="1288992")
    assert call(PATIENT_VIEW, sent()).json()["cards"][0]["links"][0]["url"] == f"{BASE}/patients/"
    own = make_patient(clinic, mrn="1288992", birth_on=BORN_ON)
    (link,) = call(PATIENT_VIEW, sent()).json()["cards"][0]["links"]
    assert link["url"] == f"{BASE}/patients/{own.pk}/candidacy"


def test_a_ketamine_order_without_route_says_what_was_assumed(admit):
    (card,) = call(ORDER_SELECT, ordering("ketamine")).json()["cards"]
    assert "The order names no route: decided for ketamine IV." in card["detail"]
    (card,) = call(ORDER_SELECT, ordering("Spravato")).json()["cards"]
    assert card["summary"].startswith("Esketamine nasal")


def test_an_interaction_is_told_in_the_course_of_the_clinic_alone(admit, clinic):
    order = sent("sandbox_order_select")
    assert call(ORDER_SELECT, order).json() == {"cards": []}
    make_planned_course(make_patient(clinic, mrn="1288992", birth_on=BORN_ON))
    (card,) = call(ORDER_SELECT, order).json()["cards"]
    assert card["indicator"] == "warning" and "DDI-XAN" in card["summary"] and "DDI-XAN" in card["detail"]


def test_an_incomplete_prefetch_is_a_card_and_no_error(admit):
    page = {"resourceType": "Bundle", "link": [{"relation": "next"}]}
    broken = {"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "Observation", "code": 5}}]}
    decision, gap = call(PATIENT_VIEW, sent(conditions=None, vitals=page, laboratory=broken)).json()["cards"]
    assert decision["summary"].startswith("Ketamine IV")
    assert "problem list, vital signs, Observation" in gap["summary"] and gap["indicator"] == "info"
    assert "not sent: problem list" in gap["detail"] and "sent in part: vital signs" in gap["detail"]
    assert "not readable: 1 Observation" in gap["detail"] and "never as absent" in gap["detail"]
    nothing = sent()
    del nothing["prefetch"]
    (card,) = call(PATIENT_VIEW, nothing).json()["cards"]
    assert card["summary"].startswith("Reprieve got nothing of the record")


def test_a_long_answer_is_cut_and_says_so(admit):
    systems = {"I71.4", "F20.9", "I67.1", "K74.60", "G93.2", "F16.20", "I61.9", "E05.90", "N30.10", "F31.2", "F33.2"}
    entries = []
    for code in sorted(systems):
        coding = {"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": code, "display": f"[x](http://evil) {code}"}
        resource = {
            "resourceType": "Condition", "id": code, "subject": {"reference": "Patient/SMART-1288992"},
            "clinicalStatus": {"coding": [{"code": "active"}]}, "code": {"coding": [coding]},
        }  # fmt: skip
        entries.append({"resource": resource})
    (card,) = call(PATIENT_VIEW, sent(conditions={"resourceType": "Bundle", "entry": entries})).json()["cards"]
    assert card["indicator"] == "warning" and len(card["summary"]) < 140
    assert "more" in card["detail"]
    assert "[x](" not in card["detail"] and "http://" not in card["detail"], "text of a record became a link"


def test_each_call_leaves_who_asked_and_nothing_of_the_patient(admit, clinic):
    own = make_patient(clinic, mrn="1288992", birth_on=BORN_ON)
    call(PATIENT_VIEW, sent())
    call_row, answer_row = AuditEvent.objects.order_by("id")
    assert {row.system for row in (call_row, answer_row)} == {"cds-hooks"} and call_row.clinic == clinic
    assert call_row.action == "cds_hooks.call" and call_row.detail == {"iss": ISS}
    assert answer_row.detail == {
        "hook_instance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea", "cards": ["DecisionCard:info"],
    }  # fmt: skip
    assert call_row.entity_id == answer_row.entity_id == "reprieve-patient-view"
    stored = json.dumps(list(AuditEvent.objects.values()), default=str)
    assert all(word not in stored for word in ("Adams", "1288992", str(own.pk)))


def test_feedback_is_kept_as_codes(admit):
    given = {"card": "4e0a", "outcome": "overridden", "overrideReason": {"userComment": "Mr Adams"}}
    path = f"{PATIENT_VIEW}/feedback"
    response = call(path, {"feedback": [given]})
    assert (response.status_code, response.json()) == (200, {})
    row = AuditEvent.objects.get(action="cds_hooks.feedback")
    assert row.detail == {"card": "4e0a", "outcome": "overridden", "reason": ""}


def test_without_admitted_systems_the_services_are_off(settings):
    assert settings.CDS_CLIENTS == ""
    assert refusal(call(DISCOVERY)) == refusal(call(PATIENT_VIEW, sent())) == (401, "CDS-OFF")
    assert not AuditEvent.objects.exists()


def altered(bearer):
    head, claims, signed = bearer.split(".")
    return f"{head}.{claims}.{('B' if signed[0] == 'A' else 'A') + signed[1:]}"


NOW = int(datetime.now(UTC).timestamp())
WITHOUT_ALGORITHM = ".".join([encoded(b'{"typ":"JWT","kid":"ec"}'), *token(PATIENT_VIEW).split(".")[1:]])
UNSIGNED = ".".join([encoded(b'{"alg":"none","typ":"JWT","kid":"ec"}'), token(PATIENT_VIEW).split(".")[1], ""])


@pytest.mark.parametrize(
    ("bearer", "code"),
    [
        ("", "CDS-TOKEN-SHAPE"),
        ("one.two", "CDS-TOKEN-SHAPE"),
        ("a.b.c", "CDS-TOKEN-SHAPE"),
        ("€.b.c", "CDS-TOKEN-SHAPE"),
        ("x" * 9000, "CDS-TOKEN-SHAPE"),
        (UNSIGNED, "CDS-TOKEN-KEY"),
        (WITHOUT_ALGORITHM, "CDS-TOKEN-KEY"),
        (token(PATIENT_VIEW, header={"alg": "HS256"}), "CDS-TOKEN-KEY"),
        (token(PATIENT_VIEW, header={"alg": "RS384"}), "CDS-TOKEN-KEY"),
        (token(PATIENT_VIEW, header={"kid": "other"}), "CDS-TOKEN-KEY"),
        (token(PATIENT_VIEW, header={"crit": ["b64"]}), "CDS-TOKEN-SHAPE"),
        (token(PATIENT_VIEW, iss="https://evil.example.org"), "CDS-TOKEN-ISSUER"),
        (altered(token(PATIENT_VIEW)), "CDS-TOKEN-SIGNATURE"),
        (altered(token(PATIENT_VIEW, key="rsa")), "CDS-TOKEN-SIGNATURE"),
        (token(PATIENT_VIEW)[:-4], "CDS-TOKEN-SIGNATURE"),
        (token(PATIENT_VIEW, exp=NOW - 61, iat=NOW - 120), "CDS-TOKEN-EXPIRED"),
        (token(PATIENT_VIEW, iat=NOW + 3600, exp=NOW + 3900), "CDS-TOKEN-EXPIRED"),
        (token(PATIENT_VIEW, exp=NOW + 86_400), "CDS-TOKEN-EXPIRED"),
        (token(PATIENT_VIEW, exp=1e300), "CDS-TOKEN-SHAPE"),
        (token(PATIENT_VIEW, exp=None), "CDS-TOKEN-SHAPE"),
        (token(PATIENT_VIEW, jti=None), "CDS-TOKEN-SHAPE"),
        (token(PATIENT_VIEW, jti=""), "CDS-TOKEN-SHAPE"),
        (token(ORDER_SELECT), "CDS-TOKEN-AUDIENCE"),
        (token(PATIENT_VIEW, aud=["https://other.example.org" + PATIENT_VIEW]), "CDS-TOKEN-AUDIENCE"),
    ],
)
def test_a_bad_token_is_refused_before_anything_is_read_or_kept(admit, bearer, code):
    response = call(PATIENT_VIEW, b"{", bearer=bearer)
    assert refusal(response) == (401, code)
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert not AuditEvent.objects.exists() and not UsedToken.objects.exists()


def test_no_token_at_all_is_refused(admit):
    assert refusal(call(PATIENT_VIEW, sent(), HTTP_AUTHORIZATION="Basic YTpi")) == (401, "CDS-TOKEN-MISSING")


def test_the_audience_may_be_a_list(admit):
    both = ["https://other.example.org", BASE + PATIENT_VIEW]
    assert call(PATIENT_VIEW, sent(), bearer=token(PATIENT_VIEW, aud=both)).status_code == 200


def test_a_token_admits_once(admit):
    bearer = token(PATIENT_VIEW)
    assert call(PATIENT_VIEW, sent(), bearer=bearer).status_code == 200
    rows = AuditEvent.objects.count()
    assert refusal(call(PATIENT_VIEW, sent(), bearer=bearer)) == (401, "CDS-TOKEN-REPLAY")
    assert AuditEvent.objects.count() == rows


def test_tokens_that_have_run_out_are_forgotten(admit):
    UsedToken.objects.create(token_sha256="0" * 64, expires_at=datetime.now(UTC) - timedelta(seconds=1))
    call(DISCOVERY)
    assert UsedToken.objects.count() == 1 and not UsedToken.objects.filter(token_sha256="0" * 64).exists()


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "CDS-JSON"),
        (b"[]", 400, "CDS-REQUEST"),
        (sent("sandbox_order_select"), 400, "CDS-HOOK"),
        (sent(patient={"resourceType": "Patient", "id": "other"}), 400, "CDS-OTHER-PATIENT"),
        (sent(patient={"resourceType": "Patient", "id": 5}), 400, "FHIR-ENTRY"),
        (b"[" + b" " * admission.LARGEST_BODY_BYTES, 413, "CDS-TOO-LARGE"),
    ],
)
def test_a_body_that_cannot_be_used_is_one_sentence(admit, body, status, code):
    assert refusal(call(PATIENT_VIEW, body)) == (status, code)


def test_an_unknown_service_and_a_wrong_method(admit):
    assert refusal(call("/cds-services/other", sent())) == (404, "CDS-SERVICE")
    assert refusal(call(PATIENT_VIEW)) == (405, "CDS-METHOD")
    assert refusal(call(DISCOVERY, {})) == (405, "CDS-METHOD")


def test_a_browser_is_let_in_from_a_named_origin_only(admit):
    def asking(origin):
        return Client().options(PATIENT_VIEW, HTTP_ORIGIN=origin, HTTP_ACCESS_CONTROL_REQUEST_METHOD="POST")

    assert "Access-Control-Allow-Origin" not in asking(SANDBOX).headers
    admit(origins=[SANDBOX])
    asked = asking(SANDBOX)
    assert asked.status_code == 204 and asked.headers["Access-Control-Allow-Origin"] == SANDBOX
    assert "authorization" in asked.headers["Access-Control-Allow-Headers"] and "Origin" in asked.headers["Vary"]
    assert asking("https://evil.example.org").status_code == 401
    answered = call(PATIENT_VIEW, sent(), HTTP_ORIGIN=SANDBOX)
    assert answered.headers["Access-Control-Allow-Origin"] == SANDBOX
    refused = call(PATIENT_VIEW, b"{", HTTP_ORIGIN=SANDBOX)
    assert refused.status_code == 400 and refused.headers["Access-Control-Allow-Origin"] == SANDBOX
    assert (
        "Access-Control-Allow-Origin" not in call(PATIENT_VIEW, sent(), HTTP_ORIGIN="https://evil.example.org").headers
    )


def test_a_changed_key_counts_from_the_next_call_on(admit, tmp_path):
    assert call(DISCOVERY).status_code == 200
    only_rsa = {"keys": key_set()["keys"][1:]}
    (tmp_path / "ehr.json").write_text(json.dumps(only_rsa))
    assert refusal(call(DISCOVERY)) == (401, "CDS-TOKEN-KEY")
    assert call(DISCOVERY, bearer=token(DISCOVERY, key="rsa")).status_code == 200


def test_the_usual_route_of_a_system(admit):
    admit(route="IN_ESK")
    assert call(PATIENT_VIEW, sent()).json()["cards"][0]["summary"].startswith("Esketamine nasal")


ONE = 'base_url = "https://x"\n[[client]]\niss = "x"\nclinic = "x"\njwks = "k.json"'
PRIVATE = {"kty": "EC", "crv": "P-384", "kid": "k", "d": number(1), "x": number(1), "y": number(1)}


@pytest.mark.parametrize(
    ("toml", "keys", "word"),
    [
        ("[", "{}", "clients.toml"),
        ('base_url = "https://x"', "{}", "'client'"),
        ('base_url = "http://x"\nclient = []', "{}", "https://"),
        ('base_url = "https://x"\nclient = []\ncolour = 1', "{}", "colour"),
        ('base_url = "https://x"\n[[client]]\nissuer = "x"', "{}", "issuer"),
        ('base_url = "https://x"\n[[client]]\nclinic = "x"\njwks = "k.json"', key_set(), "iss"),
        (ONE, "{}", "JWK Set"),
        ('base_url = "https://x"\n[[client]]\niss = "x"\nclinic = "x"\njwks = "none.json"', "{}", "none"),
        (ONE, {"keys": []}, "kid"),
        (
            ONE,
            {"keys": [PRIVATE]},
            "private",
        ),
        (
            ONE,
            {"keys": [{"kty": "EC", "crv": "P-384", "kid": "k", "x": number(1), "y": number(1)}]},
            "cannot be read",
        ),
        (
            ONE,
            {"keys": [{"kty": "RSA", "kid": "k", "e": "AQAB", "n": number(2**1023 + 1, 128)}]},
            "2048",
        ),
        (
            ONE,
            {"keys": [{"kty": "RSA", "kid": "k", "e": "AQAB", "n": "!"}]},
            "cannot be read",
        ),
        (
            ONE + '\nroute = "EYE"',
            key_set(),
            "EYE",
        ),
    ],
)
def test_a_wrong_file_is_one_sentence_and_admits_nobody(settings, tmp_path, toml, keys, word):
    (tmp_path / "k.json").write_text(keys if isinstance(keys, str) else json.dumps(keys))
    (tmp_path / "clients.toml").write_text(toml)
    settings.CDS_CLIENTS = str(tmp_path / "clients.toml")
    with pytest.raises(SetupError) as caught:
        cds_clients()
    assert caught.value.code == "CDS-CLIENTS" and word in str(caught.value)
    assert refusal(call(DISCOVERY)) == (503, "CDS-CLIENTS")


def test_a_file_that_is_gone_and_a_clinic_that_is_none(settings, admit, tmp_path):
    admit(slug="nowhere", origins=[SANDBOX])
    answered = call(DISCOVERY, HTTP_ORIGIN=SANDBOX)
    assert refusal(answered) == (503, "CDS-CLIENTS")
    assert answered.headers["Access-Control-Allow-Origin"] == SANDBOX  # so that its page can read the reason
    settings.CDS_CLIENTS = str(tmp_path / "none.toml")
    assert refusal(call(DISCOVERY)) == (503, "CDS-CLIENTS")


def test_the_keys_of_the_tests_are_sound():
    """So that a refused signature above cannot come from the test itself."""
    assert len(signature(b"x", "ec")) == 96 and EC_KEY.curve.key_size == 384


def test_what_was_remembered_and_an_emergency_stand_first_in_the_card():
    """Made from answers, since no record says either in a code that we read."""
    base, chart_map, on = load_rule_base(), load_chart_map(), date(2026, 3, 2)
    said = [
        Fact(key=key, value=True, said_by=Teller.CLINICIAN, said_on=on)
        for key in ("cssrs_q5", "delirium_current", "medication_list_complete")
    ]
    case = Case(on=on, statements=tuple(said))
    _, assessment = decide(case, base, chart_map, route=Route.IV, indication="IND-PTSD")
    place = presenters.Place(base_url=BASE, record_url=BASE, is_known_here=True, clinic="Harbor")
    confirmed = replace(assessment, needs_confirmation=True)
    card = presenters.answer([DecisionCard(assessment=confirmed, route_assumed=False)], place)["cards"][0]
    assert card["indicator"] == "critical" and card["summary"].startswith("EMERGENCY: suicide-safety assessment first")
    assert "written from memory" in card["detail"] and card["links"][0]["label"] == "Open the record in Reprieve"
    nothing = replace(assessment, emergency=False, findings=(), data_needed=(), decision=Decision.ELIGIBLE)
    card = presenters.answer([DecisionCard(assessment=nothing, route_assumed=False)], place)["cards"][0]
    assert card["summary"] == "Ketamine IV: Candidate (ELIGIBLE)" and "Not known" not in card["detail"]
    few = replace(assessment, data_needed=(DataNeeded(rule="SR-01", severity="WORKUP", facts=("cssrs_q1",)),))
    card = presenters.answer([DecisionCard(assessment=few, route_assumed=False)], place)["cards"][0]
    assert "1 fact not known" in card["summary"]
