"""Our rules against other engines: `python benchmarks/candidacy_engines.py --python VENV/bin/python --node FOLDER`.

The same 20 rules of the rule base and the same 1,000 invented charts in each engine. Answers are compared first: with
every fact known in all engines, with a third of the facts unknown in those whose logic is three-valued. Then charts a
second, ours with one chart a call and with a table of all of them; the charts of every engine are ready in its own form
before the clock starts, and making our table is timed on a line of its own. Last the whole rule base with every
finding, on charts where most people are clear and a few facts differ.
"""

import argparse
import json
import random
import statistics
import subprocess
import time
import tomllib
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

from reprieve.domain.candidacy.cohort import Cohort
from reprieve.domain.candidacy.columns import compile_columns, table_of
from reprieve.domain.candidacy.compiled import compile_conditions, truth_of
from reprieve.domain.candidacy.decision import assess
from reprieve.domain.candidacy.expression import (
    AllOf,
    AnyOf,
    Compare,
    Expression,
    Is,
    Not,
    OneOf,
    leaves,
    truth,
)
from reprieve.domain.candidacy.facts import FactSet, FactValue
from reprieve.domain.candidacy.rules import Phase, Route, Rule, RuleBase
from reprieve.domain.candidacy.smallest import worth_trying
from reprieve.knowledge.candidacy import load_rule_base

ENGINES = Path(__file__).parent / "engines"
ASSUMED = Path(__file__).parent.parent / "tests" / "vignettes" / "candidacy" / "assumptions.toml"
ON = date(2026, 3, 2)
INDICATION = "IND-TRD"
RULES, CHARTS, RUNS = 20, 1000, 7
Chart = dict[str, FactValue]


def tree_of(node: Expression) -> list[object] | None:  # noqa: PLR0911  one answer a kind of node
    """The condition as JSON; None where another engine has no word for it."""
    match node:
        case Is(fact):
            return ["is", fact]
        case Compare(fact, comparison, limit):
            return [str(comparison), fact, limit]
        case OneOf(fact, words):
            return ["in", fact, sorted(words)]
        case Not(OneOf()):
            return None
        case Not(part):
            inner = tree_of(part)
            return inner and ["not", inner]
        case AllOf(parts) | AnyOf(parts):
            trees = [tree_of(part) for part in parts]
            kind = "all" if isinstance(node, AllOf) else "any"
            return [kind, *trees] if all(trees) else None
    return None


