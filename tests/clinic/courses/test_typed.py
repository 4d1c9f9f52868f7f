"""What people type by mistake: each gets one sentence with a code."""

from decimal import Decimal

import pytest

from reprieve.clinic.courses.typed import Asked, read_typed
from reprieve.errors import InputError

WEIGHT = Asked(code="WT", name="Weight today", unit="kg", decimals=1)
DOSE = Asked(code="DOSE", name="Dose", unit="mg/kg", decimals=3)
MINUTES = Asked(code="DURATION", name="Duration", unit="min", decimals=1)


@pytest.mark.parametrize("text", ["72.5", " 72.5 ", "72.5 kg", "72.5kg", "72.5 KG"])
def test_a_number_may_carry_the_unit_of_its_field(text):
    assert read_typed(text, WEIGHT) == Decimal("72.5")


@pytest.mark.parametrize(
    ("text", "asked", "code", "said"),
    [
        ("160 lb", WEIGHT, "WT-UNIT", "160 lb is 72.6 kg"),
        ("160 pounds", WEIGHT, "WT-UNIT", "72.6 kg"),
        ("72500 g", WEIGHT, "WT-UNIT", "72.5 kg"),
        ("72 stone", WEIGHT, "WT-UNIT", "something else"),
        ("0", WEIGHT, "WT-POSITIVE", "more than 0 kg"),
        ("-70", WEIGHT, "WT-POSITIVE", "more than 0 kg"),
        ("72,5", WEIGHT, "WT-COMMA", "decimal point"),
        ("72.55", WEIGHT, "WT-DIGITS", "at most 1 decimals"),
        ("seventy", WEIGHT, "WT-NUMBER", "not a number"),
        (".", WEIGHT, "WT-NUMBER", "not a number"),
        ("  ", WEIGHT, "WT-MISSING", "Enter weight today in kg"),
        ("0.5 mg/kg/h", DOSE, "DOSE-RATE", "is a rate"),
        ("0.5 mg / kg / hr", DOSE, "DOSE-RATE", "is a rate"),
        ("40 mg", DOSE, "DOSE-UNIT", "something else"),
        ("500 ug/kg", DOSE, "DOSE-UNIT", "0.5 mg/kg"),
        ("1 hour", MINUTES, "DURATION-UNIT", "60 min"),
    ],
)
def test_anything_else_is_refused_with_a_sentence(text, asked, code, said):
    with pytest.raises(InputError) as caught:
        read_typed(text, asked)
    assert caught.value.code == code
    assert said in caught.value.sentence
