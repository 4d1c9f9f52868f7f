"""`reprieve simulate --with ... --child-pugh ...`: exposure moves as measured, is told, or is refused."""

import json

import pytest
import typer
from typer.testing import CliRunner

from reprieve.cli import simulate
from reprieve.errors import InputError

LATE = str(60 * 24 * 60)
BY_VEIN = ("--drug", "esketamine", "--route", "iv", "--dose-mg", "28", "--duration-min", "40")
BY_MOUTH = ("--drug", "esketamine", "--route", "po", "--dose-mg", "28")
SPRAY = ("--drug", "esketamine", "--route", "in", "--devices", "2")


@pytest.fixture
def ask():
    app = typer.Typer()
    app.callback()(lambda: None)
    simulate.register(app)

    def asked(*arguments, age="40", at=LATE):
        given = ("simulate", *arguments, "--weight-kg", "70", "--age-y", age, "--at", at, "--json")
        result = CliRunner().invoke(app, list(given))
        if result.exception is not None:
            raise result.exception
        return json.loads(result.stdout)

    return asked


def area(found, analyte="S-ketamine"):
    return next(row["auc_ng_h_per_ml"] for row in found["summary"] if row["analyte"] == analyte)


def codes(found):
    return [finding["code"] for finding in found["findings"] if finding["code"].startswith("PK-EXP-")]


@pytest.mark.parametrize(
    ("way", "option", "expected"),
    [
        # knowledge/exposure/changes.toml, verified rows
        (BY_VEIN, ("--with", "rifampin"), 0.88),
        (BY_MOUTH, ("--with", "rifampin"), 0.14),
        (BY_MOUTH, ("--with", "St John's wort"), 0.42),
        (BY_MOUTH, ("--with", "grapefruit"), 3.0),
        (BY_VEIN, ("--child-pugh", "A"), 1.0),
        # 1 / 0.49
        (BY_VEIN, ("--child-pugh", "b"), 2.041),
        # 1 / 391.88 + 1 / 129.1 over 1 / 391.88 + 1 / 151, at 70 years
        (BY_VEIN, ("--age-liver-flow",), 1.1225),
    ],
)
def test_exposure_moves_as_measured(ask, way, option, expected):
    age = "70" if option == ("--age-liver-flow",) else "40"
    plain, moved = ask(*way, age=age), ask(*way, *option, age=age)
    assert area(moved) / area(plain) == pytest.approx(expected, rel=2e-3)


def test_norketamine_falls_with_rifampicin(ask):
    plain, moved = ask(*BY_VEIN), ask(*BY_VEIN, "--with", "rifampicin")
    # Noppers 2011: half the norketamine after a dose by vein; formed mass stays
    assert area(moved, "S-norketamine") / area(plain, "S-norketamine") == pytest.approx(0.5, rel=0.02)


def test_what_was_done_is_said(ask):
    found = ask(*BY_VEIN, "--with", "rifampin", "--with", "rifadin rifampicin", "--with", "diazepam")
    assert found["provenance"]["exposure"] == ["rifampicin"]
    assert codes(found) == ["PK-EXP-STUDIED", "PK-EXP-DIRECTION"]
    assert found["findings"][1]["params"]["text"].startswith("Longer half-life")
    several = ask(*BY_VEIN, "--with", "rifampin", "--child-pugh", "B")
    assert {"PK-EXP-SEVERAL", "PK-EXP-RECALLED"} <= set(codes(several))
    assert codes(ask(*BY_VEIN, "--age-liver-flow", age="70")) == ["PK-EXP-DERIVED"]
    assert codes(ask(*BY_VEIN)) == []


def test_below_sixty_age_moves_nothing(ask):
    found = ask(*BY_VEIN, "--age-liver-flow", age="59")
    assert found["provenance"]["exposure"] == [] and area(found) == area(ask(*BY_VEIN, age="59"))


def test_the_band_of_older_adults_is_shown_for_the_spray_only(ask):
    assert codes(ask(*SPRAY, age="76", at="60")) == ["PK-EXP-AGE-BAND"]
    assert codes(ask(*BY_VEIN, age="76", at="60")) == []


def test_virtual_people_are_moved_too(ask):
    people = (*BY_VEIN, "--subjects", "200", "--site", "venous")
    plain, moved = ask(*people, at="300"), ask(*people, "--child-pugh", "B", at="300")
    lower = [next(row["lower"] for row in found["rows"] if row["analyte"] == "S-ketamine") for found in (plain, moved)]
    assert lower[1] > lower[0]


@pytest.mark.parametrize(
    ("way", "option", "code"),
    [
        (BY_VEIN, ("--child-pugh", "C"), "PK-EXP-REFUSED"),
        (BY_VEIN, ("--child-pugh", "D"), "SIM-WORD"),
        (BY_VEIN, ("--with", "sertraline"), "SIM-WITH"),
        (BY_VEIN, ("--with", "child_pugh_b"), "SIM-WITH"),
        (SPRAY, ("--age-liver-flow",), "SIM-AGE-FLOW"),
    ],
)
def test_what_cannot_be_predicted_is_refused_in_a_sentence(ask, way, option, code):
    with pytest.raises(InputError) as refusal:
        ask(*way, *option)
    assert refusal.value.code == code


def test_liver_flow_needs_an_age_a_person_can_have(ask):
    with pytest.raises(InputError, match="up to 120 years"):
        ask(*BY_VEIN, "--age-liver-flow", age="140")
