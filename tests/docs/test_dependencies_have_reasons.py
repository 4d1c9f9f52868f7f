"""Each dependency has a line of reason."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
REASONS = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")


def required() -> list[str]:
    names = []
    for name in ("base.in", "dev.in"):
        for line in (ROOT / "requirements" / name).read_text(encoding="utf-8").splitlines():
            if line and not line.startswith(("#", "-")):
                names.append(re.split(r"[\[<>=]", line)[0])
    package = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    return [*names, *package["dependencies"], *package["devDependencies"]]


@pytest.mark.parametrize("name", required())
def test_a_dependency_has_a_reason(name):
    assert re.search(rf"^\| {re.escape(name)} \| \S.+ \|$", REASONS, re.MULTILINE | re.IGNORECASE)


def test_pins_name_no_package_index():
    for path in (ROOT / "requirements").glob("*.txt"):
        assert "http" not in path.read_text(encoding="utf-8")
    assert "resolved" not in (ROOT / "package-lock.json").read_text(encoding="utf-8")
