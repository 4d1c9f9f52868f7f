"""`reprieve simulate`: agreed keys, typical numbers of the dossier, bands, files, and one sentence for bad input."""

import csv
import json
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from tests.cli.one_command import one_command

from reprieve.cli import simulate
from reprieve.cli.simulate.words import SENTENCES, noted, refused
from reprieve.errors import InputError

INFUSION = ("--drug", "racemic_ketamine", "--route", "iv", "--dose-mg-per-kg", "0.5", "--duration-min", "40",
            "--weight-kg", "70", "--at", "40,80,110")  # fmt: skip
NASAL = ("--drug", "esketamine", "--route", "in", "--weight-kg", "70", "--age-y", "40", "--at", "1440")


@pytest.fixture
def run():
    return one_command(simulate.register, "simulate")


@pytest.fixture
def answer(run):
    def ask(*arguments):
        result = run(*arguments, "--json")
        assert result.exception is None, result.exception
        return json.loads(result.stdout)

    return ask


def column(found, analyte, site, key="ng_per_ml"):
    return [row[key] for row in found["rows"] if (row["analyte"], row["site"]) == (analyte, site)]


def summary_of(found, analyte, site):
    return next(row for row in found["summary"] if (row["analyte"], row["site"]) == (analyte, site))


def test_json_has_the_agreed_keys(answer):
    found = answer(*INFUSION)
    assert {tuple(row) for row in found["rows"]} == {("time_min", "analyte", "site", "ng_per_ml", "lower", "upper")}
    assert {tuple(row) for row in found["summary"]} == {
        ("analyte", "site", "cmax_ng_per_ml", "tmax_min", "auc_ng_h_per_ml")
    }
    assert {row["analyte"] for row in found["rows"]} >= {
        "S-ketamine", "R-ketamine", "S-norketamine", "R-norketamine", "ketamine", "norketamine",
    }  # fmt: skip
    certain = [row for row in found["rows"] if not row["analyte"].endswith("hydroxynorketamine")]
    assert all(row["lower"] is None and row["upper"] is None for row in certain)
    assert found["population"] is None
    assert found["provenance"]["model"] == "k2s"
    assert "KAMP20" in found["provenance"]["source"]
    assert len(found["provenance"]["knowledge"]) == 64
    assert found["provenance"]["person"]["age_y"] is None


def test_the_usual_infusion_has_the_numbers_of_the_dossier(answer):
    found = answer(*INFUSION)
    # K2S, 0.5 mg/kg over 40 min, 70 kg: venous 165, 98, 74; arterial 251, 72, 53 ng/mL
    assert column(found, "ketamine", "venous") == pytest.approx([165, 98, 74], rel=0.01)
    assert column(found, "ketamine", "arterial") == pytest.approx([251, 72, 53], rel=0.01)
    peak = summary_of(found, "ketamine", "arterial")
    assert (peak["cmax_ng_per_ml"], peak["tmax_min"]) == (pytest.approx(251, rel=0.01), pytest.approx(40.0))
    assert {finding["code"] for finding in found["findings"]} >= {"PK-POP-AGE-UNKNOWN", "PK-EXPLORATORY"}


def test_area_is_the_dose_over_clearance_after_long_enough(answer):
    found = answer(*INFUSION[:-1], 60 * 24 * 20)
    # 17.5 mg of S over 92.8 L/h
    area = summary_of(found, "S-ketamine", "venous")["auc_ng_h_per_ml"]
    assert area == pytest.approx(17.5 / 92.8 * 1000, rel=1e-6)


@pytest.mark.parametrize(("devices", "cmax", "area"), [(1, 43.8, 147.3), (2, 72.5, 254.7), (3, 101.0, 362.2)])
def test_nasal_esketamine_has_the_published_exposures(answer, devices, cmax, area):
    found = answer(*NASAL, "--devices", devices)
    peak = summary_of(found, "S-ketamine", "venous")
    # Perez-Ruixo 2021, Table 4, 18 to 60 years: within 3 %
    assert peak["cmax_ng_per_ml"] == pytest.approx(cmax, rel=0.03)
    assert peak["auc_ng_h_per_ml"] == pytest.approx(area, rel=0.03)
    assert found["provenance"]["model"] == "perez_ruixo2021"


