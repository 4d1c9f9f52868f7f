"""Copies the pictures that the README and the documentation show from those that the browser test took."""

import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TAKEN = ROOT / "var" / "screenshots"
SHOWN = re.compile(r"docs/images/([\w-]+\.png)")


def main() -> int:
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    names = sorted({name for page in pages for name in SHOWN.findall(page.read_text(encoding="utf-8"))})
    missing = [name for name in names if not (TAKEN / name).exists()]
    if missing:
        print(f"Not taken by the browser test: {', '.join(missing)}.", file=sys.stderr)
        return 1
    for name in names:
        shutil.copyfile(TAKEN / name, ROOT / "docs" / "images" / name)
    print(f"{len(names)} pictures are up to date.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
