"""Curves are written sixteen points at a time: rows of any length, past the caches or through them, on any thread."""

from dataclasses import replace

import numpy as np
import pytest
from tests.domain.pharmacology.kernel_people import INFUSION, MINUTES, by_matrix, people

from reprieve.domain.pharmacology.compiled import threads
from reprieve.domain.pharmacology.compiled.populations import (
    Change,
    UniformGrid,
    chain_of_curves,
    chunks,
    drug_curves,
)

CHANGES = (
    Change(at_min=2.0, amount_mg=5.0),
    Change(at_min=3.5, rate_mg_per_min=1.0),
    Change(at_min=3.7, rate_mg_per_min=2.0),  # no grid point before the next change
    Change(at_min=9.0),
)


def test_pieces_of_a_population_change_no_more_than_rounding():
    drug, metabolite = people(np.exp(np.random.default_rng(6).normal(0.0, 0.3, (12, 10_001))))
    weight_kg = np.linspace(40.0, 120.0, 10_001)
    whole = chain_of_curves(drug, metabolite, INFUSION, MINUTES, dose_factor=weight_kg / 70.0)
    assert whole[0].nbytes > 1 << 24
    for first, stop in chunks(10_001, 4000):
        part = chain_of_curves(*(_part(one, first, stop) for one in (drug, metabolite)), INFUSION, MINUTES,
                               dose_factor=weight_kg[first:stop] / 70.0)  # fmt: skip
        for all_curves, some in zip(whole, part, strict=True):
            # Where a curve begins within a line of memory decides how its last digits are rounded.
            assert np.max(np.abs(all_curves[first:stop] - some)) <= 1e-11 * some.max()
    room = np.empty((10_001, 241))
    assert drug_curves(drug, INFUSION, MINUTES, dose_factor=weight_kg / 70.0, out=room) is room
    assert np.array_equal(room, whole[0])


@pytest.mark.parametrize("points", [1, 7, 8, 9, 15, 16, 17, 64, 65])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_curves_of_any_length_end_where_the_next_begins(points, dtype):
    """Curves are written sixteen points at a time; a line of memory may hold the end of one and the start of others."""
    drug, metabolite = people(np.exp(np.random.default_rng(7).normal(0.0, 0.3, (12, 133))))
    changes = (Change(at_min=2.0, amount_mg=5.0), Change(at_min=3.5, rate_mg_per_min=1.0), Change(at_min=9.0))
    grid = UniformGrid(points=points, first_min=1.0)
    room = [np.full((134, points), np.nan, dtype) for _ in range(2)]
    found = chain_of_curves(drug, metabolite, changes, grid, out=(room[0][:133], room[1][:133]))
    for i in range(0, 133, 33):
        wanted = by_matrix(drug, metabolite, changes, grid.t_min, i)
        for curve, right in zip(found, wanted, strict=True):
            assert np.allclose(curve[i], right, rtol=0.0, atol=1e-6 * wanted.max() if dtype == np.float32 else 3e-9)
    assert np.all(np.isnan([one[133] for one in room]))


def _part(one, first, stop):
    return replace(one, **{name: getattr(one, name)[first:stop] for name in one.__slots__})


@pytest.mark.parametrize("points", [1, 15, 16, 17, 65, 1100])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_no_bit_depends_on_the_threads_or_on_the_way_to_memory(points, dtype, monkeypatch):
    """Two threads share no line of memory, and what goes past the caches is aligned."""
    drug, metabolite = people(np.exp(np.random.default_rng(9).normal(0.0, 0.3, (12, 611))))
    grid = UniformGrid(points=points, first_min=1.0, step_min=0.5)

    def curves():
        rooms = tuple(threads.empty_curves(612, points, dtype) for _ in range(2))
        for room in rooms:
            room[611] = np.nan
        found = chain_of_curves(drug, metabolite, CHANGES, grid, out=tuple(room[:611] for room in rooms))
        assert all(np.all(np.isnan(room[611])) for room in rooms)
        return found

    alone = curves()
    monkeypatch.setattr(threads, "_ALONE", 1)
    monkeypatch.setattr(threads, "_PAST_CACHE_BYTES", 0)
    monkeypatch.setattr(threads.numba.config, "NUMBA_NUM_THREADS", 3)
    assert threads.goes_past_cache(alone[0])
    shared = curves()
    for one, other in zip(alone, shared, strict=True):
        assert np.array_equal(one, other)
    assert np.array_equal(drug_curves(drug, CHANGES, grid, out=threads.empty_curves(611, points, dtype)), alone[0])
