"""How many charts a second the rules decide: `python benchmarks/candidacy.py`.

The vignettes of `tests/vignettes/candidacy`, each decided from ready facts with every finding (what the budget of
5,000 charts a second on a core is about), and as a whole screening: reading the chart, counting trials, deciding, what
would change the answer, and the stored record.
"""

import statistics
import time
import tomllib
from collections.abc import Callable
from pathlib import Path

from reprieve.domain.candidacy.case import read_case
from reprieve.domain.candidacy.decision import assess
from reprieve.domain.candidacy.rules import Route
from reprieve.domain.candidacy.screening import screen
from reprieve.interop.facts_file import FactsFile, case_of
from reprieve.knowledge.candidacy import load_rule_base
from reprieve.knowledge.chart_map import load_chart_map

FOLDER = Path(__file__).parent.parent / "tests" / "vignettes" / "candidacy"
RUNS = 7
TIMES = 20


def charts() -> list[FactsFile]:
    """The vignettes with what they leave out taken from `assumptions.toml`."""
    assumed = tomllib.loads((FOLDER / "assumptions.toml").read_text())["facts"]
    given = [tomllib.loads(path.read_text())["input"] for path in sorted(FOLDER.glob("V-*.toml"))]
    return [case_of({**one, "facts": {**assumed, **one["facts"]}}, on=one["on"]) for one in given]


def a_second(work: Callable[[], object], charts_each: int) -> list[float]:
    """Charts a second in each run."""
    speeds = []
    for _ in range(RUNS):
        start = time.perf_counter()
        for _ in range(TIMES):
            work()
        speeds.append(charts_each * TIMES / (time.perf_counter() - start))
    return speeds


def show(name: str, speeds: list[float]) -> None:
    median = statistics.median(speeds)
    spread = f"{min(speeds):,.0f} to {max(speeds):,.0f}"
    print(f"{name:<22}{median:>8,.0f} charts/s ({spread}), {1000 / median:.2f} ms a chart")


def main() -> None:
    base, chart_map, people = load_rule_base(), load_chart_map(), charts()
    facts = [read_case(one.case, chart_map, base.definitions).facts for one in people]
    print(f"{len(base.rules)} rules, {len(people)} different charts, route IV, {RUNS} runs")

    def decide() -> None:
        for one, known in zip(people, facts, strict=True):
            assess(base, known, route=Route.IV, indication=one.indication)

    def whole() -> None:
        for one in people:
            screen(one.case, base, chart_map, route=Route.IV, indication=one.indication)

    show("from ready facts", a_second(decide, len(people)))
    show("whole screening", a_second(whole, len(people)))


if __name__ == "__main__":
    main()
