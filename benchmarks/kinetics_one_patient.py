"""One person's predicted curve: `python benchmarks/kinetics_one_patient.py`.

Forty minutes of 0.5 mg/kg, arterial and venous, at 241 points: the work behind each touch of the pump. Budget: 1 ms.
"""

import statistics
import time
from collections.abc import Callable

import numpy as np

from reprieve.domain.pharmacology.infusion import InfusionSegment
from reprieve.domain.pharmacology.prediction import predict, predict_band
from reprieve.knowledge.kinetics import load_model

RUNS = 500
POINTS = 241


def milliseconds(work: Callable[[], object], runs: int) -> tuple[float, float]:
    """Median and the 99th percentile."""
    taken = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        taken.append(1000 * (time.perf_counter() - start))
    return statistics.median(taken), statistics.quantiles(taken, n=100)[98]


def main() -> None:
    model, t_min = load_model("k2s"), np.linspace(0.0, 240.0, POINTS)
    segments = (InfusionSegment(start_min=0.0, end_min=40.0, rate_mg_per_min=35.0 / 40.0),)
    curve = milliseconds(lambda: predict(model, weight_kg=70.0, segments=segments, t_min=t_min), RUNS)
    band = milliseconds(lambda: predict_band(model, weight_kg=70.0, segments=segments, t_min=t_min), RUNS // 5)
    print(f"one person, {POINTS} points        median {curve[0]:7.3f} ms   p99 {curve[1]:7.3f} ms   budget 1 ms")
    print(f"band of 400 people          median {band[0]:7.3f} ms   p99 {band[1]:7.3f} ms")


if __name__ == "__main__":
    main()