def test_dose_and_devices_say_the_same(answer):
    by_devices, by_dose = answer(*NASAL, "--devices", 2), answer(*NASAL, "--dose-mg", 56)
    assert by_devices["rows"] == by_dose["rows"]
    half = answer(*NASAL, "--dose-mg", 14)
    assert half["rows"][0]["ng_per_ml"] == pytest.approx(answer(*NASAL, "--devices", 1)["rows"][0]["ng_per_ml"] / 2)


def test_race_reaches_the_model(answer):
    # Perez-Ruixo 2021: Asian non-Japanese AUC 393.5 at 84 mg; Japanese absorb more through the nose
    asian, japanese = (answer(*NASAL, "--devices", 3, "--race", race) for race in ("asian", "japanese"))
    assert summary_of(asian, "S-ketamine", "venous")["auc_ng_h_per_ml"] == pytest.approx(393.5, rel=0.03)
    assert summary_of(japanese, "S-ketamine", "venous")["auc_ng_h_per_ml"] > 394


@pytest.mark.parametrize(
    ("options", "observed"),
    [
        (("--route", "in", "--dose-mg", 10, "--at", 23), None),
        (("--route", "in", "--dose-mg", 30, "--at", 14), 60.8),  # Singh 2022, Cmax
        (("--route", "sl", "--dose-mg", 25, "--at", 45, "--hold-min", 10), None),
        (("--route", "po", "--dose-mg", 25, "--at", 58), 22.8),  # Chong 2006
        (("--route", "im", "--dose-mg", 35, "--at", 22), None),  # 240 (50) of Grant 1981 is recalled: no test
    ],
)
def test_racemate_by_other_routes_has_a_wide_band_and_says_why(answer, options, observed):
    found = answer("--drug", "racemic_ketamine", "--weight-kg", 70, "--subjects", 2000, *options)
    spans = [finding for finding in found["findings"] if finding["code"] == "PK-F-SPAN"]
    assert spans[0]["params"]["route"] == options[1]
    (lower,), (upper,) = (column(found, "ketamine", "venous", key) for key in ("lower", "upper"))
    assert upper / lower > 1.6
    assert observed is None or lower < observed < upper


def test_spitting_out_gives_less_norketamine(answer):
    lozenge = ("--drug", "racemic_ketamine", "--route", "sl", "--dose-mg", 25, "--weight-kg", 70, "--at", 90)
    swallowed, spat = answer(*lozenge), answer(*lozenge, "--spat-out")
    assert column(spat, "norketamine", "venous")[0] < 0.5 * column(swallowed, "norketamine", "venous")[0]
    span = next(finding for finding in spat["findings"] if finding["code"] == "PK-F-SPAN")
    assert (span["params"]["lower"], span["params"]["upper"]) == (0.11, 0.26)


def test_hydroxynorketamine_has_a_band_of_factor_three_in_any_case(answer):
    # Published exposures disagree threefold and more.
    for options in ((), ("--subjects", "300")):
        found = answer(*INFUSION, *options)
        rows = [row for row in found["rows"] if row["analyte"].endswith("-hydroxynorketamine")]
        assert rows
        for row in rows:
            assert row["lower"] <= row["ng_per_ml"] / 3.0 * (1 + 1e-12)
            assert row["upper"] >= row["ng_per_ml"] * 3.0 * (1 - 1e-12)


