"""Effects of a concentration, held to the numbers of the clinical dossier (section 4)."""

import ast
from dataclasses import replace
from math import log
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from reprieve.domain.pharmacology.effects.antidepressant import (
    GivenDose,
    consolidated_change,
    depression_change,
    effect_share,
    individual_spread,
)
from reprieve.domain.pharmacology.effects.haemodynamics import (
    individual_peak,
    mean_rise,
    older_or_hypertensive_rise,
    upper_pulse_rise,
)
from reprieve.domain.pharmacology.effects.intensity import dissociation_score, intensity
from reprieve.domain.pharmacology.effects.landmarks import Landmark
from reprieve.domain.pharmacology.effects.occupancy import InhibitionSet, Ligand, occupancy_index
from reprieve.domain.pharmacology.effects.standing import EffectCurve, EffectKind, NotForDecisions, Standing
from reprieve.knowledge.effects import load_effects

EFFECTS = load_effects()
SYSTOLIC, DIASTOLIC = EffectKind.SYSTOLIC_RISE, EffectKind.DIASTOLIC_RISE
SIX_DOSES = [GivenDose(at_h=24.0 * day, systemic_mg_per_kg=0.5) for day in (0, 2, 4, 7, 9, 11)]


def at(*ng_per_ml):
    return np.array(ng_per_ml) / 1000.0


def one_dose(mg_per_kg):
    return [GivenDose(at_h=0.0, systemic_mg_per_kg=mg_per_kg)]


# Occupancy: total ketamine at the end of 0.5 mg/kg over 40 min is 251 ng/mL arterial and 165 venous (K2S).
ARTERIAL = {"S-ketamine": at(123.0), "R-ketamine": at(128.0), "S-norketamine": at(40.0), "R-norketamine": at(47.0)}
VENOUS = {"S-ketamine": at(81.0), "R-ketamine": at(84.0), "S-norketamine": at(40.0), "R-norketamine": at(47.0)}


@pytest.mark.parametrize(
    ("constants", "plasma", "expected"),
    [("ebert1997", ARTERIAL, 0.58), ("ebert1997", VENOUS, 0.48), ("with_magnesium", ARTERIAL, 0.12)],
)
def test_occupancy_index_of_the_usual_infusion(constants, plasma, expected):
    index = occupancy_index(EFFECTS.occupancy[constants], plasma)
    assert index.values[0] == pytest.approx(expected, abs=0.01)


def test_occupancy_of_84_mg_by_nose():
    # 101 ng/mL of esketamine, and norketamine still rising to its 180 ng/mL; 45 to 48 % said without a penetration
    index = occupancy_index(EFFECTS.occupancy["ebert1997"], {"S-ketamine": at(101.0), "S-norketamine": at(100.0)})
    assert 0.45 < index.values[0] < 0.50


def test_occupancy_carries_its_assumptions_and_is_never_called_measured():
    index = occupancy_index(EFFECTS.occupancy["ebert1997"], {"S-ketamine": at(101.0)})
    assert (index.standing, index.assumptions["measured"]) == (Standing.DERIVED, False)
    assert index.assumptions["constants"] == "ebert1997"
    assert index.assumptions["S-ketamine.ki_umol_per_l"] == 0.3
    assert index.assumptions["S-ketamine.unbound_fraction"] == 0.65
    assert index.assumptions["left_out"] == ("R-ketamine", "R-norketamine", "S-norketamine")
    assert {"EBERT97", "ESK-PI", "MOADDEL23"} <= set(index.source.keys)


def test_occupancy_refuses_to_guess():
    with pytest.raises(ValueError, match="none of"):
        occupancy_index(EFFECTS.occupancy["ebert1997"], {"ketamine": at(101.0)})
    with pytest.raises(ValueError, match="no ligand"):
        InhibitionSet(id="empty", ligands={}, source=EFFECTS.antidepressant.source)
    with pytest.raises(ValueError, match="unbound fraction"):
        Ligand(inhibition_umol_per_l=1, unbound_fraction=1.2, brain_to_plasma=1, molar_mass_g_per_mol=200)
    with pytest.raises(ValueError, match="positive constants"):
        Ligand(inhibition_umol_per_l=0, unbound_fraction=0.5, brain_to_plasma=1, molar_mass_g_per_mol=200)


