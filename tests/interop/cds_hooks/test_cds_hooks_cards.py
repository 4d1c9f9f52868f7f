"""From a request to what the cards say: the sandbox's requests, orders, and everything that may not have come."""

import json
from dataclasses import replace
from datetime import UTC, date

import pytest
from cds_calls import ordering, sent

from reprieve.domain.candidacy.assessment import Decision
from reprieve.domain.candidacy.rules import Route
from reprieve.errors import InputError
from reprieve.interop.cds_hooks.cards import (
    DecisionCard,
    Desk,
    IncompleteCard,
    Indicator,
    InteractionCard,
    indicator_of,
    order_select_cards,
    patient_view_cards,
)
from reprieve.interop.cds_hooks.orders import read_orders
from reprieve.interop.cds_hooks.prefetch import read_prefetch
from reprieve.interop.cds_hooks.request import read_feedback, read_request
from reprieve.interop.cds_hooks.services import PREFETCH, SERVICES
from reprieve.knowledge.candidacy import load_rule_base
from reprieve.knowledge.chart_map import load_chart_map

VIEW, SELECT = SERVICES["reprieve-patient-view"], SERVICES["reprieve-order-select"]
ON = date(2026, 3, 2)
SUBJECT = {"reference": "Patient/SMART-1288992"}


def desk(**more):
    return Desk(base=load_rule_base(), chart_map=load_chart_map(), on=ON, zone=UTC, **more)


def asked(request, service=VIEW):
    return read_request(json.dumps(request).encode(), service)


def view(request):
    return patient_view_cards(desk(), read_prefetch(asked(request)))


def select(request, **more):
    found = asked(request, SELECT)
    return order_select_cards(desk(), read_prefetch(found), read_orders(found), **{"treated_here": False, **more})


def searchset(*resources, **more):
    return {"resourceType": "Bundle", "entry": [{"resource": resource} for resource in resources], **more}


