"""One person's predicted curves: `python benchmarks/kinetics_one_patient.py`.

Forty minutes of one dose at 241 points through `simulate`, which reads any model file. A *new person* is solved from
the parameters on; *new doses* are for a person who was solved before (what-ifs, each touch of the pump, the next
second of a session): only what the doses change is computed. Budgets: 1 ms; 100 microseconds for three compartments.
"""

import itertools
import os
import statistics
import time
from collections.abc import Callable

import numpy as np

from reprieve.domain.pharmacology.covariates import Covariates
from reprieve.domain.pharmacology.infusion import InfusionSegment
from reprieve.domain.pharmacology.linear_model import Drug, OutputKey, Route, Site
from reprieve.domain.pharmacology.prediction import predict, predict_band
from reprieve.domain.pharmacology.regimen import Dose
from reprieve.domain.pharmacology.simulate import simulate
from reprieve.knowledge.kinetics import load_model

RUNS = 1000
T_MIN = np.linspace(0.0, 240.0, 241)
SITES = (Site.ARTERIAL, Site.VENOUS)
KETAMINE = tuple(OutputKey(analyte="ketamine", site=site) for site in SITES)
ALL_FOUR = tuple(
    OutputKey(analyte=f"{hand}-{name}", site=site)
    for name in ("ketamine", "norketamine")
    for hand in "SR"
    for site in SITES
)
ONE_SITE = tuple(key for key in ALL_FOUR if key.site is Site.ARTERIAL)
BODY = (OutputKey(analyte="S-ketamine", site=Site.ARTERIAL),)


def microseconds(work: Callable[[], object], runs: int) -> tuple[float, float, float]:
    """Best, median and the 99th percentile."""
    work()
    taken = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        taken.append(1e6 * (time.perf_counter() - start))
    return min(taken), statistics.median(taken), statistics.quantiles(taken, n=100)[98]


def show(what: str, found: tuple[float, float, float]) -> None:
    print(f"| {what} | {found[0]:.0f} | {found[1]:.0f} | {found[2]:.0f} |")


def engine(what: str, drug: Drug, outputs: tuple[OutputKey, ...]) -> None:
    model = load_model("k2s")
    amounts, weights = (itertools.count(20.0, 0.001), itertools.count(50.0, 0.001))

    def run(*, amount_mg: float, weight_kg: float) -> object:
        dose = Dose(drug=drug, route=Route.IV, at_min=0.0, amount_mg=amount_mg, duration_min=40.0)
        return simulate(model, [dose], t_min=T_MIN, covariates=Covariates(weight_kg=weight_kg), outputs=outputs)

    show(f"{what}, new person", microseconds(lambda: run(amount_mg=35.0, weight_kg=next(weights)), RUNS))
    show(f"{what}, new dose", microseconds(lambda: run(amount_mg=next(amounts), weight_kg=70.0), RUNS))


def main() -> None:
    print(f"Load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores; microseconds.\n")
    print("| Work | best | median | p99 |\n|---|---|---|---|")
    engine("three compartments, one curve", Drug.ESKETAMINE, BODY)
    engine("ketamine, arterial and venous", Drug.RACEMIC_KETAMINE, KETAMINE)
    engine("S- and R-ketamine and norketamine, arterial", Drug.RACEMIC_KETAMINE, ONE_SITE)
    engine("S- and R-ketamine and norketamine, arterial and venous", Drug.RACEMIC_KETAMINE, ALL_FOUR)
    model = load_model("k2s")
    segments = (InfusionSegment(start_min=0.0, end_min=40.0, rate_mg_per_min=35.0 / 40.0),)
    page = {"weight_kg": 70.0, "segments": segments, "t_min": T_MIN}
    show("curve of the session page, same person", microseconds(lambda: predict(model, **page), RUNS))
    show("band of 400 people around it", microseconds(lambda: predict_band(model, **page), RUNS // 10))


if __name__ == "__main__":
    main()
