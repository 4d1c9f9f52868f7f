"""Which small changes to the candidacy engine would no test notice? `python scripts/mutation.py [MODULE[:LINE,...]]`.

Copies sources and tests to a temporary folder, changes one operator, constant or condition of a module at a time, and
runs the tests that speak of that module; a change that they let pass is printed. Minutes a module, so it is not part
of CI. Each change is tried in a child of one warm process, which imports the changed module in place of the file.
"""

import argparse
import ast
import copy
import importlib.abc
import os
import resource
import shutil
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Container, Iterator
from enum import StrEnum
from importlib.machinery import ModuleSpec
from math import ceil
from pathlib import Path

import hypothesis
import hypothesis.strategies
import pytest

ROOT = Path(__file__).parent.parent
CANDIDACY, QUANTITIES = "reprieve.domain.candidacy", "reprieve.domain.quantities"
RULES = ("test_decision_algebra", "test_candidacy_limits", "test_candidacy_vignettes")
PLANS = ("test_worth_trying", "test_steps_of_a_plan", "test_deferral_plan")
# Per module the tests that speak of it, the fastest first; what another module's tests would notice does not count.
TESTS_OF = {
    "kleene": (
        "test_candidacy_properties::test_kleene_agrees_with_every_way_of_filling_the_unknown",
        "test_decision_algebra",
    ),
    "expression": (*RULES, "test_intervals", "test_compiled_conditions"),
    "compiled": (*RULES, "test_many_people_at_once", "test_compiled_conditions"),
    "inputs": ("test_compiled_conditions", "test_many_people_at_once", "test_replay"),
    "columns": ("test_many_people_at_once",),
    "cohort": ("test_many_people_at_once",),
    "facts": ("test_facts_of_a_day", *RULES, "test_who_is_believed", "test_settlement", "test_facts_out_of_a_chart"),
    "plan": ("test_prepared_rules", *RULES, *PLANS, "test_intervals", "test_compiled_conditions"),
    "decision": ("test_prepared_rules", *RULES, "test_compiled_conditions", "test_candidacy_properties"),
    "assessment": ("test_prepared_rules", *RULES, "test_compiled_conditions", "test_candidacy_properties"),
    "trials": ("test_totals_and_definitions", "test_trials_and_equivalents", "test_candidacy_vignettes"),
    "daily_totals": ("test_lists_of_several_people", "test_facts_out_of_a_chart", "test_candidacy_vignettes"),
    "urine_screen": ("test_urine_screen", "test_rows_that_decide"),
    "equivalents": ("test_totals_and_definitions", "test_trials_and_equivalents", "test_candidacy_vignettes"),
    "settlement": ("test_settlement",),
    "override": ("test_override_contract",),
    "fewest": ("test_fewest_facts", "test_deferral_plan"),
    "smallest": PLANS,
    "deferral": PLANS,
    "efforts": (*PLANS, "test_efforts_knowledge"),
    "what_changes": (
        "test_open_questions",
        "test_intervals",
        *PLANS,
        "test_candidacy_limits",
        "test_candidacy_properties",
    ),
    "satisfiable": ("test_satisfiable", "test_intervals"),
    "merging": ("test_safer_statements", "test_who_is_believed", "test_settlement", "test_known_exclusions_count"),
    "self_check": ("test_self_check",),
    "replay": ("test_replay_of_rough_values", "test_replay"),
    "record": ("test_intervals", "test_settlement", "test_replay"),
    "rules": (*RULES, "test_compiled_conditions"),
    "screening": ("test_stated_indication", "test_candidacy_vignettes", "test_settlement", "test_facts_out_of_a_chart"),
    "case": (
        "test_urine_screen",
        "test_stated_indication",
        "test_settlement",
        "test_facts_out_of_a_chart",
        "test_candidacy_vignettes",
        "test_trials_and_equivalents",
        "test_lists_of_several_people",
    ),
    "chart_map": ("test_facts_out_of_a_chart", "test_lists_of_several_people", "test_candidacy_vignettes"),
    "medicines": ("test_lists_of_several_people", "test_facts_out_of_a_chart", "test_candidacy_vignettes"),
    "from_chart": ("test_facts_out_of_a_chart", "test_intervals", "test_candidacy_vignettes"),
    "interval": ("test_interval", "test_intervals"),
}
OUTSIDE_CANDIDACY = {"interval": QUANTITIES}
# A change takes too long when it needs so many times what the tests need without it, and so many seconds besides; of
# the processor, so that other work on the machine does not count.
TIMES, SECONDS = 3.0, 3.0
MOST_MEMORY_BYTES = 4 << 30
SWAPS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.And: ast.Or, ast.Or: ast.And,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}  # fmt: skip
CALLS = {"min": "max", "max": "min", "any": "all", "all": "any"}
# Not run: how a dataclass is built, and that `zip` complains of two lengths, which are one. Neither makes an answer.
DECLARED = frozenset({"frozen", "slots", "kw_only", "init", "repr", "compare", "strict"})


