"""Compiled kernels against the engine's arrays, the matrix exponential and themselves without a compiler."""

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.domain.pharmacology.kernel_people import DRUG, INFUSION, MINUTES, by_matrix, people

from reprieve.domain.pharmacology.compiled import is_available, jit
from reprieve.domain.pharmacology.compiled.jit import compiled
from reprieve.domain.pharmacology.compiled.on_grid import curves_on_grid, even_step
from reprieve.domain.pharmacology.compiled.populations import (
    Change,
    ThreeCompartments,
    UniformGrid,
    chain_of_curves,
    drug_curves,
)
from reprieve.domain.pharmacology.modes import Modes
from reprieve.domain.pharmacology.response import _evaluate, evaluate
from reprieve.domain.pharmacology.staircase import Staircase

factor = st.floats(0.1, 10.0)


def test_numba_is_part_of_the_development_set():
    assert is_available()


@settings(deadline=None, max_examples=40)
@given(st.lists(factor, min_size=12, max_size=12))
@example([1.0] * 12)
def test_chain_is_the_matrix_exponential(factors):
    drug, metabolite = people(factors)
    grid = UniformGrid(points=31, step_min=8.0)
    found = chain_of_curves(drug, metabolite, INFUSION, grid)
    wanted = by_matrix(drug, metabolite, INFUSION, grid.t_min)
    assert np.max(np.abs(found[0][0] - wanted[0])) < 1e-12 * wanted[0].max()  # measured: 1e-14
    assert np.max(np.abs(found[1][0] - wanted[1])) < 3e-9 * wanted[1].max()  # stated in `populations`


def test_changes_between_grid_points_and_before_the_first():
    drug, metabolite = people(np.ones(12))
    changes = (
        Change(at_min=-7.3, amount_mg=5.0),
        Change(at_min=3.21, rate_mg_per_min=0.4),
        Change(at_min=3.4, rate_mg_per_min=2.0),  # no grid point before the next change
        Change(at_min=3.7, rate_mg_per_min=0.1, amount_mg=1.5),
        Change(at_min=55.5),
    )
    grid = UniformGrid(points=90, first_min=-10.0)
    found = chain_of_curves(drug, metabolite, changes, grid)
    wanted = by_matrix(drug, metabolite, changes, grid.t_min)
    assert np.allclose([one[0] for one in found], wanted, rtol=0.0, atol=1e-11 * wanted.max())
    assert np.all(found[0][0, :3] == 0.0)
    assert np.array_equal(drug_curves(drug, changes, grid), found[0])


def test_equal_rates_by_chance_are_taken_apart():
    """The delay's rate is made one of the drug's, and then one of the metabolite's."""
    drug, metabolite = people(np.ones(12))
    k10, k12, k13 = (flow / DRUG[0] for flow in DRUG[3:])
    k21, k31 = DRUG[4] / DRUG[1], DRUG[5] / DRUG[2]
    body = np.array([[-k10 - k12 - k13, k21, k31], [k12, -k21, 0.0], [k13, 0.0, -k31]])
    rates = -np.linalg.eigvals(body).real
    for rate in rates:
        for off in (0.0, 1e-9, 1e-6, 1e-4, 1e-3, 1e-2):
            same = replace(metabolite, transit_min=np.array([2.0 / (rate * (1.0 + off))]))
            found = chain_of_curves(drug, same, INFUSION, UniformGrid(points=25, step_min=10.0))
            wanted = by_matrix(drug, same, INFUSION, UniformGrid(points=25, step_min=10.0).t_min)
            assert np.max(np.abs(found[1][0] - wanted[1])) < 3e-9 * wanted[1].max()


@pytest.mark.parametrize("exchange", [1e-12, 1e-9, 1e-6, 1e-3])
def test_compartments_that_hardly_exchange_have_equal_rates(exchange):
    """k21 = k31 = k10 and next to no exchange: three rates that differ by less than can be computed."""
    values = np.array([10.0, 10.0 * exchange, 10.0 * exchange, 1.0, exchange, exchange])[:, None]
    drug = ThreeCompartments(**dict(zip(ThreeCompartments.__slots__, values, strict=True)))
    found = drug_curves(drug, (Change(at_min=0.0, amount_mg=10.0),), UniformGrid(points=61))[0]
    wanted = by_matrix(
        drug, people(np.ones(12))[1], (Change(at_min=0.0, amount_mg=10.0),), UniformGrid(points=61).t_min
    )
    assert np.max(np.abs(found - wanted[0])) < 1e-9