@pytest.mark.parametrize(
    ("options", "unread"),
    [
        (("--sex", "female", "--fed", "--race", "japanese"), ["asian", "fed", "female", "japanese"]),
        (("--route", "sl", "--hold-min", "8", "--spat-out"), []),
        (("--drug", "esketamine", "--route", "sl", "--spat-out", "--model", "simons2022"), ["swallowed"]),
        (("--sex", "male", "--age-y", "40"), ["female"]),
    ],
)
def test_what_is_told_and_not_read_by_the_model_is_said(answer, options, unread):
    found = answer(*(part for pair in BASE.items() for part in pair), *options)
    said = [finding["params"]["names"] for finding in found["findings"] if finding["code"] == "PK-COV-UNREAD"]
    assert said == ([unread] if unread else [])


def test_population_has_a_band_around_the_typical_person_and_a_seed(answer):
    band = (*INFUSION, "--subjects", 1000, "--site", "venous")
    first, again, other = answer(*band), answer(*band), answer(*band, "--seed", 2)
    assert first["rows"] == again["rows"] != other["rows"]
    assert all(row["lower"] < row["ng_per_ml"] < row["upper"] for row in first["rows"])
    assert first["population"] == {
        "subjects": 1000, "seed": 1, "interval": 0.9, "residual": None, "engine": "local",
        "relative_error_of_band": 0.0,
    }  # fmt: skip
    narrow = answer(*band, "--interval", "0.5")
    assert all(
        wide["lower"] < close["lower"] and close["upper"] < wide["upper"]
        for wide, close in zip(first["rows"], narrow["rows"], strict=True)
    )


def test_band_of_readings_is_wider_than_that_of_people(answer):
    band = (*INFUSION, "--subjects", 4000, "--site", "venous")
    people, readings = answer(*band), answer(*band, "--residual", "clinical")
    widths = [
        np.array(column(found, "S-ketamine", "venous", "upper")) / column(found, "S-ketamine", "venous", "lower")
        for found in (people, readings)
    ]
    assert np.all(widths[1] > widths[0] * 1.1)


def test_bar_goes_to_standard_error_only(run):
    result = run(*INFUSION, "--subjects", "1e2", "--json")
    json.loads(result.stdout)
    assert "virtual people" in result.stderr


def test_rate_changes_equal_the_infusion(answer, tmp_path):
    steps = tmp_path / "steps.csv"
    steps.write_text("start_min,rate_mg_per_h\n0,52.5\n10,52.5\n40,0\n")
    options = ("--drug", "racemic_ketamine", "--route", "iv", "--weight-kg", 70, "--at", "40,80,110")
    by_steps = answer(*options, "--steps", steps)
    assert column(by_steps, "ketamine", "venous") == pytest.approx(column(answer(*INFUSION), "ketamine", "venous"))
    steps.write_text("start_min,rate_mg_per_h\n0,52.5\n")  # the last rate runs on to the last time asked
    assert column(answer(*options, "--steps", steps), "ketamine", "arterial")[-1] > 251


def test_half_a_million_rate_changes(answer, tmp_path):
    steps = tmp_path / "steps.csv"
    rows = "".join(f"{index / 100},{50 + index % 2}\n" for index in range(500_000))
    steps.write_text(f"start_min,rate_mg_per_h\n{rows}5000,0\n")
    options = ("--drug", "racemic_ketamine", "--route", "iv", "--weight-kg", 70, "--site", "venous", "--at", "5000")
    found = answer(*options, "--steps", steps)
    steps.write_text("start_min,rate_mg_per_h\n0,50.5\n5000,0\n")
    assert column(found, "ketamine", "venous") == pytest.approx(
        column(answer(*options, "--steps", steps), "ketamine", "venous"), rel=1e-3
    )


