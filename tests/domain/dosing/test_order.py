"""Orders: the published worked examples, and one case just inside and just outside each limit."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reprieve.domain.dosing.doses import Dose, DosePerKg, rounded
from reprieve.domain.dosing.limits import Range
from reprieve.domain.dosing.order import BasisUnknown, OrderRequest, compute_order
from reprieve.domain.dosing.preparation import Vial, concentration_mg_per_ml, draw_volume_ml, prepare
from reprieve.domain.dosing.weights import Body, DevineSex, WeightBasis, WeightOrigin, weight_on_basis
from reprieve.domain.quantities.findings import Severity
from reprieve.domain.quantities.sources import Confidence, Source
from reprieve.knowledge.formulary import vials
from reprieve.knowledge.regimens import dose_limits

D = Decimal

LIMITS = dose_limits()
TODAY = date(2026, 3, 2)
VIALS = vials()


def body(**changes):
    fields = {
        "actual_weight_kg": D(80), "weighed_on": TODAY, "weight_origin": WeightOrigin.MEASURED,
        "height_cm": D(180), "sex": DevineSex.MALE, **changes,
    }  # fmt: skip
    return Body(**fields)


def request(**changes):
    fields = {
        "body": body(), "basis": WeightBasis.ACTUAL, "dose": DosePerKg(mg_per_kg=D("0.5")),
        "regimen_dose": DosePerKg(mg_per_kg=D("0.5")), "duration_min": D(40), "vial": VIALS["ketamine-50"],
        "bag_volume_ml": D(100), "previous_weight_kg": None, "ordered_on": TODAY, **changes,
    }  # fmt: skip
    return OrderRequest(**fields)


def order(**changes):
    return compute_order(request(**changes), LIMITS)


def codes(**changes):
    return {finding.code: finding.severity for finding in order(**changes).findings}


def per_kg(value):
    return {"dose": DosePerKg(mg_per_kg=D(value))}


def test_prep_chk_the_first_worked_example():
    """PREP-CHK: 80 kg x 0.5 = 40 mg; 50 mg/mL -> 0.80 mL; bag 100 mL -> 0.40 mg/mL; 40 min -> 150 mL/h."""
    made = order()
    assert made.dose == Dose(mg=D("40.0"))
    assert made.preparation.draw_volume_ml == D("0.80")
    assert made.preparation.concentration_mg_per_ml == D("0.4000")
    assert made.preparation.rate_ml_per_h == D("150.0")
    assert made.preparation.delivered_mg(D(50)) == D("20.00")
    assert made.mg_per_min == pytest.approx(1.0)
    assert made.mg_per_actual_kg == D("0.500")
    assert made.findings == made.blocking == made.cautions == ()


def test_prep_chk2_the_five_fold_error():
    """PREP-CHK2: 5 mL of 50 mg/mL made up to 50 mL is 5 mg/mL, not the 1 mg/mL that a public answer gives."""
    assert concentration_mg_per_ml(D(5) * D(50), D(50)) == D(5)


def test_devine():
    """REG-WT-FORM by hand: 70 inches = 177.8 cm -> male 73.0, female 68.5 kg; adjusted at 100 kg: 83.8 and 81.1."""
    man = body(height_cm=D("177.8"), actual_weight_kg=D(100))
    woman = replace(man, sex=DevineSex.FEMALE)
    assert (man.ideal_weight_kg, woman.ideal_weight_kg) == (D("73.0"), D("68.5"))
    assert (man.adjusted_weight_kg, woman.adjusted_weight_kg) == (D("83.8"), D("81.1"))


def test_both_doses_are_shown_when_obese():
    """REG-WT-IBW: BMI 30 or more suggests the ideal weight; the difference in mg is visible.

    By hand at 180 cm = 70.87 inches: ideal 50 + 2.3 x 10.87 = 75.0 kg, adjusted 75 + 0.4 x 35 = 89.0 kg.
    """
    heavy = body(actual_weight_kg=D(110))
    made = order(body=heavy, basis=WeightBasis.IDEAL)
    assert made.suggested_basis is WeightBasis.IDEAL
    assert {entry.basis: entry.dose.mg for entry in made.by_basis} == {
        WeightBasis.ACTUAL: D("55.0"), WeightBasis.IDEAL: D("37.5"), WeightBasis.ADJUSTED: D("44.5")}  # fmt: skip
    assert codes(body=heavy, basis=WeightBasis.IDEAL) == {"REG-WT-IBW": Severity.INFO}
    assert codes(body=heavy) == {"REG-WT-IBW": Severity.CAUTION}
    assert made.mg_per_actual_kg == D("0.341")


def test_weights_that_cannot_be_calculated():
    short, unmeasured = body(height_cm=D(150), actual_weight_kg=D(50)), body(height_cm=None)
    assert weight_on_basis(short, WeightBasis.IDEAL) is None
    assert unmeasured.bmi_kg_per_m2 is unmeasured.is_below_devine is unmeasured.adjusted_weight_kg is None
    assert codes(body=short) == {"REG-WT-FORM": Severity.CAUTION}
    assert codes(body=unmeasured) == {"REG-WT-IBW-HEIGHT": Severity.CAUTION}
    assert codes(body=body(sex=None)) == {}
    assert codes(body=body(sex=None, actual_weight_kg=D(110))) == {
        "REG-WT-IBW": Severity.INFO, "REG-WT-FORM-SEX": Severity.CAUTION}  # fmt: skip
    with pytest.raises(BasisUnknown):
        order(body=short, basis=WeightBasis.IDEAL)


def test_an_ideal_weight_above_the_actual_one_is_not_used():
    thin = body(actual_weight_kg=D(55))
    made = order(body=thin, basis=WeightBasis.IDEAL)
    assert made.dosing_weight_kg == D(55)
    assert codes(body=thin, basis=WeightBasis.IDEAL) == {"REG-WT-FORM-ACTUAL": Severity.INFO}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (per_kg("0.3"), {}),
        (per_kg("0.29"), {"REG-DOSE-RANGE": "CAUTION"}),
        (per_kg("0.1"), {"REG-DOSE-RANGE": "CAUTION"}),
        (per_kg("0.09"), {"DOSE-LOW": "ABSOLUTE", "PREP-CALC": "CAUTION"}),
        (per_kg("0.05"), {"DOSE-LOW": "ABSOLUTE", "DOSE-TENFOLD": "ABSOLUTE", "PREP-CONC-HARD": "ABSOLUTE"}),
        (per_kg("0.75"), {}),
        (per_kg("0.76"), {"REG-DOSE-MAX-M-SOFT": "CAUTION"}),
        (per_kg("1.0"), {"REG-DOSE-MAX-M-SOFT": "CAUTION"}),
        (per_kg("1.01"), {"REG-DOSE-MAX-M": "ABSOLUTE"}),
        (per_kg("5"), {"DOSE-TENFOLD": "ABSOLUTE", "REG-DOSE-MAX-M": "ABSOLUTE", "REG-DOSE-MAX-M-MG": "ABSOLUTE",
                       "PREP-CONC": "CAUTION"}),
        ({"duration_min": D(39)}, {"REG-DURATION": "CAUTION"}),
        ({"duration_min": D(60)}, {}),
        ({"duration_min": D(61)}, {"REG-DURATION": "CAUTION"}),
        ({"duration_min": D(19)}, {"REG-DURATION-HARD": "ABSOLUTE"}),
        ({"duration_min": D(121)}, {"REG-DURATION-HARD": "ABSOLUTE"}),
        ({"body": body(weight_origin=WeightOrigin.STATED)}, {"REG-WT-ACT-STATED": "WORKUP"}),
        ({"body": body(weighed_on=TODAY - timedelta(days=7))}, {}),
        ({"body": body(weighed_on=TODAY - timedelta(days=8))}, {"REG-WT-ACT-AGE": "WORKUP"}),
        ({"body": body(weighed_on=TODAY + timedelta(days=1))}, {"REG-WT-ACT-AGE": "WORKUP"}),
        ({"previous_weight_kg": D("76.3")}, {}),
        ({"previous_weight_kg": D("76.1")}, {"REG-WT-ACT-CHANGE": "CAUTION"}),
        ({"previous_weight_kg": D("84.3")}, {"REG-WT-ACT-CHANGE": "CAUTION"}),
        ({"vial": VIALS["ketamine-10"]}, {"PREP-10": "INFO"}),
        ({"bag_volume_ml": D(50)}, {}),
        ({"bag_volume_ml": D(19)}, {"PREP-CONC": "CAUTION"}),
        ({"bag_volume_ml": D(3)}, {"PREP-CONC-HARD": "ABSOLUTE"}),
        ({"bag_volume_ml": D(900)}, {"PREP-CONC-HARD": "ABSOLUTE", "PREP-PUMP": "ABSOLUTE"}),
        ({"bag_volume_ml": None, "vial": VIALS["ketamine-10"]}, {"PREP-CONC": "CAUTION"}),
        ({"bag_volume_ml": D("0.5")}, {"PREP-BAG": "ABSOLUTE", "PREP-CONC-HARD": "ABSOLUTE", "PREP-PUMP": "ABSOLUTE"}),
        ({"vial": Vial(id="small", mg_per_ml=D(50), volume_ml=D("0.5"))}, {"PREP-VIAL": "CAUTION"}),
        ({"vial": Vial(id="strong", mg_per_ml=D(1000), volume_ml=D(1)), "body": body(actual_weight_kg=D(67))},
         {"PREP-CALC": "CAUTION"}),
    ],
)  # fmt: skip
def test_each_limit_from_both_sides(changes, expected):
    assert codes(**changes) == expected


def test_a_strong_vial_is_never_given_undiluted():
    """PREP-100: 100 mg/mL never by vein undiluted."""
    found = codes(bag_volume_ml=None, vial=VIALS["ketamine-100"])
    assert found["PREP-100"] is Severity.ABSOLUTE
    assert "PREP-100" not in codes(bag_volume_ml=None, vial=VIALS["ketamine-50"])


def test_the_hundred_milligram_cap_holds_below_one_milligram_per_kilogram():
    heavy = {"body": body(actual_weight_kg=D(130), height_cm=D(200)), "regimen_dose": DosePerKg(mg_per_kg=D("0.5"))}
    assert "REG-DOSE-MAX-M-MG" not in codes(**heavy, **per_kg("0.76"))
    assert codes(**heavy, **per_kg("0.8"))["REG-DOSE-MAX-M-MG"] is Severity.ABSOLUTE


def test_pounds_typed_as_kilograms_are_stopped():
    """154 lb is 69.9 kg: the number of pounds in a field of kilograms, when the last weight was 70 kg."""
    found = codes(body=body(actual_weight_kg=D(154)), previous_weight_kg=D(70))
    assert found["WT-POUNDS"] is Severity.ABSOLUTE
    assert "REG-WT-ACT-CHANGE" not in found


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"actual_weight_kg": D(400)}, "WT-RANGE"),
        ({"actual_weight_kg": D("8.0")}, "WT-RANGE"),
        ({"height_cm": D("1.8")}, "HT-RANGE"),
        ({"actual_weight_kg": D(31), "height_cm": D(185)}, "BMI-RANGE"),
    ],
)
def test_impossible_bodies_are_stopped(changes, code):
    assert codes(body=body(**changes))[code] is Severity.ABSOLUTE


def test_only_the_soft_dose_limit_needs_a_cosignature():
    assert order(**per_kg("0.8")).needs_cosignature
    assert not order(duration_min=D(70)).needs_cosignature


def test_blocking_and_cautions_are_told_apart():
    made = order(duration_min=D(70), body=body(weight_origin=WeightOrigin.STATED))
    assert [finding.code for finding in made.blocking] == ["REG-WT-ACT-STATED"]
    assert [finding.code for finding in made.cautions] == ["REG-DURATION"]


@pytest.mark.parametrize("value", ["0", "-1", "NaN", "Infinity"])
def test_what_is_no_amount_is_refused(value):
    with pytest.raises(ValueError, match="cannot be"):
        DosePerKg(mg_per_kg=D(value))
    with pytest.raises(ValueError, match="cannot be"):
        Dose(mg=D(value))
    with pytest.raises(ValueError, match="cannot be made"):
        request(duration_min=D(value))
    with pytest.raises(ValueError, match="cannot be made"):
        request(bag_volume_ml=D(value))


def test_a_range_must_hold_something():
    with pytest.raises(ValueError, match="holds nothing"):
        Range(lower=D(2), upper=D(1), source=Source(keys=("X",), confidence=Confidence.POLICY))


def test_halves_are_rounded_up():
    assert rounded(D("0.805"), D("0.01")) == D("0.81")
    assert rounded(D("0.5"), D("1")) == D("1")


@given(st.decimals("35", "160", places=1), st.decimals("0.1", "1.0", places=2), st.sampled_from(sorted(VIALS)))
def test_volume_drawn_always_holds_the_dose_within_half_a_step(weight_kg, mg_per_kg, vial_id):
    dose = DosePerKg(mg_per_kg=mg_per_kg).times(weight_kg)
    vial = VIALS[vial_id]
    assert abs(draw_volume_ml(dose, vial.mg_per_ml) * vial.mg_per_ml - dose.mg) <= D("0.005") * vial.mg_per_ml


@given(st.decimals("3", "100", places=1), st.sampled_from([D(50), D(100), D(250)]), st.integers(20, 120))
def test_the_pump_delivers_the_dose_in_the_time(dose_mg, bag_ml, minutes):
    """Rate x time x concentration is the dose, within the pump's step of 0.1 mL/h and 0.0001 mg/mL."""
    made = prepare(dose=Dose(mg=dose_mg), vial=VIALS["ketamine-50"], bag_volume_ml=bag_ml, duration_min=D(minutes))
    delivered = made.rate_ml_per_h * minutes / 60 * made.concentration_mg_per_ml
    assert float(delivered) == pytest.approx(float(dose_mg), rel=5e-3)