def test_no_drift_over_a_hundred_thousand_steps():
    drug, metabolite = people(np.ones(12))
    grid = UniformGrid(points=100_001, step_min=0.1)
    found = chain_of_curves(drug, metabolite, INFUSION, grid)
    last = UniformGrid(points=1, first_min=10_000.0)
    for curve, alone in zip(found, chain_of_curves(drug, metabolite, INFUSION, last), strict=True):
        assert curve[0, -1] == pytest.approx(alone[0, 0], rel=1e-12)


def test_float32_is_the_rounded_float64():
    drug, metabolite = people(np.exp(np.random.default_rng(5).normal(0.0, 0.3, (12, 100))))
    for exact, short in zip(
        chain_of_curves(drug, metabolite, INFUSION, MINUTES),
        chain_of_curves(drug, metabolite, INFUSION, MINUTES, dtype=np.float32),
        strict=True,
    ):
        assert short.dtype == np.float32
        assert np.max(np.abs(short - exact)) <= 2.0**-23 * exact.max()


@pytest.mark.parametrize(
    "wrong",
    [
        lambda drug: drug_curves(replace(drug, v1_l=np.zeros(1)), INFUSION, MINUTES),
        lambda drug: drug_curves(replace(drug, v1_l=np.array([np.nan])), INFUSION, MINUTES),
        lambda drug: drug_curves(replace(drug, v1_l=np.ones((2, 2))), INFUSION, MINUTES),
        lambda drug: drug_curves(drug, INFUSION[::-1], MINUTES),
        lambda drug: drug_curves(drug, (), MINUTES),
        lambda drug: drug_curves(drug, INFUSION, MINUTES, out=np.empty((1, 3))),
        lambda drug: drug_curves(drug, INFUSION, MINUTES, out=np.empty((1, 241), dtype=np.int64)),
        lambda drug: drug_curves(drug, INFUSION, MINUTES, out=np.broadcast_to(np.zeros(1), (1, 241))),
        lambda drug: chain_of_curves(
            drug,
            people(np.ones(12))[1],
            INFUSION,
            MINUTES,
            out=(np.empty((1, 241)), np.empty((1, 241), dtype=np.float32)),
        ),
        lambda drug: Change(at_min=np.nan),
        lambda drug: Change(at_min=0.0, rate_mg_per_min=-1.0),
        lambda drug: UniformGrid(points=0),
    ],
)
def test_nonsense_is_refused(wrong):
    with pytest.raises(ValueError):
        wrong(people(np.ones(12))[0])


steps = st.lists(st.tuples(st.floats(0.0, 100.0), st.floats(0.0, 3.0), st.floats(0.0, 20.0)), min_size=1, max_size=5)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.floats(1e-4, 2.0), min_size=1, max_size=9),
    st.lists(steps, min_size=1, max_size=3),
    st.floats(0.0, 50.0),
    st.floats(0.01, 5.0),
    st.integers(2, 120),
    st.integers(0, 2**32 - 1),
)
def test_modes_on_a_grid_are_those_of_the_engine(rates, inputs, first_min, step_min, points, seed):
    random = np.random.default_rng(seed)
    t_min = first_min + step_min * np.arange(points)
    all_rates = np.array(rates) * random.uniform(0.5, 2.0, (3, 1))
    weights = random.uniform(-1.0, 1.0, (3, 2, len(inputs), len(rates)))
    given_steps = []
    for rows in inputs:
        starts, running, jumps = np.array([(0.0, 0.0, 0.0), *sorted(rows)]).T
        given_steps.append(Staircase(starts_min=starts, rates=running, jumps=jumps, total_mg=0.0))
    late = given_steps[0]
    given_steps[0] = replace(
        late,
        starts_min=late.starts_min + (np.arange(late.starts_min.size) > 0) * np.array([[0.0], [3.3], [200.0]]),
        rates=np.tile(late.rates, (3, 1)), jumps=np.tile(late.jumps, (3, 1)),
    )  # fmt: skip
    wanted = _evaluate(Modes(rates=all_rates, weights=weights), given_steps, t_min, np)
    found = curves_on_grid(all_rates, weights, given_steps, t_min, step_min)
    # "Cmax" of sums that cancel is that of their terms, wherever it is reached.
    all_times = np.concatenate([t_min, *(one.starts_min.ravel() for one in given_steps)])
    largest = _evaluate(Modes(rates=all_rates, weights=np.abs(weights)), given_steps, all_times, np).max()
    assert np.max(np.abs(found - wanted)) <= 1e-12 * largest


