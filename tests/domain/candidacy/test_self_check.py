"""The outlook of a self-check: silence asks for a talk, and only what was told counts."""

from datetime import date

import pytest

from reprieve.domain.candidacy.case import Case
from reprieve.domain.candidacy.facts import Teller, state
from reprieve.domain.candidacy.rules import Route
from reprieve.domain.candidacy.screening import decide
from reprieve.domain.candidacy.self_check import Outlook, self_check
from reprieve.knowledge.candidacy import fact_definitions, load_rule_base
from reprieve.knowledge.chart_map import load_chart_map

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
