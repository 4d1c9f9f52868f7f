"""Codes of measurements: what is kept and what is refused."""

import pytest

from reprieve.domain.quantities.measurements import MeasurementCode, MeasurementKind, OutsideItsScale
from reprieve.domain.quantities.units import IncompatibleUnits, UnknownUnit

PHQ_9 = MeasurementCode(
    loinc="44261-6", title="PHQ-9", kind=MeasurementKind.QUANTITY, unit="{score}", lowest=0, highest=27, whole=True,
    also_written={"1": "{score}"},
)  # fmt: skip


def test_a_score_on_its_scale():
    assert PHQ_9.canonical(0, "{score}") == 0
    assert PHQ_9.canonical(27, "1") == 27


@pytest.mark.parametrize("value", [-1, 28, 20.4, float("nan"), float("inf")])
def test_a_score_off_its_scale(value):
    with pytest.raises(OutsideItsScale):
        PHQ_9.canonical(value, "{score}")


def test_units_that_do_not_fit():
    with pytest.raises(UnknownUnit):
        PHQ_9.canonical(3, "points")
    with pytest.raises(IncompatibleUnits):
        PHQ_9.canonical(3, "kg")


@pytest.mark.parametrize(("kind", "unit"), [(MeasurementKind.QUANTITY, ""), (MeasurementKind.CODED, "kg")])
def test_a_quantity_has_a_unit_and_an_answer_has_none(kind, unit):
    with pytest.raises(ValueError, match="a quantity has a unit"):
        MeasurementCode(loinc="1-8", title="x", kind=kind, unit=unit)


def test_a_code_with_an_unknown_unit_is_refused():
    with pytest.raises(UnknownUnit):
        MeasurementCode(loinc="1-8", title="x", kind=MeasurementKind.QUANTITY, unit="lb")
