"""`reprieve screen TABLE`: each person is answered as alone; what cannot be used is refused and nothing written."""

import csv
import math
from datetime import date
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.cli.one_command import one_command

from reprieve.cli import screen
from reprieve.domain.candidacy.case import read_case
from reprieve.domain.candidacy.decision import assess
from reprieve.domain.candidacy.facts import FactSet, Teller, state
from reprieve.domain.candidacy.rules import Phase, Route
from reprieve.domain.quantities.interval import compared
from reprieve.errors import InputError
from reprieve.interop.facts_file import read_facts_file
from reprieve.interop.facts_table import read_facts_table
from reprieve.knowledge.candidacy import fact_definitions, load_rule_base
from reprieve.knowledge.chart_map import load_chart_map

ON = date(2026, 3, 2)
PEOPLE = {
    "p1": {"cssrs_q5": True, "age_years": 45.0, "systolic_mmhg": 190.0, "diastolic_mmhg": 80.0},
    "p2": {"cssrs_q5": False, "age_years": 17.0, "glucose_mg_per_dl": compared("<", 70.0)},
    "p3": {"age_years": 60.0, "planned_regimen": "REG-IV-STD6-3W", "aneurysm": False},
    "p4": {},
}
KEYS = ["cssrs_q5", "age_years", "systolic_mmhg", "diastolic_mmhg", "glucose_mg_per_dl", "planned_regimen", "aneurysm"]


@pytest.fixture
def run():
    return one_command(screen.register, "screen")


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "people.csv"
    with path.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["id", *KEYS])
        writer.writerows([name, *(facts.get(key, "") for key in KEYS)] for name, facts in PEOPLE.items())
    return path


def alone(facts, *, said_on=ON):
    """The answer about one person from the same statements."""
    definitions = fact_definitions()
    stated = {key: state(definitions[key], one, said_by=Teller.FILE, said_on=said_on) for key, one in facts.items()}
    known = FactSet(on=ON, by_key=stated)
    return assess(load_rule_base(), known, route=Route.IM, indication="IND-TRD", phase=Phase.SCREEN)


def check_row(row, answer):
    assert row["decision"] == answer.decision
    assert (row["emergency"], row["temporary"]) == (answer.emergency, answer.temporary)
    assert row["needs_confirmation"] == answer.needs_confirmation
    assert row["rules_fired"] == [item.finding.code for item in answer.findings]
    assert row["rules_waiting"] == [item.rule for item in answer.data_needed]
    assert set(row["facts_missing"]) == {key for item in answer.data_needed for key in item.facts}


def test_each_person_is_answered_as_alone(run, table, tmp_path):
    out, in_csv = tmp_path / "o.parquet", tmp_path / "o.csv"
    done = run(table, "--on", ON, "--route", "IM", "--indication", "IND-TRD", "--parquet", out, "--csv", in_csv)
    assert done.exit_code == 0
    rows = pq.read_table(out).to_pylist()
    assert [row["id"] for row in rows] == list(PEOPLE)
    for row, facts in zip(rows, PEOPLE.values(), strict=True):
        check_row(row, alone(facts))
        assert (row["on"], row["route"], row["indication"], row["phase"]) == (ON, "IM", "IND-TRD", "SCREEN")
    assert rows[0]["knowledge"] == load_rule_base().knowledge_hash
    with in_csv.open(newline="") as stream:
        written = list(csv.DictReader(stream))
    assert [row["rules_fired"].split(";") for row in written if row["rules_fired"]] == [
        row["rules_fired"] for row in rows if row["rules_fired"]
    ]
    assert [row["emergency"] for row in written] == ["true", "false", "false", "false"]
    assert "4 people" in done.stdout and "Missing most" in done.stdout and "EMERGENCY" in done.stdout
    assert "stated on that day" in done.stdout


def test_more_people_than_are_asked_at_once(run, tmp_path, monkeypatch):
    from reprieve.cli.screen import cohort

    monkeypatch.setattr(cohort, "_AT_ONCE", 3)
    path, out = tmp_path / "people.parquet", tmp_path / "o.parquet"
    numbers = [15.0, 30.0, None, 15.0, 70.0, 15.0, 30.0]
    words = pa.array(["REG-IV-STD6-3W", None, None, None, "REG-IV-LEVINE", None, None]).dictionary_encode()
    pq.write_table(pa.table({"age_years": numbers, "planned_regimen": words}), path, row_group_size=2)
    done = run(path, "--on", ON, "--route", "IM", "--indication", "IND-TRD", "--parquet", out)
    assert done.exit_code == 0 and "EMERGENCY" not in done.stdout
    rows = pq.read_table(out).to_pylist()
    assert [row["id"] for row in rows] == list("1234567")
    for row, age, word in zip(rows, numbers, words.to_pylist(), strict=True):
        facts = {"age_years": age, "planned_regimen": word}
        check_row(row, alone({key: value for key, value in facts.items() if value is not None}))


