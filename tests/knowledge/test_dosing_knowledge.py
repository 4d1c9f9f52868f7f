"""Regimens, limits and products as shipped: complete, sourced, and equal to the published rows."""

from decimal import Decimal

from reprieve.domain.dosing.doses import DosePerKg
from reprieve.knowledge.formulary import bag_volumes_ml, diluents, vials
from reprieve.knowledge.regimens import check_tolerance, dose_limits, regimens

D = Decimal


def test_every_mood_infusion_of_the_loader_table_is_here():
    assert set(regimens()) == {
        "REG-IV-STD6-2W", "REG-IV-STD6-3W", "REG-IV-2X4", "REG-IV-3X4", "REG-IV-LEVINE", "REG-IV-WEEKLY",
        "REG-IV-SI2", "REG-IV-SINGLE", "REG-IV-PTSD6", "REG-IV-BP2",
    }  # fmt: skip


def test_all_are_half_a_milligram_per_kilogram_over_forty_minutes():
    for regimen in regimens().values():
        assert (regimen.dose, regimen.duration_min, regimen.route) == (DosePerKg(mg_per_kg=D("0.5")), D(40), "IV")


def test_what_follows_the_series():
    assert regimens()["REG-IV-LEVINE"].then_every_days == 30
    assert regimens()["REG-IV-BP2"].requires == ("mood_stabiliser", "ymrs_each_visit")
    assert regimens()["REG-IV-SI2"].min_interval_h == D(24)


def test_dose_ceiling():
    """REG-DOSE-MAX-M: soft 0.75 mg/kg, hard 1.0 mg/kg or 100 mg."""
    limits = dose_limits()
    caps = (limits.soft_upper_mg_per_kg, limits.hard_upper_mg_per_kg, limits.hard_upper_mg)
    assert [cap.value for cap in caps] == [D("0.75"), D(1), D(100)]
    assert (check_tolerance().weight_percent, check_tolerance().rate_percent) == (D(1), D("0.5"))


def test_vials_hold_what_their_labels_say():
    """PREP-VIAL: 200, 500, 500 and 1000 mg."""
    assert [vial.content_mg for vial in vials().values()] == [D(200), D(500), D(500), D(1000)]
    assert bag_volumes_ml() == (D(50), D(100), D(250), D(500))
    assert next(iter(diluents())) == "sodium-chloride-0.9"
