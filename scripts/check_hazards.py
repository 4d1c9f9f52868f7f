"""Every hazard names a control, and every control a test that exists (docs/safety/hazards.toml)."""

import ast
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REQUIRED = ("hazard", "cause", "severity", "control", "tests")


def functions_of(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def problems_of(hazard_id: str, row: dict) -> list[str]:
    found = [f"{hazard_id}: `{key}` is missing" for key in REQUIRED if not row.get(key)]
    for test in row.get("tests", []):
        file_name, _, function = test.partition("::")
        path = ROOT / file_name
        if not path.exists():
            found.append(f"{hazard_id}: no file {file_name}")
        elif function not in functions_of(path):
            found.append(f"{hazard_id}: no test {function} in {file_name}")
    return found


def main() -> int:
    rows = tomllib.loads((ROOT / "docs" / "safety" / "hazards.toml").read_text(encoding="utf-8"))
    found = [problem for hazard_id, row in rows.items() for problem in problems_of(hazard_id, row)]
    for problem in found:
        print(problem, file=sys.stderr)
    if not rows:
        print("The hazard list is empty.", file=sys.stderr)
    print(f"{len(rows)} hazards, {sum(len(row.get('tests', [])) for row in rows.values())} named tests.")
    return 1 if found or not rows else 0


if __name__ == "__main__":
    sys.exit(main())