def test_a_table_that_is_old_is_partly_unknown_again(tmp_path):
    """Blood pressure stays fresh for days, age for good; an undated row has nothing that changes."""
    path = tmp_path / "people.csv"
    path.write_text(
        "as_of,madrs,age_years\n2026-03-01,30,45\n2025-12-01,30,45\n,30,45\n2026-03-01,< 30,45\n2025-12-01,>=7,45\n"
    )
    found = read_facts_table(path, on=ON).table
    assert found.column("madrs").unknown.tolist() == [False, True, True, False, True]
    assert not found.column("age_years").unknown.any()
    assert found.column("madrs").intervals == {3: compared("<", 30.0)}
    pq.write_table(pa.table({"as_of": [ON, None], "madrs": [30, 30]}), tmp_path / "p.parquet")
    assert read_facts_table(tmp_path / "p.parquet", on=ON).table.column("madrs").unknown.tolist() == [False, True]


def test_weight_and_height_give_the_body_mass_index_as_for_one_person(tmp_path):
    """45 kg/m2; one that is told stands; 438 kg/m2 cannot be; a weight known only by its end gives none."""
    rows = [("130", "170", ""), ("130", "170", "31"), ("630", "120", ""), ("< 130", "170", ""), ("130", "", "")]
    path = tmp_path / "people.csv"
    path.write_text("\n".join(["weight_kg,height_cm,bmi", *(",".join(row) for row in rows)]))
    found = read_facts_table(path, on=ON).table.column("bmi").values.tolist()
    for index, row in zip(found, rows, strict=True):
        said = {key: text for key, text in zip(("weight_kg", "height_cm", "bmi"), row, strict=True) if text}
        facts = "".join(
            f'{key} = {{value = {text.removeprefix("< ")}, comparator = "<"}}\n' if "<" in text else f"{key} = {text}\n"
            for key, text in said.items()
        )
        case = read_facts_file(f"[facts]\n{facts}".encode(), on=ON).case
        alone = read_case(case, load_chart_map(), fact_definitions()).facts.value("bmi")
        assert (None if math.isnan(index) else index) == alone
    path.write_text("weight_kg\n130\n")
    assert "bmi" not in read_facts_table(path, on=ON).table.columns


def test_numbers_of_a_warehouse_are_numbers(tmp_path):
    path = tmp_path / "people.parquet"
    pq.write_table(pa.table({"age_years": pa.array([Decimal("45.5"), None])}), path)
    assert read_facts_table(path, on=ON).table.column("age_years").values[0] == 45.5


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("id,cssrs_q55\n1,true\n", "TABLE-COLUMN", "cssrs_q55"),
        ("id,madrs,madrs\n1,2,3\n", "TABLE-TWICE", "madrs"),
        ("id,madrs\n", "TABLE-EMPTY", ""),
        ("", "TABLE-FORMAT", ""),
        ("id,madrs\n1,2,3\n", "TABLE-FORMAT", ""),
        ("id,madrs\n1,2\n1,3\n", "TABLE-ID", "row 2"),
        ("id,madrs\n,2\n", "TABLE-ID", "row 1"),
        ("id,madrs\n1,2\n2,nan\n", "FACTS-VALUE", "row 2, column madrs"),
        ("id,madrs\n1,2\n2,3\n3,61\n", "FACTS-VALUE", "row 3, column madrs"),
        ("id,madrs\n1,-2\n", "FACTS-VALUE", "row 1"),
        ('id,madrs\n1,"2,5"\n', "FACTS-VALUE", "row 1"),
        ("id,cssrs_q5\n1,no\n", "FACTS-VALUE", "row 1"),
        ("id,cssrs_q5\n1,1\n", "FACTS-VALUE", "row 1"),
        ("id,planned_regimen\n1,IV\n", "FACTS-VALUE", "row 1"),
        ("id,planned_regimen\n1,7\n", "FACTS-VALUE", "row 1"),
        ("as_of,madrs\n2026-03-03,7\n", "FACTS-FUTURE", "row 1, column as_of"),
        ("as_of,madrs\n3.3.2026,7\n", "FACTS-DATE", "row 1, column as_of"),
    ],
)
def test_one_sentence_with_its_place_and_nothing_written(run, tmp_path, text, code, place):
    path, out = tmp_path / "people.csv", tmp_path / "o.csv"
    path.write_text(text)
    problem = run(path, "--on", ON, "--csv", out).exception
    assert isinstance(problem, InputError)
    assert problem.code == code and place in str(problem)
    assert not out.exists()


def test_what_is_no_table(run, tmp_path):
    (tmp_path / "p.parquet").write_bytes(b"PAR1 not really")
    (tmp_path / "p.csv").write_bytes(b"id,madrs\n\xff\xfe,3\n")
    (tmp_path / "q.csv").write_bytes(b"\xff\xfeid,madrs\n1,3\n")
    for name in ("p.parquet", "p.csv", "q.csv"):
        assert "TABLE-FORMAT" in str(run(tmp_path / name).exception)
    for name in ("none.parquet", "none.csv"):
        assert "TABLE-FILE" in str(run(tmp_path / name).exception)
    pq.write_table(pa.table({"madrs": [[1, 2]]}), tmp_path / "lists.parquet")
    assert "TABLE-FORMAT: A cell holds one value" in str(run(tmp_path / "lists.parquet").exception)
    pq.write_table(pa.table({"cssrs_q5": [1, 0]}), tmp_path / "numbers.parquet")
    assert "FACTS-VALUE" in str(run(tmp_path / "numbers.parquet").exception)


def test_a_table_has_no_whole_records(run, table):
    assert "SCREEN-JSON" in str(run(table, "--json").exception)
