"""Other medicines, liver, age and genotype act on the parameter that carries them.  Numbers: exposure/changes.toml."""

import pytest

from reprieve.domain.pharmacology.covariates import Covariates
from reprieve.domain.pharmacology.exposure import ExposureChange, ExposureTargets, apply_factors
from reprieve.domain.pharmacology.exposure_told import age_findings, direction_findings
from reprieve.domain.pharmacology.linear_model import Drug, Route
from reprieve.domain.pharmacology.regimen import Dose
from reprieve.domain.pharmacology.simulate import simulate
from reprieve.domain.quantities.findings import Severity
from reprieve.domain.quantities.sources import Confidence, Source
from reprieve.knowledge.exposure_changes import (
    age_bands,
    age_change_by_vein,
    changes_of_ingredients,
    directions_of_ingredients,
    exposure_changes,
    targets_of,
)
from reprieve.knowledge.kinetics import load_model, model_ids

FOREVER = 1e7
SOURCE = Source(keys=("DESIGN",), confidence=Confidence.POLICY)


def total_area(model, route, analyte="S-ketamine"):
    dose = Dose(drug=Drug.ESKETAMINE, route=route, at_min=0.0, amount_mg=28.0)
    site = model.default_site
    curves = simulate(model, [dose], t_min=[0.0, 1.0], covariates=Covariates(weight_kg=70.0, age_y=40.0))
    return float(curves.auc_mg_min_per_l(analyte, site, until_min=FOREVER))


def changed(model_id, *names, routes):
    changes = [exposure_changes()[name] for name in names]
    return apply_factors(load_model(model_id), changes, targets=targets_of(model_id), routes=routes)


def ratio(model_id, route, *names, analyte="S-ketamine"):
    adjusted = changed(model_id, *names, routes=[route])
    return total_area(adjusted.model, route, analyte) / total_area(load_model(model_id), route, analyte)


def codes(findings):
    return [finding.code for finding in findings]


@pytest.mark.parametrize("model_id", ["k2s", "perez_ruixo2021"])
@pytest.mark.parametrize(
    ("name", "route", "expected"),
    [
        ("ticlopidine", Route.PO, 2.4),
        # 1.29 was measured by nose; by vein nobody measured it
        ("ticlopidine", Route.IV, 1.0),
        ("itraconazole", Route.PO, 1.0),
        ("clarithromycin", Route.PO, 2.6),
        ("grapefruit", Route.PO, 3.0),
        ("grapefruit", Route.IV, 1.0),
        ("rifampicin", Route.PO, 0.14),
        ("rifampicin", Route.IV, 0.88),
        ("st_johns_wort", Route.PO, 0.42),
        ("child_pugh_a", Route.IV, 1.0),
        ("child_pugh_b", Route.IV, 2.041),
        ("cyp2b6_1_6", Route.IV, 1.677),
        ("female", Route.IV, 0.833),
    ],
)
def test_the_area_changes_by_the_published_factor_with_and_without_a_liver(model_id, name, route, expected):
    assert ratio(model_id, route, name) == pytest.approx(expected, rel=1e-6)


def test_rifampicin_halves_norketamine_after_a_dose_by_vein():
    # Noppers 2011: norketamine area -50 %.
    assert ratio("k2s", Route.IV, "rifampicin", analyte="S-norketamine") == pytest.approx(0.5, rel=1e-6)
    assert ratio("perez_ruixo2021", Route.IV, "rifampicin", analyte="S-norketamine") == pytest.approx(0.5, rel=0.01)
    # By nose the other factors on ketamine rest, and this one still acts.
    assert ratio("perez_ruixo2021", Route.IN, "rifampicin", analyte="S-norketamine") == pytest.approx(0.5, rel=0.02)


@pytest.mark.parametrize(
    ("name", "expected"),
    # Label of nasal esketamine (dossier section 5): ticlopidine verified, the others recalled.
    [("ticlopidine", 1.29), ("clarithromycin", 1.04), ("rifampicin", 0.72), ("child_pugh_b", 2.03)],
)
def test_a_factor_measured_by_nose_moves_the_liver_until_the_nasal_area_changes_by_it(name, expected):
    adjusted = changed("perez_ruixo2021", name, routes=[Route.IN])
    assert ratio("perez_ruixo2021", Route.IN, name) == pytest.approx(expected, rel=1e-6)
    assert adjusted.model.parameters["Fgut"].value == pytest.approx(0.64)  # the gut stays
    assert adjusted.findings[0].params["nasal_auc"] == expected


