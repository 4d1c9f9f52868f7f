"""The questionnaires that ship: codes with check digits, bands without gaps, the traps of the wild avoided."""

import re

import pytest

from reprieve.knowledge.instruments import INSTRUMENT_IDS, instrument, load_instrument
from reprieve.knowledge.loader import read_toml
from reprieve.knowledge.preparation_at_home import load_fasting
from reprieve.knowledge.schema import KnowledgeError

PHQ9, GAD7 = load_instrument("phq-9"), load_instrument("gad-7")


def luhn_digit(body: str) -> int:
    """The mod-10 check digit of LOINC: from the right, every other digit is doubled, the first one included."""
    doubled = [int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(body))]
    return -sum(value // 10 + value % 10 for value in doubled) % 10


def loinc_codes(one):
    return [one.panel_loinc, one.total_loinc, *(item.loinc for item in one.items)]


@pytest.mark.parametrize("code", [code for name in INSTRUMENT_IDS for code in loinc_codes(load_instrument(name))])
def test_loinc_code_has_its_check_digit(code):
    body, digit = code.split("-")
    assert int(digit) == luhn_digit(body)


def test_check_digit_catches_a_wrong_code():
    assert luhn_digit("44261") == 6  # 44261-6, PHQ-9 total
    assert luhn_digit("44216") != 6  # two digits swapped


@pytest.mark.parametrize("code", sorted({o.code for one in (PHQ9, GAD7) for item in one.items for o in item.options}))
def test_answer_code_has_its_check_digit(code):
    # "LA" answer codes: constant offset of the letters, + 5 for four digits
    body, digit = re.fullmatch(r"LA(\d{4})-(\d)", code).groups()
    assert int(digit) == (luhn_digit(body) + 5) % 10


def test_totals_are_not_panels():
    assert (PHQ9.panel_loinc, PHQ9.total_loinc) == ("44249-1", "44261-6")
    assert (GAD7.panel_loinc, GAD7.total_loinc) == ("69737-5", "70274-6")


def test_phq9_has_nine_counted_items_and_one_that_is_never_summed():
    assert [item.number for item in PHQ9.counted_items] == list(range(1, 10))
    assert PHQ9.max_total == 27
    assert PHQ9.items[9].loinc == "69722-7"
    assert [item.number for item in PHQ9.items if item.flag_from is not None] == [9]


def test_gad7_zero_option_is_not_at_all():
    assert GAD7.items[0].options[0].text == "Not at all"  # not the misprint "Not at all sure"
    assert GAD7.max_total == 21
    assert GAD7.syndrome is None
    assert GAD7.recall_days == PHQ9.recall_days == 14


def test_item_8_has_the_right_wording():
    assert "being so fidgety or restless that you have been moving around a lot more than usual" in PHQ9.items[7].text


def test_recalled_limits_say_so():
    assert PHQ9.change.response_percent.source.confidence == "verified"
    assert PHQ9.change.reliable_points.source.confidence == "recalled"


def test_unknown_instrument():
    with pytest.raises(KeyError):
        load_instrument("madras")


def test_a_source_that_is_not_listed_is_refused():
    document = read_toml("instruments/phq-9.toml")
    document["change"]["response_percent"]["source"] = ["SOMEWHERE"]
    with pytest.raises(KnowledgeError, match="SOMEWHERE"):
        instrument(document)


def test_the_fast_before_an_infusion():
    fasting = load_fasting()
    # FAST-IV: solids at least 6 h, clear liquids at least 2 h
    assert (fasting.solids.in_unit("h"), fasting.clear_liquids.in_unit("h")) == (6, 2)
