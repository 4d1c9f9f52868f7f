"""The questions of the self-check ask for facts of the rule base, in words without promises."""

import pytest

from reprieve.knowledge import self_check
from reprieve.knowledge.candidacy import load_rule_base
from reprieve.knowledge.schema import KnowledgeError
from reprieve.knowledge.self_check import (
    answers_to_keep,
    asks_for_a_talk,
    complaints,
    screened_for,
    self_check_questions,
)


def test_every_question_is_read_by_a_rule_and_says_why_and_what_could_change():
    read = {key for rule in load_rule_base().rules for key in rule.reads}
    for fact, question in self_check_questions().items():
        assert fact in read and question.ask.endswith(("?", ")")) and question.why and question.change


def test_a_no_about_suicide_is_not_kept():
    assert answers_to_keep({"cssrs_q2": False, "aneurysm": False, "pregnant": None}) == {"aneurysm": False}
    assert answers_to_keep({"cssrs_q2": True}) == {"cssrs_q2": True}


def test_thoughts_of_suicide_ask_for_a_talk():
    assert asks_for_a_talk(["aneurysm", "cssrs_q2"]) and not asks_for_a_talk(["aneurysm"])


@pytest.mark.parametrize("fact", ["shoe_size", "sud_history"])
def test_what_nobody_can_answer_with_yes_or_a_number_is_refused(monkeypatch, fact):
    monkeypatch.setattr(self_check, "read_toml", lambda _path: {"question": [{"fact": fact}]})
    with pytest.raises(KnowledgeError, match=fact):
        self_check_questions.__wrapped__()


def test_an_indication_that_does_not_exist_is_refused(monkeypatch):
    assert screened_for() == "IND-TRD"
    monkeypatch.setattr(self_check, "read_toml", lambda _path: {"screened_for": "IND-NONE"})
    with pytest.raises(KnowledgeError, match="IND-NONE"):
        screened_for()


def test_every_complaint_is_an_indication_and_says_why_where_it_is_not_offered():
    assert screened_for() in complaints()
    assert {name for name, one in complaints().items() if one.why and one.change} == {"IND-LBP", "IND-OTHER"}


def test_a_complaint_that_is_no_indication_is_refused(monkeypatch):
    monkeypatch.setattr(self_check, "read_toml", lambda _path: {"complaint": [{"indication": "IND-NONE", "ask": "x"}]})
    with pytest.raises(KnowledgeError, match="IND-NONE"):
        complaints.__wrapped__()