def test_how_sure_a_nasal_factor_is_goes_with_the_nasal_dose():
    # Rifampicin: verified by mouth and by vein, recalled by nose.
    assert codes(changed("perez_ruixo2021", "rifampicin", routes=[Route.IN]).findings) == ["PK-EXP-RECALLED"]
    assert codes(changed("perez_ruixo2021", "rifampicin", routes=[Route.IV]).findings) == ["PK-EXP-STUDIED"]


def test_with_a_dose_by_another_route_the_nasal_factor_is_told_and_not_used():
    both = changed("perez_ruixo2021", "ticlopidine", routes=[Route.IN, Route.PO])
    alone = changed("perez_ruixo2021", "ticlopidine", routes=[Route.PO])
    assert both.model.parameters == alone.model.parameters


def test_a_nasal_factor_joins_a_change_that_nobody_measured_by_nose():
    # Grapefruit moves the gut to its limit; ticlopidine then takes the area of that model times 1.29.
    found = ratio("perez_ruixo2021", Route.IN, "grapefruit", "ticlopidine")
    assert found == pytest.approx(1.29 * ratio("perez_ruixo2021", Route.IN, "grapefruit"), rel=1e-6)


def test_no_liver_takes_less_of_a_nasal_dose_than_its_flow_leaves():
    strong = ExposureChange(id="x", source=SOURCE, nasal_auc=0.1)
    model = load_model("perez_ruixo2021")
    adjusted = apply_factors(model, [strong], targets=targets_of(model.id), routes=[Route.IN])
    found = next(finding for finding in adjusted.findings if finding.code == "PK-EXP-FLOW-LIMIT")
    # (0.54 / 151) / ((0.54 + 0.46 * 0.64) / 391.88 + 0.54 / 151)
    assert found.params["reached"] == pytest.approx(0.6268, abs=1e-4)
    assert adjusted.model.parameters["kel"].value == pytest.approx(model.parameters["kel"].value)


def test_a_factor_that_the_gut_alone_cannot_carry_is_said():
    assert "PK-EXP-LIMIT" in codes(changed("perez_ruixo2021", "grapefruit", routes=[Route.IN]).findings)
    assert "PK-EXP-LIVER-SHARE" in codes(changed("perez_ruixo2021", "clarithromycin", routes=[Route.PO]).findings)


def test_an_oral_fraction_cannot_exceed_the_dose():
    strong = ExposureChange(id="x", source=SOURCE, oral_auc=20.0)
    adjusted = apply_factors(load_model("k2s"), [strong], targets=targets_of("k2s"), routes=[Route.PO])
    assert adjusted.model.parameters["F_po"].value == pytest.approx(1.0)
    assert "PK-EXP-LIMIT" in codes(adjusted.findings)


def test_no_liver_clears_faster_than_it_is_perfused():
    strong = ExposureChange(id="x", source=SOURCE, iv_auc=0.1)
    adjusted = apply_factors(
        load_model("perez_ruixo2021"), [strong], targets=targets_of("perez_ruixo2021"), routes=[Route.IV]
    )
    found = next(finding for finding in adjusted.findings if finding.code == "PK-EXP-FLOW-LIMIT")
    # Flow 151, intrinsic 391.88 L/h: at best 391.88 / 542.88.
    assert found.params["reached"] == pytest.approx(0.7219, abs=1e-4)
    assert adjusted.model.parameters["kel"].value == load_model("perez_ruixo2021").parameters["kel"].value


def test_a_model_without_named_parameters_says_that_nothing_moved():
    change = ExposureChange(id="x", source=SOURCE, iv_auc=1.5)
    model = load_model("kamp2020")
    adjusted = apply_factors(model, [change], targets=ExposureTargets(), routes=[Route.IV])
    assert "PK-EXP-NO-TARGET" in codes(adjusted.findings)
    assert adjusted.model.parameters == model.parameters


def test_several_changes_multiply_and_say_so():
    adjusted = changed("k2s", "child_pugh_b", "female", routes=[Route.IV])
    assert "PK-EXP-SEVERAL" in codes(adjusted.findings)
    assert ratio("k2s", Route.IV, "child_pugh_b", "female") == pytest.approx(2.041 * 0.833, rel=1e-6)


