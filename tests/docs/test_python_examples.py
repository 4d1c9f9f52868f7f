"""Every Python block of the how-to pages runs, in its order, as a reader would paste it."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted((ROOT / "docs" / "how-to").glob("*-in-python.md"))


def blocks(page):
    text = page.read_text(encoding="utf-8")
    return [
        (text[: found.start(1)].count("\n"), found.group(1))
        for found in re.finditer(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    ]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_block_of_the_page_runs(page):
    names = {}
    found = blocks(page)
    assert found
    for line, code in found:
        # Line numbers of a traceback are those of the page.
        exec(compile("\n" * line + code, str(page), "exec"), names)  # noqa: S102 - our own pages


def test_there_is_a_page():
    assert [page.stem for page in PAGES] == ["simulate-in-python"]
