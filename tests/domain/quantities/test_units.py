"""UCUM conversion against pint, and refusal of what is not known."""

import pint
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reprieve.domain.quantities.units import UNITS, IncompatibleUnits, UnknownUnit, convert, convert_substance, unit

# UCUM code -> the same unit in pint, an independent library; codes pint cannot read are checked by hand below.
PINT = {
    "kg": "kilogram", "g": "gram", "mg": "milligram", "ug": "microgram", "ng": "nanogram", "[lb_av]": "pound",
    "[oz_av]": "ounce", "m": "meter", "cm": "centimeter", "mm": "millimeter", "[in_i]": "inch", "[ft_i]": "foot",
    "min": "minute", "s": "second", "h": "hour", "d": "day", "wk": "week", "L": "liter", "mL": "milliliter",
    "mm[Hg]": "mmHg", "kPa": "kilopascal", "/min": "1/minute", "/s": "1/second", "mg/L": "mg/L", "ng/mL": "ng/mL",
    "mg/dL": "mg/dL", "g/dL": "g/dL", "mmol/L": "mmol/L", "umol/L": "umol/L", "mg/h": "mg/hour", "mg/min": "mg/minute",
    "mL/h": "mL/hour", "mL/min": "mL/minute", "mg/kg/h": "mg/kg/hour", "mg/kg/min": "mg/kg/minute",
}  # fmt: skip
PAIRS = [(a, b) for a in PINT for b in PINT if unit(a).dimension == unit(b).dimension]
registry = pint.UnitRegistry()


@pytest.mark.parametrize(("code", "target"), PAIRS)
def test_conversion_agrees_with_pint(code, target):
    expected = registry.Quantity(7.25, PINT[code]).to(PINT[target]).magnitude
    assert convert(7.25, code, target) == pytest.approx(expected, rel=1e-6)


def test_temperature_in_fahrenheit():
    assert convert(98.6, "[degF]", "Cel") == pytest.approx(37.0)
    assert convert(37.0, "Cel", "[degF]") == pytest.approx(98.6)


def test_an_unknown_code_is_refused():
    with pytest.raises(UnknownUnit) as caught:
        convert(1.0, "lbs", "kg")
    assert caught.value.code == "lbs"


def test_a_mass_is_not_a_length():
    with pytest.raises(IncompatibleUnits) as caught:
        convert(1.0, "kg", "cm")
    assert (caught.value.code, caught.value.target) == ("kg", "cm")


@given(value=st.floats(-1e6, 1e6), pair=st.sampled_from(PAIRS))
def test_there_and_back_is_the_same(value, pair):
    code, target = pair
    assert convert(convert(value, code, target), target, code) == pytest.approx(value, rel=1e-9, abs=1e-6)


def test_every_code_converts_to_itself_unchanged():
    assert all(convert(3.7, code, code) == 3.7 for code in UNITS)


@pytest.mark.parametrize(
    ("value", "code", "target", "expected"),
    [
        (5.0, "mmol/L", "mg/dL", 90.078),  # glucose, 180.156 g/mol
        (90.078, "mg/dL", "mmol/L", 5.0),
        (90.0, "mg/dL", "g/L", 0.9),
        (5.0, "mmol/L", "umol/L", 5000.0),
    ],
)
def test_an_amount_is_a_mass_by_its_molar_mass(value, code, target, expected):
    assert convert_substance(value, code, target, molar_mass_g_per_mol=180.156) == pytest.approx(expected)


def test_without_a_molar_mass_an_amount_is_no_mass():
    with pytest.raises(IncompatibleUnits):
        convert_substance(5.0, "mmol/L", "mg/dL", molar_mass_g_per_mol=None)