def test_no_change_gives_back_the_same_model():
    model = load_model("k2s")
    assert apply_factors(model, [], targets=targets_of("k2s"), routes=[Route.IV]).model is model


def test_what_nobody_measured_is_said_and_moves_nothing():
    findings = changed("k2s", "grapefruit", routes=[Route.IV, Route.SL, Route.IN]).findings
    routes = {finding.params["route"] for finding in findings if finding.code == "PK-EXP-UNMEASURED"}
    assert routes == {"iv", "sl", "in"}
    assert ratio("k2s", Route.SL, "grapefruit") == pytest.approx(1.0)
    assert codes(changed("k2s", "clarithromycin", routes=[Route.IV]).findings) == ["PK-EXP-UNMEASURED"]


def test_what_another_route_shows_is_carried_over_and_said():
    assert codes(changed("k2s", "child_pugh_b", routes=[Route.PO]).findings) == ["PK-EXP-RECALLED", "PK-EXP-INFERRED"]
    # clearance alone moves: 1 / 0.49
    assert ratio("k2s", Route.PO, "child_pugh_b") == pytest.approx(2.041, rel=1e-6)
    assert "PK-EXP-INFERRED" in codes(changed("perez_ruixo2021", "grapefruit", routes=[Route.IN]).findings)
    assert ratio("perez_ruixo2021", Route.IN, "grapefruit") > 1.0


def test_only_what_moves_something_counts_among_several():
    findings = changed("k2s", "ticlopidine", "clarithromycin", routes=[Route.IV]).findings
    assert "PK-EXP-SEVERAL" not in codes(findings)


def test_a_recalled_factor_is_announced_as_recalled():
    assert "PK-EXP-RECALLED" in codes(changed("k2s", "child_pugh_b", routes=[Route.IV]).findings)
    assert "PK-EXP-STUDIED" in codes(changed("k2s", "ticlopidine", routes=[Route.PO]).findings)


def test_a_failing_liver_has_no_factor_and_stops():
    found = changed("k2s", "child_pugh_c", routes=[Route.IV]).findings[0]
    assert (found.code, found.severity) == ("PK-EXP-REFUSED", Severity.ABSOLUTE)


@pytest.mark.parametrize("factor", [0.0, -1.0, float("nan"), float("inf")])
def test_a_factor_is_a_positive_number(factor):
    with pytest.raises(ValueError, match="positive"):
        ExposureChange(id="x", source=SOURCE, oral_auc=factor)


def test_age_lowers_liver_flow_above_sixty_only():
    assert age_change_by_vein(60.0) is None
    # At 70: flow 129.1; (1/391.88 + 1/129.1) / (1/391.88 + 1/151).
    assert age_change_by_vein(70.0).iv_auc == pytest.approx(1.1225, abs=1e-3)
    derived = apply_factors(load_model("k2s"), [age_change_by_vein(70.0)], targets=targets_of("k2s"), routes=[Route.IV])
    assert codes(derived.findings) == ["PK-EXP-DERIVED"]
    with pytest.raises(ValueError, match="PK-EXP-AGE"):
        age_change_by_vein(140.0)


def test_the_age_band_of_the_label_is_shown_and_not_applied():
    assert age_findings(age_bands(), age_y=64.0) == ()
    assert age_findings(age_bands(), age_y=65.0)[0].params["auc"] == 1.17
    assert age_findings(age_bands(), age_y=75.0)[0].params["cmax"] == 1.67
    assert codes(age_findings(age_bands(), age_y=None)) == ["PK-EXP-AGE-UNKNOWN"]
    assert age_findings((), age_y=80.0) == ()


def test_medicines_of_a_person_find_their_changes():
    found = changes_of_ingredients(["sertraline", "rifampin", "st john's wort"])
    assert [change.id for change in found] == ["rifampicin", "st_johns_wort"]


def test_what_is_known_by_direction_only_is_told():
    assert directions_of_ingredients(["sertraline"]) == ()
    (found,) = directions_of_ingredients(["diazepam"])
    assert found.route is Route.IV
    assert found.text.startswith("Longer half-life")
    (told,) = direction_findings([found])
    assert (told.code, told.params["change"], told.params["route"]) == ("PK-EXP-DIRECTION", "diazepam", "iv")


@pytest.mark.parametrize("model_id", model_ids())
def test_every_model_says_where_clearance_is(model_id):
    targets = targets_of(model_id)
    assert targets.clearance or targets.liver