@given(low=st.floats(0, 1), more=st.floats(1e-6, 5))
def test_occupancy_is_a_share_and_rises(low, more):
    index = occupancy_index(EFFECTS.occupancy["ebert1997"], {"S-ketamine": np.array([low, low + more])})
    assert 0.0 <= index.values[0] < index.values[1] < 1.0


@pytest.mark.parametrize(
    ("kind", "venous_ng_per_ml", "expected"),
    [
        (SYSTOLIC, 82.0, 6.0),  # 0.5 mg/kg over 40 min: half of 165 ng/mL
        (DIASTOLIC, 82.0, 3.0),
        (SYSTOLIC, 101.0, 7.2),  # 84 mg by nose, placebo-corrected
        (DIASTOLIC, 101.0, 3.8),
        (EffectKind.MEAN_PRESSURE_RISE, 1959.0, 24.0),  # anaesthesia
        (EffectKind.PULSE_RISE, 82.0, 1.9),
    ],
)
def test_mean_rise_goes_through_its_anchors(kind, venous_ng_per_ml, expected):
    rise = mean_rise(EFFECTS.haemodynamics, kind, at(venous_ng_per_ml))
    assert rise.values[0] == pytest.approx(expected, abs=0.25)
    assert (rise.standing, rise.unit) == (Standing.DERIVED, "/min" if kind is EffectKind.PULSE_RISE else "mm[Hg]")


def test_upper_pulse_rise_is_apart_from_the_typical_one():
    assert upper_pulse_rise(EFFECTS.haemodynamics, at(510.0)).values[0] == pytest.approx(15.0)


def test_one_persons_peak_is_kept_apart_from_the_mean():
    # Doherty 2020: mean of the individual maxima +13.3/+8.7 at 84 mg
    for kind, expected in ((SYSTOLIC, 13.3), (DIASTOLIC, 8.7)):
        peak = individual_peak(EFFECTS.haemodynamics, mean_rise(EFFECTS.haemodynamics, kind, at(20.0, 101.0)))
        assert peak.mean_mmhg == pytest.approx(expected, abs=0.2)
        assert peak.quantile_mmhg(0.95) > peak.mean_mmhg + 1.5 * 7.0


def test_peak_distribution_agrees_with_simulated_people():
    peak = individual_peak(EFFECTS.haemodynamics, mean_rise(EFFECTS.haemodynamics, SYSTOLIC, at(101.0)))
    rng, sigma = np.random.default_rng(1), np.sqrt(np.log1p(0.6**2))
    drug = peak.drug_mean_mmhg * np.exp(rng.normal(-(sigma**2) / 2, sigma, 400_000))
    people = drug + rng.normal(6.0, 7.0, drug.size)
    for probability in (0.05, 0.5, 0.95):
        assert peak.quantile_mmhg(probability) == pytest.approx(np.quantile(people, probability), abs=0.06)
    with pytest.raises(ValueError, match="between 0 and 1"):
        peak.quantile_mmhg(1.0)


def test_placeholder_refuses_to_be_a_number():
    rise = mean_rise(EFFECTS.haemodynamics, SYSTOLIC, at(82.0))
    guess = older_or_hypertensive_rise(EFFECTS.haemodynamics, rise)
    lower, upper = guess.for_display()
    assert (guess.standing, lower[0] / rise.values[0], upper[0] / rise.values[0]) == (
        Standing.PLACEHOLDER,
        pytest.approx(1.3),
        pytest.approx(1.5),
    )
    attempts = [bool, float, int, len, list, np.asarray, lambda x: x > 5, lambda x: x <= 5, lambda x: x == 5]
    attempts += [lambda x: x + 1, lambda x: 1 + x, lambda x: 2 * x, lambda x: x / 2, lambda x: -x, abs, max]
    for attempt in attempts:
        with pytest.raises(NotForDecisions, match="systolic_rise"):
            attempt(guess)
    with pytest.raises(TypeError, match="unhashable"):
        hash(guess)


def test_a_placeholder_cannot_be_dressed_up_as_a_curve():
    rise = mean_rise(EFFECTS.haemodynamics, SYSTOLIC, at(82.0))
    with pytest.raises(ValueError, match="placeholder"):
        replace(rise, standing=Standing.PLACEHOLDER)


