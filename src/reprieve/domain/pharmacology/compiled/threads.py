"""Sharing subjects among threads; kernels run without the interpreter's lock."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numba
import numpy as np

from reprieve.domain.pharmacology.compiled.arrays import Curves
from reprieve.domain.pharmacology.compiled.blocks import WIDTH
from reprieve.domain.pharmacology.compiled.strides import LINE

_ALONE = 4096
_PAST_CACHE_BYTES = 1 << 24


def share(work: Callable[[int, int], None], subjects: int) -> None:
    """`work(first, stop)` over all subjects, on every core that Numba may use (NUMBA_NUM_THREADS)."""
    # get_num_threads() would start Numba's own pool, see `jit`.
    threads: int = numba.config.NUMBA_NUM_THREADS  # type: ignore[attr-defined]  # set when Numba is imported
    if subjects < _ALONE or threads == 1:
        work(0, subjects)
        return
    size = -(-subjects // (4 * threads * WIDTH)) * WIDTH
    firsts = iter(range(0, subjects, size))

    def take() -> None:
        for first in firsts:
            work(first, min(first + size, subjects))

    with ThreadPoolExecutor(threads - 1) as others:
        taken = [others.submit(take) for _ in range(threads - 1)]
        take()
        for each in taken:
            each.result()


def empty_curves(subjects: int, points: int, dtype: type[np.float64] | type[np.float32]) -> Curves:
    """Room for curves that begins where a line of memory begins."""
    needed = subjects * points * np.dtype(dtype).itemsize
    room = np.empty(needed + LINE, np.uint8)
    skip = -room.ctypes.data % LINE
    return np.ndarray((subjects, points), dtype, buffer=room[skip:])


def goes_past_cache(curves: Curves) -> bool:
    """Whether writing around the caches pays: much more than they hold, and aligned."""
    return curves.nbytes > _PAST_CACHE_BYTES and curves.ctypes.data % LINE == 0
