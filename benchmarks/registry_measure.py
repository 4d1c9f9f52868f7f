"""The measure over many invented people: cold and warm time, peak memory, against plain Python over the same rows.

python benchmarks/registry_measure.py [PEOPLE]
"""

import multiprocessing
import resource
import statistics
import sys
import tempfile
import time
from pathlib import Path

import ibis

from reprieve.registry.measures import response_after_induction as measure
from reprieve.registry.store import RegistryStore
from reprieve.registry.synthetic import synthetic_packages

ROUNDS = 20
KIB = 1024


def milliseconds(work) -> float:
    start = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - start)


def peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIB


def write(store: RegistryStore, people: int) -> None:
    """In a process of its own, so that its memory is not counted."""
    worker = multiprocessing.get_context("spawn").Process(target=_write, args=(store.root, people))
    worker.start()
    worker.join()


def _write(root: Path, people: int) -> None:
    RegistryStore(root).submit_many(list(synthetic_packages(people=people, seed=1)))


def main(people: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = RegistryStore(Path(folder) / "store")
        write(store, people)
        size = sum(path.stat().st_size for path in store.root.rglob("*.parquet")) / KIB
        before = peak_mib()

        def whole() -> None:
            with store.reading() as tables:
                measure.count(tables, synthetic=True)

        cold = milliseconds(whole)
        warm = statistics.median(milliseconds(whole) for _ in range(ROUNDS))
        with store.reading(backend := ibis.duckdb.connect()) as tables:
            expression = measure.counts_expression(measure.people_expression(tables, synthetic=True))
            sql = str(ibis.to_sql(expression))
            query = statistics.median(milliseconds(lambda: backend.raw_sql(sql).fetchall()) for _ in range(ROUNDS))
        print(f"{people} people, {6 * people} sessions at most, {size:.0f} KiB of Parquet")
        print(f"  first answer {cold:.0f} ms; warm, connection and compilation included {warm:.0f} ms")
        print(f"  the query alone {query:.0f} ms")
        print(f"  peak memory {peak_mib():.0f} MiB ({before:.0f} MiB before the first question)")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
