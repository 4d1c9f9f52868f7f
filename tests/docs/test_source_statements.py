"""Every statement of the source texts about candidates is carried by something in the knowledge files."""

import re
from pathlib import Path

import pytest

from reprieve.knowledge.loader import sources, toml_paths

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "reference" / "source-statements.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| ([^|]+) \| (SEED\d) \| ([^|]+) \|$", PAGE, re.MULTILINE)
KNOWN = {
    word
    for path in toml_paths()
    for line in (ROOT / "src" / "reprieve" / "knowledge" / path).read_text(encoding="utf-8").splitlines()
    if not line.lstrip().startswith("#")
    for word in re.findall(r"[A-Z]+\d?-[A-Z0-9][A-Z0-9-]*", line)
}


def test_the_table_is_read():
    assert len(ROWS) >= 35
    assert {text for _, text, _ in ROWS} == {key for key in sources() if key.startswith("SEED")}


@pytest.mark.parametrize(("statement", "text", "carried_by"), ROWS)
def test_a_statement_is_carried(statement, text, carried_by):
    missing = [rule for rule in carried_by.split(", ") if rule.strip() not in KNOWN]
    assert not missing, f"{text}: {statement}"
