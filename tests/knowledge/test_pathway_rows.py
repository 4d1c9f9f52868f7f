"""No row of the pathway is lost: every id of its sections 0.3 to 4 and 10.1 stands in a knowledge file."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from reprieve.knowledge import conflicts, statements
from reprieve.knowledge.chart_map import drug_lists, load_chart_map
from reprieve.knowledge.loader import read_toml, toml_paths
from reprieve.knowledge.schema import KnowledgeError

ROWS = (Path(__file__).parents[1] / "vignettes" / "pathway_rows.txt").read_text().split()


def ids(node: Any):
    """Every `id`, and every key of a table: the lists of drugs are keyed by theirs."""
    if isinstance(node, Mapping):
        yield from node
        yield from (value for key, value in node.items() if key == "id")
    for child in node.values() if isinstance(node, Mapping) else node if isinstance(node, list) else ():
        yield from ids(child)


def test_every_row_of_the_pathway_is_data():
    held = {name for path in toml_paths() for name in ids(read_toml(path))}
    assert len(ROWS) == len(set(ROWS)) == 278
    assert set(ROWS) - held == set()


def test_every_conflict_is_data_with_both_sides():
    found = conflicts.conflicts()
    assert list(found) == [f"CON-{number:02d}" for number in range(1, 32)]
    assert all(item.a.value and item.b.value and item.default and item.why for item in found.values())
    assert (found["CON-01"].a.value, found["CON-01"].b.value) == ("below 50%", "below 25%")


def test_a_conflict_without_a_source_names_its_place():
    table = {"value_a": "x", "source_a": ["NOBODY"]}
    with pytest.raises(KnowledgeError, match=r"^here: "):
        conflicts._side(table, "a", "here")


def test_statements_carry_their_numbers():
    facts = statements.drug_facts()
    assert len(facts) == 12
    assert facts["FACT-04"].values["dose"].in_unit("mg/kg") == 0.5
    assert facts["FACT-06"].values["nose_esketamine"].value == 48
    assert facts["FACT-09"].source.confidence == "seed_claim"
    assert len(statements.consent_elements()) == 15
    assert statements.definitions()["DEF-PREV"].values["share"].value == 30


def test_every_published_list_of_drugs_names_known_ingredients():
    lists = drug_lists()
    assert "flumazenil" in {drug.name for drug in lists["RX-RESCUE"]}
    assert {drug.rxcui for drug in lists["RX-XAN"]} == {"10438", "689", "3714"}


def test_opioids_as_morphine_by_both_editions():
    tables = {table.name: table.doses for table in load_chart_map().opioid_tables}
    assert 10 / tables["CDC22"]["oxycodone"].lower_mg == pytest.approx(1.5)
    assert 10 / tables["CDC16"]["methadone"].lower_mg == pytest.approx(12)
    assert 10 / tables["CDC16"]["methadone"].upper_mg == pytest.approx(4)