def twenty(base: RuleBase) -> list[Rule]:
    """Rules spread evenly over the files, of those that every engine can say."""
    said = [
        rule
        for rule in base.rules
        if rule.applies_to(route=Route.IV, indication=INDICATION, phase=Phase.SCREEN) and tree_of(rule.when)
    ]
    return [said[number * len(said) // RULES] for number in range(RULES)]


def invent(base: RuleBase, rules: list[Rule], draw: random.Random, *, unknown: float) -> Chart:
    """Any value of every fact that the rules read."""
    chart: Chart = {}
    for key in dict.fromkeys(key for rule in rules for key in rule.reads):
        limits = [leaf.limit for rule in rules for leaf in leaves(rule.when)
                  if isinstance(leaf, Compare) and leaf.fact == key]  # fmt: skip
        value = draw.choice(worth_trying(base.definitions[key], tuple(sorted(set(limits)))))
        if draw.random() >= unknown:
            chart[key] = value
    return chart


def mostly_clear(base: RuleBase, draw: random.Random) -> Chart:
    """The assumptions of the vignettes with one fact in 20 redrawn and one in 20 unknown."""
    table = tomllib.loads(ASSUMED.read_text())["facts"]
    clear = {key: float(value) if type(value) is int else value for key, value in table.items()}
    drawn = invent(base, list(base.rules), draw, unknown=0.95)
    return {key: value for key, value in {**clear, **drawn}.items() if draw.random() >= 0.05}


def elsewhere(command: list[str], cwd: str | None, rules: list[Rule], charts: list[Chart]) -> dict[str, dict]:
    given = {"rules": [tree_of(rule.when) for rule in rules], "charts": charts, "runs": RUNS}
    done = subprocess.run(command, cwd=cwd, input=json.dumps(given), capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def timed(work: Callable[[], object]) -> list[float]:
    seconds = []
    for _ in range(RUNS):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return seconds


def show(name: str, seconds: list[float], ours: float) -> None:
    speeds = sorted(CHARTS / one for one in seconds)
    median = statistics.median(speeds)
    print(f"{name:<50}{median:>10,.0f} charts/s ({speeds[0]:,.0f} to {speeds[-1]:,.0f}){ours / median:>9.1f} x")


def show_ratio(what: str, theirs: list[float], ours: list[float]) -> None:
    medians, bests = statistics.median(theirs) / statistics.median(ours), min(theirs) / min(ours)
    print(f"{what}: {medians:,.0f} x in the median, {bests:,.0f} x best against best")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--python", required=True, help="an interpreter with benchmarks/requirements.txt")
    parser.add_argument("--node", required=True, help="a folder with cql-execution in node_modules")
    arguments = parser.parse_args()
    base, draw = load_rule_base(), random.Random(20260302)
    rules = twenty(base)
    charts = [invent(base, rules, draw, unknown=0) for _ in range(CHARTS)]
    partly = [invent(base, rules, draw, unknown=1 / 3) for _ in range(CHARTS)]
    python = [arguments.python, str(ENGINES / "other_python.py")]
    node = ["node", str(ENGINES / "cql_execution.cjs")]
    others = elsewhere(python, None, rules, charts) | elsewhere(node, arguments.node, rules, charts)
    expected = [[truth(rule.when, chart.get) for rule in rules] for chart in charts]
    for name, done in others.items():
        print(f"{name}: {'agrees' if done['answers'] == expected else 'DISAGREES'} on {CHARTS} complete charts")
    for name, done in elsewhere(node, arguments.node, rules, partly).items():
        same = done["answers"] == [[truth(rule.when, chart.get) for rule in rules] for chart in partly]
        print(f"{name}: {'agrees' if same else 'DISAGREES'} on {CHARTS} charts with a third unknown")
    ask = compile_conditions(rule.when for rule in rules)
    assert [[truth_of(code) for code in ask(chart.get)] for chart in charts] == expected

    ask_columns, columns = compile_columns(rule.when for rule in rules), table_of(charts)
    in_columns = [[truth_of(int(code)) for code in codes] for codes in zip(*ask_columns(columns.column), strict=True)]
    assert in_columns == expected

    small = replace(base, rules=tuple(rules), gates=())
    whole = [mostly_clear(base, draw) for _ in range(CHARTS)]
    ready = [FactSet(on=ON).supposing(chart) for chart in charts]
    ready_whole = [FactSet(on=ON).supposing(chart) for chart in whole]
    answers = timed(lambda: [ask(chart.get) for chart in charts])
    ready_columns = timed(lambda: ask_columns(columns.column))
    median = CHARTS / statistics.median(answers)
    print(
        f"{RULES} rules, {CHARTS} charts, {RUNS} runs; the last column: times as fast as this engine, one chart a call"
    )
    show("ours, the answers alone, one chart a call", answers, median)
    show("ours, the answers alone, a ready table", ready_columns, median)
    show("... and the table made out of charts", timed(lambda: ask_columns(table_of(charts).column)), median)
    show("ours, decision with findings", timed(lambda: decide_all(small, ready)), median)
    for name, done in others.items():
        show(name, done["seconds"], median)
    for name, done in others.items():
        show_ratio(f"one chart a call against {name}", done["seconds"], answers)
        show_ratio(f"a ready table against {name}", done["seconds"], ready_columns)
    counts = [len(assess(base, one, route=Route.IV, indication=INDICATION).findings) for one in ready_whole]
    print(f"all {len(base.rules)} rules, {statistics.mean(counts):.1f} findings a chart")
    show("ours, decision with findings", timed(lambda: decide_all(base, ready_whole)), median)
    show("... and the inputs of every rule written out", timed(lambda: explain_all(base, ready_whole)), median)
    cohort, people = Cohort(base=base, route=Route.IV, indication=INDICATION), table_of(whole)
    show("a ready table, decision, rules, what is missing", timed(lambda: cohort.answer(people)), median)


def decide_all(base: RuleBase, people: list[FactSet]) -> None:
    for facts in people:
        assess(base, facts, route=Route.IV, indication=INDICATION)


def explain_all(base: RuleBase, people: list[FactSet]) -> None:
    for facts in people:
        list(assess(base, facts, route=Route.IV, indication=INDICATION).evaluations)


if __name__ == "__main__":
    main()
