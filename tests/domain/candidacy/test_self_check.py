"""The outlook of a self-check: silence asks for a talk, and only what was told counts."""

from datetime import date

import pytest

from reprieve.domain.candidacy.case import Case
from reprieve.domain.candidacy.facts import Teller, state
from reprieve.domain.candidacy.rules import Route
from reprieve.domain.candidacy.screening import decide
from reprieve.domain.candidacy.self_check import Outlook, self_check
from reprieve.domain.quantities.findings import Severity
from reprieve.knowledge.candidacy import fact_definitions, load_rule_base
from reprieve.knowledge.chart_map import load_chart_map
from reprieve.knowledge.self_check import self_check_questions

ON = date(2026, 3, 2)
CALM = {
    "age_years": 40.0,
    "cssrs_q2": False,
    "cssrs_q4": False,
    "aneurysm": False,
    "schizophrenia_spectrum_ever": False,
}


def check(**told):
    answers = CALM | told
    statements = tuple(
        state(fact_definitions()[key], value, said_by=Teller.PATIENT, said_on=ON)
        for key, value in answers.items()
        if value is not None
    )
    answer = decide(Case(on=ON, statements=statements), load_rule_base(), load_chart_map(), route=Route.IV)[1]
    return self_check(answer, answers, talk=frozenset({"cssrs_q2"}))


@pytest.mark.parametrize(
    ("told", "outlook", "reasons"),
    [
        ({}, Outlook.LIKELY, ()),
        ({"aneurysm": None}, Outlook.TALK, ()),
        ({"aneurysm": True}, Outlook.TALK, ("aneurysm",)),  # CI-ANEUR is RELATIVE by vein while the repair is unknown
        ({"cssrs_q2": True}, Outlook.TALK, ("cssrs_q2",)),
        ({"schizophrenia_spectrum_ever": True, "aneurysm": True}, Outlook.NOT_NOW,
         ("schizophrenia_spectrum_ever", "aneurysm")),
    ],
)  # fmt: skip
def test_outlook(told, outlook, reasons):
    found = check(**told)
    assert (found.outlook, found.reasons) == (outlook, reasons)


def test_what_nobody_answered_is_named():
    assert check(aneurysm=None).unanswered == ("aneurysm",)


def test_intent_is_an_emergency():
    assert check(cssrs_q4=True).emergency and not check().emergency


@pytest.mark.parametrize("fact", sorted(self_check_questions()))
def test_the_vein_stops_nobody_whom_another_route_would_take(fact):
    """The self-check reads the rules by vein: what stops there stops by every other route too."""

    def stops(route):
        worrying = 15.0 if self_check_questions()[fact].is_number else True
        statement = state(fact_definitions()[fact], worrying, said_by=Teller.PATIENT, said_on=ON)
        case = Case(on=ON, statements=(statement,))
        found = decide(case, load_rule_base(), load_chart_map(), route=route, indication="IND-TRD")[1]
        return {item.finding.code for item in found.findings if item.counts_as is Severity.ABSOLUTE}

    assert all(stops(Route.IV) <= stops(route) for route in Route)