class Verdict(StrEnum):
    """What the tests made of a change."""

    NOTICED = "noticed"
    TOO_LONG = "took too long, so it would be noticed"
    LET_PASS = "not noticed"
    DECLARED = "not run, since it makes no answer"


def mutants(tree: ast.Module) -> Iterator[tuple[int, str, ast.Module | None]]:
    """Line, what is changed, and the changed module; None for what is declared to make no answer."""
    declared = {id(given.value) for given in ast.walk(tree) if isinstance(given, ast.keyword) and given.arg in DECLARED}
    for number, node in enumerate(ast.walk(tree)):
        for what in changes(node):
            if id(node) in declared:
                yield node.lineno, what, None
                continue
            changed = copy.deepcopy(tree)
            target = next(one for place, one in enumerate(ast.walk(changed)) if place == number)
            apply(target, what)
            yield node.lineno, f"{node.col_offset}: {shown(node)} -> {shown(target)}", changed


def shown(node: ast.AST) -> str:
    return f"if {ast.unparse(node.test)}" if isinstance(node, ast.If | ast.IfExp) else ast.unparse(node)


def changes(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Compare(ops=ops):
            yield from (f"compare {place}" for place, op in enumerate(ops) if type(op) in SWAPS)
        case ast.BoolOp() | ast.BinOp() | ast.AugAssign() if type(node.op) in SWAPS:
            yield "operator"
        case ast.UnaryOp(op=ast.Not()):
            yield "without not"
        case ast.Constant(value=bool()):
            yield "other answer"
        case ast.Constant(value=int() | float()):
            yield "one more"
        case ast.Call(func=ast.Name(id=name)) if name in CALLS:
            yield f"{CALLS[name]} for {name}"
        case ast.IfExp() | ast.If():
            yield "always"
            yield "never"


def apply(node: ast.AST, what: str) -> None:
    match node, what.split():
        case ast.Compare(), ["compare", place]:
            node.ops[int(place)] = SWAPS[type(node.ops[int(place)])]()
        case ((ast.BoolOp() | ast.BinOp() | ast.AugAssign()), _):
            node.op = SWAPS[type(node.op)]()
        case ast.UnaryOp(), _:
            # Two negations are none; the tree stays a tree.
            node.operand = ast.UnaryOp(ast.Not(), node.operand)
        case ast.Constant(value=bool()), _:
            node.value = not node.value
        case ast.Constant(), _:
            node.value = node.value + 1
        case ast.Call(func=ast.Name() as name), _:
            name.id = CALLS[name.id]
        case ((ast.IfExp() | ast.If()), [word]):
            node.test = ast.Constant(word == "always")


class Changed(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Gives the changed module where its file would be read."""

    def __init__(self, name: str, tree: ast.Module) -> None:
        self.name, self.tree = name, tree

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> ModuleSpec | None:
        return ModuleSpec(fullname, self) if fullname == self.name else None

    def exec_module(self, module: object) -> None:
        exec(compile(ast.fix_missing_locations(self.tree), self.name, "exec"), vars(module))


def verdict(folder: Path, module: str, tree: ast.Module, seconds: float) -> tuple[Verdict, float]:
    """Run the tests of a module in a child that has `tree` in its place; and the processor's seconds that it took."""
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_CPU, (ceil(seconds), resource.RLIM_INFINITY))
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY_BYTES, resource.RLIM_INFINITY))
        os._exit(run_tests(folder, module, tree))
    _, status, used = os.wait4(child, 0)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU:
        return Verdict.TOO_LONG, used.ru_utime
    return Verdict.LET_PASS if status == 0 else Verdict.NOTICED, used.ru_utime