def test_effects_carry_their_standing_and_assumptions(answer):
    effects = answer(*INFUSION, "--effects")["effects"]
    assert {effect["standing"] for effect in effects} == {"derived", "placeholder"}
    index = next(effect for effect in effects if effect["kind"] == "occupancy_index")
    # dossier 4.2: 58 % from arterial, about 12 % with magnesium
    assert index["values"][0]["value"] == pytest.approx(0.58, abs=0.01)
    assert index["assumptions"]["measured"] is False
    magnesium = next(e for e in effects if e["assumptions"].get("constants") == "with_magnesium")
    assert magnesium["values"][0]["value"] == pytest.approx(0.12, abs=0.01)
    rises = {e["kind"]: e for e in effects if e["kind"].endswith("_rise") and e["standing"] == "derived"}
    # dossier 4.5: +6/+3 mmHg at 0.5 mg/kg over 40 min
    assert rises["systolic_rise"]["values"][0]["value"] == pytest.approx(6.0, abs=0.3)
    assert rises["diastolic_rise"]["values"][0]["value"] == pytest.approx(3.0, abs=0.3)
    assert rises["systolic_rise"]["individual_peak"]["upper"] > rises["systolic_rise"]["individual_peak"]["mean"]
    change = next(e for e in effects if e["kind"] == "depression_change" and e["standing"] == "derived")
    # dossier 4.8: 9.3 points 24 h after 0.5 mg/kg
    assert change["values"][2]["value"] == pytest.approx(-9.3, abs=0.1)
    assert all(value["lower"] < value["value"] < value["upper"] for value in change["values"])
    assert all("value" not in value for e in effects if e["standing"] == "placeholder" for value in e["values"])


def test_effects_of_nasal_esketamine(answer):
    effects = answer(*NASAL[:-1], "44", "--devices", 3, "--effects")["effects"]
    systolic = next(e for e in effects if e["kind"] == "systolic_rise" and e["standing"] == "derived")
    # dossier 4.5: 84 mg nasal +7.2, and the mean of individual peaks +13.3 (Doherty 2020)
    assert systolic["values"][0]["value"] == pytest.approx(7.2, abs=0.2)
    assert systolic["individual_peak"]["mean"] == pytest.approx(13.3, abs=0.3)
    change = next(e for e in effects if e["kind"] == "depression_change" and e["standing"] == "derived")
    # dossier 4.8: 8.4 at 2 h and 9.5 at 24 h
    assert [-change["values"][0]["value"], -change["values"][2]["value"]] == pytest.approx([8.4, 9.5], abs=0.2)


def test_a_model_without_enantiomers_allows_no_effects(answer):
    assert answer(*INFUSION, "--model", "clements_nimmo1981", "--effects")["effects"] == []


def test_csv_and_parquet_hold_the_rows(answer, tmp_path):
    table, columns = tmp_path / "rows.csv", tmp_path / "rows.parquet"
    found = answer(*INFUSION, "--csv", table, "--parquet", columns)
    with table.open(newline="") as file:
        read = list(csv.DictReader(file))
    assert len(read) == len(found["rows"])
    assert float(read[0]["ng_per_ml"]) == found["rows"][0]["ng_per_ml"]
    assert read[0]["lower"] == ""
    stored = pq.read_table(columns)
    assert stored.to_pylist() == found["rows"]
    assert json.loads(stored.schema.metadata[b"reprieve.model"]) == "k2s"
    assert {path.name for path in tmp_path.iterdir()} == {"rows.csv", "rows.parquet"}


def test_the_screen_answer_is_readable(run):
    result = run(*INFUSION, "--site", "venous", "--effects")
    assert result.exit_code == 0
    assert "164.7" in result.stdout
    assert "PK-POP-AGE-UNKNOWN" in result.stdout
    assert "placeholder" in result.stdout