def test_nothing_that_decides_imports_effects():
    domain = Path(__file__).parents[3] / "src" / "reprieve" / "domain"
    rooms = ("candidacy", "course", "session", "dosing", "outcomes")
    modules = [path for room in rooms for path in (domain / room).rglob("*.py")]
    imported = [
        name
        for path in modules
        for node in ast.walk(ast.parse(path.read_text()))
        for name in (
            [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else [a.name for a in getattr(node, "names", []) if isinstance(node, ast.Import)]
        )
    ]
    assert len(modules) > 30
    assert not [name for name in imported if "pharmacology.effects" in name]


def test_drug_high_is_half_at_its_half_effect_and_has_its_steepness():
    high = intensity(EFFECTS.intensity["drug_high"], at(0.0, 121.0, 242.0))
    assert high.values == pytest.approx([0.0, 0.5, 2**1.5 / (1 + 2**1.5)])
    assert (high.standing, high.assumptions["effect_site_rate_per_min"]) == (Standing.DERIVED, 0.084)
    assert intensity(EFFECTS.intensity["antinociception"], at(344.0)).values[0] == pytest.approx(0.5)


def test_dissociation_points_are_an_illustration_with_a_floor():
    points = dissociation_score(EFFECTS.dissociation, intensity(EFFECTS.intensity["drug_high"], at(121.0)))
    lower, upper = points.for_display()
    assert (lower[0], upper[0]) == (pytest.approx(3.0), pytest.approx(27.0))  # 30 * 0.5, spread 80 %
    with pytest.raises(NotForDecisions):
        assert points > 0


@pytest.mark.parametrize(("mg_per_kg", "points"), [(0.1, 5.7), (0.2, 7.6), (0.5, 9.3), (1.0, 10.1)])
def test_points_24_h_after_one_dose(mg_per_kg, points):
    change = depression_change(EFFECTS.antidepressant, one_dose(mg_per_kg), np.array([24.0]))
    assert -change.values[0] == pytest.approx(points, abs=0.05)


def test_shape_after_one_dose():
    shape, _ = effect_share(EFFECTS.antidepressant, one_dose(0.5), np.array([2.0, 4.0, 24.0, 72.0, 168.0, 336.0]))
    assert shape / shape[1] == pytest.approx([0.8, 1.0, 0.95, 0.7, 0.4, 0.13], abs=0.03)


def test_84_mg_by_nose_and_a_series_of_six():
    once = 84.0 * 0.51 / 70.0
    twice = [*one_dose(once), GivenDose(at_h=24.0 * 4.5, systemic_mg_per_kg=once)]
    early = depression_change(EFFECTS.antidepressant, one_dose(once), np.array([2.0, 24.0])).values
    assert -early == pytest.approx([8.4, 9.5], abs=0.1)
    assert -depression_change(EFFECTS.antidepressant, twice, np.array([192.0])).values[0] == pytest.approx(8.2, abs=0.3)
    series = depression_change(EFFECTS.antidepressant, SIX_DOSES, np.array([288.0, 456.0]))
    assert -series.values == pytest.approx([14.0, 5.0], abs=0.3)
    assert series.assumptions["scenario_only"] is True


def test_closed_form_equals_the_differential_equation():
    model = EFFECTS.antidepressant
    rise, decline = log(2) / model.rise_half_life_h, log(2) / model.decline_half_life_h
    slow, gain = log(2) / model.consolidation.half_life_h, model.consolidation.gain_per_h
    state, ends = np.zeros(3), [dose.at_h for dose in SIX_DOSES[1:]] + [720.0]

    def slope(_, y):
        fed = rise * y[0] * (1 - y[1])
        return [-rise * y[0], fed - decline * y[1], gain * y[1] - slow * y[2]]

    for dose, end in zip(SIX_DOSES, ends, strict=True):
        state[0] += 0.5 / (model.half_dose_mg_per_kg + 0.5)
        state = solve_ivp(slope, (dose.at_h, end), state, method="DOP853", rtol=1e-12, atol=1e-14).y[:, -1]
    share, consolidated = effect_share(model, SIX_DOSES, np.array([720.0]))
    assert (share[0], consolidated[0]) == (pytest.approx(state[1], abs=1e-9), pytest.approx(state[2], abs=1e-9))


def test_half_of_the_change_is_left_18_days_after_a_series_when_consolidated():
    times = np.array([24.0 * 12, 24.0 * 29])
    with_it, without = consolidated_change(EFFECTS.antidepressant, SIX_DOSES, times).for_display()
    assert with_it[1] / with_it[0] == pytest.approx(0.5, abs=0.01)
    assert without[1] / without[0] < 0.1
    assert np.all(with_it <= without)


def test_the_change_is_shown_with_its_spread():
    change = depression_change(EFFECTS.antidepressant, one_dose(0.5), np.array([-1.0, 24.0]))
    lower, upper = individual_spread(EFFECTS.antidepressant, change, 0.9)
    assert change.values[0] == 0.0  # nothing before the first dose
    # 20 points with SD 12: 90 % of people between 0.3 and 39.7 of 20
    assert upper[1] / change.values[1] == pytest.approx(1 - 1.645 * 0.6, abs=1e-3)
    assert lower[1] / change.values[1] == pytest.approx(1 + 1.645 * 0.6, abs=1e-3)
    with pytest.raises(ValueError, match="between 0 and 1"):
        individual_spread(EFFECTS.antidepressant, change, 1.0)


def test_doses_within_minutes_are_refused():
    pushed = [GivenDose(at_h=index / 100.0, systemic_mg_per_kg=5.0) for index in range(12)]
    with pytest.raises(ValueError, match="too closely"):
        effect_share(EFFECTS.antidepressant, pushed, np.array([24.0]))


@pytest.mark.parametrize("bad", [{"at_h": np.nan}, {"systemic_mg_per_kg": -0.1}])
def test_impossible_dose(bad):
    with pytest.raises(ValueError, match="dose"):
        GivenDose(**{"at_h": 0.0, "systemic_mg_per_kg": 0.5} | bad)


@settings(max_examples=60, deadline=None)
@given(
    gaps=st.lists(st.floats(3.0, 400.0), min_size=1, max_size=12),
    mg_per_kg=st.floats(0.0, 3.0),
    shift=st.floats(-500.0, 500.0),
)
def test_effect_is_a_share_moves_with_time_and_rises_with_dose(gaps, mg_per_kg, shift):
    days, times = np.cumsum(gaps), np.linspace(0.0, 6000.0, 200)
    doses = [GivenDose(at_h=float(day), systemic_mg_per_kg=mg_per_kg) for day in days]
    moved = [replace(dose, at_h=dose.at_h + shift) for dose in doses]
    more = [replace(dose, systemic_mg_per_kg=mg_per_kg * 1.5 + 0.01) for dose in doses]
    share, slow = effect_share(EFFECTS.antidepressant, doses, times)
    assert np.all((share >= -1e-12) & (share <= 1.0)) and np.all(slow >= -1e-12)
    kept = np.abs(times[:, None] - days).min(axis=1) > 1e-6  # the instant of a dose may round to either side
    assert effect_share(EFFECTS.antidepressant, moved, times + shift)[0][kept] == pytest.approx(share[kept], abs=1e-9)
    assert np.all(effect_share(EFFECTS.antidepressant, more, times)[0] >= share - 1e-12)


@pytest.mark.parametrize(
    ("model", "change"),
    [
        (EFFECTS.haemodynamics, {"half_effect_mg_per_l": 0.0}),
        (EFFECTS.intensity["drug_high"], {"steepness": -1.0}),
        (EFFECTS.antidepressant, {"half_dose_mg_per_kg": 0.0}),
        (EFFECTS.antidepressant, {"rise_half_life_h": 500.0}),
    ],
)
def test_impossible_constants(model, change):
    with pytest.raises(ValueError, match=r"positive|quicker"):
        replace(model, **change)


def test_landmarks_stand_with_analyte_and_source():
    marks = {mark.id: mark for mark in EFFECTS.landmarks}
    # dossier 4.3: awakening 640 (210) ng/mL, film antinociception 285-404 ng/mL
    assert (marks["awakening"].lower_mg_per_l, marks["awakening"].upper_mg_per_l) == (0.43, 0.85)
    assert marks["s_antinociception_film"].upper_mg_per_l == pytest.approx(0.404)
    assert marks["s_memory_threshold"].upper_mg_per_l is None
    assert {mark.analyte for mark in marks.values()} == {"ketamine", "S-ketamine"}
    with pytest.raises(ValueError, match="ends before"):
        Landmark(id="x", analyte="ketamine", lower_mg_per_l=2, upper_mg_per_l=1, source=marks["awakening"].source)


def test_curve_keeps_what_it_is():
    curve = intensity(EFFECTS.intensity["drug_high"], at(100.0))
    assert isinstance(curve, EffectCurve)
    assert curve.kind is EffectKind.DRUG_HIGH