def condition(icd10):
    code = {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": icd10}]}
    active = {"coding": [{"code": "active"}]}
    return {"resourceType": "Condition", "id": icd10, "subject": SUBJECT, "code": code, "clinicalStatus": active}


def medicine(name, **more):
    concept = {"text": name}
    base = {"resourceType": "MedicationRequest", "id": name, "subject": SUBJECT, "status": "active", "intent": "order"}
    return {**base, "medicationCodeableConcept": concept, "authoredOn": "2026-01-05", **more}


def refused(work, *given):
    with pytest.raises(InputError) as caught:
        work(*given)
    return caught.value


def test_the_sandbox_opens_a_patient():
    record = read_prefetch(asked(sent()))
    assert record.is_whole and record.record_numbers == {("http://hospital.smarthealthit.org", "1288992")}
    (card,) = patient_view_cards(desk(), record)
    assert isinstance(card, DecisionCard) and indicator_of(card) is Indicator.INFO
    assert (card.assessment.decision, card.assessment.indication) == (Decision.DEFER, "IND-TRD")
    assert card.assessment.facts.value("systolic_mmhg") == 124
    assert card.assessment.facts.by_key["systolic_mmhg"].said_on == ON


def test_the_usual_route_is_that_of_the_client():
    (card,) = patient_view_cards(desk(usual_route=Route.IN_ESK), read_prefetch(asked(sent())))
    assert card.assessment.route is Route.IN_ESK


def fired(card):
    return [item.finding.code for item in card.assessment.findings]


def test_an_aneurysm_is_a_warning():
    (card,) = view(sent(conditions=searchset(condition("F33.2"), condition("I71.4"))))
    assert card.assessment.decision in {Decision.INELIGIBLE, Decision.REVIEW} and "CI-ANEUR" in fired(card)
    assert indicator_of(card) is Indicator.WARNING


def test_only_an_emergency_is_critical():
    """No record says it in a code that we read, so the card is made from an answer that is one."""
    (card,) = view(sent())
    emergency = replace(card, assessment=replace(card.assessment, emergency=True))
    assert indicator_of(emergency) is Indicator.CRITICAL


@pytest.mark.parametrize("key", [key for key in PREFETCH if key != "patient"])
def test_what_did_not_come_is_said_and_decides_nothing(key):
    decision, gap = view(sent(**{key: None}))
    assert isinstance(decision, DecisionCard) and isinstance(gap, IncompleteCard)
    assert gap.record.missing == (key,) and indicator_of(gap) is Indicator.INFO


def test_without_the_patient_age_and_sex_are_unknown():
    decision, gap = view(sent(patient=None))
    assert gap.record.missing == ("patient",) and gap.record.record_numbers == frozenset()
    assert decision.assessment.facts.value("age_years") is None
    assert decision.assessment.facts.value("could_be_pregnant") is not False


@pytest.mark.parametrize(
    "empty",
    [
        {"resourceType": "OperationOutcome"},
        {"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "OperationOutcome"}}]},
        {},
        "text",
    ],
)
def test_an_error_of_the_record_system_is_no_data(empty):
    assert view(sent(conditions=empty))[1].record.missing == ("conditions",)


def test_null_is_no_data():
    request = sent()
    request["prefetch"]["conditions"] = None
    assert view(request)[1].record.missing == ("conditions",)


def test_a_page_of_several_is_said_to_be_a_part():
    more = {"link": [{"relation": "self"}, {"relation": "next", "url": "https://x"}]}
    assert view(sent(conditions=searchset(condition("F33.2"), **more)))[1].record.cut == ("conditions",)
    outcome = {"resourceType": "OperationOutcome"}
    assert view(sent(conditions=searchset(condition("F33.2"), outcome)))[1].record.cut == ("conditions",)


def test_a_resource_that_cannot_be_read_is_counted_and_the_rest_counts():
    broken = {"resourceType": "Medication", "id": "x", "code": 5}
    request = sent(
        conditions=searchset(condition("I71.4"), {**condition("I10"), "code": 7}), medications=searchset(broken)
    )
    request["prefetch"]["laboratory"]["entry"] = [{"resource": 5}, {}]
    decision, gap = view(request)
    assert "CI-ANEUR" in fired(decision)
    assert gap.record.unreadable == {"Condition": 1, "Medication": 1}


def test_an_empty_record_gives_one_card_that_says_so():
    request = sent()
    del request["prefetch"]
    (card,) = view(request)
    assert isinstance(card, IncompleteCard) and card.record.is_empty


def test_a_resource_of_somebody_else_is_not_read():
    other = {**condition("I71.4"), "subject": {"reference": "Patient/other"}}
    (card,) = view(sent(conditions=searchset(other)))
    assert "CI-ANEUR" not in fired(card)


def test_a_full_address_names_the_same_person():
    server = sent()["fhirServer"]
    own = {**condition("I71.4"), "subject": {"reference": f"{server}/Patient/SMART-1288992"}}
    assert "CI-ANEUR" in fired(view(sent(conditions=searchset(own)))[0])


def test_the_patient_of_another_record_is_refused():
    request = sent()
    request["prefetch"]["patient"]["id"] = "other"
    assert refused(view, request).code == "CDS-OTHER-PATIENT"


def test_an_order_that_is_not_ketamine_and_no_treatment_is_silence():
    assert select(sent("sandbox_order_select")) == ()
    assert select(sent("spec_order_select")) == ()


@pytest.mark.parametrize(
    ("name", "code", "route", "assumed"),
    [
        ("ketamine 50 MG/ML Injectable Solution", "47625008", Route.IV, False),
        ("ketamine 50 MG/ML Injectable Solution", "78421000", Route.IM, False),
        ("Ketalar", None, Route.IV, True),
        ("Spravato 28 MG Nasal Spray", None, Route.IN_ESK, False),
        ("esketamine", "47625008", Route.IN_ESK, False),
        ("ketamine lozenge", "37839007", Route.SL_PO, False),
    ],
)
def test_a_ketamine_order_is_decided_by_its_route(name, code, route, assumed):
    (card,) = select(ordering(name, route=code))
    assert (card.assessment.route, card.route_assumed) == (route, assumed)


def test_a_ketamine_order_of_which_nothing_is_known_says_so():
    request = ordering("ketamine")
    del request["prefetch"]
    (card,) = select(request)
    assert isinstance(card, IncompleteCard)


def test_other_drafts_of_the_same_sitting_count_as_taken():
    (card,) = select(ordering("ketamine", beside=["Theophylline 600 MG"]))
    assert card.assessment.decision is Decision.INELIGIBLE
    assert "DDI-XAN" in fired(card)


@pytest.mark.parametrize("how", ["course", "list"])
def test_an_interacting_order_speaks_up_in_somebody_under_treatment(how):
    request = sent("sandbox_order_select")
    if how == "list":
        request["prefetch"]["medications"] = searchset(medicine("Spravato"))
    (card,) = select(request, treated_here=how == "course")
    assert isinstance(card, InteractionCard) and indicator_of(card) is Indicator.WARNING
    assert [item.finding.code for item in card.findings] == ["DDI-XAN"]


def test_ketamine_of_last_year_is_no_treatment():
    request = sent("sandbox_order_select", medications=searchset(medicine("Spravato", status="stopped")))
    assert select(request) == ()


def test_an_order_that_does_not_interact_is_silence_under_treatment_too():
    assert select(ordering("amoxicillin"), treated_here=True) == ()


def test_a_second_drug_of_a_class_is_told_again_and_a_pair_is_found():
    request = ordering("oxycodone", request=sent("sandbox_order_select", medications=searchset(medicine("lorazepam"))))
    (card,) = select(request, treated_here=True)
    codes = {item.finding.code for item in card.findings}
    assert {"DDI-OPI", "DDI-OPI-HI"} <= codes and "DDI-BZD-CNS" not in codes


def test_an_interacting_order_without_the_medicine_list_asks_for_it():
    (card,) = select(sent("sandbox_order_select", medications=None))
    assert isinstance(card, IncompleteCard)
    assert select(ordering("amoxicillin", request=sent("sandbox_order_select", medications=None))) == ()


def test_an_order_that_is_not_selected_is_only_context():
    request = ordering("ketamine")
    request["context"]["selections"] = []
    assert select(request) == ()


def test_selections_may_be_full_and_versioned_addresses():
    request = ordering("ketamine")
    request["context"]["selections"] = ["https://ehr/fhir/MedicationRequest/request-123/_history/2"]
    assert len(select(request)) == 1


@pytest.mark.parametrize("drafts", [None, [], {"entry": [{}]}, {"entry": [{"resource": {"resourceType": 5}}]}])
def test_draft_orders_that_are_no_bundle_are_refused(drafts):
    request = sent("sandbox_order_select")
    request["context"]["draftOrders"] = drafts
    if drafts is None:
        del request["context"]["draftOrders"]
    problem = refused(select, request)
    assert (problem.code, problem.where) == ("CDS-REQUEST", "context.draftOrders")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "CDS-JSON"),
        (b"{", "CDS-JSON"),
        (b"\xff", "CDS-JSON"),
        (b'{"x": ' + b"[" * 100_000, "CDS-JSON"),
        (b"[]", "CDS-REQUEST"),
        (b"{}", "CDS-REQUEST"),
        (b'{"hook": "patient-view", "hookInstance": "1", "context": {}}', "CDS-REQUEST"),
        (b'{"hook": "patient-view", "hookInstance": "1", "context": {"patientId": ""}}', "CDS-REQUEST"),
        (b'{"hook": "patient-view", "hookInstance": "", "context": {"patientId": "1"}}', "CDS-REQUEST"),
        (b'{"hook": "order-sign", "hookInstance": "1", "context": {"patientId": "1"}}', "CDS-HOOK"),
    ],
)
def test_a_request_that_is_none_has_one_sentence_and_a_code(content, code):
    assert refused(read_request, content, VIEW).code == code


@pytest.mark.parametrize("item", [{}, {"card": "", "outcome": "accepted"}, {"card": "1", "outcome": "maybe"}])
def test_feedback_that_is_none_is_refused(item):
    assert refused(read_feedback, json.dumps({"feedback": [item]}).encode()).code == "CDS-REQUEST"


def test_feedback_is_read_without_its_comment():
    reason = {"reason": {"code": "not-now", "system": "x"}, "userComment": "Mr Adams"}
    given = {"card": "1", "outcome": "overridden", "overrideReason": reason, "outcomeTimestamp": "2026-03-02T10:00:00Z"}
    (found,) = read_feedback(json.dumps({"feedback": [given]}).encode()).feedback
    assert (found.card, found.outcome, found.override_reason.reason.code) == ("1", "overridden", "not-now")
    assert "Adams" not in repr(found)