BASE = {"--drug": "racemic_ketamine", "--route": "iv", "--weight-kg": "70", "--at": "40", "--dose-mg": "35"}
RACEMIC_SPRAY = {"--route": "in", "--dose-mg": None}
ESK_SPRAY = {"--drug": "esketamine", "--route": "in", "--dose-mg": None}


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"--dose-mg": "-5"}, "PK-DOSE-AMOUNT"),
        ({"--dose-mg": "35mg"}, "SIM-NUMBER"),
        ({"--dose-mg": "nan"}, "SIM-NUMBER"),
        ({"--dose-mg": "1e308"}, "SIM-RANGE"),
        ({"--dose-mg": None}, "SIM-DOSE"),
        ({"--dose-mg-per-kg": "0.5"}, "SIM-DOSE"),
        ({"--weight-kg": "0"}, "SIM-POSITIVE"),
        ({"--weight-kg": "abc"}, "SIM-NUMBER"),
        ({"--age-y": "-1"}, "PK-COV-AGE"),
        ({"--hold-min": "-1"}, "PK-COV-HOLD"),
        ({"--at": "-1,5"}, "PK-TIME-NEGATIVE"),
        ({"--at": ","}, "PK-TIME-NONE"),
        ({"--at": "40;80"}, "SIM-NUMBER"),
        ({"--duration-min": "0"}, "SIM-POSITIVE"),
        ({"--route": "im", "--duration-min": "5", "--drug": "esketamine", "--model": "otto2021"}, "PK-ROUTE"),
        ({"--route": "po", "--duration-min": "5"}, "PK-DOSE-DURATION"),
        ({"--route": "nasal"}, "SIM-WORD"),
        ({"--drug": "ketamine"}, "SIM-WORD"),
        ({"--sex": "f"}, "SIM-WORD"),
        ({"--race": "x"}, "SIM-WORD"),
        ({"--model": "nope"}, "SIM-MODEL"),
        ({"--site": "csf"}, "SIM-WORD"),
        ({"--drug": "esketamine", "--model": "simons2022", "--site": "venous"}, "PK-OUTPUT"),
        ({"--subjects": "1.5"}, "SIM-WHOLE"),
        ({"--subjects": "++5"}, "SIM-NUMBER"),
        ({"--subjects": "9" * 5000}, "SIM-NUMBER"),
        ({"--subjects": "1"}, "PK-SUBJECTS"),
        ({"--subjects": "5", "--seed": "-1"}, "PK-SEED"),
        ({"--subjects": "5", "--interval": "1"}, "PK-INTERVAL"),
        ({"--subjects": "5", "--residual": "x"}, "SIM-WORD"),
        ({"--residual": "clinical"}, "SIM-SUBJECTS"),
        ({"--engine": "spark"}, "SIM-SUBJECTS"),
        ({"--engine": "cloud"}, "SIM-WORD"),
        ({"--devices": "2"}, "SIM-DEVICES"),
        ({"--steps": "/nowhere.csv"}, "SIM-STEPS"),
        ({"--steps": "/nowhere.csv", "--dose-mg": None}, "SIM-STEPS"),
        ({"--steps": "/nowhere.csv", "--dose-mg": None, "--route": "im"}, "SIM-STEPS"),
        (RACEMIC_SPRAY, "SIM-DOSE"),
        (RACEMIC_SPRAY | {"--dose-mg": "30", "--duration-min": "2"}, "SIM-DOSE"),
        (ESK_SPRAY, "SIM-DOSE"),
        (ESK_SPRAY | {"--devices": "0"}, "SIM-DEVICES"),
        (ESK_SPRAY | {"--devices": "2", "--device-gap-min": "0"}, "PK-DEVICE-OVERLAP"),
        (ESK_SPRAY | {"--dose-mg": "30"}, "SIM-DEVICES"),
        ({"--csv": "/nowhere/rows.csv"}, "SIM-OUT"),
        ({"--parquet": "/nowhere/rows.parquet"}, "SIM-OUT"),
    ],
)
def test_bad_input_is_one_sentence_with_a_code(run, changed, code):
    options = [part for key, value in (BASE | changed).items() if value is not None for part in (key, value)]
    problem = run(*options).exception
    assert isinstance(problem, InputError)
    assert problem.code == code
    assert problem.sentence.endswith(".")
    assert "{" not in problem.sentence


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "SIM-STEPS"),
        (b"minute,rate\n0,5\n", "SIM-STEPS"),
        (b"start_min,rate_mg_per_h\n", "PK-STEPS-EMPTY"),
        (b"start_min,rate_mg_per_h\n\n0,x\n", "SIM-STEPS"),
        (b"start_min,rate_mg_per_h\n0,5,6\n", "SIM-STEPS"),
        (b"start_min,rate_mg_per_h\n5,5\n0,0\n", "PK-STEPS-ORDER"),
        (b"start_min,rate_mg_per_h\n-5,5\n0,0\n", "PK-DOSE-TIME"),
        (b"start_min,rate_mg_per_h\n0,-5\n5,0\n", "PK-STEPS-RATE"),
        (b"start_min,rate_mg_per_h\n50,5\n", "PK-STEPS-OPEN"),
        (b"\xff\xfe", "SIM-STEPS"),
        (b"start_min,rate_mg_per_h\n0," + b"1" * 200_000 + b"\n", "SIM-STEPS"),
    ],
)
def test_bad_rate_changes(run, tmp_path, content, code):
    steps = tmp_path / "steps.csv"
    steps.write_bytes(content)
    options = [part for key, value in BASE.items() if key != "--dose-mg" for part in (key, value)]
    problem = run(*options, "--steps", steps).exception
    assert isinstance(problem, InputError)
    assert problem.code == code


