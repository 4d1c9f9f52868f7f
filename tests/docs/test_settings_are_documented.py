"""Every setting that the program reads stands in the settings page, and nothing else does."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def read_in_code() -> set[str]:
    pattern = re.compile(r"environment\.(?:text|flag|number)\(\s*\"([A-Z_]+)\"|text\(\"([A-Z_]+)\"")
    names = set()
    for path in (ROOT / "src").rglob("*.py"):
        names |= {first or second for first, second in pattern.findall(path.read_text(encoding="utf-8"))}
    return names - {"REPRIEVE_TEST_DB"}  # names the test database; of no use to a clinic


def test_documented_settings_are_those_in_code():
    page = (ROOT / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"^\| `([A-Z_]+)`", page, re.MULTILINE))
    assert documented == read_in_code()