def test_one_subject_may_serve_many_inputs():
    steps = SimpleNamespace(starts_min=np.array([[0.0], [5.0]]), rates=np.ones((2, 1)), jumps=np.zeros((2, 1)))
    found = curves_on_grid(np.array([[0.1]]), np.ones((1, 1, 1, 1)), [steps], np.arange(11.0), 1.0)
    assert found.shape == (2, 1, 11)
    assert np.allclose(found[1, 0, 5:], found[0, 0, :6])


def test_a_kernel_that_cannot_be_cached_is_compiled_all_the_same():
    room = {}
    exec("def double(x):\n    return 2.0 * x", room)  # noqa: S102 - no file: nowhere to cache
    assert compiled(room["double"])(21.0) == 42.0


SCALE = "from kernels.jit import inlined\n\n\n@inlined\ndef scale(x):\n    return {factor} * x\n"
KERNEL = """from kernels.jit import compiled
from kernels.scale import scale


@compiled
def scaled(x):
    return scale(x)


print(scaled(10.0))
"""


def test_a_kernel_cached_from_an_older_source_is_not_used(tmp_path):
    """Numba's own cache looks at the file of the kernel alone, not at those that it copies code from."""
    package = tmp_path / "kernels"
    package.mkdir()
    (package / "__init__.py").touch()
    shutil.copy(jit.__file__, package / "jit.py")
    (package / "kernel.py").write_text(KERNEL)
    room = {**os.environ, "PYTHONPATH": str(tmp_path), "NUMBA_CACHE_DIR": str(tmp_path / "kept")}
    said, kept = [], []
    for factor in ("2.0", "2.0", "3.0"):
        (package / "scale.py").write_text(SCALE.format(factor=factor))
        ran = subprocess.run([sys.executable, "-c", "import kernels.kernel"], env=room, check=True, capture_output=True)
        said.append(float(ran.stdout))
        kept.append(len(list((tmp_path / "kept").rglob("*.nbc"))))
    assert said == [20.0, 20.0, 30.0]
    assert kept == [1, 1, 2]


def test_only_even_rising_times_have_a_step():
    assert even_step(np.linspace(0.0, 240.0, 241)) == 1.0
    assert even_step(np.array([0.0, 1.0, 3.0])) is None
    assert even_step(np.array([3.0, 2.0, 1.0])) is None
    assert even_step(np.array([1.0])) is None
    assert even_step(np.zeros((2, 2))) is None


def test_the_engine_uses_the_kernel_for_much_even_work_and_says_the_same():
    random = np.random.default_rng(8)
    modes = Modes(rates=random.uniform(0.01, 1.0, (2000, 3)), weights=random.uniform(0.0, 1.0, (2000, 1, 1, 3)))
    steps = Staircase(
        starts_min=np.array([0.0, 40.5]), rates=np.array([1.0, 0.0]), jumps=np.array([3.0, 0.0]), total_mg=43.5
    )
    even, uneven = np.linspace(0.0, 240.0, 241), np.linspace(0.0, 15.5, 241) ** 2
    for t_min in (even, uneven):
        found = evaluate(modes, [steps], t_min, np, is_traced=False)
        wanted = _evaluate(modes, [steps], t_min, np)
        assert np.max(np.abs(found - wanted)) <= 1e-12 * wanted.max()
    short = Modes(rates=modes.rates.astype(np.float32), weights=modes.weights.astype(np.float32))
    assert evaluate(short, [steps], even.astype(np.float32), np, is_traced=False).dtype == np.float32