def test_a_file_stays_whole_when_it_cannot_be_replaced(run, tmp_path):
    (tmp_path / "rows.csv").mkdir()
    problem = run(*INFUSION, "--csv", tmp_path / "rows.csv").exception
    assert isinstance(problem, InputError)
    assert [path.name for path in tmp_path.iterdir()] == ["rows.csv"]


def test_every_refusal_of_the_domain_has_words():
    source = Path(simulate.__file__).parents[2] / "domain" / "pharmacology"
    raised = {
        part.split('"')[0]
        for name in ("regimen.py", "covariates.py", "simulate.py", "inputs.py", "virtual_trial.py")
        for part in (source / name).read_text().split('"')
        if part.startswith("PK-")
    }
    assert raised <= set(SENTENCES) | {"PK-ETA-NAME"}  # the command never names a random effect
    assert "cannot be simulated" in refused("PK-NEW", {}).sentence
    assert "at_min" in refused("PK-DOSE-TIME", {}).sentence


def test_the_examples_of_the_documentation_run(run, tmp_path, monkeypatch):
    page = (Path(__file__).parents[2] / "docs" / "reference" / "simulate.md").read_text()
    monkeypatch.chdir(tmp_path)
    (tmp_path / "steps.csv").write_text(page.split("```csv\n")[1].split("```")[0])
    commands = [line for block in page.split("```sh\n")[1:] for line in block.split("```")[0].splitlines()]
    commands = [line.removeprefix("reprieve simulate ").split() for line in commands if line.startswith("reprieve")]
    assert len(commands) >= 5
    for command in commands:
        if "spark" in command:
            continue  # run on a real session in test_simulate_on_spark.py
        result = run(*(part.replace("1e6", "1e3") for part in command))
        assert result.exit_code == 0, (command, result.exception)


@pytest.mark.parametrize(
    ("code", "params", "said"),
    [
        ("PK-POP-DOSE", {"dose_mg": 300.0, "lower": 5.0, "upper": 80.0}, "300 mg is outside the doses that were"),
        ("PK-EXPLORATORY", {"analytes": ("a", "b")}, "a, b: exploratory"),
        ("PK-COV-UNREAD", {"names": ("fed", "female"), "model": "k2s"}, "Model k2s does not read fed, female"),
        ("PK-NEW", {"upper_kg": 3.0}, "upper kg 3"),
    ],
)
def test_a_finding_is_told_in_words(code, params, said):
    assert noted(code, params).startswith(said)
