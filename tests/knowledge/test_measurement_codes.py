"""The table of LOINC codes that we read from other records."""

import pint
import pytest

from reprieve.domain.quantities.measurements import MeasurementKind
from reprieve.domain.quantities.units import convert
from reprieve.knowledge.measurements import measurement_codes, read_code
from reprieve.knowledge.schema import KnowledgeError

ENTRY = {"loinc": "29463-7", "title": "Weight", "kind": "quantity", "unit": "kg", "source": "LOINC",
         "confidence": "verified"}  # fmt: skip


def check_digit(body):
    """The mod-10 (Luhn) digit that ends every LOINC code."""
    doubled = [int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(body))]
    return -sum(number // 10 + number % 10 for number in doubled) % 10


@pytest.mark.parametrize("loinc", measurement_codes())
def test_every_code_has_its_check_digit(loinc):
    body, _, digit = loinc.partition("-")
    assert check_digit(body) == int(digit)


def test_panels_and_neighbours_are_not_scores():
    """Coding traps found in public code: PHQ-9 and GAD-7 panels, PCL-C, another total, the PHQ-9 for teenagers."""
    assert not {"44249-1", "69737-5", "70221-7", "76504-0", "89204-2"} & set(measurement_codes())


def test_kinds():
    codes = measurement_codes()
    assert codes["82810-3"].kind is MeasurementKind.CODED
    assert (codes["44261-6"].lowest, codes["44261-6"].highest) == (0, 27)


@pytest.mark.parametrize("missing", ["loinc", "title", "kind"])
def test_an_entry_without_its_parts_is_refused(missing):
    with pytest.raises(KnowledgeError, match=missing):
        read_code({key: value for key, value in ENTRY.items() if key != missing}, "here")


def test_an_entry_with_a_unit_we_do_not_know_is_refused():
    with pytest.raises(KnowledgeError, match="lb"):
        read_code(ENTRY | {"unit": "lb"}, "here")


@pytest.mark.parametrize(
    ("value", "code", "target", "names"),
    [
        (154.0, "[lb_av]", "kg", ("pound", "kilogram")),
        (70.0, "[in_i]", "cm", ("inch", "centimeter")),
        (16.0, "kPa", "mm[Hg]", ("kilopascal", "mmHg")),
        (450.0, "ms", "s", ("millisecond", "second")),
        (0.9, "mg/dL", "mg/L", ("mg/dL", "mg/L")),
    ],
)
def test_conversions_agree_with_pint(value, code, target, names):
    registry = pint.UnitRegistry()
    expected = registry.Quantity(value, names[0]).to(names[1]).magnitude
    assert convert(value, code, target) == pytest.approx(expected, rel=1e-6)
