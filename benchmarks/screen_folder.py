"""Files a second that `reprieve screen FOLDER` answers, against decoding their JSON alone.

Copies of the bundles in `tests/data/fhir`, unpacked. Three ways over the same bytes in one run, first to last: every
file decoded by msgspec and by `json.loads` and nothing else, screened in this process, screened in two processes.
"""

import argparse
import gzip
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import msgspec

from reprieve.cli.screen.folder import answers, files_in
from reprieve.cli.screen.work import Wanted
from reprieve.knowledge.candidacy import load_rule_base
from reprieve.knowledge.chart_map import load_chart_map

DATA = Path(__file__).parent.parent / "tests" / "data" / "fhir"
WANTED = Wanted(today=date(2026, 3, 2))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--files", type=int, default=300)
    parser.add_argument("--runs", type=int, default=3)
    chosen = parser.parse_args()
    load_rule_base(), load_chart_map()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bundles = [gzip.decompress(path.read_bytes()) for path in sorted(DATA.glob("*.json.gz"))]
        for number in range(chosen.files):
            (folder / f"{number:05}.json").write_bytes(bundles[number % len(bundles)])
        files = files_in(folder)
        size = sum(path.stat().st_size for path in files)
        print(f"{len(files)} bundles, {size / 1e6:,.0f} MB, {chosen.runs} runs")
        ways: dict[str, Callable[[], object]] = {
            "json.loads alone": lambda: [json.loads(path.read_bytes()) for path in files],
            "msgspec.json.decode alone": lambda: [msgspec.json.decode(path.read_bytes()) for path in files],
            "screened, one process": lambda: list(answers(folder, files, WANTED)),
            "screened, two processes": lambda: list(answers(folder, files, WANTED, jobs=2)),
            "screened with records": lambda: list(answers(folder, files, WANTED, as_json=True)),
        }
        base = 0.0
        for way, work in ways.items():
            seconds = statistics.median(timed(work) for _ in range(chosen.runs))
            base = base or seconds
            speed = f"{len(files) / seconds:>7,.0f} files/s {size / seconds / 1e6:>6,.0f} MB/s"
            print(f"{way:<28}{speed}  {base / seconds:.2f} x json.loads")


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
