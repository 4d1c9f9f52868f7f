"""How fast a FHIR bundle becomes a chart: `python benchmarks/import_fhir.py [FILE or FOLDER] [--database]`.

Each figure is the best of several runs in one process, so that ratios between them hold on any machine. Without a
path the largest of the test bundles is read. `--database` also measures whole imports, each rolled back, on the
database that this shell would use.
"""

# ruff: noqa: PLC0415  Django is loaded only where the database is measured

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path

from fhir.resources.R4B.bundle import Bundle

from reprieve.interop.fhir.bundle import read_bundle
from reprieve.interop.fhir.document import unpack

DEFAULT = Path(__file__).parent.parent / "tests" / "data" / "fhir"
RUNS = 7
SECOND_OPINION_ENTRIES = 300


def best_s(work: Callable[[], object], runs: int = RUNS) -> float:
    """Seconds of the fastest run."""
    taken = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return min(taken)


def largest(path: Path) -> Path:
    """The file itself, or the one of a folder that holds most JSON."""
    files = [path] if path.is_file() else [*path.glob("*.json"), *path.glob("*.json.gz")]
    return max(files, key=lambda file: len(unpack(file.read_bytes())))


def line(name: str, seconds: float, size: int, resources: int) -> None:
    """One row of the table."""
    speeds = f"{size / seconds / 1e6:>10.0f} MB/s{resources / seconds:>12,.0f} resources/s"
    print(f"{name:<34}{seconds * 1e3:>10.1f} ms{speeds}")


def second_opinion(content: bytes) -> float:
    """How many times faster than `fhir.resources` on the first entries of the same bundle."""
    part = {**json.loads(content), "type": "collection"}
    part["entry"] = [
        {key: entry[key] for key in ("fullUrl", "resource")} for entry in part["entry"][:SECOND_OPINION_ENTRIES]
    ]
    small = json.dumps(part).encode()
    return best_s(lambda: Bundle.model_validate_json(small), 2) / best_s(lambda: read_bundle(small))


def import_s(content: bytes) -> float:
    """Seconds of a whole import into PostgreSQL, rolled back."""
    from reprieve.cli import django_shell

    django_shell.load()
    from django.core.management import call_command
    from django.db import transaction

    from reprieve.clinic.accounts.models import Clinic
    from reprieve.clinic.audit.services import Actor
    from reprieve.clinic.patients.services.imports import bundle_import

    call_command("migrate", verbosity=0)

    def once() -> None:
        with transaction.atomic():
            clinic = Clinic.objects.create(name="Benchmark", slug="benchmark")
            bundle_import(Actor.program("benchmark", clinic), content=content, file_name="benchmark.json")
            transaction.set_rollback(True)

    return best_s(once, 3)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("path", type=Path, nargs="?", default=DEFAULT)
    arguments.add_argument("--database", action="store_true")
    chosen = arguments.parse_args()
    file = largest(chosen.path)
    content = unpack(file.read_bytes())
    size, resources = len(content), len(json.loads(content)["entry"])
    print(f"{file.name}: {size / 1e6:.1f} MB of JSON, {resources:,} resources")
    ours, plain = best_s(lambda: read_bundle(content)), best_s(lambda: json.loads(content))
    line("read_bundle, to the chart", ours, size, resources)
    line("json.loads alone", plain, size, resources)
    print(f"{'':<34}{plain / ours:>10.1f} x json.loads")
    print(f"{'':<34}{second_opinion(content):>10.0f} x fhir.resources (first {SECOND_OPINION_ENTRIES} entries)")
    if chosen.database:
        line("whole import into PostgreSQL", import_s(content), size, resources)


if __name__ == "__main__":
    main()
