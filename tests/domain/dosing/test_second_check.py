"""The blind second calculation (C4): agreement within the stated tolerance, and what a difference would have done."""

from datetime import date
from decimal import Decimal

import pytest

from reprieve.domain.dosing.doses import DosePerKg
from reprieve.domain.dosing.order import OrderRequest, compute_order
from reprieve.domain.dosing.second_check import Checked, CheckEntry, check_differences
from reprieve.domain.dosing.weights import Body, DevineSex, WeightBasis, WeightOrigin
from reprieve.knowledge.formulary import vials
from reprieve.knowledge.regimens import check_tolerance, dose_limits

D = Decimal

DAY = date(2026, 3, 2)


def order(basis=WeightBasis.ACTUAL, weight_kg="80"):
    body = Body(
        actual_weight_kg=D(weight_kg), weighed_on=DAY, weight_origin=WeightOrigin.MEASURED, height_cm=D(180),
        sex=DevineSex.MALE,
    )  # fmt: skip
    half = DosePerKg(mg_per_kg=D("0.5"))
    request = OrderRequest(
        body=body, basis=basis, dose=half, regimen_dose=half, duration_min=D(40), vial=vials()["ketamine-50"],
        bag_volume_ml=D(100), previous_weight_kg=None, ordered_on=DAY,
    )  # fmt: skip
    return compute_order(request, dose_limits())


def differences(weight="80", vial="50", rate="150", made=None):
    entry = CheckEntry(weight_kg=D(weight), vial_mg_per_ml=D(vial), rate_ml_per_h=D(rate))
    found = check_differences(made or order(), entry, check_tolerance())
    return {one.quantity: (one.ordered, one.found) for one in found}


@pytest.mark.parametrize("values", [{}, {"weight": "80.8"}, {"weight": "79.2"}, {"rate": "150.7"}])
def test_honest_readings_agree(values):
    assert differences(**values) == {}


def test_the_wrong_vial_is_a_tenfold_volume():
    """100 mg/mL in the hand instead of 50: half the volume holds the dose."""
    found = differences(vial="100")
    assert found[Checked.VIAL_MG_PER_ML] == (D(50), D(100))
    assert found[Checked.DRAW_VOLUME_ML] == (D("0.80"), D("0.40"))
    assert Checked.DOSE_MG not in found


def test_a_decimal_slip_on_the_pump_is_seen_in_minutes():
    found = differences(rate="15.0")
    assert found == {Checked.RATE_ML_PER_H: (D("150.0"), D("15.0")), Checked.DURATION_MIN: (D("40.0"), D("400.0"))}


def test_another_weight_changes_the_dose():
    found = differences(weight="70")
    assert found[Checked.WEIGHT_KG] == (D(80), D(70))
    assert found[Checked.DOSE_MG] == (D("40.0"), D("35.0"))


def test_on_the_ideal_weight_the_scale_does_not_change_the_dose():
    found = differences(weight="100", made=order(WeightBasis.IDEAL, "110"))
    assert set(found) == {Checked.WEIGHT_KG}


@pytest.mark.parametrize("value", ["0", "-1", "NaN"])
def test_no_check_with_nothing(value):
    with pytest.raises(ValueError, match="second check"):
        CheckEntry(weight_kg=D(value), vial_mg_per_ml=D(50), rate_ml_per_h=D(150))
