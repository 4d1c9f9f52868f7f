"""Which small changes to the candidacy engine would no test notice? `python scripts/mutation.py [MODULE ...]`.

Copies sources and tests to a temporary folder, changes one operator, constant or condition of a module at a time, and
runs the fast tests of the engine; a change that they let pass is printed. Minutes a module, so it is not part of CI.
"""

import argparse
import ast
import copy
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
ENGINE = "src/reprieve/domain/candidacy"
NARROW = ("test_decision_algebra", "test_candidacy_vignettes", "test_candidacy_limits")
# Per module the tests that speak of it, the fastest first; a change that they let pass is printed.
TESTS_OF = {
    "kleene": ("test_decision_algebra", "test_compiled_conditions"),
    "expression": (*NARROW, "test_compiled_conditions"),
    "compiled": (*NARROW, "test_compiled_conditions"),
    "facts": (*NARROW, "test_settlement", "test_facts_out_of_a_chart", "test_replay"),
    "plan": (*NARROW, "test_deferral_plan"),
    "decision": (*NARROW, "test_candidacy_properties"),
    "trials": ("test_trials_and_equivalents", "test_candidacy_vignettes"),
    "settlement": ("test_settlement",),
    "override": ("test_override_contract",),
    "fewest": ("test_deferral_plan",),
    "smallest": ("test_deferral_plan",),
    "deferral": ("test_deferral_plan",),
}
TOO_LONG_S = 90
SWAPS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.And: ast.Or, ast.Or: ast.And,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr,
}  # fmt: skip


def mutants(source: str) -> Iterator[tuple[int, str, str]]:
    """Line, what is changed, and the changed source."""
    tree = ast.parse(source)
    for number, node in enumerate(ast.walk(tree)):
        for what in changes(node):
            changed = copy.deepcopy(tree)
            target = next(one for place, one in enumerate(ast.walk(changed)) if place == number)
            apply(target, what)
            yield getattr(node, "lineno", 0), what, ast.unparse(ast.fix_missing_locations(changed))


def changes(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Compare(ops=ops):
            yield from (f"compare {place}" for place, op in enumerate(ops) if type(op) in SWAPS)
        case ast.BoolOp() | ast.BinOp() if type(node.op) in SWAPS:
            yield "operator"
        case ast.UnaryOp(op=ast.Not()):
            yield "without not"
        case ast.Constant(value=bool()):
            yield "other answer"
        case ast.Constant(value=int() | float()):
            yield "one more"
        case ast.IfExp() | ast.If():
            yield "always"
            yield "never"


def apply(node: ast.AST, what: str) -> None:
    match node, what.split():
        case ast.Compare(), ["compare", place]:
            node.ops[int(place)] = SWAPS[type(node.ops[int(place)])]()
        case ((ast.BoolOp() | ast.BinOp()), _):
            node.op = SWAPS[type(node.op)]()
        case ast.UnaryOp(), _:
            # Two negations are none; the tree stays a tree.
            node.operand = ast.UnaryOp(ast.Not(), node.operand)
        case ast.Constant(value=bool()), _:
            node.value = not node.value
        case ast.Constant(), _:
            node.value = node.value + 1
        case ((ast.IfExp() | ast.If()), [word]):
            node.test = ast.Constant(word == "always")


def survives(folder: Path, module: str) -> bool:
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-c", "mutation.ini", "-p", "no:cacheprovider",
               "-p", "no:django", *(f"tests/domain/candidacy/{name}.py" for name in TESTS_OF[module])]  # fmt: skip
    env = {**os.environ, "PYTHONPATH": str(folder / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(command, check=False, cwd=folder, env=env, capture_output=True, timeout=TOO_LONG_S)
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("modules", nargs="*", default=list(TESTS_OF))
    modules = parser.parse_args().modules
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        shutil.copytree(ROOT / "src", folder / "src")
        shutil.copytree(ROOT / "tests", folder / "tests")
        (folder / "mutation.ini").write_text("[pytest]\naddopts = --import-mode=importlib\n")
        for module in modules:
            if not survives(folder, module):
                print(f"{module}: the tests fail without any change")
                return 1
            path = folder / ENGINE / f"{module}.py"
            source = path.read_text()
            made = list(mutants(source))
            left = []
            for line, what, changed in made:
                path.write_text(changed)
                if survives(folder, module):
                    left.append((line, what))
                    print(f"{module}.py:{line}: {what}: {source.splitlines()[line - 1].strip()}", flush=True)
            path.write_text(source)
            print(f"{module}: {len(made)} changes, {len(left)} not noticed", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