def run_tests(folder: Path, module: str, tree: ast.Module) -> int:
    os.chdir(folder)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    sys.path.insert(0, str(folder / "src"))
    sys.meta_path.insert(0, Changed(f"{OUTSIDE_CANDIDACY.get(module, CANDIDACY)}.{module}", tree))
    tests = [where for name in TESTS_OF[module] for where in placed(folder, name)]
    options = ["-q", "-x", "-c", "mutation.ini", "-p", "no:cacheprovider", "--assert=plain"]
    try:
        return int(pytest.main([*options, *tests]))
    except BaseException:  # noqa: BLE001  whatever a change breaks is noticed
        return 1


def placed(folder: Path, name: str) -> Iterator[str]:
    """Where the tests of a file lie, or one of them (`file::test`)."""
    stem, mark, test = name.partition("::")
    yield from (f"{path}{mark}{test}" for path in folder.glob(f"tests/**/{stem}.py"))


def hold(folder: Path, module: str, lines: Container[int] | None) -> bool:
    """Print the changes of one module that its tests let pass. False: they fail without any change."""
    path = folder / "src" / OUTSIDE_CANDIDACY.get(module, CANDIDACY).replace(".", "/") / f"{module}.py"
    tree = ast.parse(path.read_text())
    passes, seconds = verdict(folder, module, tree, seconds=600.0)
    if passes is not Verdict.LET_PASS:
        print(f"{module}: the tests fail without any change")
        return False
    counted: Counter[Verdict] = Counter()
    for line, what, changed in mutants(tree):
        if lines is not None and line not in lines:
            continue
        found = Verdict.DECLARED
        if changed is not None:
            found, _ = verdict(folder, module, changed, SECONDS + TIMES * seconds)
        counted[found] += 1
        if found in {Verdict.LET_PASS, Verdict.TOO_LONG}:
            print(f"{module}.py:{line}:{what}  ({found})", flush=True)
    print(f"{module}: {counted.total()} changes; " + ", ".join(f"{counted[one]} {one}" for one in Verdict), flush=True)
    return True


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("modules", nargs="*", metavar="MODULE[:LINE,LINE...]", default=list(TESTS_OF))
    modules = [named.partition(":") for named in parser.parse_args().modules]
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for part in ("src", "tests"):
            shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
        (folder / "mutation.ini").write_text("[pytest]\naddopts = --import-mode=importlib\n")
        # The same examples as in CI; that one fails is enough, the smallest need not be found.
        phases = (hypothesis.Phase.explicit, hypothesis.Phase.generate)
        hypothesis.settings.register_profile(
            "mutation", derandomize=True, deadline=None, max_examples=50, phases=phases, report_multiple_bugs=False
        )
        os.environ |= {
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            "HYPOTHESIS_PROFILE": "mutation",
            "HYPOTHESIS_STORAGE_DIRECTORY": str(folder / ".hypothesis"),
        }
        held = [
            hold(folder, module, {int(line) for line in lines.split(",")} if mark else None)
            for module, mark, lines in modules
        ]
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
